import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Adapter, Outcome } from '../../../src/modules/outreach/adapters/adapter.ts';
import type { Ears, Heard, Receipt } from '../../../src/modules/outreach/adapters/sms/line.ts';
import { linkAdapter, type LinkOptions } from '../../../src/modules/outreach/adapters/sms/link.ts';
import { smppProtocol, type SmppOptions } from '../../../src/modules/outreach/adapters/sms/smpp/smpp.ts';
import { smppCentre, take, type Centre } from './centre.ts';

let centre: Centre;
let adapter: Adapter | undefined;
const receipts: Receipt[] = [];
const heard: Heard[] = [];
let keep: () => Promise<void> = async () => {};

const ears: Ears = {
  receipt: async (one) => { await keep(); receipts.push(one); },
  heard: async (one) => { await keep(); heard.push(one); },
};

const open = (options: Partial<SmppOptions> = {}, link: Partial<LinkOptions> = {}): Adapter =>
  (adapter = linkAdapter(smppProtocol({ url: centre.url, source: '10690281', timeoutMs: 300, ...options }), ears, () => 0.5, { window: 10, perSecond: 0, againMs: 5, patienceMs: 2_000, ...link }));
const send = (text: string, to = '13900002046'): Promise<Outcome> => (adapter ?? open()).send({ id: 'd1', county: '330281', channel: 'sms', to, text, language: 'zh-Hans' });

beforeEach(async () => { centre = await smppCentre(); receipts.length = 0; heard.length = 0; keep = async () => {}; });
afterEach(async () => { await adapter?.close(); adapter = undefined; await centre.close(); });

describe('a message by SMPP', () => {
  it('goes in the GSM alphabet where it can and in UCS-2 where it cannot', async () => {
    expect(await send('Your code is 4711 [€]')).toEqual({ state: 'sent', peer: 'm1', peers: ['m1'] });
    expect(await send('路灯已修好')).toMatchObject({ state: 'sent', peer: 'm2' });
    expect(centre.given).toEqual([{ to: '13900002046', text: 'Your code is 4711 [€]', coding: 0, join: [] }, { to: '13900002046', text: '路灯已修好', coding: 8, join: [] }]);
  });
  it('is cut where it is long, and joined by one reference', async () => {
    const text = '路灯'.repeat(60);
    expect(await send(text)).toEqual({ state: 'sent', peer: 'm1', peers: ['m1', 'm2'] });
    expect(centre.given.map((one) => one.text).join('')).toBe(text);
    expect(centre.given.map(({ join }) => [...join.slice(0, 2), ...join.slice(3)])).toEqual([[0, 3, 2, 1], [0, 3, 2, 2]]);
    expect(centre.given[0]!.join[2]).toBe(centre.given[1]!.join[2]);
  });
  it('goes whole in message_payload to a centre that wants it so', async () => {
    open({ long: 'payload' });
    expect(await send('灯'.repeat(200))).toMatchObject({ state: 'sent', peers: ['m1'] });
    expect(centre.given).toMatchObject([{ text: '灯'.repeat(200) }]);
  });
  it.each([
    ['throttles', 0x58, { state: 'later', error: 'smpp_58', afterMs: 1_000 }],
    ['has a full queue', 0x14, { state: 'later', error: 'smpp_14' }],
    ['knows no such number', 0x0b, { state: 'refused', error: 'smpp_0b' }],
  ])('waits or ends where the centre %s', async (_case, status, outcome) => {
    centre.answer = (session, pdu) => { session.send(pdu.response({ command_status: status })); };
    expect(await send('一')).toEqual(outcome);
  });
  it.each([
    ['is silent', () => {}],
    ['closes in the middle', (session) => session.destroy()],
    ['answers another question', (session, pdu) => { const wrong = pdu.response({ message_id: 'x' }); session.send(Object.assign(wrong, { sequence_number: 0x7777 })); }],
    ['takes it and gives no id', (session, pdu) => { session.send(pdu.response({ message_id: '' })); }],
    ['says what is no answer', (_session, pdu) => { const answer = Buffer.alloc(16); answer.writeUInt32BE(16, 0); answer.writeUInt32BE(0x80000015, 4); answer.writeUInt32BE(pdu.sequence_number, 12); centre.session().socket.write(answer); }],
    ['sends what is no frame', () => { centre.session().socket.write(Buffer.from('ffffffff', 'hex')); }],
  ] as [string, Centre['answer']][])('is unknown where the centre %s', async (_case, answer) => {
    centre.answer = answer;
    expect((await send('一')).state).toBe('unknown');
  });
  it('is unknown, with the ids of what was taken, where it left in part', async () => {
    centre.answer = (session, pdu, id) => (id === 'm1' ? take(session, pdu, id) : undefined);
    expect(await send('路灯'.repeat(60))).toEqual({ state: 'unknown', error: 'smpp_timeout_partly', peers: ['m1'] });
  });
  it('says the second part again while the centre throttles, and the first not', async () => {
    centre.answer = (session, pdu, id) => { if (id === 'm2') session.send(pdu.response({ command_status: 0x14 })); else take(session, pdu, id); };
    expect(await send('路灯'.repeat(60))).toMatchObject({ state: 'sent', peers: ['m1', 'm3'] });
  });
  it('waits in the queue where nobody is there, the password is wrong, or the centre binds nobody', async () => {
    open({ url: centre.url.replace('secret', 'wrong') }, { patienceMs: 100 });
    expect(await send('一')).toEqual({ state: 'later', error: 'smpp_bind_0e' });
    await adapter!.close();
    open({ url: 'smpp://town:secret@127.0.0.1:1' }, { patienceMs: 100 });
    expect(await send('一')).toEqual({ state: 'later', error: 'smpp_econnrefused' });
    expect(adapter!.state!()).toEqual({ connected: false, error: 'econnrefused' });
  });
});

