import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import type { CoordinateSystem } from '../../../base/geo/coordinates.ts';
import { boxOf, positionsOf, type Box, type Position } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { Text } from '../../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import type { Ledger } from '../../ledger/index.ts';
import { parseAddress } from '../rules/address.ts';
import { checkGeometry } from '../rules/checks.ts';
import { draftOf, type AddressDraft, type KindNames, type MapDraft, type MapGeometry, type PlaceDraft } from '../rules/drafts.ts';
import { Faults } from '../rules/faults.ts';
import { GeoJsonFault, readFeatures } from '../rules/geojson.ts';
import { planOf, type ImportMode, type Plan } from '../rules/plan.ts';
import { deleteMap, insertAddresses, insertFeatures, readHousesOf } from '../store/map.ts';
import { moveHead } from '../store/places.ts';
import { actorOf, writeChange, type Acting } from './change.ts';
import { untilNotOvertaken } from './places.ts';
import type { Snapshots } from './snapshots.ts';

/** How far an import is; `total` is 0 where it is not known. */
export interface Progress {
  readonly phase: 'reading' | 'checking' | 'writing';
  readonly done: number;
  readonly total: number;
}

export interface ImportOptions {
  /** Where it comes from: a file's name without its folder. The map features that the same source brought before are replaced. */
  readonly source: string;
  readonly system?: CoordinateSystem;
  readonly mode?: ImportMode;
  /** Checks everything and writes nothing. */
  readonly dryRun?: boolean;
  readonly progress?: (progress: Progress) => void;
  /** Bytes of the whole, for the progress. */
  readonly bytes?: number;
}

export interface ImportDone {
  /** The version that it made, or that it would follow in a dry run. */
  readonly version: number;
  readonly dryRun: boolean;
  readonly added: number;
  readonly changed: number;
  readonly ended: number;
  readonly unchanged: number;
  readonly features: number;
  readonly addresses: number;
}

/** What an import brings, read and checked one by one. */
export interface ImportContent {
  readonly places: readonly PlaceDraft[];
  readonly features: readonly MapDraft[];
  readonly addresses: readonly AddressDraft[];
}

export interface Imports {
  /**
   * Imports a GeoJSON FeatureCollection: places (with `code`, `name`, …), map features (with `layer`) and house numbers
   * (`layer: address`). The whole or nothing; a refusal (422, `places.import_refused`) names up to 200 features, and `total` counts all.
   */
  importGeoJson(county: CountyCode, acting: Acting, chunks: AsyncIterable<Uint8Array | string>, options: ImportOptions): Promise<Result<ImportDone>>;
  /** The same for what a program has made in memory, WGS-84; positions count as features of no file. */
  importContent(county: CountyCode, acting: Acting, content: ImportContent, options: ImportOptions): Promise<Result<ImportDone>>;
  /** Types of micro-grid, key to name. */
  kinds(): Promise<Readonly<Record<string, Text>>>;
}

const kindsFile = new URL('../../../../data/places/microgrid-types.json', import.meta.url);

const framed = (geometry: MapGeometry): Box => {
  switch (geometry.type) {
    case 'Point': return boxOf([geometry.coordinates]);
    case 'LineString': return boxOf(geometry.coordinates);
    case 'MultiPolygon': return boxOf(positionsOf(geometry.coordinates));
  }
};

