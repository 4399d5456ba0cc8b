import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import { county, made, urgent, type Made } from './made.ts';

let town: Made;
let desk: Actor;
beforeAll(async () => {
  town = await made({ smtp: { url: 'smtp://127.0.0.1:1', from: 'town@example.org' } });
  desk = acting('intake', '01900000-0000-7000-8000-0000000000aa');
});
afterAll(async () => { await town.outreach.worker.stop(); await town.world.close(); });

const acting = (role: string, id: string): Actor => ({ id: id as Actor['id'], kind: 'person', name: '王', grants: [{ id: 'g', county, role, place: `33/3302/${county}/`, purpose: null, unit: null, from: 0, until: null }] }) as unknown as Actor;
const themselves = (contact: string) => ({ actor: { id: contact as Actor['id'], kind: 'resident' as const, name: null, grants: [] }, grant: { role: 'resident', unit: null } });
const ok = <T>(value: T): Exclude<T, { readonly reason: string }> => {
  if (isRefusal(value)) throw new Error(JSON.stringify(value));
  return value as Exclude<T, { readonly reason: string }>;
};
const caller = async (phone: string): Promise<string> => (await town.resident(phone)).slice(8);
const entries = async (): Promise<string[]> => {
  await town.ledger.sequencer.drain();
  return (await town.world.db.query<{ body: string }>(`select convert_from(canonical, 'UTF8') as body from ledger_entry where subject = 'access' and action = 'prefer' order by seq`)).map(({ body }) => body);
};

it('the desk keeps how a caller asked to be told, messages follow it, and the entry says who kept it, how they asked, and no address', async () => {
  const { telling } = town.outreach;
  const contact = await caller('13900002050');
  const before = ok(await telling.readFor(desk, county, contact));
  expect(before).toMatchObject({ channel: 'sms', chosen: null });
  const kept = ok(await telling.chooseFor(desk, county, contact, {
    channel: 'letter', postal: '乐业路 59 号 王阿婆', language: 'zh-Hant', plain: true, stopped: true, quiet: { from: 1_200, until: 420 },
  }, { asked: 'call', seen: before.seen }));
  expect(kept).toMatchObject({ channel: 'letter', language: 'zh-Hant', plain: true, stopped: true, quietFrom: 1_200, quietUntil: 420, hasPostal: true, mailed: false, chosen: { by: 'call' } });
  await town.write([urgent(`contact:${contact}`)]);
  await town.outreach.worker.drain();
  expect((await town.rows()).at(-1)!.state).toBe('to_print');
  const [entry] = (await entries()).slice(-1);
  expect(JSON.parse(entry!)).toMatchObject({ actor: { id: desk.id }, set: { contact, asked: 'call', channel: 'letter', stopped: true, postal: true } });
  expect(entry).not.toContain('乐业');
});

it('what callers choose themselves later stands, and a desk that did not see it changes nothing', async () => {
  const { telling } = town.outreach;
  const contact = await caller('13900002051');
  const looked = ok(await telling.readFor(desk, county, contact));
  ok(await telling.chooseFor(desk, county, contact, { channel: 'voice' }, { asked: 'window', seen: looked.seen }));
  // Pressed twice: the second is told what is kept by now.
  expect(await telling.chooseFor(desk, county, contact, { channel: 'voice' }, { asked: 'window', seen: looked.seen })).toMatchObject({ status: 409, reason: 'identity.preferences_moved' });
  const deskSaw = ok(await telling.readFor(desk, county, contact));
  ok(await telling.choose(county, contact, { channel: 'none', plain: true }, themselves(contact)));
  expect(await telling.chooseFor(desk, county, contact, { channel: 'sms' }, { asked: 'call', seen: deskSaw.seen })).toMatchObject({ reason: 'identity.preferences_moved' });
  expect(ok(await telling.readFor(desk, county, contact))).toMatchObject({ channel: 'none', plain: true, chosen: { by: 'self' } });
});

it('a mail address that the desk was told counts once its owner has pressed the link', async () => {
  const { telling } = town.outreach;
  const contact = await caller('13900002052');
  const { seen } = ok(await telling.readFor(desk, county, contact));
  expect(ok(await telling.chooseFor(desk, county, contact, { channel: 'email', email: 'granny@example.org' }, { asked: 'call', seen }))).toMatchObject({ channel: 'sms', waitsForMail: true, mailed: true, maskedEmail: null });
});

it('whoever may open no number sees and changes nothing, and a choice that cannot be kept changes nothing', async () => {
  const { telling } = town.outreach;
  const contact = await caller('13900002053');
  const { seen } = ok(await telling.readFor(desk, county, contact));
  const stranger = acting('collector', '01900000-0000-7000-8000-0000000000ab');
  expect(await telling.readFor(stranger, county, contact)).toMatchObject({ reason: 'identity.not_permitted' });
  expect(await telling.chooseFor(stranger, county, contact, { channel: 'none' }, { asked: 'call', seen })).toMatchObject({ reason: 'identity.not_permitted' });
  expect(await telling.chooseFor(desk, county, contact, { channel: 'letter' }, { asked: 'call', seen })).toMatchObject({ reason: 'identity.no_postal' });
  expect(await telling.chooseFor(desk, county, contact, { channel: 'wechat' }, { asked: 'call', seen })).toMatchObject({ reason: 'outreach.no_wechat' });
  expect(await telling.chooseFor(desk, county, contact, { quiet: { from: 1, until: null } }, { asked: 'call', seen })).toMatchObject({ reason: 'identity.quiet' });
  expect(await telling.chooseFor(desk, county, '01900000-0000-7000-8000-0000000000ac', { channel: 'none' }, { asked: 'call', seen })).toMatchObject({ status: 404 });
  ok(await town.identity.contacts.erase(county, contact, { actor: desk, grant: desk.grants[0]! }, 'call'));
  expect(await telling.readFor(desk, county, contact)).toMatchObject({ status: 404 });
});
