import { containment, type Area, type Position, type Ring } from '../base/geo/geometry.ts';
import type { SeededRandom } from '../base/random.ts';
import type { AddressDraft, MapDraft, PlaceDraft } from '../modules/places/index.ts';
import { layout, type DemoTown } from './town-data.ts';

/** A lamp, manhole or the like as it is placed, before it has a code. */
export interface PlacedComponent {
  readonly minor: 'lamp' | 'manhole' | 'drain' | 'bin' | 'bench' | 'hydrant' | 'pole';
  readonly name: string;
  readonly at: Position;
}

/** A grid with what stands in it, for people and history. */
export interface DemoGrid {
  readonly code: string;
  readonly village: string;
  readonly centre: Position;
  readonly road: string;
  readonly micro: readonly string[];
}

export interface Geography {
  readonly places: readonly PlaceDraft[];
  readonly features: readonly MapDraft[];
  readonly addresses: readonly AddressDraft[];
  readonly components: readonly PlacedComponent[];
  readonly grids: readonly DemoGrid[];
}

const columns = 10;
const rows = 8;
const metresPerDegree = 111_195;

/** A cell of the lattice: its corners south-west, south-east, north-east, north-west. */
type Cell = readonly [Position, Position, Position, Position];

/** A point of a cell, u from west to east and v from south to north, both 0 to 1. Neighbours share their edges. */
const within = ([sw, se, ne, nw]: Cell, u: number, v: number): Position => [
  sw[0] * (1 - u) * (1 - v) + se[0] * u * (1 - v) + ne[0] * u * v + nw[0] * (1 - u) * v,
  sw[1] * (1 - u) * (1 - v) + se[1] * u * (1 - v) + ne[1] * u * v + nw[1] * (1 - u) * v,
];

const fixed = ([lng, lat]: Position): Position => [Number(lng.toFixed(7)), Number(lat.toFixed(7))];
const ring = (points: readonly Position[]): Ring => { const all = points.map(fixed); return [...all, all[0]!]; };
const area = (points: readonly Position[]): Area => [[ring(points)]];
const patch = (cell: Cell, u0: number, v0: number, u1: number, v1: number): Area =>
  area([within(cell, u0, v0), within(cell, u1, v0), within(cell, u1, v1), within(cell, u0, v1)]);

/** Lattice points, jittered; the same point belongs to all the cells around it, so that nothing overlaps or gapes. */
const latticeOf = (town: DemoTown, random: SeededRandom): ((column: number, row: number) => Position) => {
  const { west, south, cellMetres } = town.town;
  const dLat = cellMetres / metresPerDegree;
  const dLng = cellMetres / (metresPerDegree * Math.cos((south * Math.PI) / 180));
  const points: Position[][] = [];
  for (let c = 0; c <= columns; c++) {
    points.push([]);
    for (let r = 0; r <= rows; r++) {
      const jitter = () => (random.fraction() - 0.5) * 0.24;
      points[c]!.push(fixed([west + (c + jitter()) * dLng, south + (r + jitter()) * dLat]));
    }
  }
  return (column, row) => points[column]![row]!;
};

/** Points every `step` metres along a line, `aside` metres to its left, alternating sides where asked. */
const along = (line: readonly Position[], step: number, aside: number, alternate = true): Position[] => {
  const found: Position[] = [];
  let carried = step / 2;
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i]!, line[i + 1]!];
    const scale = metresPerDegree * Math.cos((a[1] * Math.PI) / 180);
    const [dx, dy] = [(b[0] - a[0]) * scale, (b[1] - a[1]) * metresPerDegree];
    const length = Math.hypot(dx, dy);
    for (; carried < length; carried += step) {
      const side = alternate && found.length % 2 === 1 ? -aside : aside;
      const x = dx * (carried / length) - (dy / length) * side;
      const y = dy * (carried / length) + (dx / length) * side;
      found.push(fixed([a[0] + x / scale, a[1] + y / metresPerDegree]));
    }
    carried -= length;
  }
  return found;
};

