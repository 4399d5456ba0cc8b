import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coordinateSystems, fromWgs84, toWgs84 } from '../../src/base/geo/coordinates.ts';
import { boxAround, containment, inBox, metresBetween, pointInside, selfMeeting, squareMetres, type Position, type Ring } from '../../src/base/geo/geometry.ts';
import { overlapOf } from '../../src/modules/places/rules/coverage.ts';
import { planeAt } from '../../src/modules/places/rules/sweep.ts';
import { square } from './town.ts';

const inChina = fc.tuple(fc.double({ min: 75, max: 134, noNaN: true }), fc.double({ min: 5, max: 52, noNaN: true }));

describe('coordinate systems', () => {
  it('come back to within a millimetre after a conversion there and back', () => {
    fc.assert(fc.property(inChina, fc.constantFrom(...coordinateSystems), ([lng, lat], system) => {
      const back = toWgs84(system, ...fromWgs84(system, lng, lat));
      expect(metresBetween(lng, lat, ...back)).toBeLessThan(0.001);
    }));
  });
  it('differ by what is published: 天安门 in WGS-84, GCJ-02 and BD-09', () => {
    const [lng, lat] = [116.3912022, 39.9075137];
    expect(metresBetween(...fromWgs84('gcj02', lng, lat), 116.3974435, 39.9089166)).toBeLessThan(1);
    expect(metresBetween(...fromWgs84('bd09', lng, lat), 116.4038177, 39.9152545)).toBeLessThan(2);
    expect(fromWgs84('cgcs2000', lng, lat)).toEqual([lng, lat]);
  });
  it('shift nothing abroad', () => {
    expect(fromWgs84('gcj02', 2.35, 48.85)).toEqual([2.35, 48.85]);
  });
});

describe('distances and areas', () => {
  it('a degree of latitude is 111.2 km, and of longitude at 60° half of it', () => {
    expect(metresBetween(121, 30, 121, 31)).toBeCloseTo(111_195, -1);
    expect(metresBetween(121, 60, 122, 60) / metresBetween(121, 0, 122, 0)).toBeCloseTo(0.5, 3);
  });
  it('the box around a point holds everything within the distance', () => {
    fc.assert(fc.property(inChina, fc.double({ min: 1, max: 5000, noNaN: true }), fc.double({ min: 0, max: 6.28, noNaN: true }), ([lng, lat], metres, turn) => {
      const x = lng + (Math.cos(turn) * metres * 0.99) / 111_195 / Math.cos((lat * Math.PI) / 180);
      const y = lat + (Math.sin(turn) * metres * 0.99) / 111_195;
      expect(inBox(boxAround(lng, lat, metres), x, y)).toBe(true);
    }));
  });
  it('a square of 100 m has a hectare, less its holes', () => {
    const side = 100 / 111_195.08;
    const wide = side / Math.cos((30 * Math.PI) / 180);
    const whole = square(121, 30, wide, side);
    expect(squareMetres(whole)).toBeCloseTo(10_000, -1);
    expect(squareMetres([[whole[0]![0]!, square(121, 30, wide / 2, side / 2)[0]![0]!]])).toBeCloseTo(7_500, -1);
  });
});

/** A star of random spikes around a centre: simple, and as crooked as grids can be. */
const star = (cx: number, cy: number) => fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 24 }).map((radii): Ring => {
  const ring = radii.map((radius, i): Position => [cx + Math.cos((i / radii.length) * 2 * Math.PI) * radius * 0.01, cy + Math.sin((i / radii.length) * 2 * Math.PI) * radius * 0.01]);
  return [...ring, ring[0]!];
});

describe('rings', () => {
  it('a star meets itself nowhere, and its standing point is inside', () => {
    fc.assert(fc.property(star(121, 30), (ring) => {
      expect(selfMeeting(ring)).toBeUndefined();
      expect(containment([[ring]], ...pointInside([[ring]]))).toBe('inside');
    }));
  });
  it.each<[string, Ring]>([
    ['crosses itself', [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]],
    ['touches itself in a corner', [[0, 0], [2, 0], [1, 1], [2, 2], [0, 2], [1, 1], [0, 0]]],
    ['folds back on itself', [[0, 0], [2, 0], [2, 2], [2, 1], [0, 2], [0, 0]]],
    ['runs along itself', [[0, 0], [4, 0], [4, 1], [3, 0], [1, 0], [0, 1], [0, 0]]],
  ])('one that %s is found', (_, ring) => {
    expect(selfMeeting(ring)).toBeDefined();
  });
});

describe('overlaps', () => {
  it('of an area with itself is the whole area, of two apart none', () => {
    fc.assert(fc.property(star(121, 30), star(121.03, 30), (a, b) => {
      const plane = planeAt(121, 30);
      const size = squareMetres([[a]]);
      expect(Math.abs((overlapOf([[a]], [[a]], plane)?.squareMetres ?? 0) / size - 1)).toBeLessThan(0.002);
      expect(overlapOf([[a]], [[b]], plane)).toBeUndefined();
    }));
  });
  it('of two stars is what counting points says', () => {
    fc.assert(fc.property(star(121, 30), star(121.006, 30.003), (a, b) => {
      const plane = planeAt(121, 30);
      let hits = 0;
      const steps = 60;
      for (let i = 0; i < steps; i++)
        for (let j = 0; j < steps; j++) {
          const [x, y] = [120.99 + ((i + 0.5) / steps) * 0.02, 29.99 + ((j + 0.5) / steps) * 0.02];
          if (containment([[a]], x, y) === 'inside' && containment([[b]], x, y) === 'inside') hits++;
        }
      const counted = (hits / steps ** 2) * squareMetres(square(120.99, 29.99, 0.02, 0.02));
      const flaw = overlapOf([[a]], [[b]], plane);
      expect(Math.abs((flaw?.squareMetres ?? 0) - counted)).toBeLessThan(60_000);
      if (flaw) for (const star of [a, b]) expect(containment([[star]], ...flaw.at)).not.toBe('outside');
    }), { numRuns: 60 });
  });
  it('of neighbours whose common border was rounded apart is none', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -0.002, max: 0.002, noNaN: true }), { minLength: 1, maxLength: 12 }), (bends) => {
      const border = bends.map((bend, i): Position => [121.01 + bend, 30 + (0.01 * (i + 1)) / (bends.length + 1)]);
      const rounded = border.map(([x, y]): Position => [Math.round(x * 1e7) / 1e7, Math.round(y * 1e7) / 1e7]);
      const west: Ring = [[121, 30], [121.01, 30], ...border, [121.01, 30.01], [121, 30.01], [121, 30]];
      const east: Ring = [[121.02, 30], [121.01, 30], ...rounded, [121.01, 30.01], [121.02, 30.01], [121.02, 30]];
      expect(overlapOf([[west]], [[east]], planeAt(121, 30))).toBeUndefined();
    }));
  });
});
