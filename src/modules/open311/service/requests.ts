import type { Actor } from '../../../base/actor.ts';
import { metresBetween } from '../../../base/geo/geometry.ts';
import type { Language } from '../../../base/text/language.ts';
import { isDigest } from '../../../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../base/result.ts';
import { readNumber } from '../../matters/rules/number.ts';
import type { RequestsQuery, ServiceRequest } from '../contract.ts';
import { readCursor, writeCursor } from '../../bulletin/rules/cursor.ts';
import type { PublicRow } from '../../bulletin/index.ts';
import { readStatus } from '../rules/status.ts';
import { mostRequests, windowOf } from '../rules/window.ts';
import { readReports } from '../store.ts';
import type { Needs } from './needs.ts';
import type { Jurisdiction } from './offer.ts';
import { createView, type ShownAround } from './view.ts';

export interface RequestPage {
  readonly items: readonly ServiceRequest[];
  /** What follows after this page; null at the end. */
  readonly after: string | null;
}

/** What is read for one answer: by whom (a program sees what it sent, whatever became of it), and how it is to be written. */
export interface Reader {
  readonly program: Actor | null;
  readonly language: Language;
  readonly extensions: boolean;
}

/** Metres around a point where nothing else is said. */
const usualRadius = 500;
const metresPerDegree = 111_195;

const listed = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

