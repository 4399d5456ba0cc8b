import type { Area, Position } from '../../../src/base/geo/geometry.ts';
import type { CountyCode, PlaceCode, PlacePath } from '../../../src/base/ids.ts';
import { SeededRandom } from '../../../src/base/random.ts';
import { Locator } from '../../../src/modules/places/rules/locator.ts';
import { PlaceTree, type Place } from '../../../src/modules/places/rules/tree.ts';
import { median, type Measure, type Row } from '../../row.ts';

/** Lookups a second of one ST_Covers query each: measured elsewhere on the same machine type, given. */
const oneQueryEach = 10_700;

/**
 * About `count` grids side by side without gap: corners moved about, and a bent border of `bends` positions between
 * any two neighbours, as surveyed grids have.
 */
const town = (count: number, bends: number, random: SeededRandom): Area[] => {
  const wide = Math.ceil(Math.sqrt(count));
  const step = 0.005;
  const jitter = () => (random.fraction() - 0.5) * step * 0.4;
  const corners = Array.from({ length: (wide + 1) ** 2 }, (_, i): Position =>
    [120 + (i % (wide + 1)) * step + jitter(), 29 + Math.floor(i / (wide + 1)) * step + jitter()]);
  const corner = (x: number, y: number) => corners[y * (wide + 1) + x]!;
  const side = (from: Position, to: Position): Position[] =>
    Array.from({ length: bends }, (_, i) => {
      const t = (i + 1) / (bends + 1);
      return [from[0] + (to[0] - from[0]) * t + jitter() * 0.1, from[1] + (to[1] - from[1]) * t + jitter() * 0.1];
    });
  const across = Array.from({ length: (wide + 1) * wide }, (_, i) => side(corner(i % wide, Math.floor(i / wide)), corner((i % wide) + 1, Math.floor(i / wide))));
  const up = Array.from({ length: (wide + 1) * wide }, (_, i) => side(corner(Math.floor(i / wide), i % wide), corner(Math.floor(i / wide), (i % wide) + 1)));
  return Array.from({ length: count }, (_, i): Area => {
    const [x, y] = [i % wide, Math.floor(i / wide)];
    return [[[
      corner(x, y), ...across[y * wide + x]!, corner(x + 1, y), ...up[(x + 1) * wide + y]!,
      corner(x + 1, y + 1), ...across[(y + 1) * wide + x]!.toReversed(), corner(x, y + 1), ...up[x * wide + y]!.toReversed(), corner(x, y),
    ]]];
  });
};

/** Four in five inside, one in ten on a border, one in ten outside of everything. */
const points = (areas: readonly Area[], count: number, random: SeededRandom): Float64Array => {
  const list = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    const ring = random.pick(areas)[0]![0]!;
    const at = random.below(ring.length - 1);
    const [ax, ay] = ring[at]!;
    const [bx, by] = ring[at + 1]!;
    const kind = random.below(10);
    if (kind === 0) list.set([random.fraction() + 110, random.fraction() + 20], i * 2);
    else if (kind === 1) list.set([(ax + bx) / 2, (ay + by) / 2], i * 2);
    else {
      const opposite = ring[(at + (ring.length >> 1)) % (ring.length - 1)]!;
      const t = 0.1 + random.fraction() * 0.8;
      list.set([ax + (opposite[0] - ax) * t, ay + (opposite[1] - ay) * t], i * 2);
    }
  }
  return list;
};

/** Lookups a second on one core: the median of seven rounds of 0.7 s, after one that is not counted. */
const measure = (locate: (lng: number, lat: number) => boolean, list: Float64Array): number => {
  const rounds: number[] = [];
  let found = 0;
  for (let round = 0; round < 8; round++) {
    const started = performance.now();
    let done = 0;
    while (performance.now() - started < 700) {
      for (let i = 0; i < list.length; i += 2) found += locate(list[i]!, list[i + 1]!) ? 1 : 0;
      done += list.length / 2;
    }
    if (round > 0) rounds.push(done / ((performance.now() - started) / 1000));
  }
  if (found === 0) throw new Error('locate found nothing: the bench measures the wrong thing');
  return Math.round(median(rounds));
};

/** The areas as the grids of a county, so that a whole answer with its chain is measured too. */
const treeOf = (areas: readonly Area[]): PlaceTree => {
  const place = (code: string, level: Place['level'], parent: Place | null, area: Area | null): Place => ({
    id: code as PlaceCode, code: code as PlaceCode, level, parent: parent?.id ?? null, path: `${parent?.path ?? ''}${code}/` as PlacePath,
    name: code, kind: null, area, addresses: null, doors: null,
  });
  const county = place('330281', 'county', null, null);
  const villages = Array.from({ length: Math.ceil(areas.length / 900) }, (_, i) => place(`330281${String(100_000 + i)}`, 'village', county, null));
  const grids = areas.map((area, i) => {
    const village = villages[Math.floor(i / 900)]!;
    return place(`${village.code}${String(i % 900).padStart(3, '0')}`, 'grid', village, area);
  });
  return new PlaceTree('330281' as CountyCode, 1, [county, ...villages, ...grids]);
};

/** Locate among 9,538 grids and among a million, on one core: the bare lookup, and the whole answer with chain and path. */
export const locate: Measure = async ({ quick, progress }) => {
  const row = (name: string, figure: number, atLeast?: number): Row => ({
    name, figure, unit: 'lookups/s', anchor: oneQueryEach, ratio: figure / oneQueryEach,
    ...(atLeast !== undefined && { target: `≥ ${atLeast.toLocaleString('en')}`, met: figure >= atLeast }),
  });
  return [[9_538, 6, 800_000], [quick ? 100_000 : 1_000_000, 1, 400_000]].flatMap(([count, bends, atLeast]) => {
    const among = `${count!.toLocaleString('en')} grids`;
    progress(`bench: locate among ${among}`);
    const random = new SeededRandom('locate');
    const areas = town(count!, bends!, random);
    const list = points(areas, 200_000, random);
    const locator = new Locator(areas);
    const rows = [row(`locate among ${among}`, measure((lng, lat) => locator.find(lng, lat) >= 0, list), atLeast)];
    if (count! > 50_000) return rows;
    const tree = treeOf(areas);
    return [...rows, row(`locate with the whole answer, ${among}`, measure((lng, lat) => tree.locate(lng, lat).place !== null, list))];
  });
};