/** Makes the town's places, map, houses and components. Equal seeds give equal towns. */
export const makeGeography = (town: DemoTown, random: SeededRandom): Geography => {
  const lattice = latticeOf(town, random);
  const places: PlaceDraft[] = [];
  const features: MapDraft[] = [];
  const addresses: AddressDraft[] = [];
  const components: PlacedComponent[] = [];
  const grids: DemoGrid[] = [];
  let serial = 0;
  const place = (draft: Omit<PlaceDraft, 'where'>): void => void places.push({ ...draft, where: { index: serial++ } as PlaceDraft['where'] });
  const line = (layer: 'road' | 'water', name: string, wide: number, points: readonly Position[]): void =>
    void features.push({ layer, name, wide, geometry: { type: 'LineString', coordinates: points } });

  const outline = (c0: number, r0: number, c1: number, r1: number): Position[] => {
    const points: Position[] = [];
    for (let c = c0; c < c1; c++) points.push(lattice(c, r0));
    for (let r = r0; r < r1; r++) points.push(lattice(c1, r));
    for (let c = c1; c > c0; c--) points.push(lattice(c, r1));
    for (let r = r1; r > r0; r--) points.push(lattice(c0, r));
    return points;
  };
  for (const [code, level] of [[town.county.code.slice(0, 2), 'province'], [town.county.code.slice(0, 4), 'city'], [town.county.code, 'county']] as const)
    place({ code, name: town.names[code]!, level });
  place({ code: town.town.code, name: town.names[town.town.code]!, level: 'town', area: area(outline(0, 0, columns, rows)) });

  // Main roads are the lattice lines; the river crosses the town between the fourth and fifth of them.
  town.roadsEast.forEach((name, index) => {
    const row = rows - index;
    const points = Array.from({ length: columns + 1 }, (_, c) => lattice(c, row));
    line('road', name, index === 4 ? 16 : 10, points);
    dress(name, points, 36);
  });
  town.roadsNorth.forEach((name, column) => {
    const points = Array.from({ length: rows + 1 }, (_, r) => lattice(column, r));
    line('road', name, column === 4 ? 14 : 9, points);
    dress(name, points, 40);
  });
  line('water', '后塘河', 26, Array.from({ length: columns * 2 + 1 }, (_, i) => {
    const cell = cellAt(Math.min(columns - 1, i >> 1), 3);
    return fixed(within(cell, i === columns * 2 ? 1 : (i % 2) / 2, 0.45 + Math.sin(i / 2.2) * 0.12));
  }));

  function cellAt(column: number, row: number): Cell {
    return [lattice(column, row), lattice(column + 1, row), lattice(column + 1, row + 1), lattice(column, row + 1)];
  }

  /** Lamps and what else stands along a road. */
  function dress(road: string, points: readonly Position[], lampStep: number): void {
    along(points, lampStep, 6).forEach((at, i) => components.push({ minor: 'lamp', name: `${road}${i + 1}号灯`, at }));
    along(points, 190, 1.5).forEach((at, i) => components.push({ minor: 'manhole', name: `${road}${i + 1}号污水井盖`, at }));
    along(points, 240, 5).forEach((at, i) => components.push({ minor: 'drain', name: `${road}${i + 1}号雨水箅子`, at }));
    along(points, 420, 7).forEach((at, i) => components.push({ minor: 'bin', name: `${road}${i + 1}号果皮箱`, at }));
    along(points, 700, 8).forEach((at, i) => components.push({ minor: 'pole', name: `${road}${i + 1}号路名牌`, at }));
  }

  const house = (at: Position, metres: number): Area => {
    const h = metres / metresPerDegree / 2;
    const w = (metres * (1.1 + random.fraction() * 0.6)) / (metresPerDegree * Math.cos((at[1] * Math.PI) / 180)) / 2;
    return area([[at[0] - w, at[1] - h], [at[0] + w, at[1] - h], [at[0] + w, at[1] + h], [at[0] - w, at[1] + h]]);
  };

  const villageRows = layout(town);
  villageRows.forEach((villages, band) => villages.forEach((village, block) => {
    const [c0, r0] = [block * 2, (villageRows.length - 1 - band) * 2];
    const urban = village.code.slice(9, 10) === '0';
    place({ code: village.code, name: village.name, level: 'village', area: area(outline(c0, r0, c0 + 2, r0 + 2)) });
    for (let g = 0; g < 4; g++) {
      const cell = cellAt(c0 + (g % 2), r0 + (g >> 1));
      const code = `${village.code}${String(g + 1).padStart(3, '0')}`;
      const lane = town.lanes[(grids.length * 7) % town.lanes.length]!;
      const road = `${village.short}${lane}`;
      place({ code, name: `${village.short}${String(g + 1).padStart(3, '0')}网格`, level: 'grid', area: area([...cell]) });
      const lanePoints = [0, 0.25, 0.5, 0.75, 1].map((u) => fixed(within(cell, u, 0.5)));
      line('road', road, 5, lanePoints);
      along(lanePoints, 55, 3.5).forEach((at, i) => components.push({ minor: 'lamp', name: `${road}${i + 1}号灯`, at }));
      if (g % 2 === 0) components.push({ minor: 'hydrant', name: `${road}消火栓`, at: fixed(within(cell, 0.3, 0.48)) });
      if (g === 3) components.push({ minor: 'bench', name: `${road}座椅`, at: fixed(within(cell, 0.6, 0.53)) });

      const doors: Position[] = [];
      for (let i = 0; i < 8; i++) {
        for (const side of [0, 1] as const) {
          const centre = within(cell, 0.1 + i * 0.113, side === 0 ? 0.42 - random.fraction() * 0.1 : 0.58 + random.fraction() * 0.1);
          features.push({ layer: 'building', name: null, wide: null, geometry: { type: 'MultiPolygon', coordinates: house(centre, urban ? 16 : 11) } });
          const door = fixed(within(cell, 0.1 + i * 0.113, side === 0 ? 0.48 : 0.52));
          doors.push(door);
          addresses.push({ road, number: i * 2 + 1 + side, suffix: '', door });
        }
      }
      // Houses along the main road at the cell's southern edge, numbered over the whole road.
      const south = town.roadsEast[rows - (r0 + (g >> 1))]!;
      for (let i = 0; i < 6; i++) {
        const number = ((c0 + (g % 2)) * 6 + i) * 2 + 1;
        addresses.push({ road: south, number, suffix: '', door: fixed(within(cell, 0.08 + i * 0.16, 0.03)) });
        features.push({ layer: 'building', name: null, wide: null, geometry: { type: 'MultiPolygon', coordinates: house(within(cell, 0.08 + i * 0.16, 0.1), 14) } });
      }
      if (!urban) features.push({ layer: 'green', name: null, wide: null, geometry: { type: 'MultiPolygon', coordinates: patch(cell, 0.08, 0.76, 0.52, 0.93) } });

      const micro: string[] = [];
      const microgrid = (name: string, kind: string, shape: Pick<PlaceDraft, 'area' | 'addresses' | 'doors'>): void => {
        const id = `${code}${String(micro.length + 1).padStart(3, '0')}`;
        micro.push(id);
        place({ code: id, name, level: 'microgrid', kind, ...shape });
      };
      if (urban) {
        microgrid(`${road}1幢`, 'building', { area: patch(cell, 0.06, 0.3, 0.3, 0.46) });
        microgrid(`${road}2号楼道`, 'stairwell', { addresses: [`${road}2号`, `${road}4号`], doors: [doors[1]!, doors[3]!] });
        microgrid(`${road}路段`, 'road-segment', { area: patch(cell, 0.02, 0.47, 0.98, 0.53) });
        microgrid(g === 0 ? '社区服务站' : `${town.landmarks[(grids.length + g) % town.landmarks.length]}`, 'unit', { area: patch(cell, 0.6, 0.6, 0.9, 0.9) });
      } else {
        microgrid(`第${['一', '二', '三', '四', '五', '六', '七', '八'][g * 2]}村民小组`, 'villager-group', { area: patch(cell, 0.02, 0.02, 0.49, 0.98) });
        microgrid(`第${['一', '二', '三', '四', '五', '六', '七', '八'][g * 2 + 1]}村民小组`, 'villager-group', { area: patch(cell, 0.51, 0.02, 0.98, 0.98) });
        microgrid(`${road}路段`, 'road-segment', { area: patch(cell, 0.02, 0.47, 0.98, 0.53) });
        if (g % 2 === 1) microgrid(town.firms[grids.length % town.firms.length]!, 'enterprise', { area: patch(cell, 0.6, 0.74, 0.92, 0.94) });
      }
      const landmark = town.landmarks[grids.length % town.landmarks.length]!;
      if (grids.length < town.landmarks.length * 3)
        features.push({ layer: 'landmark', name: grids.length < town.landmarks.length ? landmark : `${village.short}${landmark}`, wide: null, geometry: { type: 'Point', coordinates: fixed(within(cell, 0.72, 0.7)) } });
      grids.push({ code, village: village.code, centre: fixed(within(cell, 0.5, 0.5)), road, micro });
    }
  }));
  // Half of what stands along the roads around the town stands outside it.
  const whole = area(outline(0, 0, columns, rows));
  return { places, features, addresses, components: components.filter(({ at: [lng, lat] }) => containment(whole, lng, lat) === 'inside'), grids };
};
