import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const words = (most: number) => Type.String({ minLength: 1, maxLength: most });

/** A WeChat official account, as `LAMPLIGHT_WECHAT_FILE` describes it. */
export const WechatSpec = Type.Object({
  appId: words(64), secret: words(128),
  /** Of the account's server configuration: by it WeChat's calls are known. */
  token: words(64),
  /** EncodingAESKey, 43 signs; what comes and goes is encrypted where it is given. */
  aesKey: Type.Optional(Type.String({ minLength: 43, maxLength: 43 })),
  /** The published interface, and the page where people agree; others for a peer or a proxy. */
  api: Type.Optional(words(200)), open: Type.Optional(words(200)),
  /** The template that every message takes; what each field of it shows: the whole text, or a parameter of the message. */
  template: Type.Object({ id: words(100), fields: Type.Record(Type.String({ maxLength: 40 }), words(40)) }),
  /** Buttons below the conversation: where each leads, an address of this installation. At most three. */
  menu: Type.Optional(Type.Array(Type.Object({ name: words(16), path: Type.String({ pattern: '^/' }) }), { maxItems: 3 })),
}, { additionalProperties: false });
export type WechatSpec = Static<typeof WechatSpec>;

/** Reads a description. @throws Error that says what is wrong with it */
export const readWechat = (text: string): WechatSpec => {
  const value: unknown = JSON.parse(text);
  const [wrong] = Value.Errors(WechatSpec, value);
  if (wrong) throw new Error(`the description of the WeChat account: ${wrong.instancePath} ${wrong.message}`);
  return Value.Parse(WechatSpec, value);
};
