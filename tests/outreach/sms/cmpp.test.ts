import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Adapter, Outcome } from '../../../src/modules/outreach/adapters/adapter.ts';
import { cmppProtocol } from '../../../src/modules/outreach/adapters/sms/cmpp/cmpp.ts';
import { createFrames, frame } from '../../../src/modules/outreach/adapters/sms/cmpp/frames.ts';
import type { Heard, Receipt } from '../../../src/modules/outreach/adapters/sms/line.ts';
import { linkAdapter, type LinkOptions } from '../../../src/modules/outreach/adapters/sms/link.ts';
import { answerSubmit, cmppGateway, report, type Ismg } from './gateway.ts';

let gateway: Ismg;
let adapter: Adapter | undefined;
const receipts: Receipt[] = [];
const heard: Heard[] = [];
let keep: () => Promise<void>;

const open = (url = gateway.url, link: Partial<LinkOptions> = {}): Adapter => (adapter = linkAdapter(
  cmppProtocol({ url, source: '10690281', serviceId: 'TOWN', timeoutMs: 300 }, () => Date.parse('2026-11-24T09:05:07+08:00')),
  { receipt: async (one) => { await keep(); receipts.push(one); }, heard: async (one) => { await keep(); heard.push(one); } },
  () => 0.5, { window: 8, perSecond: 0, againMs: 5, patienceMs: 1_000, ...link }));
const send = (text: string): Promise<Outcome> => (adapter ?? open()).send({ id: 'd1', county: '330281', channel: 'sms', to: '13900002046', text, language: 'zh-Hans' });
const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

beforeEach(async () => { gateway = await cmppGateway(); receipts.length = 0; heard.length = 0; keep = async () => {}; });
afterEach(async () => { await adapter?.close(); adapter = undefined; await gateway.close(); });

describe('a message by CMPP 3.0', () => {
  it('has every field where the protocol puts it', async () => {
    expect(await send('路灯已修好')).toEqual({ state: 'sent', peer: '0000000000000001', peers: ['0000000000000001'] });
    expect(gateway.got).toMatchObject([{ parts: 1, part: 1, serviceId: 'TOWN', udhi: 0, format: 8, source: '901234', from: '10690281', to: '13900002046', content: ucs2('路灯已修好') }]);
    await send('Code 4711');
    await send('a@b');
    expect(gateway.got.slice(1).map(({ format, content }) => [format, content.toString('latin1')])).toEqual([[0, 'Code 4711'], [8, ucs2('a@b').toString('latin1')]]);
  });
  it('is cut where it is long', async () => {
    expect(await send('灯'.repeat(150))).toMatchObject({ state: 'sent', peers: ['0000000000000001', '0000000000000002', '0000000000000003'] });
    expect(gateway.got.map(({ parts, part, udhi, content }) => [parts, part, udhi, content[4], content[5], content.length])).toEqual([[3, 1, 1, 3, 1, 140], [3, 2, 1, 3, 2, 140], [3, 3, 1, 3, 3, 38]]);
  });
  it.each([
    ['asks to slow down', 8, { state: 'later', error: 'cmpp_8', afterMs: 1_000 }],
    ['knows no such number', 13, { state: 'refused', error: 'cmpp_13' }],
  ])('waits or ends where the gateway %s', async (_case, result, outcome) => {
    gateway.answer = (socket, submit, id) => answerSubmit(socket, submit, id, result);
    expect(await send('一')).toEqual(outcome);
  });
  it.each([
    ['is silent', () => {}],
    ['closes in the middle', (socket) => socket.destroy()],
    ['closes in the middle of its answer', (socket) => { socket.write(Buffer.from('0000001880000004', 'hex'), () => socket.destroy()); }],
    ['answers another question', (socket, submit, id) => answerSubmit(socket, { ...submit, sequence: submit.sequence + 7 }, id)],
    ['gives an answer too short', (socket, { sequence }) => { socket.write(frame(0x80000004, sequence, Buffer.alloc(3))); }],
    ['sends what is no frame', (socket) => { socket.write(Buffer.from('00000004', 'hex').fill(0xff)); socket.write(Buffer.alloc(12)); }],
  ] as [string, Ismg['answer']][])('is unknown where the gateway %s', async (_case, answer) => {
    gateway.answer = answer;
    expect((await send('一')).state).toBe('unknown');
  });
  it('is not given to a gateway that does not know the secret, nor by us with a wrong one', async () => {
    gateway.honest = false;
    open(gateway.url, { patienceMs: 100 });
    expect(await send('一')).toEqual({ state: 'later', error: 'cmpp_gateway_unproven' });
    await adapter!.close();
    gateway.honest = true;
    open(gateway.url.replace('gate-secret', 'wrong'), { patienceMs: 100 });
    expect(await send('一')).toEqual({ state: 'later', error: 'cmpp_connect_3' });
    expect(gateway.got).toEqual([]);
  });
  it('is followed by questions whether the gateway is there', async () => {
    open(gateway.url, { pingMs: 5 });
    await send('一');
    await expect.poll(() => gateway.tests).toBeGreaterThan(2);
  });
});

describe('what the gateway delivers', () => {
  beforeEach(async () => { await send('一'); });
  it('is a report on a segment or a text of a phone, answered when it was kept', async () => {
    expect(await gateway.deliver({ id: '00000000000000aa', from: '13900002046', content: report('0000000000000001', 'DELIVRD'), report: true })).toBe(0);
    expect(await gateway.deliver({ id: '00000000000000ab', from: '13900002046', content: report('0000000000000001', 'MA:0054'), report: true })).toBe(0);
    expect(receipts).toEqual([{ peer: '0000000000000001', state: 'delivered', code: 'DELIVRD' }, { peer: '0000000000000001', state: 'failed', code: 'MA:0054' }]);
    expect(await gateway.deliver({ id: '00000000000000ac', from: '13900002046', content: Buffer.from([0xbd, 0xe2, 0xbe, 0xf6, 0xc1, 0xcb]), format: 15 })).toBe(0);
    const part = (at: number, text: string) => gateway.deliver({ id: `00000000000000b${at}`, from: '13900002046', content: Buffer.concat([Buffer.from([5, 0, 3, 1, 2, at]), ucs2(text)]), format: 8, udhi: 1 });
    expect(await Promise.all([part(1, '还是'), part(2, '不亮')])).toEqual([0, 0]);
    expect(heard.map(({ text, from, to }) => [text, from, to])).toEqual([['解决了', '13900002046', '10690281'], ['还是不亮', '13900002046', '10690281']]);
    keep = async () => { throw new Error('the database is away'); };
    expect(await gateway.deliver({ id: '00000000000000ad', from: '13900002046', content: Buffer.from('1') })).toBe(9);
  });
});

describe('frames', () => {
  it('come out whole however the bytes are cut, and none longer than the protocol knows', () => {
    const bytes = Buffer.concat([frame(8, 1), frame(4, 2, Buffer.from('abc')), frame(8, 3)]);
    for (let at = 0; at <= bytes.length; at++) {
      const read = createFrames();
      expect([...read(bytes.subarray(0, at)), ...read(bytes.subarray(at))].map(({ command, sequence, body }) => [command, sequence, body.toString()])).toEqual([[8, 1, ''], [4, 2, 'abc'], [8, 3, '']]);
    }
    expect(() => createFrames()(Buffer.from('00001001000000080000000100', 'hex'))).toThrow('4097');
  });
});