/** Reads cases for the public. */
export const createRequests = (needs: Needs) => {
  const { world, bulletin } = needs;
  const view = createView(world, bulletin);

  /** States of what came over Open311 in which it is found by its number alone: not looked at yet, or not taken on. */
  const byNumberAlone = new Set(['reported', 'checking', 'declined']);

  /**
   * Public ones under the service of their code; what came over Open311 and is not looked at yet or was not taken on, and a program's own whatever
   * became of it, under the service that was named: whoever was given a number may ask what becomes of it.
   */
  const shownOf = async (jurisdiction: Jurisdiction, rows: readonly PublicRow[], program: Actor | null): Promise<ShownAround[]> => {
    const isPublic = (row: PublicRow): boolean => jurisdiction.offer.shown(row) !== undefined && jurisdiction.serviceOf(row.code) !== undefined;
    const waiting = new Set(rows.filter(({ state, withheld }) => !withheld && byNumberAlone.has(state)).map(({ id }) => id));
    const rest = rows.filter((row) => !isPublic(row)).map(({ id }) => id);
    const own = new Map((rest.length === 0 ? [] : await readReports(world.db, jurisdiction.county, rest))
      .filter(({ account, matter }) => (program !== null && account === program.id) || waiting.has(matter)).map(({ matter, service }) => [matter, service]));
    return rows.flatMap((row) => {
      const category = isPublic(row) ? jurisdiction.serviceOf(row.code) : jurisdiction.known(own.get(row.id) ?? '');
      return category ? [{ row, category }] : [];
    });
  };

  const byNumber = async (jurisdiction: Jurisdiction, said: readonly string[], reader: Reader): Promise<ServiceRequest[]> => {
    const numbers = [...new Set(said.flatMap((one) => readNumber(jurisdiction.county, one) ?? []))];
    const rows = numbers.length === 0 ? [] : await bulletin.readByNumber(jurisdiction.county, numbers);
    const order = new Map(numbers.map((number, at) => [number, at]));
    const shown = await shownOf(jurisdiction, rows.sort((a, b) => order.get(a.number)! - order.get(b.number)!), reader.program);
    return view(jurisdiction, shown, reader.language, reader.extensions);
  };

  /** Keys of the services asked for; 404 for one that there is not. */
  const keysOf = (jurisdiction: Jurisdiction, asked: string | undefined): Result<{ readonly keys: readonly string[]; readonly few: boolean }> => {
    if (asked === undefined) return { keys: jurisdiction.keys(jurisdiction.services), few: false };
    const codes = listed(asked);
    const services = codes.map((code) => jurisdiction.known(code));
    const unknown = codes.find((_, at) => services[at] === undefined);
    if (unknown !== undefined) return refuse(404, 'open311.service', { service: unknown.slice(0, 60) });
    const keys = jurisdiction.keys(services.filter((service) => service !== undefined));
    return { keys, few: keys.length * 4 <= jurisdiction.keys(jurisdiction.services).length };
  };

  const near = async (jurisdiction: Jurisdiction, query: RequestsQuery, keys: readonly string[], reader: Reader, size: number): Promise<Result<RequestPage>> => {
    const { lat, long } = query;
    if (lat === undefined || long === undefined) return refuse(422, 'http.values', undefined, [{ path: `/query/${lat === undefined ? 'lat' : 'long'}`, reason: 'value.required' }]);
    const radius = query.radius ?? usualRadius;
    const shrink = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
    const [high, wide] = [radius / metresPerDegree, radius / (metresPerDegree * shrink)];
    const rows = await bulletin.readNear(jurisdiction.county, { keys, hidden: jurisdiction.offer.hidden }, { west: long - wide, south: lat - high, east: long + wide, north: lat + high }, { lng: long, lat, shrink }, size);
    const found = (await shownOf(jurisdiction, rows, null)).map((one) => ({ ...one, metres: metresBetween(long, lat, one.row.lng!, one.row.lat!) }))
      .filter(({ metres }) => metres <= radius).sort((a, b) => a.metres - b.metres);
    return { items: await view(jurisdiction, found, reader.language, reader.extensions), after: null };
  };

  /**
   * What was reported, newest first, or nearest first around a point. Numbers go before everything else.
   * Refusals: 400 `open311.span`, `open311.backwards`, `open311.status`, `open311.near_open`, `open311.beyond`, `open311.after`; 404 `open311.service`; 422.
   */
  const list = async (jurisdiction: Jurisdiction, query: RequestsQuery, reader: Reader): Promise<Result<RequestPage>> => {
    if (query.service_request_id !== undefined) return { items: await byNumber(jurisdiction, listed(query.service_request_id).slice(0, mostRequests), reader), after: null };
    const keys = keysOf(jurisdiction, query.service_code);
    if (isRefusal(keys)) return keys;
    const status = readStatus(query.status);
    if (status === null) return refuse(400, 'open311.status', { status: query.status!.slice(0, 60) });
    const limit = query.page_size ?? mostRequests;
    if (query.lat !== undefined || query.long !== undefined || query.radius !== undefined) {
      if (query.status !== undefined && status.closed) return refuse(400, 'open311.near_open');
      return near(jurisdiction, query, keys.keys, reader, limit);
    }
    const window = windowOf({ ...(query.start_date !== undefined && { start_date: query.start_date }), ...(query.end_date !== undefined && { end_date: query.end_date }) }, world.now(), jurisdiction.offset);
    if (isRefusal(window)) return window;
    const after = query.after === undefined ? null : readCursor(query.after);
    if (after === undefined) return refuse(400, 'open311.after');
    const offset = after ? 0 : ((query.page ?? 1) - 1) * limit;
    if (offset + limit > mostRequests) return refuse(400, 'open311.beyond', { most: mostRequests });
    const rows = await bulletin.readPublic({ county: jurisdiction.county, ...keys, ...status, hidden: jurisdiction.offer.hidden, window, village: query.address_id ?? null, after, limit, offset });
    const last = rows.length === limit ? rows.at(-1)! : undefined;
    return {
      items: await view(jurisdiction, await shownOf(jurisdiction, rows, null), reader.language, reader.extensions),
      after: last ? writeCursor({ at: last.created_at.getTime(), id: last.id }) : null,
    };
  };

  return {
    list,
    /** One request, or those of a comma list that there are. Refusal: 404 `open311.request`, also for what is there and not public, where none is left. */
    async one(jurisdiction: Jurisdiction, id: string, reader: Reader): Promise<Result<ServiceRequest[]>> {
      const found = await byNumber(jurisdiction, listed(id).slice(0, mostRequests), reader);
      return found.length > 0 ? found : refuse(404, 'open311.request', { request: id.slice(0, 60) });
    },
    /** The bytes of a picture that the county makes public. Refusal: 404 `open311.request`. */
    async picture(jurisdiction: Jurisdiction, id: string, digest: string): Promise<Result<Buffer>> {
      const refused: Refusal = refuse(404, 'open311.request', { request: id.slice(0, 60) });
      const number = readNumber(jurisdiction.county, id);
      if (number === undefined || jurisdiction.settings.pictures !== 'finished') return refused;
      const [shown] = await shownOf(jurisdiction, await bulletin.readByNumber(jurisdiction.county, [number]), null);
      if (shown?.row.state !== 'closed') return refused;
      const [shownCase] = await bulletin.view(jurisdiction.county, [shown], 'zh-Hans', true);
      const bytes = shownCase?.picture === digest && isDigest(digest) ? await world.blobs.get(digest) : undefined;
      return bytes && !isRefusal(bytes) ? bytes : refused;
    },
  };
};
