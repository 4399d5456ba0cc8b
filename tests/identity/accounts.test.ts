import { theSystem } from '../../src/base/actor.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import { demoPassword, type Opened } from '../../src/modules/identity/index.ts';
import { county, countyPath, made, sentBack, townPath, villagePath, type Made } from './made.ts';

let town: Made;
let admin: Actor;
beforeAll(async () => {
  town = await made();
  admin = await town.actor('admin');
});
afterAll(async () => { await town.world.close(); });

const done = <T>(result: T): Exclude<T, { readonly refused: true }> => {
  if (isRefusal(result)) throw new Error(result.reason);
  return result as Exclude<T, { readonly refused: true }>;
};
const cookieOf = (opened: Opened) => ({ url: '/api/session', headers: { cookie: sentBack(town.identity.sessions.cookie('staff', opened)) } });
const rolesOf = async (opened: Opened): Promise<string[] | null> => {
  const actor = done(await town.identity.sessions.authenticate(cookieOf(opened)));
  return actor && actor.grants.filter((grant) => grant.until === null || grant.until > town.world.now()).map(({ role }) => role).sort();
};

describe('accounts', () => {
  it('only an administrator of the county makes them', async () => {
    for (const login of ['dispatcher', 'auditor', 'steward', 'supervisor'])
      expect(await town.identity.accounts.create(await town.actor(login), county, { login: 'x1', name: 'x' })).toMatchObject({ status: 403 });
    expect(await town.identity.accounts.create(admin, '330282', { login: 'x1', name: 'x' })).toMatchObject({ status: 403 });
  });
  it('a new one gets an invitation with its link, and its phone is nowhere in the clear', async () => {
    const { account, link } = done(await town.identity.accounts.create(admin, county, { login: 'lamp.two', name: '李二', phone: '+86 139 0001 2046' }));
    expect(account).toMatchObject({ maskedPhone: '139****2046', hasPassword: false, disabled: false });
    expect(await town.latest('staff_invite')).toEqual({ login: 'lamp.two', link: town.identity.linkAddress(link!) });
    const stored = await town.world.ownerDb.query('select * from account where id = $1', [account.id]);
    expect(JSON.stringify(stored)).not.toContain('13900012046');
    expect((await town.entries()).at(-1)).toMatchObject({ subject: 'config', kind: 'account', action: 'create', actor: { id: admin.id, role: 'admin', unit: 'centre' }, set: { account: account.id, login: 'lamp.two' } });
    expect(JSON.stringify(await town.entries())).not.toContain('1390001');
  });
  it('a login is taken once, a phone must be one', async () => {
    expect(await town.identity.accounts.create(admin, county, { login: 'dispatcher', name: 'x' })).toMatchObject({ status: 409, reason: 'identity.login_taken' });
    expect(await town.identity.accounts.create(admin, county, { login: 'phoneless', name: 'x', phone: '12345678' })).toMatchObject({ status: 422, reason: 'identity.phone' });
    expect(await town.world.db.query(`select 1 from account where login = 'phoneless'`)).toEqual([]);
  });
  it('disabling one ends its sessions at once and its password opens nothing', async () => {
    const opened = done(await town.identity.sessions.signIn('clerk', demoPassword));
    expect(await rolesOf(opened)).toEqual(['clerk']);
    done(await town.identity.accounts.change(admin, town.people.get('clerk')!, { disabled: true }));
    expect(await town.identity.sessions.authenticate(cookieOf(opened))).toBeNull();
    expect(await town.identity.sessions.signIn('clerk', demoPassword)).toMatchObject({ status: 401 });
    done(await town.identity.accounts.change(admin, town.people.get('clerk')!, { disabled: false }));
    expect(isRefusal(await town.identity.sessions.signIn('clerk', demoPassword))).toBe(false);
  });
  it('nobody disables their own, nobody touches those of another county', async () => {
    expect(await town.identity.accounts.change(admin, admin.id, { disabled: true })).toMatchObject({ status: 403, reason: 'identity.own_account' });
    await town.world.db.query(`insert into account (id, kind, login, home, name, language, channel, created_at, updated_at) values ('01900000-0000-7000-8000-00000000000a', 'person', 'elsewhere', '330282', 'x', 'en', 'sms', now(), now())`);
    expect(await town.identity.accounts.change(admin, '01900000-0000-7000-8000-00000000000a', { name: 'y' })).toMatchObject({ status: 404 });
    expect(await town.identity.accounts.read(admin, county, '01900000-0000-7000-8000-00000000000a')).toMatchObject({ status: 404 });
    expect(await town.identity.accounts.link(admin, '01900000-0000-7000-8000-00000000000a')).toMatchObject({ status: 404 });
  });
  it('the list goes page by page, by text and by role', async () => {
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const page = done(await town.identity.accounts.list(admin, county, { after, limit: 7 }));
      seen.push(...page.items.map(({ login }) => login));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toContain('lampkeeper');
    expect(seen).not.toContain('elsewhere');
    expect(done(await town.identity.accounts.list(admin, county, { text: 'lamp', limit: 50 })).items.map(({ login }) => login)).toEqual(['lamp.two', 'lampkeeper']);
    expect(done(await town.identity.accounts.list(admin, county, { role: 'auditor', limit: 50 })).items).toMatchObject([{ login: 'auditor', roles: ['auditor'] }]);
    expect(await town.identity.accounts.list(await town.actor('dispatcher'), county, { limit: 5 })).toMatchObject({ status: 403 });
  });
});

