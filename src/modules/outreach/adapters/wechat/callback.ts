import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { SaxesParser } from 'saxes';
import type { WechatSpec } from './spec.ts';

/** What WeChat puts into the address of a call. */
export interface CallQuery {
  readonly signature?: string;
  readonly msg_signature?: string;
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly echostr?: string;
}

const signed = (parts: readonly string[]): string => createHash('sha1').update(parts.toSorted().join('')).digest('hex');
const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** How old a call may be, in seconds: what was overheard cannot be said again tomorrow. */
const oldest = 600;

/** Whether a call bears the account's mark (SHA-1 over token, time and nonce, in order of the signs). */
export const isSigned = ({ token }: WechatSpec, { signature, timestamp, nonce }: CallQuery, now: number): boolean =>
  signature !== undefined && timestamp !== undefined && nonce !== undefined && Math.abs(now / 1000 - Number(timestamp)) <= oldest && same(signed([token, timestamp, nonce]), signature);

const keyOf = (aesKey: string): Buffer => Buffer.from(`${aesKey}=`, 'base64');

/** Opens what was encrypted for this account; undefined for what was not. Layout: 16 octets of chance, 4 of length, the text, the account's id. */
const opened = ({ aesKey, appId }: WechatSpec, cipher: string): string | undefined => {
  if (aesKey === undefined) return undefined;
  try {
    const key = keyOf(aesKey);
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(cipher, 'base64'), decipher.final()]);
    const body = plain.subarray(16, plain.length - plain[plain.length - 1]!);
    const length = body.readUInt32BE(0);
    return body.subarray(4 + length).toString('utf8') === appId ? body.subarray(4, 4 + length).toString('utf8') : undefined;
  } catch {
    return undefined;
  }
};

/** The words of an element that has no elements in it, by its name. One level is all that WeChat sends. */
const fieldsOf = (xml: string): Readonly<Record<string, string>> | undefined => {
  const found: Record<string, string> = {};
  let name = '';
  try {
    const parser = new SaxesParser();
    parser.on('opentag', (tag) => { name = tag.name; });
    const keep = (text: string): void => { if (name !== '' && name !== 'xml') found[name] = (found[name] ?? '') + text; };
    parser.on('text', keep);
    parser.on('cdata', keep);
    parser.on('closetag', () => { name = ''; });
    parser.on('doctype', () => { throw new Error('no document type is expected'); });
    parser.write(xml).close();
    return found;
  } catch {
    return undefined;
  }
};

/** Reads a call's message; undefined where its mark is wrong or it is none. With a key of the account, only what was encrypted counts. */
export const messageOf = (spec: WechatSpec, query: CallQuery, xml: string, now: number): Readonly<Record<string, string>> | undefined => {
  if (!isSigned(spec, query, now)) return undefined;
  const outer = fieldsOf(xml);
  if (spec.aesKey === undefined) return outer;
  const cipher = outer?.['Encrypt'];
  if (cipher === undefined || query.msg_signature === undefined || !same(signed([spec.token, query.timestamp!, query.nonce!, cipher]), query.msg_signature)) return undefined;
  const inner = opened(spec, cipher);
  return inner === undefined ? undefined : fieldsOf(inner);
};

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

/**
 * An answer in words, encrypted where the account has a key.
 * @param chance 16 octets
 */
export const answerOf = (spec: WechatSpec, to: string, from: string, text: string, now: number, chance: Buffer): string => {
  const seconds = String(Math.floor(now / 1000));
  const plain = `<xml><ToUserName>${cdata(to)}</ToUserName><FromUserName>${cdata(from)}</FromUserName><CreateTime>${seconds}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>${cdata(text)}</Content></xml>`;
  if (spec.aesKey === undefined) return plain;
  const key = keyOf(spec.aesKey);
  const body = Buffer.from(plain);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const whole = Buffer.concat([chance, length, body, Buffer.from(spec.appId)]);
  const pad = 32 - (whole.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(Buffer.concat([whole, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64');
  const nonce = chance.toString('hex').slice(0, 10);
  return `<xml><Encrypt>${cdata(sealed)}</Encrypt><MsgSignature>${cdata(signed([spec.token, seconds, nonce, sealed]))}</MsgSignature><TimeStamp>${seconds}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`;
};
