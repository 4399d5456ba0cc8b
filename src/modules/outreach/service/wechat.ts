import { randomBytes } from 'node:crypto';
import { say, type Language } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { World } from '../../../platform/world.ts';
import { answerOf, isSigned, messageOf, type CallQuery } from '../adapters/wechat/callback.ts';
import type { WechatAccount } from '../adapters/wechat/account.ts';
import type { WechatSpec } from '../adapters/wechat/spec.ts';
import type { Addresses } from './addresses.ts';
import type { Inbound } from './inbound.ts';

/** The official account of the installation. */
export interface Wechat {
  /** Answers WeChat's call: the echo, words for the follower, or nothing to say; undefined where the call bears not its mark. */
  called(county: string, query: CallQuery, xml: string | undefined): Promise<string | undefined>;
  /** Where people agree that the account knows them; they come back to `/wechat/in` with a code and this state. */
  agreeAt(state: string): string;
  /** Whom a code stands for; undefined for none. */
  openidOf(code: string): Promise<string | undefined>;
  /** Whose contact a follower is; undefined for a stranger. */
  contactOf(county: string, openid: string): Promise<string | undefined>;
  /** From now on a follower is this person. */
  bind(county: string, contact: string, openid: string): Promise<void>;
  setMenu(): Promise<number>;
  check(): Promise<string | null>;
}

export const createWechat = (world: World, spec: WechatSpec, account: WechatAccount, addresses: Addresses, inbound: Inbound): Wechat => {
  const { config, now } = world;
  /** WeChat is spoken in the town's own language: nobody says theirs before they are bound. */
  const language: Language = 'zh-Hans';
  const words = (key: string): string => say(textsOf('outreach'), language, `wechat_${key}`, { report: `${config.url}/report`, mine: `${config.url}/mine`, bind: `${config.url}/wechat/bind` });
  const contactOf: Wechat['contactOf'] = async (county, openid) => {
    const owner = await addresses.ownerOf(county, 'wechat', openid);
    return owner?.startsWith('contact:') ? owner.slice('contact:'.length) : undefined;
  };
  /** What a follower is answered; undefined where nothing is to be said. */
  const answered = async (county: string, message: Readonly<Record<string, string>>): Promise<string | undefined> => {
    const { FromUserName: openid = '', MsgType: type, Event: event, EventKey: key, Content: text, MsgId: peer } = message;
    const contact = await contactOf(county, openid);
    if (type === 'event') {
      if (event === 'unsubscribe') { await addresses.forget(world.db, county, 'wechat', [openid]); return undefined; }
      if (event === 'subscribe') return words('welcome');
      return event === 'CLICK' ? words(key === 'mine' || key === 'bind' ? key : 'report') : undefined;
    }
    if (type !== 'text') return words('only_words');
    if (contact === undefined) return words('bind');
    const meaning = await inbound.from(county, contact, { adapter: 'wechat', peer: peer ?? null, text: text ?? '' });
    return words(meaning === 'solved' || meaning === 'unsolved' ? `heard_${meaning}` : 'heard');
  };
  return {
    contactOf, openidOf: (code) => account.openidOf(code), setMenu: () => account.setMenu(config.url), check: () => account.check(),
    async called(county, query, xml) {
      if (xml === undefined) return isSigned(spec, query, now()) ? (query.echostr ?? '') : undefined;
      const message = messageOf(spec, query, xml, now());
      if (!message) return undefined;
      const text = await answered(county, message);
      return text === undefined ? 'success' : answerOf(spec, message['FromUserName'] ?? '', message['ToUserName'] ?? '', text, now(), randomBytes(16));
    },
    agreeAt: (state) => `${(spec.open ?? 'https://open.weixin.qq.com').replace(/\/$/, '')}/connect/oauth2/authorize?${new URLSearchParams({ appid: spec.appId, redirect_uri: `${config.url}/wechat/in`, response_type: 'code', scope: 'snsapi_base', state })}#wechat_redirect`,
    bind: (county, contact, openid) => addresses.keep(county, `contact:${contact}`, 'wechat', openid),
  };
};
