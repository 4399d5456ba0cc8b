import type { Position } from '../../../base/geo/geometry.ts';
import { containment, metresBetween, metresToLine, pointInside } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { World } from '../../../platform/world.ts';
import { houseNumber, plainWords, withoutPosition, type HouseNumber } from '../rules/address.ts';
import type { MapGeometry } from '../rules/drafts.ts';
import type { Located, PlaceTree } from '../rules/tree.ts';
import { readHouses, readHousesNear, readNamesIn, readNamesLike, readRoadsIn, readRoadsWithin, type Address } from '../store/map.ts';
import { simplified } from './script.ts';
import type { Snapshots } from './snapshots.ts';

/** A place that words may mean. */
export interface AddressCandidate {
  /** As it stands in the county's tables: `乐业路59号`, `老菜场`. */
  readonly label: string;
  /** `house`: the very door; `between`: worked out between neighbouring doors; the rest: somewhere on or in it. */
  readonly kind: 'house' | 'between' | 'landmark' | 'road' | 'microgrid' | 'village';
  /** WGS-84. */
  readonly lng: number;
  readonly lat: number;
  /** 1 for the very door, 0 for a guess; candidates come best first. */
  readonly confidence: number;
  readonly located: Located;
}

export interface Addresses {
  /**
   * What words such as `乐业路59号` or `老菜场门口` may mean, best first, each label once. Nothing is logged: the words are a
   * resident's own.
   */
  findAddress(county: CountyCode, words: string, limit?: number): Promise<AddressCandidate[]>;
  /** The house with the nearest door within `metres`, as words; null where there is none. */
  addressNear(county: CountyCode, lng: number, lat: number, metres: number): Promise<string | null>;
  /** Roads that pass through a place, with a point on each inside it; by name. */
  roadsIn(county: CountyCode, place: string): Promise<{ readonly name: string; readonly lng: number; readonly lat: number }[]>;
}

type Found = Omit<AddressCandidate, 'located' | 'lng' | 'lat'> & { readonly at: Position };

export const labelOf = ({ road, number, suffix }: Pick<Address, 'road' | 'number' | 'suffix'>): string =>
  /^[甲乙丙丁]$/u.test(suffix) ? `${road}${suffix}${number}号` : `${road}${number}${suffix}号`;

/** A point that stands for a geometry: a line's middle by length, an area's inside. */
const middleOf = (geometry: MapGeometry): Position => {
  switch (geometry.type) {
    case 'Point': return geometry.coordinates;
    case 'MultiPolygon': return pointInside(geometry.coordinates);
    case 'LineString': {
      const line = geometry.coordinates;
      const lengths = line.slice(1).map(([x, y], i) => metresBetween(line[i]![0], line[i]![1], x, y));
      let left = lengths.reduce((sum, one) => sum + one, 0) / 2;
      for (let i = 0; i < lengths.length; i++) {
        if (lengths[i]! >= left) {
          const t = lengths[i] === 0 ? 0 : left / lengths[i]!;
          return [line[i]![0] + (line[i + 1]![0] - line[i]![0]) * t, line[i]![1] + (line[i + 1]![1] - line[i]![1]) * t];
        }
        left -= lengths[i]!;
      }
      return line[0]!;
    }
  }
};

/** Doors further apart than this are not of one row of houses: a number between them says nothing. */
const oneRow = 400;

/** Where a number that has no door of its own would be among its neighbours, even numbers with even ones. */
const between = (houses: readonly Address[], { number }: HouseNumber): { readonly at: Position; readonly confidence: number } | undefined => {
  const side = houses.filter((house) => house.number % 2 === number % 2);
  const list = side.length > 0 ? side : houses;
  const below = list.filter((house) => house.number < number).sort((a, b) => b.number - a.number)[0];
  const above = list.filter((house) => house.number > number).sort((a, b) => a.number - b.number)[0];
  if (below && above && metresBetween(...below.door, ...above.door) <= oneRow) {
    const t = (number - below.number) / (above.number - below.number);
    return { at: [below.door[0] + (above.door[0] - below.door[0]) * t, below.door[1] + (above.door[1] - below.door[1]) * t], confidence: 0.7 };
  }
  const near = below ?? above;
  return near && { at: near.door, confidence: Math.abs(near.number - number) <= 10 ? 0.5 : 0.3 };
};

