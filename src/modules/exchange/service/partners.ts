import type { Actor } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { failureWords } from '../../../platform/outside/failure.ts';
import { peerFault } from '../../../platform/outside/peer.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { entryOf } from '../../identity/index.ts';
import type { PartnerChange, PartnerInput, PartnerReport, PartnerView } from '../contract.ts';
import { countReports, deletePartner, insertPartner, listReports, readPartner, readPartners, retryReport, updatePartner, type Counts, type PartnerRow } from '../store.ts';
import type { Needs } from './needs.ts';

/** What an administrator does with partners; every change is an entry of the ledger. */
export interface Partners {
  /** Refusal: 403 `identity.not_permitted`. */
  list(actor: Actor, county: string, language: Language): Promise<Result<PartnerView[]>>;
  /** Refusals: 403, 404 `identity.account`, 422 `identity.not_program`, `exchange.plain`, `exchange.demo`, `exchange.service`, `exchange.self`. */
  add(actor: Actor, county: string, ask: PartnerInput, language: Language): Promise<Result<PartnerView>>;
  /** Refusals: 403, 404 `exchange.unknown`, 422 `exchange.service`. */
  change(actor: Actor, county: string, id: string, ask: PartnerChange, language: Language): Promise<Result<PartnerView>>;
  remove(actor: Actor, county: string, id: string): Promise<Result<{ done: true }>>;
  reports(actor: Actor, county: string, id: string, ask: { readonly box?: 'all' | 'waiting' | 'refused' | 'conflict'; readonly after?: string; readonly limit?: number }, language: Language): Promise<Result<{ items: PartnerReport[]; next: string | null }>>;
  /** Refusals: 403, 404 `exchange.unknown`, 409 `exchange.not_refused`. */
  retry(actor: Actor, county: string, id: string, report: string): Promise<Result<{ done: true }>>;
}

const nothing = { taken: 0, sent: 0, waiting: 0, refused: 0, conflicts: 0 };
const usual = 50;

/** A code that a round or a report failed with, in words; what a partner said itself follows it. */
const errorWords = (code: string | null, language: Language): string | null => {
  if (code === null) return null;
  const [key = '', ...said] = code.split(': ');
  const texts = textsOf('exchange');
  const status = /^(told_)?http_(\d+)$/.exec(key);
  const words = status ? say(texts, language, `error.${status[1] ?? ''}http`, { status: status[2]! })
    : textsOf('reasons')[key] ? say(textsOf('reasons'), language, key) : texts[`error.${key}`] ? say(texts, language, `error.${key}`) : (failureWords(key, language) ?? key);
  return [words, ...said].join(' ');
};

const viewOf = (row: PartnerRow, counts: Counts | undefined, language: Language): PartnerView => {
  const { taken, sent, waiting, refused, conflicts } = counts ?? nothing;
  return {
    id: row.id, name: row.name, url: row.url, jurisdiction: row.jurisdiction, account: row.account, direction: row.direction, services: [...row.services], pushAt: row.push_at, words: row.words,
    active: row.active, hasKey: row.key !== null, contactedAt: row.contacted_at?.toISOString() ?? null, failures: row.failures, error: row.error, errorWords: errorWords(row.error, language),
    nextAt: row.next_at.toISOString(), pulledUntil: row.pulled_until.toISOString(), counts: { taken, sent, waiting, refused, conflicts },
  };
};

