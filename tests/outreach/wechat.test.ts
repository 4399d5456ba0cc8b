import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/base/result.ts';
import { readWechat, type WechatSpec } from '../../src/modules/outreach/index.ts';
import { county, gateway, made, secret, type Gateway, type Made } from './made.ts';

/** WeChat's published interface on this machine: tokens that run out, templates, the code of a follower who agreed, the menu. */
interface Peer { url: string; tokens: number; sent: Record<string, unknown>[]; menus: unknown[]; answer: (token: string) => object }
const peer: Peer = { url: '', tokens: 0, sent: [], menus: [], answer: () => ({ errcode: 0, msgid: 7 }) };
let server: Server;
let sms: Gateway;
let town: Made;
let spec: WechatSpec;
beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const url = new URL(request.url!, 'http://peer');
      const body = parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>);
      const say = (value: object): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (url.pathname === '/cgi-bin/stable_token') return say(body['secret'] === 'the secret' ? { access_token: `t${body['force_refresh'] === true ? ++peer.tokens : peer.tokens}`, expires_in: 7200 } : { errcode: 40125, errmsg: 'invalid appsecret' });
      if (url.pathname === '/sns/oauth2/access_token') return say(url.searchParams.get('code') === 'good' ? { openid: 'o_follower_1' } : { errcode: 40029 });
      if (url.pathname === '/cgi-bin/menu/create') { peer.menus.push(body); return say({ errcode: 0 }); }
      peer.sent.push(body);
      return say(peer.answer(url.searchParams.get('access_token')!));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  spec = readWechat(JSON.stringify({
    appId: 'wx1', secret: 'the secret', token: 'the token', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', api: peer.url, open: peer.url,
    template: { id: 'tpl', fields: { thing1: 'title', character_string2: 'number', thing3: 'text' } }, menu: [{ name: '我要报事', path: '/report' }],
  }));
  sms = await gateway();
  town = await made({ wechat: spec, webhook: { url: sms.url, secret } });
});
afterAll(async () => { server.closeAllConnections(); server.close(); await sms.close(); await town.world.close(); });
beforeEach(() => { peer.sent.length = 0; sms.asked.length = 0; peer.answer = () => ({ errcode: 0, msgid: 7 }); });

const wechat = () => town.outreach.wechat!;
const follower = async (phone: string, openid: string): Promise<string> => {
  const recipient = await town.resident(phone);
  await wechat().bind(county, recipient.slice(8), openid);
  const kept = await town.outreach.telling.choose(county, recipient.slice(8), { channel: 'wechat' }, { actor: { id: recipient.slice(8) as never, kind: 'resident', name: null, grants: [] }, grant: { role: 'resident', unit: null } });
  if (isRefusal(kept)) throw new Error(kept.reason);
  return recipient;
};
const tell = async (recipient: string, urgent = true) => {
  town.world.advance(1);
  const [id] = await town.write([{ template: 'filed', recipient, params: { title: '谢家路村光明路三号路灯晚上一直不亮很久了啊', number: 'A1', link: 'https://town.example/f/abc' }, urgent }]);
  await town.outreach.worker.drain();
  return async () => (await town.rows()).find((row) => row.id === id)!;
};

describe('a message in WeChat', () => {
  it('fills the fields of the template within their limits and leads to the matter', async () => {
    const row = await tell(await follower('13900002201', 'o_follower_2201'));
    expect(await row()).toMatchObject({ state: 'sent', adapter: 'wechat', peer_id: '7' });
    expect(peer.sent).toEqual([{
      touser: 'o_follower_2201', template_id: 'tpl', client_msg_id: (await row()).id, url: 'https://town.example/f/abc',
      data: { thing1: { value: '谢家路村光明路三号路灯晚上一直不亮很久…' }, character_string2: { value: 'A1' }, thing3: { value: expect.stringMatching(/^.{19}…$/u) } },
    }]);
  });
  it('whose token ran out goes once more under a new one', async () => {
    const before = peer.tokens;
    peer.answer = (token) => (token === `t${before + 1}` ? { errcode: 0, msgid: 8 } : { errcode: 40001 });
    const row = await tell(await follower('13900002202', 'o_follower_2202'));
    expect([(await row()).state, peer.sent.length, peer.tokens - before]).toEqual(['sent', 2, 1]);
  });
  it.each([43_004, 43_101])('to somebody who left (%i) goes by text message, and the account is forgotten', async (errcode) => {
    const openid = `o_follower_${errcode}`;
    peer.answer = () => ({ errcode });
    const row = await tell(await follower(`139000${errcode}`, openid));
    town.world.advance(60_000);
    await town.outreach.worker.drain();
    expect(await row()).toMatchObject({ state: 'sent', adapter: 'webhook' });
    expect(await wechat().contactOf(county, openid)).toBeUndefined();
  });
  it('beyond the day\'s number (45009) waits an hour', async () => {
    peer.answer = () => ({ errcode: 45_009 });
    const row = await tell(await follower('13900002204', 'o_follower_2204'));
    expect(await row()).toMatchObject({ state: 'queued', error: 'wechat_45009' });
    expect((await row()).next_at.getTime()).toBeGreaterThanOrEqual(town.world.now() + 3_599_000);
    peer.answer = () => ({ errcode: 0, msgid: 9 });
    town.world.advance(7_200_000);
    await town.outreach.worker.drain();
    expect((await row()).state).toBe('sent');
  });
});

