import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, Grant } from '../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath, UnitId } from '../../src/base/ids.ts';
import {
  compileScope, coversCounty, grantFor, permitted, prefixEnd, scopeAllows, scopeSql, shippedRoles, type ScopedObject,
} from '../../src/modules/identity/index.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const roles = shippedRoles();
const now = Date.parse('2026-11-24T09:00:00+08:00');
let made = 0;
const grant = (role: string, place: string, more: Partial<Grant> = {}): Grant => ({
  id: String(++made), county: '330281' as CountyCode, role, unit: null, place: place as PlacePath, purpose: null, from: now - 1000, until: null, ...more,
});
const someone = (...grants: Grant[]): Actor => ({ id: '01900000-0000-7000-8000-000000000001' as ActorId, kind: 'account', name: 'x', grants });
const matter = (more: Partial<ScopedObject> = {}): ScopedObject => ({
  county: '330281', kind: 'case', path: '33/3302/330281/330281103/330281103203/', leadUnit: 'lighting', handler: null, reporter: null, ...more,
});
const sees = (actor: Actor, object: ScopedObject, at = now): boolean => scopeAllows(compileScope(roles, actor, at), object);

describe('what a grant lets one see', () => {
  it('nobody sees anything without a grant', () => {
    expect(sees(someone(), matter())).toBe(false);
    expect(scopeSql(compileScope(roles, someone(), now), 'm', 1).sql).toBe('(false)');
  });
  it('a dispatcher sees cases under the place of the grant and none beside it', () => {
    const dispatcher = someone(grant('dispatcher', '33/3302/330281/330281103/'));
    expect(sees(dispatcher, matter())).toBe(true);
    expect(sees(dispatcher, matter({ path: '33/3302/330281/330281104/330281104001/' }))).toBe(false);
    expect(sees(dispatcher, matter({ path: '33/3302/330281/3302811030/' }))).toBe(false);
    expect(sees(dispatcher, matter({ county: '330282' }))).toBe(false);
    expect(sees(dispatcher, matter({ path: null }))).toBe(false);
  });
  it('a unit\'s handler sees what the unit leads, also in other places of the grant, and nothing of another unit', () => {
    const keeper = someone(grant('unithandler', '33/3302/330281/', { unit: 'lighting' as UnitId }));
    expect(sees(keeper, matter())).toBe(true);
    expect(sees(keeper, matter({ leadUnit: 'water' }))).toBe(false);
    expect(sees(keeper, matter({ leadUnit: null }))).toBe(false);
  });
  it('a unit\'s role without a unit sees nothing of any unit', () => {
    expect(sees(someone(grant('unithandler', '33/3302/330281/')), matter())).toBe(false);
  });
  it('who reported a matter, or has it in hand, sees it wherever it is', () => {
    const collector = someone(grant('collector', '33/3302/330281/330281104/'));
    expect(sees(collector, matter({ reporter: `account:${collector.id}` }))).toBe(true);
    expect(sees(collector, matter({ handler: collector.id }))).toBe(true);
    expect(sees(collector, matter({ reporter: `contact:${collector.id}` }))).toBe(false);
  });
  it('a resident sees their own matters only', () => {
    const resident: Actor = { ...someone(grant('resident', '')), kind: 'resident' };
    expect(sees(resident, matter({ reporter: `contact:${resident.id}` }))).toBe(true);
    expect(sees(resident, matter())).toBe(false);
  });
  it('dossiers are isolated: even a commander of the county does not see them', () => {
    expect(sees(someone(grant('commander', '')), matter({ kind: 'dossier' }))).toBe(false);
    expect(sees(someone(grant('commander', '')), matter({ kind: 'case' }))).toBe(true);
    expect(sees(someone(grant('dossier', '', { unit: 'joint' as UnitId })), matter({ kind: 'dossier', leadUnit: 'joint' }))).toBe(true);
  });
  it('administrators and data stewards see no matter at all', () => {
    for (const role of ['admin', 'steward']) expect(compileScope(roles, someone(grant(role, '')), now).clauses).toEqual([]);
  });
  it('a grant holds from its beginning until just before its end', () => {
    const timed = someone(grant('dispatcher', '', { from: now, until: now + 10 }));
    expect(sees(timed, matter(), now - 1)).toBe(false);
    expect(sees(timed, matter(), now)).toBe(true);
    expect(sees(timed, matter(), now + 9)).toBe(true);
    expect(sees(timed, matter(), now + 10)).toBe(false);
  });
  it('a wide grant swallows the narrow ones, so that the predicate stays short', () => {
    const actor = someone(grant('gridworker', '33/3302/330281/330281103/330281103203/'), grant('commander', ''), grant('supervisor', '33/'));
    expect(compileScope(roles, actor, now).clauses).toEqual([{ county: '330281', notKinds: ['dossier'] }]);
  });
});

