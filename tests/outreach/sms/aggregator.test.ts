import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aggregatorAdapter, heardFrom, readAggregator, type AggregatorSpec } from '../../../src/modules/outreach/adapters/sms/aggregator.ts';
import { anonymous } from '../../../src/base/actor.ts';
import { outreachRoutes } from '../../../src/modules/outreach/routes.ts';
import { createServer } from '../../../src/platform/http/server.ts';
import { gateway, made, type Gateway } from '../made.ts';

const secret = 'a secret of the aggregator and us';
let peer: Gateway;
let spec: AggregatorSpec;
beforeAll(async () => {
  peer = await gateway();
  spec = readAggregator(JSON.stringify({
    url: peer.url, method: 'POST', as: 'json', values: { account: 'town', sign0: '灯火' }, headers: { 'x-account': '{account}' }, time: 'figures',
    body: { mobile: ['{to}'], content: '{text}', msgid: '{id}', time: '{time}', sign: '{sign}' }, sign: { by: 'md5', text: '{account}{secret}{time}', as: 'HEX' },
    answer: { sent: { at: 'result.code', is: [0, '00'] }, later: { at: 'result.code', is: [17] }, id: 'result.id' },
    receipt: { list: 'reports', id: 'id', state: 'stat', delivered: ['DELIVRD'], failed: ['UNDELIV'] }, reply: { list: 'mos', id: 'moid', from: 'phone', text: 'content' }, thanks: '{"code":0}',
  }));
});
afterAll(() => peer.close());

const at = Date.parse('2026-11-24T09:05:07+08:00');
const send = (answer: string, status = 200, more: Partial<AggregatorSpec> = {}) => {
  peer.answer = (_asked, response) => { response.writeHead(status).end(answer); };
  return aggregatorAdapter({ ...spec, ...more }, secret, () => at, 3_000).send({ id: 'd1', county: '330281', channel: 'sms', to: '13900002046', text: '路灯"修好"了', language: 'zh-Hans' });
};

describe('an SMS aggregator described by data', () => {
  it('is asked as the description says, signed', async () => {
    expect(await send('{"result":{"code":0,"id":77}}')).toEqual({ state: 'sent', peer: '77', peers: ['77'] });
    const { headers, body } = peer.asked.at(-1)!;
    expect(headers['x-account']).toBe('town');
    expect(JSON.parse(body)).toEqual({ mobile: ['13900002046'], content: '路灯"修好"了', msgid: 'd1', time: '20261124090507', sign: createHash('md5').update(`town${secret}20261124090507`).digest('hex').toUpperCase() });
    await send('{"result":{"code":"00"}}', 200, { as: 'form', body: { to: '{to}', text: '{text}', sign: '{sign}' }, sign: { by: 'hmac-sha256', text: '{to}{text}', as: 'base64' } });
    expect(Object.fromEntries(new URLSearchParams(peer.asked.at(-1)!.body))).toEqual({ to: '13900002046', text: '路灯"修好"了', sign: createHmac('sha256', secret).update('13900002046路灯"修好"了').digest('base64') });
  });
  it.each([
    ['{"result":{"code":17}}', 200, 'later'], ['{"result":{"code":4}}', 200, 'refused'], ['<html>welcome</html>', 200, 'unknown'], ['', 503, 'later'], ['', 502, 'unknown'], ['', 500, 'unknown'], ['', 403, 'refused'], ['', 429, 'later'],
  ])('%j with %i is %s', async (answer, status, state) => { expect((await send(answer, status)).state).toBe(state); });
  it('is unknown where it is silent, and later where nobody is there', async () => {
    peer.answer = () => {};
    const adapter = aggregatorAdapter(spec, secret, () => at, 100);
    expect(await adapter.send({ id: 'd1', county: '330281', channel: 'sms', to: '1', text: 'x', language: 'en' })).toEqual({ state: 'unknown', error: 'http_timeout' });
    expect((await aggregatorAdapter({ ...spec, url: 'http://127.0.0.1:2/' }, secret, () => at).send({ id: 'd1', county: '330281', channel: 'sms', to: '1', text: 'x', language: 'en' })).state).toBe('later');
  });
  it('reports and sends replies in its own form', () => {
    expect(heardFrom(spec, { reports: [{ id: 77, stat: 'DELIVRD' }, { id: '78', stat: 'UNDELIV' }, { stat: 'x' }, null], mos: [{ moid: 5, phone: '13900002046', content: '1' }] })).toEqual({
      receipts: [{ peer: '77', state: 'delivered', code: 'DELIVRD' }, { peer: '78', state: 'failed', code: 'UNDELIV' }], replies: [{ peer: '5', from: '13900002046', to: '', text: '1' }],
    });
    for (const odd of [null, 'text', [], { reports: 'no' }, { mos: [[]] }]) expect(heardFrom(spec, odd)).toEqual({ receipts: [], replies: [] });
  });
  it('is refused where an address would hold a phone, or the description is none', () => {
    expect(() => readAggregator(JSON.stringify({ ...spec, url: 'https://sms.example/{to}' }))).toThrow('addresses end up in logs');
    expect(() => readAggregator('{"url":"ftp://x"}')).toThrow('/url');
  });
});

describe('what the aggregator posts', () => {
  it('is taken under its secret, once, and thanked for in its own words; under no other', async () => {
    const town = await made({ aggregator: { spec, secret } });
    const server = await createServer(town.world, { authenticate: async () => anonymous });
    server.mount(outreachRoutes(town.outreach, town.identity, () => 480));
    const url = await server.listen();
    const post = (under: string, body: unknown) => fetch(`${url}/api/sms/${encodeURIComponent(under)}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const reply = { mos: [{ moid: 5, phone: '13900002046', content: '你好' }] };
    for (let i = 0; i < 2; i++) {
      const thanks = await post(secret, reply);
      expect([thanks.status, await thanks.text()]).toEqual([200, '{"code":0}']);
    }
    expect((await post('a secret that is nobody of ours', reply)).status).toBe(404);
    expect(await town.world.db.query('select once, state from inbound_message')).toEqual([{ once: 'p:5', state: 'open' }]);
    await server.drain();
    await town.world.close();
  });
});