describe('grants', () => {
  it('given and ended, each is an entry and counts from the next request', async () => {
    const opened = done(await town.identity.sessions.signIn('trainer', demoPassword));
    expect(await rolesOf(opened)).toEqual(['trainer']);
    const grant = done(await town.identity.accounts.grant(admin, county, town.people.get('trainer')!, { role: 'gridworker', place: villagePath }));
    expect((await town.entries()).at(-1)).toMatchObject({ subject: 'config', kind: 'grant', action: 'give', set: { grant: grant.id, account: town.people.get('trainer'), role: 'gridworker', place: villagePath, until: null } });
    expect(await rolesOf(opened)).toEqual(['gridworker', 'trainer']);
    done(await town.identity.accounts.endGrant(admin, county, grant.id));
    expect((await town.entries()).at(-1)).toMatchObject({ kind: 'grant', action: 'end', set: { grant: grant.id } });
    expect(await rolesOf(opened)).toEqual(['trainer']);
    const entries = (await town.entries()).length;
    done(await town.identity.accounts.endGrant(admin, county, grant.id));
    expect((await town.entries()).length).toBe(entries);
  });
  it('nobody grants to themselves', async () => {
    expect(await town.identity.accounts.grant(admin, county, admin.id, { role: 'dispatcher', place: '' })).toMatchObject({ status: 403 });
  });
  it('nobody grants beyond their own place', async () => {
    const local: Actor = { ...admin, id: town.people.get('steward')! as Actor['id'], grants: [{ ...admin.grants[0]!, place: townPath as Actor['grants'][number]['place'] }] };
    expect(await town.identity.accounts.grant(local, county, town.people.get('trainer')!, { role: 'gridworker', place: countyPath })).toMatchObject({ status: 403, reason: 'identity.beyond_place' });
    expect(isRefusal(await town.identity.accounts.grant(local, county, town.people.get('trainer')!, { role: 'gridworker', place: villagePath }))).toBe(false);
  });
  it.each([
    [{ role: 'king', place: '' }, 'identity.role'],
    [{ role: 'resident', place: '' }, 'identity.role'],
    [{ role: 'unithandler', place: '' }, 'identity.unit_needed'],
    [{ role: 'unithandler', place: '', unit: 'no-such' }, 'identity.unit'],
    [{ role: 'gridworker', place: '', from: 2_000, until: 1_000 }, 'identity.from_until'],
  ])('refuses %o: %s', async (input, reason) => {
    expect(await town.identity.accounts.grant({ ...admin, grants: [{ ...admin.grants[0]!, place: '' as never }] }, county, town.people.get('trainer')!, input)).toMatchObject({ reason });
  });
  it('finds who holds an office now', async () => {
    expect(await town.identity.accounts.holders(town.world.db, county, ['unithandler'], { unit: 'lighting', path: `${villagePath}x/` })).toEqual([town.people.get('lampkeeper')]);
    expect(await town.identity.accounts.holders(town.world.db, county, ['gridworker'], { path: countyPath })).toEqual([]);
  });
});

