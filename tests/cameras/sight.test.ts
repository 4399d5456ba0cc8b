import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metresPerDegree, type Area, type Position } from '../../src/base/geo/geometry.ts';
import { centreFits, partsOfCode } from '../../src/modules/cameras/rules/codes.ts';
import { angleBetween, bearingTo, hides, ranked, sectorOf, seen, viewOf, type Seer } from '../../src/modules/cameras/rules/sight.ts';

const middle: Position = [121.045, 30.18];
/** A position some metres east and north of the middle. */
const at = (east: number, north: number): Position => [middle[0] + east / (metresPerDegree * Math.cos((middle[1] * Math.PI) / 180)), middle[1] + north / metresPerDegree];
const camera = (more: Partial<Seer> & { readonly to?: Position } = {}): Seer => {
  const { to = middle, ...rest } = more;
  return { code: '33028100001320000001', lng: to[0], lat: to[1], height: 6, bearing: 0, opening: 60, turning: 0, reach: 200, state: 'works', ...rest };
};
const house = (west: number, south: number, east: number, north: number): Area => [[[at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]]];

const seer = fc.record({
  east: fc.integer({ min: -400, max: 400 }), north: fc.integer({ min: -400, max: 400 }), bearing: fc.option(fc.integer({ min: 0, max: 359 })), opening: fc.option(fc.integer({ min: 1, max: 180 })),
  turning: fc.constantFrom(0, 90, 180, 360), reach: fc.integer({ min: 20, max: 500 }), state: fc.constantFrom('works' as const, 'silent' as const, 'off' as const),
});

describe('a code of GB/T 28181', () => {
  it('has 20 figures in five parts, of which the centre is the county’s own or one above it', () => {
    expect(partsOfCode('33028100001320000001')).toEqual({ centre: '33028100', industry: '00', type: '132', network: '0', serial: '000001' });
    for (const wrong of ['3302810000132000000', '330281000013200000011', '03028100001320000001', '33028100001320000000', '3302810000132000000x', '']) expect(partsOfCode(wrong)).toBeUndefined();
    expect(['33028100', '33020000', '33000000', '33028200', '33010000'].map((centre) => centreFits(centre, '330281'))).toEqual([true, true, true, false, false]);
  });
});

