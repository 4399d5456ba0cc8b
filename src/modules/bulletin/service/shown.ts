import type { CountyCode } from '../../../base/ids.ts';
import { metresToLine } from '../../../base/geo/geometry.ts';
import type { DrawnFeature, PlaceTree } from '../../places/index.ts';
import { readByIds, readPublic, type PublicRow } from '../reads.ts';
import type { Cursor } from '../rules/cursor.ts';
import { coarsePoint } from '../rules/moderation.ts';
import { lngLat, mercator } from '../../../base/geo/tiles.ts';
import type { Needs } from './needs.ts';
import type { Offer } from './offer.ts';

/** What is looked for among what is shown. */
export interface ShownAsk {
  readonly category?: string;
  readonly state?: 'open' | 'closed';
  /** Code of a village or community. */
  readonly village?: string;
  /** Name of a road. */
  readonly street?: string;
  /** Reported in so many last days. */
  readonly days?: number;
  /** WGS-84 degrees. */
  readonly box?: { readonly west: number; readonly south: number; readonly east: number; readonly north: number };
}

/** Ended cases are shown so long after they were reported, in milliseconds. */
export const spanMs = 90 * 86_400_000;
/** Metres from a road within which something is on it. */
const besideRoad = 40;
const batch = 5_000;

/** Roads by the cells of about 200 m that they pass. */
const roadFinder = (features: readonly DrawnFeature[]) => {
  const cell = 0.002;
  const key = (lng: number, lat: number): string => `${Math.floor(lng / cell)} ${Math.floor(lat / cell)}`;
  const cells = new Map<string, { readonly name: string; readonly line: [[number, number], [number, number]] }[]>();
  for (const { properties: { name }, geometry } of features) {
    if (name === null || geometry.type !== 'LineString') continue;
    const points = geometry.coordinates as readonly (readonly [number, number])[];
    for (let at = 1; at < points.length; at++) {
      const [a, b] = [points[at - 1]!, points[at]!];
      const passed = new Set<string>();
      const steps = Math.ceil(Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])) / (cell / 2)) + 1;
      for (let step = 0; step <= steps; step++)
        for (const [dx, dy] of [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]] as const)
          passed.add(key(a[0] + ((b[0] - a[0]) * step) / steps + dx * cell * 0.3, a[1] + ((b[1] - a[1]) * step) / steps + dy * cell * 0.3));
      for (const one of passed) cells.set(one, [...(cells.get(one) ?? []), { name, line: [[a[0], a[1]], [b[0], b[1]]] }]);
    }
  }
  /** The road that a point is on; undefined where it is on none. */
  return (lng: number, lat: number): string | undefined => {
    let best: { name: string; metres: number } | undefined;
    for (const { name, line } of cells.get(key(lng, lat)) ?? []) {
      const { metres } = metresToLine(lng, lat, line);
      if (metres <= besideRoad && (!best || metres < best.metres)) best = { name, metres };
    }
    return best?.name;
  };
};

/** Names as small numbers, the same for the same name. */
const numbering = () => {
  const names: string[] = [''];
  const known = new Map<string, number>([['', 0]]);
  return { names, of: (name: string): number => known.get(name) ?? (known.set(name, names.push(name) - 1), names.length - 1), find: (name: string) => known.get(name) };
};

/**
 * What is shown of one county, in memory: some forty bytes a case. A list, a map and a feed that look here cannot differ, and
 * every filter costs one pass over a few arrays (100,000 cases: about a millisecond), so nothing has to be counted beforehand.
 * Filled from the matters at first use, kept current by the ledger, made anew when what is public changes.
 */
