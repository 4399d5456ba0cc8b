import { randomBytes } from 'node:crypto';
import { refuse, type Refusal } from '../../../base/result.ts';
import type { CookieToSet, Page, PageAnswer } from '../../../platform/http/page.ts';
import type { World } from '../../../platform/world.ts';
import { cookies, type House, keepSession, residentPage, type Visitor } from './visitor.ts';

/** While somebody is away at WeChat's page, and until their phone is checked, in seconds. */
const awayFor = 900;
const keepState = (state: string): CookieToSet => ({ name: cookies.agreed, value: state, maxAge: awayFor, path: '/wechat' });
const keepFollower = (world: World, openid: string): CookieToSet => ({ name: cookies.follower, value: world.keys.seal(openid, 'wechat.openid').toString('base64url'), maxAge: awayFor });

/** The follower that came from WeChat in this browser and whose phone is still to be checked; null for none. */
export const followerOf = (world: World, cookie: string | undefined): string | null => {
  try {
    return cookie ? world.keys.open(Buffer.from(cookie, 'base64url'), 'wechat.openid') : null;
  } catch {
    return null;
  }
};
export const dropFollower: CookieToSet = { name: cookies.follower, value: '', maxAge: 0 };

/** To WeChat's page, where people agree; the state comes back with them, so that nobody else's code is taken for theirs. */
const away = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const state = randomBytes(16).toString('hex');
  const address = visitor.house.desk.wechatAt(state);
  return address === null ? refuse(404, 'http.not_found') : { html: '', status: 303, headers: { location: address }, cookies: [keepState(state)] };
};

/** Back from WeChat: who is bound is signed in; whoever is signed in is bound; all others check their phone first. */
const back = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { house, ask, visit } = visitor;
  const { code = '', state = '' } = visit.query;
  if (state === '' || state !== visit.cookie(cookies.agreed)) return visitor.go('/mine');
  const found = await house.desk.wechatIn(ask, code);
  if (found === null) return visitor.go('/mine');
  if (found.session !== null) return visitor.go('/mine', [keepSession(found.session)]);
  return found.bound ? visitor.go('/mine/told?done=bound') : visitor.go('/mine', [keepFollower(house.world, found.openid)]);
};

/** `/wechat/bind` and `/wechat/in`: the follower of the official account becomes a person with a checked phone. */
export const wechatPages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_wechat', method: 'GET', path: '/wechat/bind', perMinute: 30, answer: away }),
  residentPage(house, { name: 'page_wechat_in', method: 'GET', path: '/wechat/in', perMinute: 30, answer: back }),
];