describe('quiet hours, the day\'s number and opting out', () => {
  it('hold for WeChat as for every way: at night nothing that is not urgent leaves, and who wants nothing gets nothing', async () => {
    const recipient = await follower('13900002205', 'o_follower_2205');
    const night = new Date(town.world.now());
    night.setUTCHours(15, 0, 0, 0);
    town.world.advance((night.getTime() - town.world.now() + 86_400_000) % 86_400_000);
    const quiet = await tell(recipient, false);
    expect([await quiet(), peer.sent.length]).toMatchObject([{ state: 'queued', error: 'quiet_hours' }, 0]);
    town.world.advance(12 * 3_600_000);
    await town.outreach.worker.drain();
    expect((await quiet()).state).toBe('sent');
    await town.outreach.telling.choose(county, recipient.slice(8), { channel: 'none' }, { actor: { id: recipient.slice(8) as never, kind: 'resident', name: null, grants: [] }, grant: { role: 'resident', unit: null } });
    expect(await (await tell(recipient, false))()).toMatchObject({ state: 'skipped', error: 'chose_none' });
  });
});

const mark = (parts: string[]): string => createHash('sha1').update(parts.sort().join('')).digest('hex');
const key = () => Buffer.from(`${spec.aesKey}=`, 'base64');
/** A follower's message as WeChat posts it, encrypted. */
const post = async (inner: string, change: (query: Record<string, string>) => void = () => {}) => {
  const body = Buffer.from(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName>${inner}</xml>`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const whole = Buffer.concat([Buffer.alloc(16, 7), length, body, Buffer.from('wx1')]);
  const pad = 32 - (whole.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key(), key().subarray(0, 16)).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(Buffer.concat([whole, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64');
  const [timestamp, nonce] = [String(Math.floor(town.world.now() / 1000)), '42'];
  const query: Record<string, string> = { timestamp, nonce, signature: mark(['the token', timestamp, nonce]), msg_signature: mark(['the token', timestamp, nonce, sealed]) };
  change(query);
  const answer = await wechat().called(county, query, `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`);
  const found = /<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(answer ?? '')?.[1];
  if (found === undefined) return answer;
  const decipher = createDecipheriv('aes-256-cbc', key(), key().subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(found, 'base64'), decipher.final()]);
  return /<Content><!\[CDATA\[([\s\S]+?)\]\]><\/Content>/.exec(plain.subarray(20, 20 + plain.readUInt32BE(16)).toString())?.[1];
};
const from = (openid: string, rest: string) => `<FromUserName><![CDATA[${openid}]]></FromUserName>${rest}`;

describe('what a follower does', () => {
  it('is believed only under the account\'s mark, not older than ten minutes, and encrypted', async () => {
    const [timestamp, nonce] = [String(Math.floor(town.world.now() / 1000)), '1'];
    const signature = mark(['the token', timestamp, nonce]);
    expect(await wechat().called(county, { timestamp, nonce, signature, echostr: 'hello' }, undefined)).toBe('hello');
    expect(await wechat().called(county, { timestamp, nonce, signature: signature.replace(/^./, 'z'), echostr: 'hello' }, undefined)).toBeUndefined();
    expect(await wechat().called(county, { timestamp, nonce, signature }, '<xml><MsgType>text</MsgType></xml>')).toBeUndefined();
    expect(await post(from('o_x', '<MsgType>event</MsgType><Event>subscribe</Event>'), (query) => { query['msg_signature'] = '0'.repeat(40); })).toBeUndefined();
    const old = String(Number(timestamp) - 700);
    expect(await wechat().called(county, { timestamp: old, nonce, signature: mark(['the token', old, nonce]), echostr: 'x' }, undefined)).toBeUndefined();
  });
  it('is welcomed, led by the buttons, and asked to bind a phone before words count', async () => {
    expect(await post(from('o_new_1', '<MsgType>event</MsgType><Event>subscribe</Event>'))).toContain('/wechat/bind');
    expect(await post(from('o_new_1', '<MsgType>event</MsgType><Event>CLICK</Event><EventKey>report</EventKey>'))).toContain('/report');
    expect(await post(from('o_new_1', '<MsgType>text</MsgType><Content><![CDATA[1]]></Content><MsgId>1</MsgId>'))).toContain('/wechat/bind');
    expect(await wechat().setMenu()).toBe(0);
    expect(peer.menus).toEqual([{ button: [{ type: 'view', name: '我要报事', url: 'http://127.0.0.1:8300/report' }] }]);
  });
  it('in words is an answer to what was last asked, once', async () => {
    const recipient = await follower('13900002206', 'o_follower_2206');
    const answers: string[][] = [];
    town.outreach.inbound.answerBy({ answer: async (_county, matter, contact, meaning, words) => { answers.push([matter, contact, meaning, words]); return {}; }, note: async () => ({}) });
    await town.write([{ template: 'verified_closed', recipient, params: { title: '路灯', number: 'A2', link: 'https://town.example/f/x' }, urgent: false }]);
    await town.outreach.worker.drain();
    const said = from('o_follower_2206', '<MsgType>text</MsgType><Content><![CDATA[2 还是不亮]]></Content><MsgId>77</MsgId>');
    expect(await post(said)).toContain('另派人核实');
    await post(said);
    expect(answers).toEqual([[expect.any(String), recipient.slice(8), 'unsolved', '还是不亮']]);
  });
  it('leaving is forgetting; a code stands for its follower and no other', async () => {
    await follower('13900002207', 'o_follower_2207');
    expect(await post(from('o_follower_2207', '<MsgType>event</MsgType><Event>unsubscribe</Event>'))).toBe('success');
    expect(await wechat().contactOf(county, 'o_follower_2207')).toBeUndefined();
    expect([await wechat().openidOf('good'), await wechat().openidOf('bad')]).toEqual(['o_follower_1', undefined]);
    expect(await wechat().check()).toBeNull();
    expect(() => readWechat('{"appId": "x"}')).toThrow(/WeChat account/);
  });
});