describe('programs', () => {
  it('a token carries only the roles it was narrowed to, until it is taken away', async () => {
    const program = done(await town.identity.accounts.create(admin, county, { kind: 'program', login: 'open311', name: 'Open311' }));
    expect(program.link).toBeNull();
    for (const role of ['intake', 'auditor']) done(await town.identity.accounts.grant(admin, county, program.account.id, { role, place: countyPath }));
    const token = done(await town.identity.accounts.makeToken(admin, program.account.id, { name: 'test', roles: ['intake'], days: 30 }));
    const ask = (bearer: string) => town.identity.sessions.authenticate({ headers: { authorization: `Bearer ${bearer}` } });
    expect(await ask(token.token)).toMatchObject({ id: program.account.id, kind: 'program', grants: [{ role: 'intake' }] });
    expect(await ask('x'.repeat(43))).toMatchObject({ status: 401, reason: 'identity.token' });
    expect(JSON.stringify(await town.world.db.query('select * from program_token'))).not.toContain(token.token);
    expect(isRefusal(await town.identity.sessions.signIn('open311', 'anything-at-all'))).toBe(true);
    done(await town.identity.accounts.revokeToken(admin, program.account.id, token.id));
    expect(await ask(token.token)).toMatchObject({ status: 401 });
  });
  it('a token runs out', async () => {
    const { items } = done(await town.identity.accounts.list(admin, county, { text: 'open311', limit: 1 }));
    const token = done(await town.identity.accounts.makeToken(admin, items[0]!.id, { name: 'short', roles: ['intake'], days: 1 }));
    town.world.advance(86_400_000);
    expect(await town.identity.sessions.authenticate({ headers: { authorization: `Bearer ${token.token}` } })).toMatchObject({ status: 401 });
  });
  it('people have no tokens', async () => {
    expect(await town.identity.accounts.makeToken(admin, town.people.get('intake')!, { name: 'x', roles: ['intake'], days: 1 })).toMatchObject({ reason: 'identity.not_program' });
  });
});

describe('units', () => {
  const name = { 'zh-Hans': '市政养护站', 'zh-Hant': '市政養護站', en: 'Road station' };
  it('added and changed, with an entry each; a closed one takes no grant', async () => {
    done(await town.identity.units.put(admin, county, { id: 'roads', name, kind: 'station', parent: 'town', phone: '0574-62151234' }));
    expect((await town.identity.units.get(town.world.db, county, ['roads'])).get('roads')).toMatchObject({ name, parent: 'town', closed_at: null });
    expect((await town.entries()).at(-1)).toMatchObject({ kind: 'unit', action: 'put', set: { unit: 'roads', parent: 'town', phone: '057462151234' } });
    expect(await town.identity.units.put(admin, county, { id: 'roads', name, kind: 'station', parent: 'town', closed: true })).toMatchObject({ status: 409, reason: 'identity.close_by_dissolving' });
    done(await town.identity.units.put(theSystem, county, { id: 'roads', name, kind: 'station', parent: 'town', closed: true }));
    expect((await town.identity.units.get(town.world.db, county, ['roads'])).get('roads')!.closed_at).not.toBeNull();
    expect(await town.identity.accounts.grant(admin, county, town.people.get('trainer')!, { role: 'unithandler', unit: 'roads', place: countyPath })).toMatchObject({ reason: 'identity.unit' });
  });
  it('never stand under themselves', async () => {
    done(await town.identity.units.put(admin, county, { id: 'roads-east', name, kind: 'station', parent: 'roads' }));
    expect(await town.identity.units.put(admin, county, { id: 'roads', name, kind: 'station', parent: 'roads-east' })).toMatchObject({ reason: 'identity.unit' });
  });
  it('are an administrator\'s to change', async () => {
    expect(await town.identity.units.put(await town.actor('steward'), county, { id: 'x', name, kind: 'station' })).toMatchObject({ status: 403 });
  });
});