export const createImports = (world: World, ledger: Pick<Ledger, 'append'>, snapshots: Snapshots): Imports => {
  let read: Promise<Readonly<Record<string, Text>>> | undefined;
  const kinds = () => (read ??= readFile(kindsFile, 'utf8').then((text) => (JSON.parse(text) as { types: Readonly<Record<string, Text>> }).types));
  const kindNames = async (): Promise<KindNames> =>
    new Map(Object.entries(await kinds()).flatMap(([key, text]) => [[key, key], ...Object.values(text).map((name): [string, string] => [name, key])] as [string, string][]));

  const refused = (faults: Faults) => refuse(422, 'places.import_refused', { total: faults.total }, faults.list);

  /** Doors of micro-grids that are given by addresses alone: those of the houses with these addresses, in the file or the table. */
  const withDoors = async (county: CountyCode, { places, addresses }: ImportContent): Promise<PlaceDraft[]> => {
    const wanted = places.filter((draft) => draft.level === 'microgrid' && draft.addresses && !draft.area && !draft.doors);
    if (wanted.length === 0) return [...places];
    const parsed = new Map(wanted.map((draft) => [draft, draft.addresses!.flatMap((text) => parseAddress(text) ?? [])]));
    const roads = [...new Set([...parsed.values()].flat().map((one) => one.road))];
    const key = (house: { road: string; number: number; suffix: string }) => `${house.road} ${house.number} ${house.suffix}`;
    const doors = new Map<string, Position>();
    for (const house of [...await readHousesOf(world.db, county, roads), ...addresses]) doors.set(key(house), house.door);
    return places.map((draft) => {
      const found = (parsed.get(draft) ?? []).flatMap((one) => { const door = doors.get(key(one)); return door ? [door] : []; });
      return found.length > 0 ? { ...draft, doors: found } : draft;
    });
  };

  const check = async (county: CountyCode, content: ImportContent, faults: Faults, { mode = 'merge', progress }: ImportOptions): Promise<{ plan: Plan; base: number }> => {
    const { tree } = await snapshots.refresh(county);
    const plan = planOf(tree, county, await withDoors(county, content), mode, faults);
    // Wrong codes would only make holes and overlaps of their own.
    if (faults.total === 0) {
      let since = performance.now();
      for (const step of checkGeometry(tree, plan, faults)) {
        if (performance.now() - since < 20) continue;
        progress?.({ phase: 'checking', ...step });
        await breathe();
        since = performance.now();
      }
    }
    return { plan, base: tree.version };
  };

  const mapDigest = ({ features, addresses }: ImportContent): string =>
    createHash('sha256').update(JSON.stringify([features, addresses])).digest('hex');

  const write = async (county: CountyCode, acting: Acting, content: ImportContent, plan: Plan, base: number, options: ImportOptions): Promise<number> => {
    const { features, addresses } = content;
    const total = plan.added.length + plan.changed.length + features.length + addresses.length;
    return world.db.transaction(async (tx) => {
      let version = base;
      if (plan.added.length + plan.changed.length + plan.ended.length > 0)
        version = await writeChange(world, ledger, tx, county, acting, base, options.source, plan, (done) => options.progress?.({ phase: 'writing', done, total }));
      if (features.length + addresses.length > 0) {
        await moveHead(tx, county, 'map');
        await deleteMap(tx, county, options.source);
        const now = world.now();
        await insertFeatures(tx, county, options.source, features.map((feature) => ({ ...feature, id: world.random.uuid(now), frame: framed(feature.geometry) })));
        await insertAddresses(tx, county, options.source, addresses.map((address) => ({ ...address, id: world.random.uuid(now) })));
        await ledger.append(tx, [{
          v: 1, county, subject: 'config', kind: 'map', action: 'import', at: new Date(now).toISOString(),
          actor: actorOf(acting),
          set: { source: options.source, features: features.length, addresses: addresses.length, digest: mapDigest(content) },
        }]);
        options.progress?.({ phase: 'writing', done: total, total });
      }
      return version;
    });
  };

  const importContent = (county: CountyCode, acting: Acting, content: ImportContent, options: ImportOptions): Promise<Result<ImportDone>> =>
    untilNotOvertaken(async () => {
      const faults = new Faults();
      const { plan, base } = await check(county, content, faults, options);
      if (faults.total > 0) return refused(faults);
      const dryRun = options.dryRun ?? false;
      const version = dryRun ? base : await write(county, acting, content, plan, base, options);
      if (!dryRun) await snapshots.refresh(county);
      return {
        version, dryRun, added: plan.added.length, changed: plan.changed.length, ended: plan.ended.length,
        unchanged: content.places.length - plan.added.length - plan.changed.length,
        features: content.features.length, addresses: content.addresses.length,
      };
    });

  return {
    kinds,
    importContent,
    async importGeoJson(county, acting, chunks, options) {
      const faults = new Faults();
      const content = await readContent(chunks, options, await kindNames(), faults);
      if (isRefusal(content)) return content;
      return importContent(county, acting, content, options);
    },
  };
};

/** EPSG codes and names that mean longitude and latitude in degrees on WGS-84 or CGCS2000. */
const inDegrees = /(CRS84|EPSG:*4326|EPSG:*4490)$/i;

const readContent = async (chunks: AsyncIterable<Uint8Array | string>, options: ImportOptions, kinds: KindNames, faults: Faults): Promise<Result<ImportContent>> => {
  const places: PlaceDraft[] = [];
  const features: MapDraft[] = [];
  const addresses: AddressDraft[] = [];
  try {
    const reader = readFeatures(chunks);
    let since = performance.now();
    for (;;) {
      const step = await reader.next();
      if (step.done) {
        // The member `crs` left the standard in 2016 and is still written: a projected one would be read as degrees.
        const crs = (step.value['crs'] as { properties?: { name?: unknown } } | undefined)?.properties?.name;
        if (typeof crs === 'string' && !inDegrees.test(crs)) return refuse(422, 'places.projected', { crs: crs.slice(0, 80) });
        break;
      }
      const draft = draftOf(step.value, options.system ?? 'wgs84', kinds, faults);
      if (draft?.is === 'place') places.push(draft.place);
      else if (draft?.is === 'map') features.push(draft.feature);
      else if (draft) addresses.push(draft.address);
      if (performance.now() - since > 20) {
        options.progress?.({ phase: 'reading', done: step.value.bytes, total: options.bytes ?? 0 });
        await breathe();
        since = performance.now();
      }
    }
  } catch (error) {
    if (!(error instanceof GeoJsonFault)) throw error;
    return refuse(422, error.reason, { line: error.line, column: error.column });
  }
  if (faults.total > 0) return refuse(422, 'places.import_refused', { total: faults.total }, faults.list);
  if (places.length + features.length + addresses.length === 0) return refuse(422, 'places.nothing_in_it');
  return { places, features, addresses };
};