describe('the connection', () => {
  it('comes back by itself after a break, and after a centre that was away', async () => {
    expect((await send('一')).state).toBe('sent');
    const port = Number(new URL(centre.url).port);
    await centre.close();
    await expect.poll(() => adapter!.state!().connected).toBe(false);
    centre = await smppCentre(port);
    expect(await send('二')).toMatchObject({ state: 'sent' });
    expect(adapter!.state!()).toEqual({ connected: true, error: null });
  });
  it('asks whether the peer is there and leaves one that is silent', async () => {
    const silent: Server = createServer((socket) => {
      let bound = false;
      socket.on('error', () => {});
      socket.on('data', (bytes: Buffer) => {
        if (bound) return;
        bound = true;
        const answer = Buffer.alloc(17);
        answer.writeUInt32BE(17, 0); answer.writeUInt32BE(0x80000009, 4); answer.writeUInt32BE(bytes.readUInt32BE(12), 12);
        socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    let binds = 0;
    const twice = new Promise<void>((resolve) => silent.on('connection', () => { if (++binds === 2) resolve(); }));
    open({ url: `smpp://town:secret@127.0.0.1:${(silent.address() as AddressInfo).port}`, timeoutMs: 50 }, { pingMs: 10 });
    adapter!.start!();
    await twice;
    await adapter!.close();
    silent.close();
  });
  it('keeps no more under way than the window, nor begins more in a second than was agreed', async () => {
    let [most, now] = [0, 0];
    centre.answer = (session, pdu, id) => { most = Math.max(most, ++now); setImmediate(() => { now--; take(session, pdu, id); }); };
    open({}, { window: 3 });
    await Promise.all(Array.from({ length: 30 }, () => send('一')));
    expect(most).toBe(3);
    await adapter!.close();
    open({}, { window: 50, perSecond: 20 });
    const begun = performance.now();
    await Promise.all(Array.from({ length: 25 }, () => send('一')));
    expect(performance.now() - begun).toBeGreaterThan(850);
  });
});

describe('what the centre sends', () => {
  const deliver = async (fields: Record<string, unknown>): Promise<number> => new Promise((resolve) => {
    centre.session().deliver_sm({ source_addr: '8613900002046', destination_addr: '10690281', ...fields }, (pdu) => resolve(pdu.command_status));
  });
  beforeEach(async () => { await send('一'); });

  it('reports what became of a message, by parameters or in text', async () => {
    expect(await deliver({ esm_class: 4, receipted_message_id: 'm1', message_state: 2, short_message: '' })).toBe(0);
    expect(await deliver({ esm_class: 4, short_message: 'id:m1 sub:001 dlvrd:000 submit date:2611240900 done date:2611240901 stat:UNDELIV err:012 text:' })).toBe(0);
    expect(receipts).toEqual([{ peer: 'm1', state: 'delivered', code: '2' }, { peer: 'm1', state: 'failed', code: 'UNDELIV 012' }]);
  });
  it('reads ids that are decimal in reports and hexadecimal in answers', async () => {
    await adapter!.close();
    open({ decimalReceipts: true });
    await send('一');
    await deliver({ esm_class: 4, short_message: 'id:255 stat:DELIVRD err:000' });
    expect(receipts).toEqual([{ peer: 'ff', state: 'delivered', code: 'DELIVRD' }]);
  });
  it('brings texts of phones, long ones joined whatever their order', async () => {
    expect(await deliver({ short_message: '1' })).toBe(0);
    const part = (at: number, text: string) => deliver({ data_coding: 8, esm_class: 0x40, short_message: { udh: Buffer.from([5, 0, 3, 9, 2, at]), message: Buffer.from(text, 'utf16le').swap16() } });
    expect(await Promise.all([part(2, '还是不亮'), part(1, '灯修了，')])).toEqual([0, 0]);
    expect(heard).toEqual([{ peer: null, from: '8613900002046', to: '10690281', text: '1' }, { peer: null, from: '8613900002046', to: '10690281', text: '灯修了，还是不亮' }]);
  });
  it('is not answered as taken before it was kept', async () => {
    keep = async () => { throw new Error('the database is away'); };
    expect(await deliver({ short_message: '1' })).toBe(8);
    keep = async () => {};
    expect(await deliver({ short_message: '1' })).toBe(0);
    expect(heard.length).toBe(1);
  });
});