describe('permissions', () => {
  it('a permission is asked for at a place and holds under the grant\'s place only', () => {
    const worker = someone(grant('gridworker', '33/3302/330281/330281103/330281103203/'));
    expect(permitted(roles, worker, '330281', 'contact.reveal', now, '33/3302/330281/330281103/330281103203/330281103203001/')).toBeDefined();
    expect(permitted(roles, worker, '330281', 'contact.reveal', now, '33/3302/330281/330281104/')).toBeUndefined();
    expect(permitted(roles, worker, '330281', 'grants.edit', now)).toBeUndefined();
  });
  it('the system administrator has no permission over what is personal, the auditor none to change anything', () => {
    expect(roles.roles['admin']!.may).not.toContain('contact.reveal');
    expect(roles.roles['auditor']!.may.filter((name) => !/\.(read|verify|export|audit)$/.test(name))).toEqual([]);
    expect(roles.roles['supervisor']!.may.filter((name) => !/\.(read|verify|export|audit)$/.test(name))).toEqual([]);
  });
  it('finds the grant of one role, of one unit where asked', () => {
    const actor = someone(grant('unithandler', '', { unit: 'water' as UnitId }), grant('unithandler', '', { unit: 'lighting' as UnitId }));
    expect(grantFor(actor, '330281', ['unithandler'], now, undefined, 'lighting')?.unit).toBe('lighting');
    expect(grantFor(actor, '330281', ['unithandler'], now, undefined, 'roads')).toBeUndefined();
  });
  it.each([['', true], ['33/', true], ['33/3302/330281/', true], ['330281/', true], ['33/3302/330281/330281103/', false], ['33/3302/330282/', true]])('a grant under "%s" covers the county 330281: %s', (place, covers) => {
    expect(coversCounty(grant('dispatcher', place))).toBe(covers);
  });
  it('every role has a label in three languages and every kind that is isolated is named by a role', () => {
    for (const { label } of Object.values(roles.roles)) for (const text of Object.values(label)) expect(text).not.toBe('');
    for (const kind of roles.isolated) expect(Object.values(roles.roles).some(({ reads }) => reads.some(({ kinds }) => kinds !== '*' && kinds.includes(kind)))).toBe(true);
  });
});

describe('one compiled scope for lists, objects and events', () => {
  let world: TestWorld;
  beforeAll(async () => { world = await testWorld(); });
  afterAll(async () => { await world.close(); });

  const place = fc.array(fc.constantFrom('33', '3302', '330281', '330281103', '3302811030', 'a-b', '~'), { maxLength: 4 }).map((parts) => parts.map((part) => `${part}/`).join(''));
  const id = fc.constantFrom('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002');
  const unit = fc.option(fc.constantFrom('lighting', 'water'), { nil: null });
  const countyOf = fc.constantFrom('330281', '330282');
  const anyGrant = fc.record({ role: fc.constantFrom(...Object.keys(roles.roles)), place, unit, county: countyOf, from: fc.constantFrom(now - 5, now + 5), until: fc.constantFrom(null, now - 1, now + 5) })
    .map((one) => grant(one.role, one.place, { unit: one.unit as UnitId | null, county: one.county as CountyCode, from: one.from, until: one.until }));
  const anyObject = fc.record({
    county: countyOf, kind: fc.constantFrom('case', 'application', 'dispute', 'dossier', 'task'), path: fc.option(place, { nil: null }), leadUnit: unit,
    handler: fc.option(id, { nil: null }), reporter: fc.option(fc.tuple(fc.constantFrom('account', 'contact'), id).map(([kind, who]) => `${kind}:${who}`), { nil: null }),
  });

  it('the predicate of a list and the check of an object always agree', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyGrant, { maxLength: 5 }), fc.constantFrom('account' as const, 'resident' as const), id, fc.array(anyObject, { minLength: 1, maxLength: 12 }), async (grants, kind, who, objects) => {
      const scope = compileScope(roles, { id: who as ActorId, kind, name: null, grants }, now);
      const { sql, params } = scopeSql(scope, 'm', 2);
      const rows = await world.db.query<{ n: number }>(`
        select n from jsonb_to_recordset($1::jsonb) as m (n int, county text, kind text, path text, lead_unit text, handler text, reporter text) where ${sql} order by n`,
      [JSON.stringify(objects.map(({ leadUnit, ...rest }, n) => ({ n, ...rest, lead_unit: leadUnit }))), ...params]);
      expect(rows.map(({ n }) => n)).toEqual(objects.flatMap((object, n) => (scopeAllows(scope, object) ? [n] : [])));
    }), { numRuns: 150 });
  });

  it('a prefix is answered by the range of a B-tree on the path', async () => {
    await world.ownerDb.query('create table probe (county text not null, path text collate "C", kind text, lead_unit text, handler text, reporter text)');
    await world.ownerDb.query(`insert into probe select '330281', '33/3302/330281/' || n || '/', 'case' from generate_series(1, 20000) n`);
    await world.ownerDb.query('create index probe_path on probe (county, path)');
    await world.ownerDb.query('analyze probe');
    const { sql, params } = scopeSql(compileScope(roles, someone(grant('commander', '33/3302/330281/777/')), now), 'm', 1);
    const plan = await world.ownerDb.query<{ 'QUERY PLAN': string }>(`explain select * from probe m where ${sql}`, params);
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index Cond: .*path >= .*path < /);
    expect(await world.ownerDb.query(`select path from probe m where ${sql}`, params)).toEqual([{ path: '33/3302/330281/777/' }]);
  });

  it('the end of a prefix lies beyond everything that starts with it and nothing else', () => {
    fc.assert(fc.property(place.filter((text) => text !== ''), fc.string({ unit: 'grapheme-ascii' }), (prefix, rest) => {
      const inside = prefix + rest >= prefix && prefix + rest < prefixEnd(prefix);
      expect(inside).toBe(true);
      expect(rest >= prefix && rest < prefixEnd(prefix)).toBe(rest.startsWith(prefix));
    }));
  });
});
