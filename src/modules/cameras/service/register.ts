import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor, Grant } from '../../../base/actor.ts';
import { boxAround, type Box } from '../../../base/geo/geometry.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Field } from '../../../platform/tables/records.ts';
import { entryOf } from '../../identity/index.ts';
import type { CameraChange } from '../contract/cameras.ts';
import { readCamera, type CameraDraft } from '../rules/record.ts';
import { between, ranked, type Seen, type Seer } from '../rules/sight.ts';
import { buildingsIn, countBuildings } from '../store/buildings.ts';
import { cameraPoints, camerasDigest, camerasWithin, deleteCamera, listCameraRows, moveCameras, noticePhotos, putCameras, readCameraRow, setNoticePhoto, type CameraFilter, type CameraRow } from '../store/cameras.ts';
import { importBuildings, importCameras, type CameraOrder, type CameraReport } from './import.ts';
import { countyCode, type Shared } from './needs.ts';
import { surveyOf } from './survey.ts';

/** A camera as other modules see it. */
export interface Camera extends CameraRow {
  readonly state: Seer['state'];
}

export interface NearAsk {
  /** 3,000 where absent. */
  readonly withinMetres?: number;
  readonly limit?: number;
}

/** Which cameras there are, and which of them sees a point. */
export interface Register {
  find(county: string, code: string): Promise<Camera | undefined>;
  /** A page of cameras by code. */
  list(county: string, filter: Partial<CameraFilter>, after: string, limit: number): Promise<Camera[]>;
  within(county: string, box: Box, limit: number): Promise<Camera[]>;
  /** The cameras that somebody would try for a WGS-84 point, as `ranked` orders them. */
  nearest(county: string, lng: number, lat: number, ask?: NearAsk): Promise<readonly { readonly camera: Camera; readonly seen: Seen }[]>;
  /** Refusals: 403, 404 `cameras.unknown`, 409 `cameras.changed` {version}, 422 `cameras.import` with what is wrong. */
  change(actor: Actor, county: string, code: string, change: CameraChange): Promise<Result<Camera>>;
  /** Refusals: 403, 404 `cameras.unknown`. */
  remove(actor: Actor, county: string, code: string): Promise<Result<{ readonly done: true }>>;
  importTable(actor: Actor, county: string, order: CameraOrder): Promise<Result<CameraReport>>;
  importBuildings(actor: Actor, county: string, order: CameraOrder): ReturnType<typeof importBuildings>;
  buildings(county: string): Promise<number>;
  /** Photos of notices among some digests, which are kept for as long as they are named. */
  photos(county: string, digests: readonly string[]): Promise<string[]>;
  /** Places every camera anew, after the county's grids changed. @returns how many moved to another place */
  relocate(county: string): Promise<number>;
}

const required = new Set(['code', 'name', 'lng', 'lat', 'reach', 'owner', 'purpose', 'retention', 'notice']);
const columns = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../data/cameras/columns.json'), 'utf8')) as Record<string, string[]>;
/** Columns of an import, in the order in which an export writes them. */
export const cameraFields: readonly Field[] = Object.entries(columns).map(([name, titles]) => ({ name, titles, required: required.has(name) }));

/** Cameras that one question about a point looks among. */
const candidates = 300;

const cameraOf = (row: CameraRow): Camera => ({ ...row, state: row.off ? 'off' : row.silentSince !== null ? 'silent' : 'works' });

/** A camera as a line of a table says it. */
const valuesOf = (row: CameraRow): Record<string, string> => Object.fromEntries(cameraFields.map(({ name }) => {
  const value = row[name as keyof CameraRow];
  return [name, value === null || value === undefined ? '' : typeof value === 'boolean' ? (value ? '1' : '0') : String(value)];
}));

