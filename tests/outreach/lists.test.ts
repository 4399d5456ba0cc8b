import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/base/result.ts';
import { createOutreach, type Outreach } from '../../src/modules/outreach/index.ts';
import { county, made, townPath, type Made } from '../identity/made.ts';
import type { Actor } from '../../src/base/actor.ts';

let town: Made;
let outreach: Outreach;
beforeAll(async () => {
  town = await made();
  outreach = createOutreach(town.world, town.identity, town.ledger);
  for (let i = 0; i < 5; i++) { town.world.advance(61_000); await town.identity.contacts.sendCode(county, `1390000200${i}`, 'zh-Hans'); }
  await outreach.worker.drain();
});
afterAll(async () => { await town.world.close(); });

const done = <T>(result: T): Exclude<T, { readonly refused: true }> => {
  if (isRefusal(result)) throw new Error(result.reason);
  return result as Exclude<T, { readonly refused: true }>;
};
const setState = async (id: string, state: string, template = 'filed'): Promise<void> => {
  await town.world.db.query('update delivery set state = $2, error = $3, template = $4 where id = $1', [id, state, 'http_503', template]);
};

describe('the list of messages', () => {
  it('goes page by page, newest first, with masked recipients', async () => {
    const operator = await town.actor('operator');
    const first = done(await outreach.list(operator, county, { limit: 3 }, 'zh-Hans'));
    expect(first.items.map(({ recipient }) => recipient)).toEqual(['139****2004', '139****2003', '139****2002']);
    expect(first.items[0]).toMatchObject({ state: 'logged', stateLabel: '已记入日志', channel: 'sms', adapter: 'logbook', actions: [] });
    const second = done(await outreach.list(operator, county, { limit: 3, after: first.next! }, 'zh-Hans'));
    expect(second.items.map(({ recipient }) => recipient)).toEqual(['139****2001', '139****2000']);
    expect(second.next).toBeNull();
  });
  it('shows a code in a demo, where residents read theirs, and dots everywhere else', async () => {
    const code = (await town.latest('sms_code'))['code']!;
    const operator = await town.actor('operator');
    expect(done(await outreach.list(operator, county, { limit: 1 }, 'en')).items[0]!.text).toContain(code);
    const real = createOutreach({ ...town.world, demo: false, metrics: new (await import('prom-client')).Registry() }, town.identity, town.ledger);
    expect(done(await real.list(operator, county, { limit: 1 }, 'en')).items[0]!.text).not.toContain(code);
  });
  it('is for those who may read messages of the whole county', async () => {
    const dispatcher = await town.actor('dispatcher');
    const local: Actor = { ...dispatcher, grants: dispatcher.grants.map((grant) => ({ ...grant, place: townPath as typeof grant.place })) };
    expect(await outreach.list(local, county, {}, 'en')).toMatchObject({ status: 403 });
    for (const login of ['admin', 'steward', 'lampkeeper', 'gridchief']) expect(await outreach.list(await town.actor(login), county, {}, 'en')).toMatchObject({ status: 403 });
    for (const login of ['dispatcher', 'auditor', 'supervisor', 'intake']) expect(isRefusal(await outreach.list(await town.actor(login), county, {}, 'en'))).toBe(false);
    expect(await outreach.list(dispatcher, '330282', {}, 'en')).toMatchObject({ status: 403 });
  });
  it('names staff, and says where a contact was erased', async () => {
    const keeper = town.people.get('lampkeeper')!;
    const names = await outreach.recipients(town.world.db, county, [`account:${keeper}`, 'contact:01900000-0000-7000-8000-0000000000ff'], 'en');
    expect([...names.values()]).toEqual(['路灯管理员 李', 'No contact']);
  });
});

describe('what needs a person', () => {
  it('is sent again by whoever may, with an entry, and only from where it is stuck', async () => {
    const dispatcher = await town.actor('dispatcher');
    const [item] = done(await outreach.list(dispatcher, county, { limit: 1 }, 'en')).items;
    expect(await outreach.resend(dispatcher, county, item!.id, 'en')).toMatchObject({ status: 409, reason: 'outreach.not_stuck' });
    await setState(item!.id, 'given_up');
    const stuck = done(await outreach.list(dispatcher, county, { box: 'stuck' }, 'en')).items;
    expect(stuck).toMatchObject([{ id: item!.id, actions: ['resend'], errorWords: 'The SMS gateway answered http_503.' }]);
    expect(done(await outreach.list(await town.actor('auditor'), county, { box: 'stuck' }, 'en')).items[0]!.actions).toEqual([]);
    expect(await outreach.resend(await town.actor('auditor'), county, item!.id, 'en')).toMatchObject({ status: 403 });
    expect(await outreach.resend(dispatcher, county, item!.id, 'en')).toMatchObject({ state: 'queued', attempts: 0 });
    expect((await town.entries()).at(-1)).toMatchObject({ subject: 'config', kind: 'delivery', action: 'resend', actor: { role: 'dispatcher' }, set: { delivery: item!.id, from: 'given_up' } });
    await outreach.worker.drain();
    expect(done(await outreach.list(dispatcher, county, { box: 'stuck' }, 'en')).items).toEqual([]);
  });
  it('two who send it again at once send it once', async () => {
    const dispatcher = await town.actor('dispatcher');
    const [item] = done(await outreach.list(dispatcher, county, { limit: 1 }, 'en')).items;
    await setState(item!.id, 'failed');
    const both = await Promise.all([outreach.resend(dispatcher, county, item!.id, 'en'), outreach.resend(dispatcher, county, item!.id, 'en')]);
    expect(both.filter(isRefusal)).toMatchObject([{ status: 409 }]);
    await outreach.worker.drain();
  });
  it('is marked only where nobody knew whether it was sent', async () => {
    const operator = await town.actor('operator');
    const [item] = done(await outreach.list(operator, county, { limit: 1 }, 'en')).items;
    await setState(item!.id, 'failed');
    expect(await outreach.mark(operator, county, item!.id, 'sent', 'en')).toMatchObject({ status: 409, reason: 'outreach.not_unknown' });
    await setState(item!.id, 'unknown');
    expect(done(await outreach.list(operator, county, { box: 'stuck' }, 'en')).items[0]!.actions).toEqual(['resend', 'mark']);
    expect(await outreach.mark(operator, county, item!.id, 'sent', 'en')).toMatchObject({ state: 'sent', actions: [] });
    expect((await town.entries()).at(-1)).toMatchObject({ action: 'mark_sent', set: { delivery: item!.id } });
  });
  it('a code is never sent again', async () => {
    const operator = await town.actor('operator');
    const [item] = done(await outreach.list(operator, county, { limit: 1 }, 'en')).items;
    await setState(item!.id, 'given_up', 'sms_code');
    expect(await outreach.resend(operator, county, item!.id, 'en')).toMatchObject({ status: 409, reason: 'outreach.used_up' });
    expect(await outreach.resend(operator, county, '01900000-0000-7000-8000-0000000000ff', 'en')).toMatchObject({ status: 404 });
  });
});
