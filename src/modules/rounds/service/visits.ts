import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { BodyOf, QueryOf, ResponseOf } from '../../../base/route.ts';
import { entryOf } from '../../identity/index.ts';
import { doneEarlier } from '../../matters/rules/done.ts';
import type { listVisits, logVisit } from '../contract/visits.ts';
import { findVisit, insertVisit, visitsUnder } from '../store/visits.ts';
import { countyOf, momentOf, pathsOf, placeNames, type Needs } from './needs.ts';

/** 走访: visits to households. */
export interface Visits {
  /** Refusals: 403 `identity.not_permitted`, `identity.consent`, 409 `identity.consent_ended`, 404 `rounds.no-place`, 422 `rounds.visit-needs-consent`. */
  log(actor: Actor, ask: BodyOf<typeof logVisit>): Promise<Result<{ id: string }>>;
  list(actor: Actor, ask: QueryOf<typeof listVisits>): Promise<Result<ResponseOf<typeof listVisits>>>;
  /** The words of a visit, with an `access` entry. Refusals: 404 `rounds.no-visit`, 409 `identity.consent_ended`. */
  open(actor: Actor, county: string | undefined, id: string, purpose: string): Promise<Result<{ household: string | null; note: string | null }>>;
}

interface Words {
  readonly household: string | null;
  readonly note: string | null;
}

const usual = 50;

export const createVisits = (needs: Needs): Visits => {
  const { world, ledger, identity, places } = needs;
  return {
    async log(actor, ask) {
      const county = countyOf(actor, undefined);
      if (isRefusal(county)) return county;
      const tree = await places.tree(county);
      const located = ask.lng !== undefined && ask.lat !== undefined ? tree.locate(ask.lng, ask.lat).place : null;
      const found = tree.find(ask.place ?? located ?? '');
      // Where nobody said where, it counts to the visitor's own area.
      const path = found?.path ?? pathsOf(needs, actor, county, 'visits.write')[0];
      if (path === undefined) return refuse(403, 'identity.not_permitted');
      const grant = identity.permits(actor, county, 'visits.write', path);
      if (!grant) return refuse(403, 'identity.not_permitted');
      const words: Words = { household: ask.household?.trim() || null, note: ask.note?.trim() || null };
      const said = words.household !== null || words.note !== null;
      if (said && ask.consent === undefined) return refuse(422, 'rounds.visit-needs-consent', undefined, [{ path: '/consent', reason: 'rounds.visit-needs-consent' }]);
      if (await findVisit(world.db, county, ask.op)) return { id: ask.op };
      if (ask.consent !== undefined) {
        const consent = await identity.consents.valid(actor, county, ask.consent, 'visit_notes');
        if (isRefusal(consent)) return consent;
      }
      const now = world.now();
      await world.db.transaction(async (tx) => {
        const happened = await insertVisit(tx, county, {
          id: ask.op, place: found?.id ?? null, path, account: actor.id, kind: ask.kind, outcome: ask.outcome, consent: ask.consent ?? null,
          words: said ? world.keys.seal(JSON.stringify(words), 'visit') : null, done_at: new Date(momentOf(ask.done, now)), received_at: new Date(now),
        });
        if (happened)
          await ledger.append(tx, [entryOf({
            county, subject: 'access', kind: 'visit', action: 'log',
            set: { visit: ask.op, purpose: ask.kind, outcome: ask.outcome, ...(found && { place: found.id }), ...(ask.consent !== undefined && { consent: ask.consent }), ...doneEarlier(ask.done, now) },
          }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return { id: ask.op };
    },

    async list(actor, { county: asked, after, limit = usual }) {
      const county = countyOf(actor, asked);
      if (isRefusal(county)) return county;
      const paths = pathsOf(needs, actor, county, 'visits.write');
      if (paths.length === 0) return refuse(403, 'identity.not_permitted');
      const [at, id] = after?.split(' ') ?? [];
      const from = at !== undefined && id !== undefined && !Number.isNaN(Date.parse(at)) && /^[0-9a-f-]{36}$/.test(id) ? { at: new Date(at), id } : null;
      const rows = await visitsUnder(world.db, county, paths, from, limit);
      const names = await identity.accounts.names(world.db, [...new Set(rows.map(({ account }) => account))]);
      const consents = await identity.consents.some(county, rows.flatMap(({ consent }) => consent ?? []));
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        items: await Promise.all(rows.map(async (row) => {
          const consent = row.consent === null ? undefined : consents.get(row.consent);
          return {
            id: row.id, at: row.received_at.toISOString(), doneAt: row.done_at.toISOString(), placeNames: await placeNames(needs, county, row.place), kind: row.kind, outcome: row.outcome,
            by: names.get(row.account) ?? null, words: row.words !== null, consent: consent ? { until: new Date(consent.until).toISOString(), revoked: consent.revokedAt !== null } : null,
          };
        })),
        next: last ? `${last.received_at.toISOString()} ${last.id}` : null,
      };
    },

    async open(actor, asked, id, purpose) {
      const county = countyOf(actor, asked);
      if (isRefusal(county)) return county;
      const row = await findVisit(world.db, county, id);
      const grant = row && identity.permits(actor, county, 'visits.write', row.path);
      if (!row || !grant) return refuse(404, 'rounds.no-visit');
      if (row.words === null) return refuse(409, 'identity.consent_ended');
      const now = world.now();
      await world.db.transaction((tx) => ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'visit', action: 'open', set: { visit: id, purpose } }, actor, grant, now)]));
      ledger.sequencer.nudge(county);
      return JSON.parse(world.keys.open(row.words, 'visit')) as Words;
    },
  };
};
