import { createHash } from 'node:crypto';
import type { Actor } from '../../../base/actor.ts';
import type { CoordinateSystem } from '../../../base/geo/coordinates.ts';
import { toWgs84 } from '../../../base/geo/coordinates.ts';
import { boxOf, positionsOf, type Area, type Ring } from '../../../base/geo/geometry.ts';
import { refuse, type FieldError, type Refusal, type Result } from '../../../base/result.ts';
import { readFeatures } from '../../../platform/tables/features.ts';
import { openTable, type Field } from '../../../platform/tables/records.ts';
import { TableFault, type TableSource } from '../../../platform/tables/table.ts';
import { entryOf } from '../../identity/index.ts';
import { readCamera, type CameraDraft, type LineProblem } from '../rules/record.ts';
import { replaceBuildings } from '../store/buildings.ts';
import { camerasDigest, putCameras } from '../store/cameras.ts';
import type { Shared } from './needs.ts';
import { surveyOf } from './survey.ts';

/** How cameras or buildings are to be imported. */
export interface CameraOrder {
  readonly source: TableSource;
  /** What the file's coordinates are in; WGS-84 where absent. */
  readonly system?: CoordinateSystem;
  /** Reads and checks every line and writes nothing. */
  readonly dryRun?: boolean;
}

export interface CameraReport {
  readonly dryRun: boolean;
  readonly rows: number;
  /** 0 in a dry run. */
  readonly added: number;
  readonly changed: number;
  readonly digest: string;
  /** Titles of columns that were not used. */
  readonly ignored: readonly string[];
}

/** Lines with errors that are named; reading goes on no further. */
const mostProblems = 1_000;
/** A county has some thousands of cameras, and a file of more than these is another list. */
const mostRows = 50_000;
const mostBuildings = 200_000;

const refused = (problems: readonly LineProblem[]): Refusal => refuse(422, 'cameras.import', { count: problems.length, line: problems[0]?.line ?? 0 }, problems.slice(0, mostProblems).map(({ line, column, value, rule }): FieldError => ({
  path: `${line}:${column ?? ''}`, reason: rule, params: { line, column: column ?? '', value },
})));

const faulty = ({ line, column, value, rule }: TableFault): LineProblem => ({ line: line ?? 1, column, value, rule });

/** Imports cameras, whole or not at all. Refusals: 403 `identity.not_permitted`, 422 `cameras.import` with line, column, value and rule of each error. */
export const importCameras = async (shared: Shared, fields: readonly Field[], actor: Actor, county: string, { source, system = 'wgs84', dryRun = false }: CameraOrder): Promise<Result<CameraReport>> => {
  const { world, ledger, identity } = shared;
  const grant = identity.permits(actor, county, 'cameras.edit');
  if (!grant) return refuse(403, 'identity.not_permitted');
  const survey = await surveyOf(shared, county, system);
  const drafts: CameraDraft[] = [];
  const problems: LineProblem[] = [];
  const lines = new Map<string, number>();
  let ignored: readonly string[] = [];
  let rows = 0;
  try {
    const { head, records } = openTable(source, fields);
    const add = (found: readonly LineProblem[]): void => { problems.push(...found.map((one) => ({ ...one, column: one.column === null ? null : (head.titles[one.column] ?? one.column) }))); };
    for await (const batch of records) {
      for (const { line, values, faults } of batch.rows) {
        rows++;
        const read = faults.length > 0 ? { errors: faults.map(({ field, value, rule }) => ({ line, column: field, value, rule })) } : readCamera(line, values, survey);
        if ('errors' in read) add(read.errors);
        else if (lines.has(read.code)) add([{ line, column: 'code', value: `${read.code} (${lines.get(read.code)!})`, rule: 'cameras.duplicate' }]);
        else {
          lines.set(read.code, line);
          drafts.push(read);
        }
      }
      if (problems.length >= mostProblems) break;
      if (rows > mostRows) return refuse(422, 'cameras.too_many', { most: mostRows });
    }
    ignored = head.ignored;
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    problems.push(faulty(error));
  }
  if (problems.length === 0 && rows === 0) problems.push({ line: 1, column: null, value: '', rule: 'tables.empty' });
  if (problems.length > 0) return refused(problems);
  const digest = createHash('sha256').update(source.bytes).digest('hex');
  const report = { dryRun, rows, digest, ignored };
  if (dryRun) return { ...report, added: 0, changed: 0 };
  const now = world.now();
  const done = await world.db.transaction(async (tx) => {
    // Of two imports that end at once the second sees the first: the digest of all rows is of both.
    await tx.query('select county from county where county = $1 for no key update', [county]);
    const { added, changed } = await putCameras(tx, county, drafts, new Date(now));
    await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'cameras', action: 'import', set: { digest, rows, added: added.length, changed: changed.length, codes: [...added, ...changed].slice(0, 200), rowsDigest: await camerasDigest(tx, county) } }, actor, grant, now)]);
    return { added: added.length, changed: changed.length };
  });
  ledger.sequencer.nudge(county);
  return { ...report, ...done };
};