describe('whether a camera sees a point', () => {
  it('follows the compass', () => {
    expect([at(0, 100), at(100, 0), at(0, -100), at(-100, 0)].map((to) => Math.round(bearingTo(middle, to)) % 360)).toEqual([0, 90, 180, 270]);
    expect([angleBetween(350, 10), angleBetween(10, 350), angleBetween(0, 180), angleBetween(90, 90)]).toEqual([20, 20, 180, 0]);
  });

  it('is yes in its picture, after turning within its range, no beyond it, and unknown where nobody has said which way it looks', () => {
    const fixed = { bearing: 0, opening: 60, turning: 0 };
    expect([0, 30, 31, 180, 330].map((to) => viewOf(fixed, to))).toEqual(['now', 'now', 'no', 'no', 'now']);
    expect([0, 100, 120, 121].map((to) => viewOf({ ...fixed, turning: 180 }, to))).toEqual(['now', 'turned', 'turned', 'no']);
    expect(viewOf({ ...fixed, turning: 360 }, 180)).toBe('turned');
    expect(viewOf({ bearing: null, opening: 60, turning: 0 }, 0)).toBe('unknown');
    expect(viewOf({ bearing: null, opening: null, turning: 360 }, 0)).toBe('turned');
    expect(viewOf({ bearing: null, opening: 360, turning: 0 }, 123)).toBe('now');
  });

  it('ends at a wall that is higher than the line of sight, and goes over a low one', () => {
    const lens = at(0, 0);
    const point = at(0, 100);
    // Half way a line from 6 m to the ground is 3 m high.
    expect([2, 3.2, null].map((height) => hides({ area: house(-10, 50, 10, 60), height }, lens, 6, point))).toEqual([false, true, true]);
    expect(hides({ area: house(20, 50, 30, 60), height: null }, lens, 6, point)).toBe(false);
    // A mast on the roof, and a point in a house.
    expect(hides({ area: house(-5, -5, 5, 5), height: null }, lens, 6, point)).toBe(false);
    expect(hides({ area: house(-5, 95, 5, 105), height: null }, lens, 6, point)).toBe(false);
    expect(seen(camera(), at(0, 100), null).sight).toBe('unknown');
    expect(seen(camera(), at(0, 100), []).sight).toBe('clear');
    expect(seen(camera(), at(0, 100), [{ area: house(-10, 50, 10, 60), height: 20 }])).toMatchObject({ sight: 'blocked', tier: 1, inReach: true, view: 'now' });
  });

  it('puts a nearer camera that looks away or is hidden behind a farther one that sees, and silent ones last', () => {
    const order = ranked([
      camera({ code: 'away', to: at(0, 20), bearing: 0 }), camera({ code: 'sees', to: at(0, -150), bearing: 0 }), camera({ code: 'silent', to: at(0, -10), state: 'silent' }),
      camera({ code: 'short', to: at(0, -60), reach: 30 }), camera({ code: 'turns', to: at(0, 80), turning: 360 }),
    ], middle, []);
    expect(order.map((one) => one.camera.code)).toEqual(['turns', 'sees', 'away', 'short', 'silent']);
  });

  it('does not depend on the order in which cameras are given, nor on which way the town is turned', () => {
    fc.assert(fc.property(fc.array(seer, { maxLength: 12 }), fc.integer({ min: 0, max: 359 }), (list, angle) => {
      const cameras = (turned: number): Seer[] => list.map(({ east, north, bearing, ...one }, index) => {
        const [c, s] = [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)];
        return camera({ ...one, code: String(index).padStart(3, '0'), to: at(east * c + north * s, north * c - east * s), bearing: bearing === null ? null : (bearing + turned) % 360 });
      });
      const codes = (given: readonly Seer[]): string[] => ranked(given, middle, null).map((one) => one.camera.code);
      expect(codes([...cameras(0)].reverse())).toEqual(codes(cameras(0)));
      const [straight, turned] = [ranked(cameras(0), middle, null), ranked(cameras(angle), middle, null)];
      for (const { camera: { code }, seen: one } of straight) {
        const other = turned.find((each) => each.camera.code === code)!.seen;
        expect(Math.abs(other.metres - one.metres)).toBeLessThan(one.metres * 0.001 + 0.01);
        // On the very edge of a picture or a reach rounding may decide.
        const { bearing, opening, turning, reach } = cameras(0).find((each) => each.code === code)!;
        const off = bearing === null ? 0 : angleBetween(bearing, one.towards);
        const edge = [(opening ?? 0) / 2, turning / 2 + (opening ?? 0) / 2].some((limit) => Math.abs(off - limit) < 0.5) || Math.abs(one.metres - reach) < 1 || one.metres < 2;
        if (!edge) expect([other.view, other.tier]).toEqual([one.view, one.tier]);
      }
    }));
  });

  it('never gets worse by coming nearer on the same line, by turning further or by reaching farther', () => {
    fc.assert(fc.property(seer, fc.integer({ min: 10, max: 90 }), (one, percent) => {
      const far = camera({ ...one, to: at(one.east, one.north) });
      fc.pre(Math.hypot(one.east, one.north) > 5);
      const near = camera({ ...one, to: at((one.east * percent) / 100, (one.north * percent) / 100) });
      const tier = (of: Seer): number => seen(of, middle, null).tier;
      // Straight on the edge of its picture a hundredth of a degree decides.
      const off = far.bearing === null ? 0 : angleBetween(far.bearing, seen(far, middle, null).towards);
      if (Math.abs(off - (far.opening ?? 0) / 2) > 0.5 && Math.abs(off - far.turning / 2 - (far.opening ?? 0) / 2) > 0.5) expect(tier(near)).toBeLessThanOrEqual(tier(far));
      expect(tier({ ...far, turning: 360 })).toBeLessThanOrEqual(tier(far));
      expect(tier({ ...far, reach: far.reach * 2 })).toBeLessThanOrEqual(tier(far));
    }));
  });

  it('agrees with the sector that the map draws', () => {
    fc.assert(fc.property(seer, (one) => {
      const drawn = sectorOf(camera({ ...one, to: middle }));
      expect(drawn[0]).toEqual(drawn.at(-1));
      for (const [lng, lat] of drawn) {
        const { metres } = seen(camera({ ...one, to: middle }), [lng, lat], null);
        expect(metres < 1 || Math.abs(metres - one.reach) < one.reach * 0.01).toBe(true);
      }
    }));
  });
});
