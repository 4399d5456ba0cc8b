import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containment, type Area, type Position } from '../../src/base/geo/geometry.ts';
import type { CountyCode, PlaceCode, PlacePath } from '../../src/base/ids.ts';
import { Locator } from '../../src/modules/places/rules/locator.ts';
import { PlaceTree, type Place } from '../../src/modules/places/rules/tree.ts';
import { corner, gridCode, middle, square, villages } from './town.ts';

/** Areas that share every border: a net of corners that were moved about, each cell cut into one to four pieces. */
const netOf = (wide: number, high: number, moves: readonly number[], cuts: readonly number[]): Area[] => {
  const at = (x: number, y: number): Position => {
    const i = (y * (wide + 1) + x) * 2;
    return [121 + (x + (moves[i % moves.length]! - 0.5) * 0.6) * 0.01, 30 + (y + (moves[(i + 1) % moves.length]! - 0.5) * 0.6) * 0.01];
  };
  const areas: Area[] = [];
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
      const m: Position = [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
      const cut = cuts[(y * wide + x) % cuts.length]!;
      if (cut === 0) areas.push([[[a, b, c, d, a]]]);
      else if (cut === 1) areas.push([[[a, b, m, d, a]]], [[[b, c, d, m, b]]]);
      else areas.push([[[a, b, m, a]]], [[[b, c, m, b]], [[d, a, m, d]]], [[[c, d, m, c]]]);
    }
  return areas;
};

/** The answer by looking at every area: the lowest that holds the point strictly, else the lowest on whose border it is. */
const bruteForce = (areas: readonly Area[], lng: number, lat: number): number => {
  const found = areas.map((area) => containment(area, lng, lat));
  const inside = found.indexOf('inside');
  const border = found.indexOf('border');
  if (border >= 0) return border * 2 + 1;
  return inside >= 0 ? inside * 2 : -1;
};

describe('locate', () => {
  it('agrees with looking at every area, for points inside, outside and on borders and corners', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }),
      fc.array(fraction, { minLength: 7, maxLength: 40 }), fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 9 }),
      fc.array(fc.tuple(fraction, fraction, fc.constantFrom('free', 'edge', 'corner'), fc.nat()), { minLength: 20, maxLength: 60 }),
      (wide, high, moves, cuts, points) => {
        const areas = netOf(wide, high, moves, cuts);
        const locator = new Locator(areas);
        for (const [u, v, kind, pick] of points) {
          const ring = areas[pick % areas.length]![0]![0]!;
          const [ax, ay] = ring[pick % (ring.length - 1)]!;
          const [bx, by] = ring[(pick % (ring.length - 1)) + 1]!;
          const [lng, lat] = kind === 'free' ? [121 + (u * (wide + 2) - 1) * 0.01, 30 + (v * (high + 2) - 1) * 0.01]
            : kind === 'edge' ? [ax + (bx - ax) * u, ay + (by - ay) * u] : [ax, ay];
          expect(locator.find(lng, lat)).toBe(bruteForce(areas, lng, lat));
        }
      },
    ), { numRuns: 150 });
  });

  it('answers nothing where there is nothing', () => {
    expect(new Locator([]).find(121, 30)).toBe(-1);
    expect(new Locator([]).all(121, 30)).toEqual([]);
  });

  it('knows that a hole in an area is not inside it, and its edge is border', () => {
    const ring: Area = [[square(121, 30, 0.01, 0.01)[0]![0]!, square(121.004, 30.004, 0.002, 0.002)[0]![0]!]];
    const locator = new Locator([ring]);
    expect(locator.find(121.001, 30.001)).toBe(0);
    expect(locator.find(121.005, 30.005)).toBe(-1);
    expect(locator.find(121.004, 30.005)).toBe(1);
  });
});

const place = (code: string, level: Place['level'], path: string, area: Area | null): Place => ({
  id: code as PlaceCode, code: code as PlaceCode, level, name: code, kind: null, area, addresses: null, doors: null,
  parent: (path.split('/').at(-3) ?? null) as PlaceCode | null, path: path as PlacePath,
});

const county = square(121, 30.1, 0.1, 0.1);
const tree = new PlaceTree('330281' as CountyCode, 1, [
  place('330281', 'county', '330281/', county),
  ...villages.flatMap((village, v) => [
    place(village, 'village', `330281/${village}/`, square(...corner(v, 1), 0.004, 0.004)),
    ...[1, 2, 3, ...(v === 0 ? [4] : [])].map((n) => place(gridCode(v, n), 'grid', `330281/${village}/${gridCode(v, n)}/`, square(...corner(v, n), 0.002, 0.002))),
  ]),
]);

describe('where a point is', () => {
  it('inside a grid: its chain from the top and its path', () => {
    expect(tree.locate(...middle(0, 2))).toMatchObject({ outcome: 'inside', place: gridCode(0, 2), path: `330281/${villages[0]}/${gridCode(0, 2)}/`, also: [] });
    expect(tree.locate(...middle(0, 2)).chain.map((one) => one.code)).toEqual(['330281', villages[0], gridCode(0, 2)]);
  });
  it('on a border: the grid with the lowest code, always, and the others beside it', () => {
    const [x, y] = corner(0, 4);
    expect(tree.locate(x, y)).toMatchObject({ outcome: 'border', place: gridCode(0, 1) });
    expect(tree.locate(x, y).also.map((one) => one.code)).toEqual([gridCode(0, 2), gridCode(0, 3), gridCode(0, 4)]);
    const between = tree.locate(corner(1, 1)[0], middle(1, 1)[1]);
    expect([between.place, ...between.also.map((one) => one.code)]).toEqual([gridCode(0, 2), gridCode(1, 1)]);
  });
  it('in a hole: the deepest place that is known', () => {
    expect(tree.locate(...middle(1, 4))).toMatchObject({ outcome: 'hole', place: villages[1], path: `330281/${villages[1]}/` });
    expect(tree.locate(121.09, 30.19)).toMatchObject({ outcome: 'hole', place: '330281' });
  });
  it.each<[string, Position]>([['in the sea', [122.9, 30.2]], ['in another county', [120.9, 30.15]], ['nowhere on the map', [0, 0]], ['with swapped coordinates', [30.161, 121.021]]])(
    'outside when it is %s', (_, [lng, lat]) => {
      expect(tree.locate(lng, lat)).toMatchObject({ outcome: 'outside', place: null, path: null, chain: [] });
    });
  it('near others: grids by distance, the one it is in first', () => {
    const near = tree.nearby(...middle(0, 1), 'grid', 150, 10);
    expect(near.map((one) => one.place.code)).toEqual([gridCode(0, 1), gridCode(0, 2), gridCode(0, 3), gridCode(0, 4)]);
    expect(near.map((one) => Math.round(one.metres))).toEqual([0, 96, 111, 147]);
  });
});