const ringOf = (value: unknown, system: CoordinateSystem): Ring | undefined => {
  if (!Array.isArray(value) || value.length < 4 || value.length > 2_000) return undefined;
  const ring: (readonly [number, number])[] = [];
  for (const position of value as unknown[]) {
    const [lng, lat] = Array.isArray(position) ? (position as unknown[]) : [];
    if (typeof lng !== 'number' || typeof lat !== 'number' || !(Math.abs(lng) <= 180) || !(Math.abs(lat) <= 90)) return undefined;
    ring.push(toWgs84(system, lng, lat));
  }
  const [first, last] = [ring[0]!, ring.at(-1)!];
  return first[0] === last[0] && first[1] === last[1] ? ring : undefined;
};

const areaOf = (geometry: { readonly type?: unknown; readonly coordinates?: unknown } | null, system: CoordinateSystem): Area | undefined => {
  const polygons = geometry?.type === 'Polygon' ? [geometry.coordinates] : geometry?.type === 'MultiPolygon' ? geometry.coordinates : undefined;
  if (!Array.isArray(polygons) || polygons.length === 0) return undefined;
  const area: Ring[][] = [];
  for (const polygon of polygons as unknown[]) {
    if (!Array.isArray(polygon) || polygon.length === 0) return undefined;
    const rings = (polygon as unknown[]).map((ring) => ringOf(ring, system));
    if (rings.some((ring) => ring === undefined)) return undefined;
    area.push(rings as Ring[]);
  }
  return area;
};

/** Replaces the outlines of buildings, whole or not at all. Refusals: 403 `identity.not_permitted`, 422 `cameras.import`. */
export const importBuildings = async ({ world, ledger, identity }: Shared, actor: Actor, county: string, { source, system = 'wgs84', dryRun = false }: CameraOrder): Promise<Result<{ readonly dryRun: boolean; readonly rows: number; readonly digest: string }>> => {
  const grant = identity.permits(actor, county, 'cameras.edit');
  if (!grant) return refuse(403, 'identity.not_permitted');
  const buildings: Parameters<typeof replaceBuildings>[2][number][] = [];
  const problems: LineProblem[] = [];
  try {
    for await (const { rows } of readFeatures(source.bytes)) {
      for (const { line, properties, geometry } of rows) {
        const area = areaOf(geometry, system);
        const said = properties['height'];
        const height = said === undefined || said === null || said === '' ? null : Number(said);
        if (!area) problems.push({ line, column: 'geometry', value: String(geometry?.type ?? ''), rule: 'cameras.building' });
        else if (height !== null && !(height >= 0 && height <= 1_000)) problems.push({ line, column: 'height', value: String(said).slice(0, 80), rule: 'cameras.number' });
        else buildings.push({ id: String(buildings.length + 1), height, area, box: boxOf(positionsOf(area)) });
      }
      if (problems.length >= mostProblems) break;
      if (buildings.length > mostBuildings) return refuse(422, 'cameras.too_many', { most: mostBuildings });
    }
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    problems.push(faulty(error));
  }
  if (problems.length === 0 && buildings.length === 0) problems.push({ line: 1, column: null, value: '', rule: 'tables.empty' });
  if (problems.length > 0) return refused(problems);
  const digest = createHash('sha256').update(source.bytes).digest('hex');
  if (!dryRun) {
    await world.db.transaction(async (tx) => {
      await replaceBuildings(tx, county, buildings);
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'cameras', action: 'buildings', set: { digest, rows: buildings.length } }, actor, grant, world.now())]);
    });
    ledger.sequencer.nudge(county);
  }
  return { dryRun, rows: buildings.length, digest };
};