export const createShown = ({ world, ledger, places }: Pick<Needs, 'world' | 'ledger' | 'places'>, offerOf: (county: string) => Promise<Offer>, county: string) => {
  let size = 0;
  let room = 1_024;
  let xs = new Float64Array(room), ys = new Float64Array(room), at = new Float64Array(room);
  let category = new Uint16Array(room), village = new Uint16Array(room), street = new Uint16Array(room), open = new Uint8Array(room);
  let ids: string[] = [];
  let numbers: string[] = [];
  let slots = new Map<string, number>();
  const categories = numbering(), villages = numbering(), streets = numbering();
  let revision = 0;
  let seq = -1;
  let mark = '';
  let working: Promise<void> | undefined;
  let onRoad: ReturnType<typeof roadFinder> = () => undefined;

  const grow = (): void => {
    room *= 2;
    const wider = <T extends Float64Array | Uint16Array | Uint8Array>(from: T, to: T): T => { to.set(from as never); return to; };
    xs = wider(xs, new Float64Array(room)); ys = wider(ys, new Float64Array(room)); at = wider(at, new Float64Array(room));
    category = wider(category, new Uint16Array(room)); village = wider(village, new Uint16Array(room)); street = wider(street, new Uint16Array(room)); open = wider(open, new Uint8Array(room));
  };

  const drop = (id: string): void => {
    const slot = slots.get(id);
    if (slot === undefined) return;
    const last = --size;
    slots.delete(id);
    if (slot !== last) {
      xs[slot] = xs[last]!; ys[slot] = ys[last]!; at[slot] = at[last]!;
      category[slot] = category[last]!; village[slot] = village[last]!; street[slot] = street[last]!; open[slot] = open[last]!;
      ids[slot] = ids[last]!; numbers[slot] = numbers[last]!;
      slots.set(ids[slot]!, slot);
    }
    ids.length = size; numbers.length = size;
  };

  const put = (offer: Offer, tree: PlaceTree, row: PublicRow): void => {
    const found = offer.shown(row);
    if (!found) { drop(row.id); return; }
    let slot = slots.get(row.id);
    if (slot === undefined) {
      if (size === room) grow();
      slot = size++;
      slots.set(row.id, slot);
    }
    const point = row.lng === null || row.lat === null ? null : found.place === 'coarse' && row.component === null ? coarsePoint(row.lng, row.lat) : { lng: row.lng, lat: row.lat };
    const place = row.place === null ? undefined : tree.find(row.place);
    [xs[slot], ys[slot]] = point ? mercator(point.lng, point.lat) : [-1, -1];
    at[slot] = row.created_at.getTime();
    category[slot] = categories.of(found.code);
    village[slot] = villages.of((place && tree.chain(place).find(({ level }) => level === 'village')?.code) ?? '');
    street[slot] = streets.of((point && onRoad(point.lng, point.lat)) ?? '');
    open[slot] = row.ended_at === null ? 1 : 0;
    ids[slot] = row.id; numbers[slot] = row.number;
  };

  const fill = async (offer: Offer): Promise<void> => {
    // Read before what it is to be a snapshot of: what comes while it is read is read again.
    seq = await ledger.position(world.db, county);
    const tree = await places.tree(county as CountyCode);
    onRoad = roadFinder((await places.drawn(county as CountyCode, { kinds: ['road'] })).features);
    size = 0; ids = []; numbers = []; slots = new Map();
    const now = world.now();
    for (const ended of [false, true]) {
      let after: Cursor | null = null;
      for (;;) {
        const rows: PublicRow[] = await readPublic(world.db, {
          county, keys: offer.keys(offer.categories), few: false, open: !ended, closed: ended, hidden: offer.hidden,
          window: { from: ended ? now - spanMs : 0, to: now + 86_400_000 }, village: null, after, limit: batch, offset: 0,
        });
        for (const row of rows) put(offer, tree, row);
        if (rows.length < batch) break;
        after = { at: rows.at(-1)!.created_at.getTime(), id: rows.at(-1)!.id };
      }
    }
    revision++;
  };

  const follow = async (offer: Offer): Promise<void> => {
    for (;;) {
      const { entries, to } = await ledger.readAfter(county, seq, 500);
      if (to === seq) return;
      const touched = [...new Set(entries.flatMap(({ entry }) => (entry.subject === 'matter' && entry.kind === 'case' && entry.matter !== undefined ? [entry.matter] : [])))];
      if (touched.length > 0) {
        const tree = await places.tree(county as CountyCode);
        const rows = await readByIds(world.db, county, touched);
        const there = new Set(rows.map(({ id }) => id));
        for (const id of touched) if (!there.has(id)) drop(id);
        for (const row of rows) put(offer, tree, row);
        revision++;
      }
      seq = to;
    }
  };

  /** Extents that were asked for since something changed. */
  let extents: { of: number; boxes: Map<string, ShownAsk['box']> } = { of: -1, boxes: new Map() };

  /** Brings what is known up to the ledger: one look by its key where nothing happened. Those who ask at once look together. */
  const current = async (): Promise<void> => {
    const offer = await offerOf(county);
    const now = `${offer.categories.map((one) => `${one.code}${one.place}`).join()} ${offer.hidden.join()} ${offer.keys(offer.categories).length}`;
    working ??= (async () => {
      try {
        await (now === mark && seq >= 0 ? follow(offer) : fill(offer));
        mark = now;
      } finally {
        working = undefined;
      }
    })();
    return working;
  };

  /** Slots that an ask finds, in no order. */
  const matching = function* (ask: ShownAsk): Generator<number> {
    const [wantedCategory, wantedVillage, wantedStreet] = [ask.category === undefined ? 0 : categories.find(ask.category), ask.village === undefined ? 0 : villages.find(ask.village), ask.street === undefined ? 0 : streets.find(ask.street)];
    if (wantedCategory === undefined || wantedVillage === undefined || wantedStreet === undefined) return;
    const state = ask.state === undefined ? -1 : ask.state === 'open' ? 1 : 0;
    const now = world.now();
    const since = ask.days === undefined ? Number.NEGATIVE_INFINITY : now - ask.days * 86_400_000;
    const ended = now - spanMs;
    const [west, north] = ask.box ? mercator(ask.box.west, ask.box.north) : [-2, -2];
    const [east, south] = ask.box ? mercator(ask.box.east, ask.box.south) : [2, 2];
    for (let slot = 0; slot < size; slot++) {
      if ((wantedCategory !== 0 && category[slot] !== wantedCategory) || (wantedVillage !== 0 && village[slot] !== wantedVillage) || (wantedStreet !== 0 && street[slot] !== wantedStreet)) continue;
      if ((state !== -1 && open[slot] !== state) || at[slot]! < since || (open[slot] === 0 && at[slot]! < ended)) continue;
      if (xs[slot]! < west || xs[slot]! > east || ys[slot]! < north || ys[slot]! > south) continue;
      yield slot;
    }
  };

  const boxOf = (ask: ShownAsk): ShownAsk['box'] => {
    const placed = [...matching(ask)].filter((slot) => xs[slot]! >= 0);
    if (placed.length === 0) return undefined;
    const spare = Math.floor(placed.length / 50);
    const middle = (of: Float64Array): [number, number] => {
      const sorted = Float64Array.from(placed, (slot) => of[slot]!).sort();
      return [sorted[spare]!, sorted[sorted.length - 1 - spare]!];
    };
    const [[west, east], [north, south]] = [middle(xs), middle(ys)];
    const [[w, n], [e, s]] = [lngLat(west, north), lngLat(east, south)];
    return { west: w, south: s, east: e, north: n };
  };

  return {
    current,
    /** Changes whenever what is shown does. */
    revision: () => revision,
    matching,
    coordinates: () => ({ xs, ys }),
    numberOf: (slot: number): string => numbers[slot]!,
    /** Ids of the newest that an ask finds after a cursor, and how many it finds in all. */
    newest(ask: ShownAsk, after: Cursor | null, limit: number): { readonly ids: readonly string[]; readonly all: number; readonly more: boolean } {
      const later = (a: number, b: number): boolean => at[a]! > at[b]! || (at[a] === at[b] && ids[a]! > ids[b]!);
      const best: number[] = [];
      let all = 0;
      for (const slot of matching(ask)) {
        all++;
        if (after && (at[slot]! > after.at || (at[slot] === after.at && ids[slot]! >= after.id))) continue;
        if (best.length > limit && !later(slot, best[limit]!)) continue;
        let place = best.length;
        while (place > 0 && later(slot, best[place - 1]!)) place--;
        best.splice(place, 0, slot);
        if (best.length > limit + 1) best.pop();
      }
      return { ids: best.slice(0, limit).map((slot) => ids[slot]!), all, more: best.length > limit };
    },
    /**
     * Nearly all of what an ask finds lies within this, in degrees (WGS-84); undefined where it finds nothing that has a place.
     * One far off does not make the rest too small to see: of many, a fiftieth on each side stays outside.
     */
    extent(ask: ShownAsk): ShownAsk['box'] {
      const key = JSON.stringify(ask);
      if (extents.of !== revision) extents = { of: revision, boxes: new Map() };
      if (extents.boxes.size > 200) extents.boxes.clear();
      if (!extents.boxes.has(key)) extents.boxes.set(key, boxOf(ask));
      return extents.boxes.get(key);
    },
    /** Roads on which something is shown, those with most first. */
    streets(): readonly string[] {
      const counts = new Map<number, number>();
      for (let slot = 0; slot < size; slot++) if (street[slot] !== 0) counts.set(street[slot]!, (counts.get(street[slot]!) ?? 0) + 1);
      return [...counts].sort((a, b) => b[1] - a[1]).map(([one]) => streets.names[one]!);
    },
    /** The road and village of a case that is shown; undefined for one that is not. */
    whereOf(id: string): { readonly street: string | null; readonly village: string | null; readonly category: string } | undefined {
      const slot = slots.get(id);
      return slot === undefined ? undefined : { street: streets.names[street[slot]!] || null, village: villages.names[village[slot]!] || null, category: categories.names[category[slot]!]! };
    },
  };
};

export type ShownIndex = ReturnType<typeof createShown>;
