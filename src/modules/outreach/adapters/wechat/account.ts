import type { Adapter, Outcome, Outgoing } from '../adapter.ts';
import type { WechatSpec } from './spec.ts';

/** What the interface answers; `errcode` is absent or 0 where all is well. */
type Answer = Readonly<Record<string, unknown>> & { readonly errcode?: number };

/** The account's own calls of the published interface. */
export interface WechatAccount {
  readonly adapter: Adapter;
  /** Who agreed, by the code that WeChat's page sent them back with; undefined where it is none. */
  openidOf(code: string): Promise<string | undefined>;
  /** Sets the buttons below the conversation. @returns the interface's error code, 0 where all is well */
  setMenu(home: string): Promise<number>;
  /** Whether the interface gives a token. @returns a short code of why not, or null */
  check(): Promise<string | null>;
}

/** The token ran out, or another process asked for a new one. */
const tokenOver = new Set([40_001, 40_014, 42_001]);
/** Nobody is there any more: not subscribed, refused, or no such follower. */
const nobody = new Set([40_003, 43_004, 43_101]);
/** Too much today, too much at once, or busy. */
const wait = new Map([[-1, 5_000], [45_009, 3_600_000], [45_011, 60_000], [45_047, 3_600_000]]);
/** A token is asked for anew this long before it runs out, in milliseconds. */
const early = 300_000;
/** The signs that a field may have, by the beginning of its name, as the template library says. */
const fieldLimits: readonly (readonly [string, number])[] = [['thing', 20], ['phrase', 5], ['character_string', 32], ['number', 32], ['const', 20]];

const cut = (name: string, text: string): string => {
  const most = fieldLimits.find(([begin]) => name.startsWith(begin))?.[1] ?? 200;
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join('')}…`;
};

/** @param now milliseconds since 1970 */
export const wechatAccount = (spec: WechatSpec, now: () => number, timeoutMs = 10_000): WechatAccount => {
  const api = (spec.api ?? 'https://api.weixin.qq.com').replace(/\/$/, '');
  const ask = async (path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${api}${path}`, {
      redirect: 'error', signal: AbortSignal.timeout(timeoutMs),
      ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8' } }),
    });
    if (!response.ok) throw Object.assign(new Error('wechat'), { status: response.status });
    return (await response.json()) as Answer;
  };
  let held: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  /** The token that all processes share (`stable_token`); with `anew`, another than the one that was refused. @throws Error with the code */
  const tokenOf = (anew: boolean): Promise<string> => {
    if (held && !anew && held.until - early > now()) return Promise.resolve(held.token);
    asking ??= ask('/cgi-bin/stable_token', { grant_type: 'client_credential', appid: spec.appId, secret: spec.secret, force_refresh: anew }).then(({ access_token, expires_in, errcode }) => {
      if (typeof access_token !== 'string') throw Object.assign(new Error('wechat'), { errcode: errcode ?? 0 });
      held = { token: access_token, until: now() + Number(expires_in ?? 7_200) * 1_000 };
      return access_token;
    }).finally(() => { asking = undefined; });
    return asking;
  };
  /** A call under the token; once more under a new one where it had run out. */
  const called = async (path: string, body: object): Promise<Answer> => {
    const first = await ask(`${path}?access_token=${encodeURIComponent(await tokenOf(false))}`, body);
    return tokenOver.has(first.errcode ?? 0) ? ask(`${path}?access_token=${encodeURIComponent(await tokenOf(true))}`, body) : first;
  };
  const fields = ({ text, params }: Outgoing): object => Object.fromEntries(Object.entries(spec.template.fields).map(([name, from]) => [name, { value: cut(name, from === 'text' ? text : String(params?.[from] ?? '—')) }]));

  const send = async (message: Outgoing): Promise<Outcome> => {
    let written = false;
    try {
      await tokenOf(false);
      written = true;
      const { errcode = 0, msgid } = await called('/cgi-bin/message/template/send', {
        touser: message.to, template_id: spec.template.id, client_msg_id: message.id, ...(message.link !== undefined && { url: message.link }), data: fields(message),
      });
      const error = `wechat_${errcode}`;
      if (errcode === 0) return { state: 'sent', peer: msgid === undefined ? null : String(msgid as number), ...(msgid !== undefined && { peers: [String(msgid as number)] }) };
      if (nobody.has(errcode)) return { state: 'refused', error, lost: [message.to] };
      const afterMs = wait.get(errcode);
      return afterMs !== undefined || tokenOver.has(errcode) ? { state: 'later', error, afterMs: afterMs ?? 60_000 } : { state: 'refused', error };
    } catch (caught) {
      const { name, cause, errcode, status } = caught as Error & { cause?: { code?: string }; errcode?: number; status?: number };
      if (errcode !== undefined) return { state: 'later', error: `wechat_token_${errcode}`, afterMs: 60_000 };
      const code = name === 'TimeoutError' ? 'timeout' : status !== undefined ? `http_${status}` : (cause?.code ?? 'broken').toLowerCase();
      return !written || code === 'econnrefused' || code === 'enotfound' ? { state: 'later', error: `wechat_${code}` } : { state: 'unknown', error: `wechat_${code}` };
    }
  };
  return {
    // `client_msg_id` keeps the interface from sending twice within a while, but not for ever: what is unknown is left to people.
    adapter: { name: 'wechat', channel: 'wechat', window: 16, idempotent: false, hears: true, send, close: () => {} },
    async openidOf(code) {
      const query = new URLSearchParams({ appid: spec.appId, secret: spec.secret, code, grant_type: 'authorization_code' });
      const { openid } = await ask(`/sns/oauth2/access_token?${query}`).catch((): Answer => ({}));
      return typeof openid === 'string' && /^[\w-]{6,128}$/.test(openid) ? openid : undefined;
    },
    async setMenu(home) {
      const { errcode = 0 } = await called('/cgi-bin/menu/create', { button: (spec.menu ?? []).map(({ name, path }) => ({ type: 'view', name, url: `${home}${path}` })) });
      return errcode;
    },
    check: () => tokenOf(false).then(() => null, (caught: { errcode?: number; name?: string; status?: number }) => `wechat_${caught.errcode ?? caught.status ?? 'away'}`),
  };
};