export const createPartners = ({ world, ledger, identity, open311 }: Needs): Partners => {
  const denied = refuse(403, 'identity.not_permitted');
  const unknown = refuse(404, 'exchange.unknown');

  const changing = async <T>(actor: Actor, county: string, action: string, set: { readonly [name: string]: string | number | boolean }, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> => {
    const grant = identity.permits(actor, county, 'accounts.edit');
    if (!grant) return denied;
    const done = await world.db.transaction(async (tx) => {
      const made = await work(tx);
      if (!isRefusal(made)) await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'partner', action, set }, actor, grant, world.now())]);
      return made;
    });
    if (!isRefusal(done)) ledger.sequencer.nudge(county as CountyCode);
    return done;
  };

  /** A service of ours that there is not, or one of theirs that stands for two of ours. */
  const wrongServices = async (county: string, services: PartnerInput['services']): Promise<Result<null>> => {
    const jurisdiction = await open311.jurisdiction(county);
    if (isRefusal(jurisdiction)) return jurisdiction;
    const at = services.findIndex(({ ours, theirs }, index) => !jurisdiction.service(ours) || services.some((other, earlier) => earlier < index && (other.ours === ours || other.theirs === theirs)));
    return at === -1 ? null : refuse(422, 'exchange.service', { service: services[at]!.ours }, [{ path: `/services/${at}`, reason: 'exchange.service', params: { service: services[at]!.ours } }]);
  };

  const seen = async (tx: Tx, county: string, id: string, language: Language): Promise<Result<PartnerView>> => {
    const row = await readPartner(tx, county, id);
    return row ? viewOf(row, (await countReports(tx, county)).find(({ partner }) => partner === id), language) : unknown;
  };

  return {
    async list(actor, county, language) {
      if (!identity.permits(actor, county, 'accounts.edit')) return denied;
      const counts = new Map((await countReports(world.db, county)).map((one) => [one.partner, one]));
      return (await readPartners(world.db, county)).map((row) => viewOf(row, counts.get(row.id), language));
    },
    async add(actor, county, ask, language) {
      const fault = peerFault(ask.url, world.demo) ?? (ask.url.startsWith(`${world.config.url}/`) ? 'self' : undefined);
      if (fault) return refuse(422, `exchange.${fault}`, undefined, [{ path: '/url', reason: `exchange.${fault}` }]);
      const services = await wrongServices(county, ask.services);
      if (isRefusal(services)) return services;
      const read = await identity.accounts.read(actor, county, ask.account);
      if (isRefusal(read)) return read;
      if (read.account.kind !== 'program') return refuse(422, 'identity.not_program');
      const now = new Date(world.now());
      const id = world.random.uuid(world.now());
      return changing(actor, county, 'add', { partner: id, account: ask.account, direction: ask.direction, services: ask.services.length }, async (tx) => {
        await insertPartner(tx, {
          county, id, name: ask.name, url: ask.url, jurisdiction: ask.jurisdiction ?? null, key: ask.key === undefined ? null : world.keys.seal(ask.key, 'partner'), account: ask.account, direction: ask.direction,
          services: ask.services, push_at: ask.pushAt ?? 'filed', words: ask.words ?? false, active: true, pulled_until: now, heard_until: now, failures: 0, error: null, contacted_at: null, next_at: now, created_at: now,
        });
        return seen(tx, county, id, language);
      });
    },
    async change(actor, county, id, ask, language) {
      const services = ask.services === undefined ? null : await wrongServices(county, ask.services);
      if (isRefusal(services)) return services;
      return changing(actor, county, 'change', { partner: id, ...(ask.active !== undefined && { active: ask.active }), ...(ask.direction && { direction: ask.direction }), ...(ask.services && { services: ask.services.length }), ...(ask.since && { since: ask.since }), ...(ask.key !== undefined && { key: true }) }, async (tx) => {
        const row = await readPartner(tx, county, id);
        if (!row) return unknown;
        await updatePartner(tx, {
          ...row, name: ask.name ?? row.name, direction: ask.direction ?? row.direction, services: ask.services ?? row.services, push_at: ask.pushAt ?? row.push_at, words: ask.words ?? row.words,
          key: ask.key === undefined ? row.key : world.keys.seal(ask.key, 'partner'), active: ask.active ?? row.active, pulled_until: ask.since === undefined ? row.pulled_until : new Date(Date.parse(ask.since)), next_at: new Date(world.now()),
        });
        return seen(tx, county, id, language);
      });
    },
    remove: (actor, county, id) => changing(actor, county, 'remove', { partner: id }, async (tx) => ((await deletePartner(tx, county, id)) ? { done: true as const } : unknown)),
    async reports(actor, county, id, { box = 'all', after, limit = usual }, language) {
      if (!identity.permits(actor, county, 'accounts.edit')) return denied;
      if (!(await readPartner(world.db, county, id))) return unknown;
      const [, at, last] = /^(\d{1,16})~([0-9a-f-]{36})$/.exec(after ?? '') ?? [];
      const rows = await listReports(world.db, county, id, box, at && last ? { at: new Date(Number(at)), id: last } : null, limit);
      const end = rows.length === limit ? rows.at(-1)! : undefined;
      return {
        items: rows.map((row) => ({
          id: row.id, matter: row.matter, number: row.number, title: row.title, theirs: row.theirs, origin: row.origin, state: row.state, status: row.status,
          ourStatus: row.ended === null ? null : row.ended ? 'closed' : 'open', error: row.error, errorWords: errorWords(row.error, language), conflict: row.conflict, at: row.at.toISOString(),
        })),
        next: end ? `${end.at.getTime()}~${end.id}` : null,
      };
    },
    retry: (actor, county, id, report) => changing(actor, county, 'retry', { partner: id, report }, async (tx) => {
      if (!(await readPartner(tx, county, id))) return unknown;
      return (await retryReport(tx, county, id, report, new Date(world.now()))) ? { done: true as const } : refuse(409, 'exchange.not_refused');
    }),
  };
};
