import type { Actor } from '../../../base/actor.ts';
import { metresBetween } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal } from '../../../base/result.ts';
import type { Matter } from '../../matters/index.ts';
import type { Suggestion } from '../contract/routes.ts';
import type { Categories } from './settings/categories.ts';
import type { CaseSettings } from '../rules/facts.ts';
import type { Needs } from './needs.ts';

export interface SuggestAsk {
  readonly text?: string;
  readonly lng?: number;
  readonly lat?: number;
  /** Radius within which the device says that it is, in metres. */
  readonly accuracy?: number;
  readonly blobs?: readonly string[];
  readonly component?: string;
  /** Key of the row of the code table, where one was chosen. */
  readonly code?: string;
}

/** Metres around a point in which components are looked for. */
const reach = 120;
const metresPerDegree = 111_195;

/** What a report seems to be about, from its words, point, pictures or component. Nothing is written. */
export const createSuggest = ({ world, places, components, catalogue, matters, pictures }: Needs, settings: (county: string) => Promise<CaseSettings>, categories: (county: string) => Promise<Categories>) => {
  const placeOf = async (county: string, code: string | null | undefined) => {
    const tree = await places.tree(county as CountyCode);
    const found = code == null ? undefined : tree.find(code);
    return found ? { code: found.code as string, names: tree.chain(found).filter(({ level }) => level !== 'province' && level !== 'city' && level !== 'county').map(({ name }) => name) } : null;
  };

  const pointOf = async (actor: Actor, county: string, ask: SuggestAsk) => {
    if (ask.lng !== undefined && ask.lat !== undefined) return { lng: ask.lng, lat: ask.lat };
    // The device's position goes before what the picture says of itself.
    for (const digest of ask.blobs ?? []) {
      const kept = await pictures.own(actor, county, digest);
      if (!isRefusal(kept) && kept.point) return kept.point;
    }
    return undefined;
  };

  const duplicatesOf = async (county: string, point: { lng: number; lat: number } | undefined, component: string | undefined, kind: string | undefined) => {
    // A heap of rubbish is the same from further off than a manhole cover is.
    const known = await categories(county);
    const category = known.ofKey(kind);
    const duplicates = category?.duplicates ?? (await settings(county)).duplicates;
    // And a dark lamp beside it is another thing.
    const same = ({ facets }: Matter): boolean => category === undefined || (component !== undefined && facets.component === component) || [undefined, category].includes(known.ofKey(facets.code));
    const since = world.now() - duplicates.days * 86_400_000;
    const found = new Map<string, Matter>();
    if (component !== undefined) for (const matter of await matters.openNear(world.db, county, 'case', null, component, since)) found.set(matter.id, matter);
    if (point) {
      const [dLat, dLng] = [duplicates.metres / metresPerDegree, duplicates.metres / (metresPerDegree * Math.cos((point.lat * Math.PI) / 180))];
      const box = { west: point.lng - dLng, south: point.lat - dLat, east: point.lng + dLng, north: point.lat + dLat };
      for (const matter of await matters.openNear(world.db, county, 'case', box, null, since)) found.set(matter.id, matter);
    }
    return [...found.values()].filter(same).map((matter) => ({
      id: matter.id, number: matter.number, title: matter.title, state: matter.state, component: matter.facets.component ?? null, at: new Date(matter.createdAt).toISOString(),
      metres: point && matter.facets.lng !== undefined ? Math.round(metresBetween(point.lng, point.lat, matter.facets.lng, matter.facets.lat!)) : null,
    })).filter(({ metres, component: code }) => metres === null || metres <= duplicates.metres || code === component)
      .sort((a, b) => Number(b.component === component) - Number(a.component === component) || (a.metres ?? 0) - (b.metres ?? 0)).slice(0, 8);
  };

  return async (actor: Actor, county: string, ask: SuggestAsk): Promise<Suggestion> => {
    const named = ask.component === undefined ? undefined : await components.find(county, ask.component);
    const point = (await pointOf(actor, county, ask)) ?? (named && { lng: named.lng, lat: named.lat });
    const located = point ? (await places.tree(county as CountyCode)).locate(point.lng, point.lat) : undefined;
    const near = point
      ? await components.nearest(county, point.lng, point.lat, { limit: 5, withinMetres: reach, ...(ask.accuracy !== undefined && { accuracyMetres: ask.accuracy }) }) : [];
    const list = named ? [{ component: named, metres: 0 }, ...near.filter(({ component }) => component.code !== named.code)] : near;
    const best = list[0]?.component;
    const version = catalogue.currentVersion(county, world.now());
    const rows = catalogue.rank(county, ask.text ?? '', { ...(named ? { componentClass: named.standard } : best && { nearClass: best.standard }), limit: 8 });
    return {
      place: located ? await placeOf(county, located.microgrids[0]?.id ?? located.place) : null,
      outcome: located?.outcome ?? 'unknown',
      components: await Promise.all(list.slice(0, 5).map(async ({ component, metres }) => ({
        code: component.code, name: component.name, className: component.className, metres: point ? Math.round(metres * 10) / 10 : null, lng: component.lng, lat: component.lat,
        accuracy: component.accuracy, ownerUnit: component.ownerUnit, state: component.state, place: await placeOf(county, component.place),
      }))),
      rows: rows.flatMap(({ key, score, why }) => {
        const row = version === undefined ? undefined : catalogue.row(county, version, key);
        return row ? [{ key, name: row.minorName, condition: row.openCondition, score, why: why.join('、') }] : [];
      }),
      duplicates: await duplicatesOf(county, point, named?.code ?? (list[0] && list[0].metres <= 5 ? best?.code : undefined), ask.code ?? (named || (ask.text ?? '') !== '' ? rows[0]?.key : undefined)),
    };
  };
};
