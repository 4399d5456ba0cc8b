import type { Actor } from '../../../base/actor.ts';
import type { Calendar } from '../../../base/time/calendar.ts';
import type { Language } from '../../../base/text/language.ts';
import { refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { PoolClient } from 'pg';
import { Counter, Histogram } from 'prom-client';
import type { Scope, ScopedObject } from '../../identity/index.ts';
import { scopeAllows } from '../../identity/index.ts';
import type { Ledger, TraceChecker } from '../../ledger/index.ts';
import type { ClockView, Done, MatterItem, MatterPage } from '../contract.ts';
import { isInner, type Clock } from '../rules/clocks.ts';
import { clockView, clockWorking } from './clocks/working.ts';
import { countCap, countMatters, listMatters, type Listed } from '../reads/list.ts';
import {
  countByCode, countOfUnit, countyOf, doersOfChildren, listedByIds, mattersWith, openChildren, openByHandler, openByUnit, openByVersion, openNear, openOfUnit, pastMatters, readChildren, readFamily, readSome, readWhole, reportedBy, scopedMatters, standings, type WholeMatter,
} from '../reads/matters.ts';
import { leaseFigures, readHeld } from '../store/read.ts';
import { Acting, type Call } from './act.ts';
import { makeReady, writeMade, type BringOrder, type MadeReady } from './bring.ts';
import { Calendars, readPublished } from './clocks/calendars.ts';
import { actOnDueClocks } from './clocks/escalate.ts';
import { listQuery, writeCursor, type ListAsk } from './desk/asked.ts';
import { createBulk, type Bulk } from './desk/bulk.ts';
import { createExport, type ExportAsk, type ExportedList } from './desk/export.ts';
import { createSavedFilters, type SavedFilters } from './desk/saved.ts';
import { createFinder } from './find.ts';
import { Kinds, type Kind } from './kinds.ts';
import type { Labels } from './labels.ts';
import type { Matter } from '../rules/workflow.ts';
import { forgetOperations } from '../store/due.ts';
import { eraseTexts, textsOfMatter } from '../store/trace.ts';
import { Numbers } from './numbers.ts';
import { spotMark } from './digests.ts';
import { createMatterChecker } from './tracing.ts';
import { recomputeClocks } from './clocks/recompute.ts';
import { calendarArea } from './clocks/area.ts';
import { countRunning, readSpent } from '../store/running.ts';
import type { Area } from '../../settings/index.ts';
import { itemOf, pageOf, possible, readsPersonal, type Viewing } from './view.ts';

export interface MattersDependencies {
  readonly ledger: Ledger;
  readonly labels: Labels;
  /** What an actor may see now. */
  scope(actor: Actor): Scope;
  /** Whoever reported a matter, as this actor may see it. */
  reporter(actor: Actor, county: string, reporter: string, path: string | null): Promise<MatterPage['reporter']>;
}

export interface MatterList {
  readonly items: MatterItem[];
  readonly next: string | null;
  readonly counts: { readonly all: number; readonly warn: number; readonly late: number; readonly capped: boolean };
  readonly cursor: string;
}

/** A matter that an actor may see. */
export interface SeenMatter {
  readonly matter: Matter;
  readonly item: MatterItem;
  /** Whether its personal words are for this actor. */
  readonly personal: boolean;
}

/** The kernel's front door. */
export interface Matters {
  register(kind: Kind): void;
  readonly kinds: Kinds;
  act(call: Call): Promise<Result<Done>>;
  actIn(tx: Tx, call: Call): Promise<Result<Done>>;
  /** Makes matters that another system had; `writeMade` writes them. */
  makeReady(order: Omit<BringOrder, 'calendar' | 'now' | 'random' | 'spot'>): Promise<MadeReady>;
  /** Writes what was made, in the caller's transaction on a connection of its own. */
  writeMade(client: PoolClient, ready: MadeReady): Promise<void>;
  /**
   * What this actor was answered to this very request before. An action may end its actor's right to see the matter (a unit
   * hands a case back); whoever lost the answer on the way asks again and gets it all the same.
   */
  answered(actor: Actor, asked: Pick<Call, 'action' | 'input' | 'op'> & { readonly matter: string }): Promise<Result<Done> | undefined>;
  list(actor: Actor, ask: ListAsk, language: Language): Promise<Result<MatterList>>;
  /** The whole of a list as a table, however long; traced before the first row and after the last. Refusals as of `list`. */
  exported(actor: Actor, ask: ExportAsk, language: Language): Promise<Result<ExportedList>>;
  readonly bulk: Bulk;
  readonly saved: SavedFilters;
  /** Clocks that run or stand still on a matter, with their working; that which ends first is the first. */
  due(actor: Actor, id: string, language: Language): Promise<Result<{ clocks: ClockView[] }>>;
  /** The working of a clock in sentences, for pages of modules above. */
  working(county: string, clock: Clock, language: Language): readonly string[];
  page(actor: Actor, id: string, language: Language): Promise<Result<MatterPage>>;
  /** Those of some matters of a county that the actor may see, of one kind where it is given; in no order. */
  seen(actor: Actor, county: string, ids: readonly string[], kind: string | undefined, language: Language): Promise<SeenMatter[]>;
  /** Matters that a page or rule of a higher module asks for; those modules check the right. */
  readonly openChildren: typeof openChildren;
  readonly doersOfChildren: typeof doersOfChildren;
  readonly readFamily: typeof readFamily;
  readonly openByHandler: typeof openByHandler;
  readonly openByUnit: typeof openByUnit;
  readonly openNear: typeof openNear;
  readonly reportedBy: typeof reportedBy;
  readonly pastMatters: typeof pastMatters;
  readonly countByCode: typeof countByCode;
  readonly openByVersion: typeof openByVersion;
  readonly countOfUnit: typeof countOfUnit;
  readonly openOfUnit: typeof openOfUnit;
  readonly mattersWith: typeof mattersWith;
  readonly standings: typeof standings;
  /** Takes a block of a day's figures (`YYMMDD`) for numbers that a simulation gives out itself; gives its first. */
  leaseFigures(county: string, day: string, size: number): Promise<number>;
  /** A matter whatever the actor may see: for modules above, which check the right themselves. */
  whole(tx: Tx, county: string, id: string): Promise<WholeMatter | undefined>;
  actionsOf(whole: WholeMatter, actor: Actor, language: Language): ReturnType<typeof possible>;
  /** Texts of a matter that are still there, with their salts, for a bundle that proves its words. */
  texts(tx: Tx, county: string, matter: string): Promise<readonly { id: string; name: string; text: string; salt: Buffer }[]>;
  /** Erases texts for good. Every proof stays whole; the digest in the ledger proves nothing any more. @returns how many */
  erase(county: string, texts: readonly string[]): Promise<number>;
  /** What trace verify asks about matters and texts. */
  readonly checker: TraceChecker;
  /** Where matters stand, as rights are decided on. */
  scoped(tx: Tx, county: string, ids: readonly string[]): Promise<Map<string, ScopedObject>>;
  /** The county of a matter that the actor may see; 404 where there is none. */
  locate(actor: Actor, id: string): Promise<Result<{ county: string; whole: WholeMatter }>>;
  /** County and kind of a matter that the actor may see, for acting on it; 404 where there is none. Costs less than `locate`. */
  find(actor: Actor, id: string): Promise<Result<{ readonly county: string; readonly kind: string }>>;
  calendar(county: string): Calendar;
  /** What a county may set of its calendar. */
  readonly area: Area;
  /** How long the stopped clocks of a name ran. */
  readonly spentClocks: typeof readSpent;
  readonly runningClocks: typeof countRunning;
  /** Reads the counties' calendars anew and recomputes the running clocks. @returns clocks changed */
  reloadCalendars(): Promise<number>;
  /** As `reloadCalendars`, where a calendar has changed since it was read; else one small read. @returns clocks changed */
  refreshCalendars(): Promise<number>;
  /** One round of the clocks. @returns how many were acted on */
  tick(simulated?: { readonly now: number; readonly seed: string }): Promise<number>;
  /** Forgets what was answered under ops longer ago than they are kept (400 days). @returns how many */
  forget(): Promise<number>;
  drain(): Promise<void>;
}

/** How long the answer to an op is remembered, in milliseconds. */
const operationsKept = 400 * 86_400_000;

const publishedFile = new URL('../../../../data/calendars/cn.json', import.meta.url);

export const createMatters = async (world: World, dependencies: MattersDependencies): Promise<Matters> => {
  const { ledger, labels } = dependencies;
  const kinds = new Kinds();
  const published = readPublished(publishedFile);
  const calendars = new Calendars(published);
  await calendars.load(world.db);
  const batches = new Histogram({ name: 'lamplight_batch_actions', help: 'Actions that one write carried', buckets: [1, 2, 4, 8, 16, 32, 64], registers: [world.metrics] });
  const actions = new Counter({ name: 'lamplight_actions_total', help: 'Actions by kind, action and outcome (done, or the reason of the refusal)', labelNames: ['kind', 'action', 'outcome'], registers: [world.metrics] });
  const fired = new Counter({ name: 'lamplight_clocks_fired_total', help: 'Clocks that were acted on: warned of or run out', registers: [world.metrics] });
  const spot = spotMark(world.keys);
  const acting = new Acting(
    world, { kinds, calendars, numbers: new Numbers(world.db), random: world.random, spot, load: (county, ids) => readHeld(world.db, [county], ids) }, (county) => ledger.sequencer.nudge(county),
    { batch: (size) => batches.observe(size), action: (kind, action, outcome) => actions.inc({ kind, action, outcome }) });
  const viewing: Viewing = { kinds, calendars, labels, now: world.now };

  const locate: Matters['locate'] = async (actor, id) => {
    const counties = [...new Set(actor.grants.map((grant) => grant.county as string))];
    const county = counties.length > 0 ? await countyOf(world.db, counties, id) : undefined;
    const whole = county === undefined ? undefined : await readWhole(world.db, county, id);
    if (!whole || county === undefined) return refuse(404, 'matters.not-found');
    const { matter } = whole;
    return scopeAllows(dependencies.scope(actor), { county, kind: matter.kind, ...matter.facets }) ? { county, whole } : refuse(404, 'matters.not-found');
  };

  const finder = createFinder(world.db);
  const find: Matters['find'] = async (actor, id) => {
    const found = await finder([...new Set(actor.grants.map((grant) => grant.county as string))], id);
    return found && scopeAllows(dependencies.scope(actor), found) ? { county: found.county, kind: found.kind } : refuse(404, 'matters.not-found');
  };

  const reloadCalendars = async (): Promise<number> => {
    await calendars.load(world.db);
    return recomputeClocks(world, calendars, kinds);
  };

  return {
    register: (kind) => kinds.register(kind),
    kinds,
    act: (call) => acting.act(call),
    actIn: (tx, call) => acting.actIn(tx, call),
    makeReady: (order) => makeReady(world.db, { ...order, calendar: calendars.of(order.county), now: world.now(), random: world.random, spot }),
    writeMade,
    async answered(actor, asked) {
      const county = await countyOf(world.db, [...new Set(actor.grants.map((grant) => grant.county as string))], asked.matter);
      const held = county === undefined ? undefined : (await readHeld(world.db, [county], [asked.matter])).get(asked.matter);
      return held && acting.answered({ ...asked, actor, behalf: null, county: held.matter.county, kind: held.matter.kind });
    },
    locate, find,
    whole: readWhole, openChildren, doersOfChildren, readFamily, openNear, reportedBy, pastMatters, countByCode, openByHandler, openByUnit, openByVersion, countOfUnit, openOfUnit, mattersWith, standings,
    leaseFigures: (county, day, size) => leaseFigures(world.db, county, day, size),
    actionsOf: (whole, actor, language) => possible(viewing, whole, actor, language),
    calendar: (county) => calendars.of(county),
    checker: createMatterChecker(calendars, kinds, spot),
    scoped: scopedMatters,
    texts: async (tx, county, matter) => (await textsOfMatter(tx, county, matter)).map(({ id, name, body, salt }) => ({ id, name, text: body!, salt: salt! })),
    erase: (county, texts) => eraseTexts(world.db, county, texts, world.now()),

    async list(actor, ask, language) {
      const county = ask.county ?? actor.grants[0]?.county;
      if (county === undefined) return refuse(403, 'matters.no-county');
      const query = listQuery(ask, county, actor, dependencies.scope(actor), kinds, world.now());
      if ('refused' in query) return query;
      const position = await ledger.position(world.db, county);
      // A number has one matter at the most: it is counted as it stands.
      const [found, counts] = query.number !== undefined
        ? await listMatters(world.db, query).then((listed) => [listed, countListed(listed, query.now)] as const)
        : await Promise.all([listMatters(world.db, query), countMatters(world.db, query)]);
      const last = found.length === query.limit ? found.at(-1) : undefined;
      return {
        items: await Promise.all(found.map((one) => itemOf(viewing, one, language))),
        next: last ? writeCursor(query.order, last.dueAt, last.matter.createdAt, last.matter.id) : null,
        counts: { all: Math.min(counts.all, countCap), warn: Math.min(counts.warn, countCap), late: Math.min(counts.late, countCap), capped: counts.all > countCap },
        cursor: `${county}:${position}`,
      };
    },

    bulk: createBulk({ world, acting, viewing, scope: (actor) => dependencies.scope(actor) }),
    saved: createSavedFilters(world),
    exported: createExport({ world, ledger, viewing, scope: (actor) => dependencies.scope(actor) }),

    async due(actor, id, language) {
      const located = await locate(actor, id);
      if ('refused' in located) return located;
      const { county, whole: { matter, clocks } } = located;
      const open = clocks.filter(({ name, stoppedAt }) => stoppedAt === null && !isInner(name)).sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
      return { clocks: open.map((clock) => clockView(calendars.of(county), matter.kind, clock, world.now(), language)) };
    },
    working: (county, clock, language) => clockWorking(calendars.of(county), clock, world.now(), language),

    async page(actor, id, language) {
      const located = await locate(actor, id);
      if ('refused' in located) return located;
      const { county, whole } = located;
      const relations = kinds.get(whole.matter.kind).related?.(whole.matter) ?? [];
      const [children, others, entries, reporter] = await Promise.all([
        readChildren(world.db, county, id), relations.length === 0 ? [] : readSome(world.db, county, relations.map((one) => one.id)), ledger.entriesOf(world.db, county, id),
        whole.matter.facets.reporter === undefined ? null : dependencies.reporter(actor, county, whole.matter.facets.reporter, whole.matter.facets.path ?? null),
      ]);
      const scope = dependencies.scope(actor);
      const seen = new Map(others.flatMap((listed) => (scopeAllows(scope, { county, kind: listed.matter.kind, ...listed.matter.facets }) ? [[listed.matter.id, listed] as const] : [])));
      const related = relations.flatMap(({ relation, id: other }) => { const listed = seen.get(other); return listed ? [{ relation, listed }] : []; });
      return pageOf(viewing, { whole, children, related, entries, reporter }, actor, language);
    },

    seen: async (actor, county, ids, kind, language) => Promise.all((await listedByIds(world.db, county, ids, dependencies.scope(actor), kind)).map(async (listed) => ({
      matter: listed.matter, item: await itemOf(viewing, listed, language), personal: readsPersonal(viewing, listed.matter, actor),
    }))),

    reloadCalendars,
    area: calendarArea(world, published, kinds, reloadCalendars),
    spentClocks: readSpent, runningClocks: countRunning,
    refreshCalendars: async () => (await calendars.load(world.db) ? recomputeClocks(world, calendars, kinds) : 0),
    async tick(simulated) {
      const done = await actOnDueClocks(world, acting, kinds, simulated ? 5_000 : 200, simulated);
      fired.inc(done);
      return done;
    },
    forget: () => forgetOperations(world.db, world.now() - operationsKept),
    drain: () => acting.drain(),
  };
};

const countListed = (listed: readonly Listed[], now: number): { all: number; warn: number; late: number } => {
  const late = listed.filter(({ dueAt }) => dueAt !== null && dueAt <= now).length;
  const warn = listed.filter(({ dueAt, warnAt }) => warnAt !== null && warnAt <= now && dueAt !== null && dueAt > now).length;
  return { all: listed.length, warn, late };
};
