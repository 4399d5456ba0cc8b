import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Actor } from '../../../src/base/actor.ts';
import type { ActorId } from '../../../src/base/ids.ts';
import { cleaned, understood } from '../../../src/modules/outreach/rules/replies.ts';
import { county, done, servedTown, type ServedTown } from '../../pages/town.ts';

describe('a reply', () => {
  it.each([
    ['1', 'solved', ''], ['１', 'solved', ''], ['一', 'solved', ''], ['解决了', 'solved', ''], [' “1”。 ', 'solved', ''], ['\u200b1\u202e', 'solved', ''], ['好了！', 'solved', ''],
    ['2', 'unsolved', ''], ['２，灯还是不亮', 'unsolved', '灯还是不亮'], ['没解决', 'unsolved', ''], ['2灯不亮', 'unsolved', '灯不亮'], ['沒有解決，還是黑的', 'unsolved', '還是黑的'],
    ['TD', 'stop', ''], ['t', 'stop', ''], ['退订', 'stop', ''], ['KT', 'start', ''],
    ['1号楼的灯也坏了', 'words', '1号楼的灯也坏了'], ['2号楼的灯也坏了', 'words', '2号楼的灯也坏了'], ['12', 'words', '12'], ['1，不过路还是黑的', 'words', '1，不过路还是黑的'], ['谢谢', 'words', '谢谢'],
  ] as const)('%j means %s', (text, meaning, words) => { expect(understood(text)).toEqual({ meaning, words }); });
  it('keeps nothing that is not seen, whatever was sent', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      const kept = cleaned(`\u202e<b>${text}\ud800`);
      expect(kept.isWellFormed() && [...kept].length <= 1_000 && !/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(kept)).toBe(true);
    }));
  });
});

