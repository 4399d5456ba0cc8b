import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { webhookAdapter } from '../../src/modules/outreach/adapters/webhook.ts';
import { isWebhookSignature, webhookSignature } from '../../src/modules/outreach/index.ts';
import { accept, gateway, secret, type Gateway } from './made.ts';

const now = Date.parse('2026-11-24T09:00:00+08:00');
const message = { id: '01900000-0000-7000-8000-000000000001', county: '330281', channel: 'sms' as const, to: '13900002046', text: '【灯火】路灯已修好。', language: 'zh-Hans' as const };

let peer: Gateway;
beforeAll(async () => { peer = await gateway(); });
afterAll(async () => { await peer.close(); });
afterEach(() => { peer.asked.length = 0; peer.answer = (_request, response) => accept(response); });
const send = (timeoutMs = 400) => webhookAdapter({ url: peer.url, secret, timeoutMs }, () => now).send(message);

describe('a message by webhook', () => {
  it('is signed, timed and carries the delivery\'s id as its key', async () => {
    expect(await send()).toEqual({ state: 'sent', peer: 'peer-1' });
    const { headers, body } = peer.asked[0]!;
    expect(JSON.parse(body)).toEqual(message);
    expect(headers['idempotency-key']).toBe(message.id);
    const [id, timestamp, signature] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']] as string[];
    const holds = (text: string, key = secret, at = now / 1000) => isWebhookSignature(key, id!, Number(timestamp), text, signature!, at);
    expect(holds(body)).toBe(true);
    expect(holds(`${body} `)).toBe(false);
    expect(holds(body, `${secret}!`)).toBe(false);
    expect(holds(body, secret, now / 1000 + 301)).toBe(false);
    expect(isWebhookSignature(secret, 'another', Number(timestamp), body, signature!, now / 1000)).toBe(false);
  });
  it('has the signature of the Standard Webhooks specification', () => {
    expect(webhookSignature('plJ3nmyCDGBKInavdOK15jsl', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  });
  it('goes to nobody with a secret that is too short', () => {
    expect(() => webhookAdapter({ url: peer.url, secret: 'short' }, () => now)).toThrow(/24/);
  });
});

describe('a gateway that', () => {
  it('is silent is unknown after the time that it has', async () => {
    peer.answer = () => {};
    expect(await send()).toEqual({ state: 'unknown', error: 'http_timeout' });
  });
  it('begins an answer and never ends it is unknown', async () => {
    peer.answer = (_request, response) => { response.writeHead(200, { 'content-type': 'application/json' }).write('{"accepted":'); };
    expect(await send()).toMatchObject({ state: 'unknown' });
  });
  it('hangs up in the middle is unknown', async () => {
    peer.answer = (_request, response) => { response.destroy(); };
    expect(await send()).toMatchObject({ state: 'unknown' });
  });
  it('says 200 and means nothing by it is not believed', async () => {
    for (const body of ['<html>Welcome to the hotel</html>', '{}', 'null', '{"accepted":"yes"}', '{"accepted":false}']) {
      peer.answer = (_request, response) => { response.writeHead(200).end(body); };
      expect(await send()).toEqual({ state: 'unknown', error: 'http_200_not_believed' });
    }
  });
  it('answers without end is cut off', async () => {
    peer.answer = (_request, response) => {
      response.writeHead(200);
      const more = (): void => { while (!response.destroyed && response.write('x'.repeat(16_384))); };
      response.on('drain', more);
      more();
    };
    expect(await send(5_000)).toMatchObject({ state: 'unknown' });
  });
  it('sends us elsewhere is not followed: the message would reach a stranger', async () => {
    peer.answer = (_request, response) => { response.writeHead(307, { location: peer.url }).end(); };
    expect(await send()).toMatchObject({ state: 'unknown' });
    expect(peer.asked.length).toBe(1);
  });
  it.each([
    [400, { state: 'refused', error: 'http_400' }], [404, { state: 'refused', error: 'http_404' }], [422, { state: 'refused', error: 'http_422' }],
    [408, { state: 'later', error: 'http_408' }], [409, { state: 'later', error: 'http_409' }], [500, { state: 'later', error: 'http_500' }], [503, { state: 'later', error: 'http_503', afterMs: 120_000 }], [429, { state: 'later', error: 'http_429', afterMs: 120_000 }],
  ])('answers %i is %o', async (status, outcome) => {
    peer.answer = (_request, response) => { response.writeHead(status, outcome && 'afterMs' in outcome ? { 'retry-after': '120' } : {}).end('13900002046 is blocked'); };
    expect(await send()).toEqual(outcome);
  });
  it('is not there at all is later', async () => {
    const gone = await gateway();
    await gone.close();
    expect(await webhookAdapter({ url: gone.url, secret }, () => now).send(message)).toEqual({ state: 'later', error: 'http_econnrefused' });
  });
});
