import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { Json } from '../../src/base/canonical.ts';
import { componentFollower } from '../../src/modules/components/index.ts';
import type { LoggedEntry } from '../../src/modules/ledger/contract.ts';
import { codeOf, componentTown, county, done, type ComponentTown } from './town.ts';

let town: ComponentTown;
const follower = componentFollower((kind, state) => kind === 'case' && !['closed', 'void', 'declined'].includes(state));
const codes = [1, 2, 3].map((number) => codeOf(number));
beforeAll(async () => {
  town = await componentTown();
  done(await town.components.importTable(theSystem, county, { source: { name: 'a.csv', bytes: Buffer.from(['code,lng,lat', ...codes.map((code) => `${code},121.045,30.18`)].join('\n')) } }));
});
afterAll(() => town.world.close());

let seq = 0;
const entry = (matter: string, mv: number, to: string, set?: Record<string, Json>, kind = 'case'): LoggedEntry =>
  ({ seq: ++seq, entry: { v: 1, county, subject: 'matter', matter, mv, kind, action: 'x', to, actor: { id: theSystem.id, role: 'system' }, at: '2026-11-24T01:00:00.000Z', ...(set && { set }) } });
const apply = (entries: LoggedEntry[]) => town.world.db.transaction((tx) => follower.apply(county, entries, tx));
const rebuild = async (entries: LoggedEntry[]) => {
  await town.world.db.transaction((tx) => follower.beside!.begin(county, tx));
  await town.world.db.transaction((tx) => follower.beside!.apply(county, entries, tx));
  await town.world.db.transaction((tx) => follower.beside!.swap(county, tx));
};
const open = async () => (await town.components.many(county, codes)).map(({ openCases }) => openCases);
const states = async () => (await town.components.many(county, codes)).map(({ state }) => state);
const matterId = (number: number) => `0193605f-0000-7000-8000-${String(number).padStart(12, '0')}`;

describe('a component', () => {
  it('is faulty while a case about it is open, and as surveyed again when the last one ends', async () => {
    await apply([entry(matterId(1), 1, 'reported', { component: codes[0]! }), entry(matterId(2), 1, 'reported', { component: codes[0]! })]);
    expect(await states()).toEqual(['faulty', 'intact', 'intact']);
    expect((await town.components.list(county, { state: 'faulty' }, '', 10)).map(({ code }) => code)).toEqual([codes[0]]);
    await apply([entry(matterId(1), 2, 'filed'), entry(matterId(1), 3, 'closed')]);
    expect(await open()).toEqual([1, 0, 0]);
    await apply([entry(matterId(2), 2, 'declined')]);
    expect(await states()).toEqual(['intact', 'intact', 'intact']);
    await apply([entry(matterId(2), 3, 'reported')]);
    expect(await states()).toEqual(['faulty', 'intact', 'intact']);
    await apply([entry(matterId(2), 4, 'void')]);
  });

  it('is left and another one found faulty when a case turns out to be about that, and about none when it is told so', async () => {
    await apply([entry(matterId(3), 1, 'reported', { component: codes[0]! }), entry(matterId(3), 2, 'filed', { component: codes[1]! })]);
    expect(await open()).toEqual([0, 1, 0]);
    await apply([entry(matterId(3), 3, 'filed', { component: codes[2]! })]);
    expect(await open()).toEqual([0, 0, 1]);
    await apply([entry(matterId(3), 4, 'filed', { component: null })]);
    expect(await open()).toEqual([0, 0, 0]);
  });

  it('is not moved by other kinds, by codes that no component has, or by entries about something else', async () => {
    await apply([
      entry(matterId(4), 1, 'reported', { component: codes[0]! }, 'task'), entry(matterId(5), 1, 'reported', { component: codeOf(999) }), entry(matterId(6), 1, 'reported'),
      { seq: ++seq, entry: { v: 1, county, subject: 'config', kind: 'components', action: 'import', actor: { id: theSystem.id, role: 'system' }, at: '2026-11-24T01:00:00.000Z' } },
    ]);
    expect(await open()).toEqual([0, 0, 0]);
  });

  it('has the count that the entries give, in whatever pieces they come, when some come again, and when all is made anew', async () => {
    let first = 100;
    await fc.assert(fc.asyncProperty(
      fc.array(fc.record({ matter: fc.integer({ min: 0, max: 5 }), to: fc.constantFrom('reported', 'filed', 'closed', 'void'), component: fc.constantFrom(undefined, null, 0, 1, 2) }), { maxLength: 25 }),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 30, maxLength: 30 }),
      async (steps, cuts) => {
        first += 10;
        const versions = new Map<number, number>();
        const about = new Map<number, { component: number | undefined; open: boolean }>();
        const entries = steps.map(({ matter, to, component }) => {
          const mv = (versions.get(matter) ?? 0) + 1;
          versions.set(matter, mv);
          const known = about.get(matter)?.component;
          about.set(matter, { component: component ?? known, open: component !== null && (to === 'reported' || to === 'filed') });
          return entry(matterId(first + matter), mv, to, component === undefined ? undefined : { component: component === null ? null : codes[component]! });
        });
        const expected = codes.map((_, i) => [...about.values()].filter((one) => one.open && one.component === i).length);
        await rebuild([]);
        let at = 0;
        for (const cut of cuts) {
          const piece = entries.slice(at, at + cut);
          if (piece.length === 0) break;
          await apply(piece);
          if (cut % 2 === 0) await apply(piece);
          at += cut;
        }
        expect(await open()).toEqual(expected);
        await rebuild(entries);
        expect(await open()).toEqual(expected);
      }), { numRuns: 12 });
  });
});