describe('what comes of a reply', () => {
  let town: ServedTown;
  const phone = '13900002046';
  let contact: string;
  let matter: string;
  beforeAll(async () => {
    town = await servedTown();
    const { identity, matters, catalogue } = town.town.modules;
    contact = done(await identity.contacts.contactByPhone(town.world.db, county, phone, 'zh-Hans')).id;
    const resident: Actor = { id: contact as ActorId, kind: 'resident', name: null, grants: [] };
    const lamp = town.lamps[2]!;
    matter = done(await matters.act({ actor: resident, behalf: null, county, kind: 'case', matter: null, action: 'report', input: { text: '灯不亮', component: lamp.code, lng: lamp.lng, lat: lamp.lat, blobs: [], channel: 'web' }, op: town.world.random.uuid(town.world.now()) })).id;
    const row = catalogue.rows(county, catalogue.currentVersion(county, town.world.now())!).find(({ minorName, limit }) => minorName.includes('路灯') && limit !== null)!;
    await town.act('intake', matter, 'file', { code: row.key, component: lamp.code });
    await sent();
  }, 120_000);
  afterAll(async () => { await town?.close(); });

  const sent = () => vi.waitFor(async () => {
    await town.town.modules.outreach.worker.drain();
    if ((await town.world.db.query(`select 1 from delivery where state in ('queued', 'claimed')`)).length > 0) throw new Error('messages wait');
  }, 10_000);
  const say = (text: string, from = phone, peer: string | null = null) => town.town.modules.outreach.inbound.ears('smpp').heard({ peer, from, to: '10690281', text });
  const caseNow = async () => (await town.town.modules.matters.whole(town.world.db, county, matter))!;
  const kept = (named = '') => town.world.db.query<{ meaning: string; state: string; reason: string | null }>('select meaning, state, reason from inbound_message where once like $1 order by once', [named === '' ? '%' : `p:${named}%`]);

  it('words become a note of the reporter, once, however often the centre says them', async () => {
    await say('灯杆也<b>歪</b>了\u202e', `86${phone}`);
    await say('灯杆也<b>歪</b>了\u202e', `86${phone}`);
    const notes = (await caseNow()).texts.filter(({ name }) => name === 'note');
    expect(notes.map(({ body }) => body)).toEqual(['灯杆也<b>歪</b>了']);
    expect(await kept()).toEqual([{ meaning: 'words', state: 'done', reason: null }]);
  });
  it('a figure that nothing asked for, or of a phone not known, waits for a person', async () => {
    await say('1', phone, 'a1');
    await say('你好', '13911112222', 'a2');
    const operator: Actor = { id: town.world.random.uuid(town.world.now()) as ActorId, kind: 'account', name: 'operator', grants: [{ id: 'g', county, role: 'operator', unit: null, place: '' as never, purpose: null, from: 0, until: null }] };
    const { inbound } = town.town.modules.outreach;
    const { items } = done(await inbound.open(operator, county, undefined, 10, 'zh-Hans'));
    expect(items.map(({ from, text, reason }) => [from, text, reason])).toEqual([
      ['139****2222', '你好', '这个号码没有反映过事情。'], ['139****2046', '回复：已解决', '近期没有请这个号码评价过。'],
    ]);
    expect(done(await inbound.done(operator, county, items[0]!.id))).toEqual({ done: true });
    expect(await inbound.done(operator, county, items[0]!.id)).toMatchObject({ reason: 'outreach.inbound_done' });
    expect(done(await inbound.open(operator, county, undefined, 10, 'zh-Hans')).items.length).toBe(1);
  });
  it('after the end is told, 2 asks for reopening and 1 says that it is solved, without a level, as the resident', async () => {
    for (const [role, action, input] of [['dispatcher', 'dispatch', { unit: 'lighting' }], ['unithandler', 'accept', {}], ['unithandler', 'arrive', {}]] as const) await town.act(role, matter, action, input);
    const photo = await town.photo('unithandler', await (await import('../../pages/photos.ts')).lampPhoto());
    await town.act('unithandler', matter, 'finish', { note: '换了灯泡', blobs: [photo] });
    await town.act('gridworker', matter, 'verify', { note: '亮了' });
    if ((await caseNow()).matter.state !== 'closed') await town.act('intake', matter, 'close');
    await sent();
    await say('2 还是不亮', phone, 'b1');
    const asked = await caseNow();
    expect(asked.matter.data['reopenAsked']).toBeDefined();
    expect(asked.texts.at(-1)?.body).toBe('短信回复：没解决：还是不亮');
    await say('１', phone, 'b2');
    await say('1', phone, 'b2');
    const { data } = (await caseNow()).matter;
    expect(data['rating']).toBeUndefined();
    expect([typeof data['confirmedAt'], data['reopenAsked']]).toEqual(['number', undefined]);
    await say('1', phone, 'b3');
    expect(await kept('b')).toEqual([{ meaning: 'unsolved', state: 'done', reason: null }, { meaning: 'solved', state: 'done', reason: null }, { meaning: 'solved', state: 'done', reason: null }]);
  });
  it('TD is kept: nothing that is not urgent goes by SMS, a code does, until KT', async () => {
    await say('TD', phone, 'c1');
    town.world.advance(1_000);
    await town.act('intake', matter, 'reply', { text: '请放心' });
    await sent();
    const last = async () => (await town.world.db.query<{ state: string; error: string | null }>('select state, error from delivery where recipient = $1 order by created_at desc limit 1', [`contact:${contact}`]))[0];
    expect(await last()).toEqual({ state: 'skipped', error: 'opted_out' });
    town.world.advance(61_000);
    await town.town.modules.identity.contacts.sendCode(county, phone, 'zh-Hans');
    await sent();
    expect(await last()).toEqual({ state: 'logged', error: null });
    await say('kt', phone, 'c2');
    town.world.advance(1_000);
    await town.act('intake', matter, 'reply', { text: '请放心' });
    await sent();
    expect(await last()).toEqual({ state: 'logged', error: null });
  });
  it('is taken up again where the process ended in between, and goes with its owner\'s data', async () => {
    await town.world.db.query(`update inbound_message set state = 'waiting', received_at = received_at - interval '2 minutes' where once = 'p:c2'`);
    await town.town.modules.outreach.inbound.takeUp();
    expect((await kept()).filter(({ state }) => state === 'waiting')).toEqual([]);
    await town.town.modules.identity.contacts.eraseOwn({ id: contact as ActorId, kind: 'resident', name: null, grants: [{ id: contact, county, role: 'resident', unit: null, place: '' as never, purpose: null, from: 0, until: null }] });
    await expect.poll(async () => (await town.world.db.query('select 1 from inbound_message where contact = $1 and (phone is not null or words is not null)', [contact])).length, { timeout: 10_000 }).toBe(0);
  });
});
