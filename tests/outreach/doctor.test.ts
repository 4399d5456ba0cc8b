import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkChannels } from '../../src/modules/outreach/doctor.ts';
import { county, made, type Made } from './made.ts';
import { smppCentre } from './sms/centre.ts';
import { cmppGateway } from './sms/gateway.ts';

let town: Made;
beforeAll(async () => { town = await made(); });
afterAll(async () => { await town.world.close(); });
const looked = async (connections: Parameters<typeof checkChannels>[0]): Promise<Record<string, string>> => {
  const { db, keys, now } = town.world;
  return Object.fromEntries((await checkChannels(connections, db, keys, now)).map(({ check, key, params }) => [check, [key.split('.').at(-1), ...Object.values(params)].join(' ')]));
};

it('a way that is not connected says so', async () => {
  expect(await looked({})).toEqual({ mail: 'none', smpp: 'none', cmpp: 'none', aggregator: 'none', webhook: 'none', push: 'none', wechat: 'none' });
});

it('peers that are there answer, and nobody is sent anything', async () => {
  let mails = 0;
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], logger: false, closeTimeout: 1, onData: (_stream, _session, done) => { mails++; done(); } });
  await new Promise<void>((resolve) => { smtp.listen(0, '127.0.0.1', resolve); });
  const [centre, gateway] = await Promise.all([smppCentre(), cmppGateway()]);
  try {
    await town.outreach.addresses.pushKey(county);
    expect(await looked({
      smtp: { url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`, from: 'town@example.org' }, smpp: { url: centre.url, source: '12345', window: 1, perSecond: 0 },
      cmpp: { url: gateway.url, source: '12345', window: 1, perSecond: 0 }, push: { contact: 'mailto:town@example.org', hosts: [] },
    })).toMatchObject({ mail: 'answers', smpp: 'answers', cmpp: 'answers', push: 'answers' });
    expect([mails, centre.given.length, gateway.got.length]).toEqual([0, 0, 0]);
  } finally {
    await Promise.all([centre.close(), gateway.close(), new Promise<void>((resolve) => { smtp.close(resolve); })]);
  }
});

it('a peer that is away or says nothing is bad, and the reason holds no password', async () => {
  const mute = createServer((socket) => { socket.on('error', () => {}); });
  await new Promise<void>((resolve) => { mute.listen(0, '127.0.0.1', resolve); });
  const at = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const found = await looked({
    smtp: { url: 'smtp://127.0.0.1:1', from: 'town@example.org', timeoutMs: 300 }, smpp: { url: `smpp://town:verysecret@${at}`, source: '1', window: 1, perSecond: 0, timeoutMs: 300 },
    cmpp: { url: `cmpp://town:verysecret@127.0.0.1:1`, source: '1', window: 1, perSecond: 0, timeoutMs: 300 }, webhook: { url: 'http://127.0.0.1:1/verysecret', secret: 'x'.repeat(24) },
  });
  mute.close();
  for (const way of ['mail', 'smpp', 'cmpp', 'webhook']) expect(found[way]).toMatch(/^silent \w+$/);
  expect(JSON.stringify(found)).not.toContain('verysecret');
});
