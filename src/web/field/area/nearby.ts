import { metresBetween, type Area as Polygons } from '../../../base/geo/geometry.ts';
import { nearness } from '../../../modules/components/rules/nearness.ts';
import { RowSearch } from '../../../modules/catalogue/rules/search.ts';
import type { StandardRow } from '../../../modules/catalogue/rules/standards.ts';
import { Locator } from '../../../modules/places/rules/locator.ts';
import type { Area, CarriedComponent, Pack, Table } from '../../../modules/rounds/contract/pack.ts';

/** A grid that holds a point, by the same rules as on the server: on a border the lowest code wins. */
export interface Grid {
  readonly code: string;
  readonly names: readonly string[];
  readonly own: boolean;
}

/** Finds the grid of a point; built once for an area. */
export const gridFinder = (area: Area): ((lng: number, lat: number) => Grid | null) => {
  const grids = area.shapes.filter((shape) => shape.kind === 'grid' && shape.code !== null).sort((a, b) => (a.code! < b.code! ? -1 : 1));
  const locator = new Locator(grids.map((grid) => grid.coordinates as Polygons));
  const own = new Set(area.own);
  return (lng, lat) => {
    const found = locator.find(lng, lat);
    if (found < 0) return null;
    const code = grids[found >> 1]!.code!;
    return { code, names: area.names[code] ?? [code], own: own.has(code) };
  };
};

export interface NearComponent {
  readonly component: CarriedComponent;
  readonly metres: number;
  readonly likelihood: number;
}

/** Metres around a point in which components are looked for, and how many are weighed, as on the server. */
const reach = 120;
const candidates = 32;

/** The components that somebody at a point most likely means, by the server's own rule. @param accuracy of the point in metres */
export const nearestOf = (components: readonly CarriedComponent[], lng: number, lat: number, accuracy: number): readonly NearComponent[] => {
  const found = components.map((component) => ({ component, metres: metresBetween(component.lng, component.lat, lng, lat), accuracy: component.accuracy }))
    .filter(({ metres }) => metres <= reach).sort((a, b) => a.metres - b.metres || (a.component.code < b.component.code ? -1 : 1)).slice(0, candidates);
  return nearness(found, accuracy).map(({ metres, likelihood }, at) => ({ component: found[at]!.component, metres, likelihood })).sort((a, b) => b.likelihood - a.likelihood || a.metres - b.metres);
};

/** The house with the nearest door within 60 m. */
export const doorNear = ({ doors }: Area, lng: number, lat: number): string | null => {
  let best: { readonly label: string; readonly metres: number } | null = null;
  for (const [label, x, y] of doors) {
    const metres = metresBetween(lng, lat, x, y);
    if (metres <= 60 && (!best || metres < best.metres)) best = { label, metres };
  }
  return best?.label ?? null;
};

/** Searches the code table in the phone, as the server does. */
export const searchIn = ({ rows, phrases, spelling }: Table): ((query: string) => readonly StandardRow[]) => {
  const search = new RowSearch(rows as readonly StandardRow[], (text) => [...text].flatMap((sign) => spelling[sign] ?? (/[a-z0-9]/iu.test(sign) ? [sign.toLowerCase()] : [])), ({ key }) => phrases[key] ?? []);
  return (query) => search.search(query);
};

/** What a report at a point is about, as far as the phone knows. */
export interface Known {
  readonly place: { readonly code: string; readonly names: string[] } | null;
  readonly components: readonly NearComponent[];
  readonly rows: readonly StandardRow[];
}

/** @param component code of one that was chosen: its rows come first */
export const knownAt = (pack: Partial<Pack>, point: { readonly lng: number; readonly lat: number; readonly accuracy: number } | null, component: string | null): Known => {
  const grid = point && pack.area ? gridFinder(pack.area)(point.lng, point.lat) : null;
  const near = point && pack.components ? nearestOf(pack.components, point.lng, point.lat, point.accuracy).slice(0, 5) : [];
  const about = pack.components?.find(({ code }) => code === component) ?? near[0]?.component;
  const rows = about && pack.table ? (pack.table.rows as readonly StandardRow[]).filter(({ code }) => code === `C${about.standard}`) : [];
  return { place: grid && { code: grid.code, names: [...grid.names] }, components: near, rows };
};