export const createRegister = (shared: Shared): Register => {
  const { world, ledger, identity, places } = shared;
  const denied = refuse(403, 'identity.not_permitted');

  const traced = async <T>(actor: Actor, grant: Grant, county: string, action: string, work: (tx: Tx, now: number) => Promise<Result<{ readonly value: T; readonly set: { readonly [name: string]: string | number | boolean | null | readonly string[] } }>>): Promise<Result<T>> => {
    const now = world.now();
    const done = await world.db.transaction(async (tx) => {
      await tx.query('select county from county where county = $1 for no key update', [county]);
      const made = await work(tx, now);
      if (isRefusal(made)) return made;
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'cameras', action, set: { ...made.set, rowsDigest: await camerasDigest(tx, county) } }, actor, grant, now)]);
      return { value: made.value };
    });
    if (isRefusal(done)) return done;
    ledger.sequencer.nudge(county);
    return done.value;
  };

  return {
    async find(county, code) {
      const row = await readCameraRow(world.db, county, code);
      return row && cameraOf(row);
    },
    list: async (county, { state = null, purpose = null, owner = null, path = null, ptz = null, notice = null, text = null }, after, limit) =>
      (await listCameraRows(world.db, county, { state, purpose, owner, path, ptz, notice, text }, after, limit)).map(cameraOf),
    within: async (county, box, limit) => (await camerasWithin(world.db, county, box, limit)).map(cameraOf),

    async nearest(county, lng, lat, { withinMetres = 3_000, limit = 6 } = {}) {
      const near = (await camerasWithin(world.db, county, boxAround(lng, lat, withinMetres), candidates)).map(cameraOf);
      // Only those in reach are judged by what stands in between: the others do not see the point in any case.
      const might = ranked(near, [lng, lat], null).filter(({ seen }) => seen.metres <= withinMetres);
      const inReach = might.filter(({ seen }) => seen.inReach).map(({ camera }) => camera);
      const buildings = await buildingsIn(world.db, county, between(inReach, [lng, lat]));
      return ranked(might.map(({ camera }) => camera), [lng, lat], buildings).slice(0, limit);
    },

    async change(actor, county, code, { county: _, version, noticePhoto, ...change }) {
      const row = await readCameraRow(world.db, county, code);
      const grant = identity.permits(actor, county, 'cameras.edit', row?.path ?? undefined);
      if (!grant) return denied;
      if (!row) return refuse(404, 'cameras.unknown', { code });
      const survey = await surveyOf(shared, county, 'wgs84');
      // The form is judged by the same rules as a line of a table; what was said before and is not on a list any more may stay.
      const read = readCamera(1, { ...valuesOf(row), ...valuesOf({ ...row, ...change } as CameraRow) }, { ...survey, purpose: (text) => survey.purpose(text) ?? (text === row.purpose ? text : undefined), unit: (text) => survey.unit(text) ?? (text === row.owner ? text : undefined) });
      if ('errors' in read) return refuse(422, 'cameras.import', { count: read.errors.length, line: 1 }, read.errors.map(({ column, value, rule }) => ({ path: `/${column ?? ''}`, reason: rule, params: { line: 1, column: column ?? '', value } })));
      const done = await traced(actor, grant, county, 'change', async (tx, now) => {
        const present = await readCameraRow(tx, county, code);
        if (!present) return refuse(404, 'cameras.unknown', { code });
        if (present.version !== version) return refuse(409, 'cameras.changed', { version: present.version });
        await putCameras(tx, county, [read as CameraDraft], new Date(now));
        if (noticePhoto !== undefined && noticePhoto !== present.noticePhoto) await setNoticePhoto(tx, county, code, noticePhoto, new Date(now));
        const next = (await readCameraRow(tx, county, code))!;
        const changed = Object.keys({ ...change, ...(noticePhoto !== undefined && { noticePhoto }) }).filter((name) => next[name as keyof CameraRow] !== present[name as keyof CameraRow]);
        return { value: next, set: { camera: code, version: next.version, changed } };
      });
      return isRefusal(done) ? done : cameraOf(done);
    },

    async remove(actor, county, code) {
      const row = await readCameraRow(world.db, county, code);
      const grant = identity.permits(actor, county, 'cameras.edit', row?.path ?? undefined);
      if (!grant) return denied;
      return traced(actor, grant, county, 'remove', async (tx) => ((await deleteCamera(tx, county, code)) ? { value: { done: true as const }, set: { camera: code } } : refuse(404, 'cameras.unknown', { code })));
    },

    importTable: (actor, county, order) => importCameras(shared, cameraFields, actor, county, order),
    importBuildings: (actor, county, order) => importBuildings(shared, actor, county, order),
    buildings: (county) => countBuildings(world.db, county),
    photos: (county, digests) => noticePhotos(world.db, county, digests),

    async relocate(county) {
      const tree = await places.tree(countyCode(county));
      let count = 0;
      for (let after = ''; ;) {
        const batch = await cameraPoints(world.db, county, after, 5_000);
        const moved = batch.flatMap(({ code, lng, lat, path }) => {
          const at = tree.locate(lng, lat);
          return at.path === path ? [] : [{ code, place: at.place, path: at.path }];
        });
        if (moved.length > 0) await moveCameras(world.db, county, moved);
        count += moved.length;
        if (batch.length < 5_000) return count;
        after = batch.at(-1)!.code;
      }
    },
  };
};
