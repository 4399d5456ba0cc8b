import { createHash } from 'node:crypto';
import type { Actor } from '../../../base/actor.ts';
import type { Box } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { Language } from '../../../base/text/language.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { actionLabel, stateLabel } from '../../matters/index.ts';
import type { Place, PlaceTree } from '../../places/index.ts';
import { walkers, type Area, type CarriedKind, type Pack, type PackPart } from '../contract/pack.ts';
import type { Needs } from './needs.ts';

/** Grids that a phone takes along as its own: a village has about ten. */
const ownAtMost = 12;
/** Metres around a point in which the grids of somebody with many are looked for. */
const around = 4_000;
const componentsAtMost = 4_000;
const shapesAtMost = 3_000;
const doorsAtMost = 4_000;
/** Degrees that neighbours are looked for beyond the own grids, about 30 m. */
const beyond = 0.0003;

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** A pack, and the county that it is of. */
export interface Packed {
  readonly county: string;
  readonly parts: PackPart[];
}

export type ReadPack = (actor: Actor, ask: { readonly known: ReadonlyMap<string, string>; readonly near: { readonly lng: number; readonly lat: number } | null }, language: Language) => Promise<Result<Packed>>;

/** The walkers' grant that a pack is made for: the one with the smallest area first. */
const walkGrant = (actor: Actor, now: number) =>
  actor.grants.filter((grant) => (walkers as readonly string[]).includes(grant.role) && grant.from <= now && (grant.until === null || now < grant.until))
    .sort((a, b) => b.place.length - a.place.length)[0];

const ownGrids = (tree: PlaceTree, path: string, near: { readonly lng: number; readonly lat: number } | null): readonly Place[] => {
  const mine = (place: Place): boolean => place.path.startsWith(path);
  if (near) {
    const close = tree.nearby(near.lng, near.lat, 'grid', around, ownAtMost * 4).map(({ place }) => place).filter(mine).slice(0, ownAtMost);
    if (close.length > 0) return close;
  }
  return [...tree.all()].filter((place) => place.level === 'grid' && place.area !== null && mine(place)).sort((a, b) => (a.code < b.code ? -1 : 1)).slice(0, ownAtMost);
};

const frameOf = (tree: PlaceTree, grids: readonly Place[]): Box => {
  const boxes = grids.flatMap((grid) => { const box = tree.boxOf(grid); return box ? [box] : []; });
  return {
    west: Math.min(...boxes.map((box) => box.west)) - beyond, south: Math.min(...boxes.map((box) => box.south)) - beyond,
    east: Math.max(...boxes.map((box) => box.east)) + beyond, north: Math.max(...boxes.map((box) => box.north)) + beyond,
  };
};

/** What a phone takes along, part by part, each under the digest of its content. */
export const createPack = ({ world, places, components, catalogue, matters }: Needs): ReadPack => {
  const areaOf = async (county: CountyCode, tree: PlaceTree, own: readonly Place[], frame: Box): Promise<Area> => {
    const grids = tree.within(frame, ['grid']);
    const drawn = await places.drawn(county, { box: frame, kinds: ['road', 'water', 'green', 'landmark'], limit: shapesAtMost });
    return {
      own: own.map(({ code }) => code as string).sort(),
      names: Object.fromEntries(grids.map((grid) => [grid.code as string, tree.chain(grid).filter(({ level }) => ['town', 'village', 'grid'].includes(level)).map(({ name }) => name)])),
      shapes: [
        ...drawn.features.map(({ properties, geometry }) => ({ ...properties, type: geometry.type as string, coordinates: geometry.coordinates as unknown })),
        ...grids.map((grid) => ({ kind: 'grid', code: grid.code as string, name: grid.name, wide: null, type: 'MultiPolygon', coordinates: grid.area as unknown })),
      ],
      doors: (await places.doors(county, frame, doorsAtMost)).map(({ label, lng, lat }): [string, number, number] => [label, lng, lat]).sort(([a], [b]) => (a < b ? -1 : 1)),
    };
  };

  const componentsOf = async (county: CountyCode, tree: PlaceTree, frame: Box): Promise<Pack['components']> =>
    (await components.within(county, frame, { limit: componentsAtMost })).sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ code, standard, className, name, lng, lat, accuracy, state, place, plate }) => ({ code, standard, className, name, lng, lat, accuracy, state, place: place === null ? null : (tree.find(place)?.code ?? null), plate }));

  const kindsFor = (language: Language): CarriedKind[] => matters.kinds.all().map(({ workflow }) => ({
    kind: workflow.kind, final: [...workflow.final],
    states: Object.fromEntries(workflow.states.map((state) => [state, stateLabel(workflow.kind, state, language)])),
    // What hangs on more than the state (`when`) only the server can offer.
    actions: Object.entries(workflow.actions).filter(([, { from, when, who }]) => from !== null && !when && who.some((role) => role !== 'system' && role !== 'reporter')).map(([name, { from, to, who, ownUnit, notWho, primary, input }]) => ({
      name, label: actionLabel(workflow.kind, name, language), from: from === 'any' ? workflow.states.filter((state) => !workflow.final.includes(state)) : [...from!],
      to, who: [...who], ownUnit: [...(ownUnit ?? [])], notWho: [...(notWho ?? [])], primary: primary === true, input,
    })),
  }));

  return async (actor, { known, near }, language) => {
    const grant = walkGrant(actor, world.now());
    if (!grant) return refuse(403, 'identity.not_permitted');
    const county = grant.county;
    const tree = await places.tree(county);
    const own = ownGrids(tree, grant.place, near);
    const frame = own.length > 0 ? frameOf(tree, own) : null;
    await catalogue.refresh(county);
    const pack: Pack = {
      area: frame ? await areaOf(county, tree, own, frame) : { own: [], names: {}, shapes: [], doors: [] },
      components: frame ? await componentsOf(county, tree, frame) : [],
      table: (catalogue.carried(county) ?? null) as Pack['table'],
      kinds: kindsFor(language),
    };
    const parts = (Object.keys(pack) as (keyof Pack)[]).map((name) => {
      const digest = digestOf(pack[name]);
      return { name, digest, value: known.get(name) === digest ? null : pack[name] } as PackPart;
    });
    return { county, parts };
  };
};
