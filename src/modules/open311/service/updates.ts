import type { Actor } from '../../../base/actor.ts';
import type { ActorId } from '../../../base/ids.ts';
import type { Language } from '../../../base/text/language.ts';
import { isRefusal, refuse, type FieldError, type Result } from '../../../base/result.ts';
import { readNumber } from '../../matters/rules/number.ts';
import type { RequestUpdate, UpdatesQuery } from '../contract.ts';
import { stateWords } from '../../bulletin/index.ts';
import { readUpdates } from '../reads.ts';
import { opOf, type Fields } from '../rules/form.ts';
import { statusOf } from '../rules/status.ts';
import { mostRequests, stamp, windowOf } from '../rules/window.ts';
import { readReports } from '../store.ts';
import type { Needs } from './needs.ts';
import type { Jurisdiction } from './offer.ts';

export interface UpdatePage {
  readonly items: readonly RequestUpdate[];
  /** The last `update_id`, where there may be more; null at the end. */
  readonly after: string | null;
}

/** As long as a note and a reason to reopen may be. */
const longest = { note: 2_000, reopen: 500 } as const;

/** Updates of requests in both directions, as FixMyStreet and its like exchange them beside GeoReport v2. */
export const createUpdates = ({ world, identity, matters, bulletin }: Pick<Needs, 'world' | 'identity' | 'matters' | 'bulletin'>) => ({
  /**
   * Changes of state of public cases, in the order of the ledger. `after` replays from an `update_id` on.
   * Refusals: those of `windowOf`, 400 `open311.after`.
   */
  async list(jurisdiction: Jurisdiction, query: UpdatesQuery, language: Language): Promise<Result<UpdatePage>> {
    const { county, offset } = jurisdiction;
    const dated = query.start_date !== undefined || query.end_date !== undefined;
    const window = query.after !== undefined && !dated ? { from: 0, to: world.now() }
      : windowOf({ ...(query.start_date !== undefined && { start_date: query.start_date }), ...(query.end_date !== undefined && { end_date: query.end_date }) }, world.now(), offset);
    if (isRefusal(window)) return window;
    const after = query.after === undefined ? 0 : /^\d{1,15}$/.test(query.after) ? Number(query.after) : null;
    if (after === null) return refuse(400, 'open311.after');
    const limit = query.page_size ?? mostRequests;
    const rows = await readUpdates(world.db, { county, keys: jurisdiction.keys(jurisdiction.services), hidden: jurisdiction.offer.hidden, after, window, limit });
    const units = await identity.units.get(world.db, county, [...new Set(rows.flatMap(({ unit }) => unit ?? []))]);
    return {
      items: rows.map(({ seq, number, state, at, unit, merged }) => ({
        update_id: String(seq), service_request_id: number, status: statusOf(state), updated_datetime: stamp(at.getTime(), offset),
        description: stateWords(language, state, { number: merged ?? '', unit: (unit === null ? undefined : units.get(unit)?.name[language]) ?? '' }), media_url: null,
      })),
      after: rows.length === limit ? String(rows.at(-1)!.seq) : null,
    };
  },

  /**
   * What a program has to add to a report that it sent: a note; or, where the case is closed and the update says `open`, the
   * reporter's wish that it be opened again. The same `update_id` is taken once.
   * Refusals: 404 `open311.request` (also for another program's), 422, and those of `act` (409 where nothing can be added any more).
   */
  async add(jurisdiction: Jurisdiction, fields: Fields, program: Actor): Promise<Result<{ update_id: string }>> {
    const { county } = jurisdiction;
    const said = (name: string): string => fields[name]?.[0]?.trim() ?? '';
    const [id, words, status] = [said('service_request_id'), said('description'), said('status').toLowerCase()];
    const number = readNumber(county, id);
    const faults: FieldError[] = [
      ...(id === '' ? [{ path: '/service_request_id', reason: 'value.required' }] : []), ...(words === '' ? [{ path: '/description', reason: 'value.required' }] : []),
      ...(['', 'open', 'closed'].includes(status) ? [] : [{ path: '/status', reason: 'value.const' }]),
      ...(words.includes('\ufffd') ? [{ path: '/description', reason: 'http.not_utf8' }] : []),
    ];
    if (faults.length > 0) return refuse(422, 'http.values', undefined, faults);
    const unknown = refuse(404, 'open311.request', { request: id.slice(0, 60) });
    const [row] = number === undefined ? [] : await bulletin.readByNumber(county, [number]);
    const [report] = row ? await readReports(world.db, county, [row.id]) : [];
    const reporter = row && report?.account === program.id ? (await matters.whole(world.db, county, row.id))?.matter.facets.reporter : undefined;
    if (!row || reporter === undefined) return unknown;
    const [kind, person] = reporter.split(':') as [string, string];
    // Who reported with a phone speaks through the program now as then.
    const actor: Actor = kind === 'contact' ? { id: person as ActorId, kind: 'resident', name: null, grants: [] } : program;
    const again = status === 'open' && row.state === 'closed';
    const limit = again ? longest.reopen : longest.note;
    if (words.length > limit) return refuse(422, 'http.values', undefined, [{ path: '/description', reason: 'value.maxLength', params: { limit } }]);
    const given = said('update_id');
    const op = given === '' ? world.random.uuid(world.now()) : opOf(program.id, `update ${row.number} ${given}`);
    const done = await matters.act({
      actor, behalf: null, county, kind: 'case', matter: row.id, action: again ? 'askReopen' : 'note', op, input: again ? { reason: words } : { text: words },
    });
    return isRefusal(done) ? done : { update_id: op };
  },
});
