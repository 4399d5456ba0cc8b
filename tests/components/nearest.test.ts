import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { metresBetween } from '../../src/base/geo/geometry.ts';
import { placesFollower } from '../../src/modules/components/index.ts';
import { SeededRandom } from '../../src/base/random.ts';
import { codeOf, componentTown, county, done, type ComponentTown } from './town.ts';

let town: ComponentTown;
/** Lamps and manholes strewn over the county, some on one spot, as survey data has them. */
const strewn = (() => {
  const random = new SeededRandom('strewn');
  return Array.from({ length: 1_500 }, (_, i) => {
    const of = random.below(4) === 0 ? '0102' : '0137';
    const heap = i % 50 === 0;
    return {
      code: codeOf(i + 1, of), of, accuracy: (['A', 'B', 'C'] as const)[random.below(3)]!,
      lng: heap ? 121.045 : Number((121.0305 + random.fraction() * 0.039).toFixed(7)), lat: heap ? 30.18 : Number((30.1505 + random.fraction() * 0.059).toFixed(7)),
    };
  });
})();

beforeAll(async () => {
  town = await componentTown();
  const bytes = Buffer.from(['code,lng,lat,accuracy,road,ordinal', ...strewn.map((one, i) => `${one.code},${one.lng},${one.lat},${one.accuracy},环城路,${i + 1}`)].join('\n'));
  done(await town.components.importTable(theSystem, county, { source: { name: 'a.csv', bytes } }));
});
afterAll(() => town.world.close());

describe('the nearest components', () => {
  it('are exactly those that measuring every one gives, in metres, whatever the class, the number and the reach', async () => {
    await fc.assert(fc.asyncProperty(
      fc.double({ min: 121.03, max: 121.07, noNaN: true }), fc.double({ min: 30.15, max: 30.21, noNaN: true }),
      fc.constantFrom(undefined, ['0137'], ['0102'], ['0102', '0137'], ['0999']), fc.integer({ min: 1, max: 20 }), fc.constantFrom(5, 40, 150, 700, 3_000),
      async (lng, lat, classes, limit, withinMetres) => {
        const found = await town.components.nearest(county, lng, lat, { limit, withinMetres, ...(classes && { classes }) });
        const measured = strewn.filter(({ of }) => !classes || (classes as readonly string[]).includes(of)).map((one) => metresBetween(lng, lat, one.lng, one.lat))
          .filter((metres) => metres <= withinMetres).sort((a, b) => a - b).slice(0, limit);
        expect(found).toHaveLength(measured.length);
        // Two at nearly one distance may stand in either order: the distances are what is promised, to a millimetre.
        for (const [i, one] of found.entries()) expect(Math.abs(one.metres - measured[i]!)).toBeLessThan(0.001);
      }), { numRuns: 100 });
  });

  it('are the likeliest first where the device says how good its position is', async () => {
    const at = strewn.find(({ accuracy }) => accuracy === 'A')!;
    const found = await town.components.nearest(county, at.lng + 0.00002, at.lat, { accuracyMetres: 4, withinMetres: 400, limit: 8 });
    expect(found[0]!.component.code).toBe(at.code);
    expect(found[0]!.likelihood).toBeGreaterThan(0.5);
    for (let i = 1; i < found.length; i++) expect(found[i]!.likelihood).toBeLessThanOrEqual(found[i - 1]!.likelihood);
    expect(found.reduce((sum, one) => sum + one.likelihood, 0)).toBeLessThan(1);
  });

  it('are none in the sea, none in another county, and none of another county', async () => {
    expect(await town.components.nearest(county, 123.5, 29.9)).toEqual([]);
    expect(await town.components.nearest('330282', 121.045, 30.18)).toEqual([]);
  });

  it('those in a box are as many as are asked for', async () => {
    const box = { west: 121.03, south: 30.15, east: 121.05, north: 30.18 };
    const inside = strewn.filter(({ lng, lat }) => lng >= box.west && lng <= box.east && lat >= box.south && lat <= box.north);
    expect((await town.components.within(county, box, { limit: 2_000 })).map(({ code }) => code).sort()).toEqual(inside.map(({ code }) => code).sort());
    expect(await town.components.within(county, box, { limit: 7 })).toHaveLength(7);
  });

  it('are found by their name in what people write', async () => {
    const lamp = strewn.findIndex(({ of }) => of === '0137');
    expect((await town.components.named(county, `师傅，环城路${lamp + 1}号灯不亮了`)).map(({ code }) => code)).toEqual([strewn[lamp]!.code]);
    expect(await town.components.named(county, `环城路${lamp + 1}号井盖`)).toEqual([]);
  });
});

describe('a list of components', () => {
  it('gives each once over its pages, by class, place, state, unit, code and name', async () => {
    const all = async (filter: object): Promise<string[]> => {
      const codes: string[] = [];
      for (let after = ''; ;) {
        const page = await town.components.list(county, filter, after, 97);
        codes.push(...page.map(({ code }) => code));
        if (page.length < 97) return codes;
        after = page.at(-1)!.code;
      }
    };
    expect(await all({})).toEqual(strewn.map(({ code }) => code).sort());
    expect(await all({ class: '0102' })).toEqual(strewn.filter(({ of }) => of === '0102').map(({ code }) => code).sort());
    const grid = strewn.filter(({ lng, lat }) => town.tree.locate(lng, lat).place === '330281103203002').map(({ code }) => code).sort();
    expect(await all({ path: town.tree.find('330281103203002')!.path })).toEqual(grid);
    expect(await all({ path: town.tree.find('330281103203')!.path })).toHaveLength(strewn.length);
    expect(await all({ state: 'faulty' })).toEqual([]);
    expect(await all({ state: 'intact' })).toHaveLength(strewn.length);
    expect(await all({ text: codeOf(7, '0137').slice(0, 14) })).toEqual(strewn.filter(({ code }) => code.startsWith(codeOf(7, '0137').slice(0, 14))).map(({ code }) => code).sort());
    expect(await all({ text: '环城路77号' })).toEqual([strewn[76]!.code]);
    expect(await all({ unit: 'lighting' })).toEqual([]);
  });

  it('moves with the grids when these change', async () => {
    const { components } = town;
    expect(await components.relocate(county)).toBe(0);
    await town.world.db.query(`update component set place = null, path = null where class = '0102'`);
    expect(await components.relocate(county)).toBe(strewn.filter(({ of }) => of === '0102').length);
    expect(await components.relocate(county)).toBe(0);

    await town.world.db.query(`update component set place = null, path = null where class = '0102'`);
    const entry = { v: 1 as const, county, subject: 'config' as const, action: 'import', actor: { id: theSystem.id, role: 'system' }, at: '2026-11-24T01:00:00.000Z' };
    const follower = placesFollower(components, { refresh: async () => {} });
    const follow = (kind: string) => town.world.db.transaction((tx) => follower.apply(county, [{ seq: 1, entry: { ...entry, kind } }], tx));
    await follow('standards');
    expect(await components.list(county, { class: '0102', path: '330281/' }, '', 10)).toEqual([]);
    await follow('places');
    expect(await components.list(county, { class: '0102', path: '330281/' }, '', 10)).toHaveLength(10);
  });
});