export const createAddresses = (world: World, snapshots: Snapshots): Addresses => {
  const houses = async (county: CountyCode, words: string): Promise<Found[]> => {
    const found: Found[] = [];
    const taken: string[] = [];
    for (const road of await readRoadsIn(world.db, county, words)) {
      // 中心路 stands in 新中心路 too: only the longest name counts.
      if (taken.some((longer) => longer.includes(road))) continue;
      taken.push(road);
      const house = houseNumber(words.slice(words.indexOf(road) + road.length));
      if (!house) continue;
      const row = await readHouses(world.db, county, road, house.number, 8);
      const exact = row.filter((one) => one.number === house.number);
      const very = exact.filter((one) => one.suffix === house.suffix);
      for (const one of very.length > 0 ? very : exact)
        found.push({ label: labelOf(one), kind: 'house', confidence: very.length > 0 ? 1 : 0.9, at: one.door });
      const guess = exact.length === 0 ? between(row, house) : undefined;
      if (guess) found.push({ label: labelOf({ road, ...house }), kind: 'between', ...guess });
    }
    return found;
  };

  const landmarks = async (county: CountyCode, words: string): Promise<Found[]> => {
    const bare = withoutPosition(words);
    const named = await readNamesIn(world.db, county, 'landmark', words);
    const list = named.length > 0 || bare.length < 2 ? named : await readNamesLike(world.db, county, 'landmark', bare);
    return list.map(({ name, geometry }) => ({
      label: name, kind: 'landmark', at: middleOf(geometry),
      confidence: bare === name ? 0.95 : words.includes(name) ? 0.8 : 0.6,
    }));
  };

  const roads = async (county: CountyCode, words: string): Promise<Found[]> => {
    const named = await readNamesIn(world.db, county, 'road', words);
    return named
      .filter(({ name }) => !named.some((other) => other.name !== name && other.name.includes(name)))
      .map(({ name, geometry }) => ({ label: name, kind: 'road', at: middleOf(geometry), confidence: 0.4 }));
  };

  /** Villages that the words name, with or without 村 and 社区, and micro-grids that are these very addresses. */
  const places = (tree: PlaceTree, words: string): Found[] => {
    const found: Found[] = [];
    for (const place of tree.all()) {
      const short = place.name.replace(/(村|社区)$/u, '');
      const village = place.level === 'village' && short.length >= 2 && words.includes(short);
      const set = place.level === 'microgrid' && place.addresses?.some((address) => plainWords(address) === words);
      const at = village || set ? tree.centre(place) : null;
      if (at) found.push({ label: place.name, kind: village ? 'village' : 'microgrid', at, confidence: village ? 0.3 : 0.85 });
    }
    return found;
  };

  return {
    async findAddress(county, text, limit = 8) {
      const words = plainWords(simplified(text)).slice(0, 100);
      if (words.length < 2) return [];
      const { tree } = await snapshots.get(county);
      const inPlaces = places(tree, words);
      const found = [...await houses(county, words), ...await landmarks(county, words), ...await roads(county, words), ...inPlaces];
      const villages = inPlaces.filter((one) => one.kind === 'village').map((one) => one.label);
      const labels = new Set<string>();
      return found
        .map(({ at: [lng, lat], ...rest }): AddressCandidate => {
          const located = tree.locate(lng, lat);
          // 谢家路村中心路: the 中心路 of another village is meant less.
          const elsewhere = villages.length > 0 && !located.chain.some((place) => villages.includes(place.name));
          return { ...rest, lng, lat, located, confidence: elsewhere ? rest.confidence * 0.6 : rest.confidence };
        })
        .sort((a, b) => b.confidence - a.confidence || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
        .filter(({ label, located }) => {
          const key = `${label} ${located.path ?? ''}`;
          return !labels.has(key) && labels.add(key);
        })
        .slice(0, limit);
    },
    async addressNear(county, lng, lat, metres) {
      const [house] = await readHousesNear(world.db, county, lng, lat, 1);
      return house && metresBetween(lng, lat, ...house.door) <= metres ? labelOf(house) : null;
    },
    async roadsIn(county, code) {
      const { tree } = await snapshots.get(county);
      const place = tree.find(code);
      if (!place?.area) return [];
      const box = tree.boxOf(place);
      if (!box) return [];
      const inside = new Map<string, Position>();
      for (const { name, geometry } of await readRoadsWithin(world.db, county, box)) {
        if (geometry.type !== 'LineString' || inside.has(name)) continue;
        const middle = middleOf(geometry);
        const nearest = metresToLine(...pointInside(place.area), geometry.coordinates).at;
        const at = [middle, nearest, ...geometry.coordinates].find(([lng, lat]) => containment(place.area!, lng, lat) === 'inside');
        if (at) inside.set(name, at);
      }
      return [...inside].map(([name, [lng, lat]]) => ({ name, lng, lat }));
    },
  };
};
