import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import type { Command } from '../../platform/command/command.ts';
import type { Mounted } from '../../platform/http/handler.ts';
import type { Page } from '../../platform/http/page.ts';
import type { ServerOptions } from '../../platform/http/server.ts';
import type { HealthCheck } from '../../platform/http/served/health.ts';
import { aboutRoutes } from '../../platform/about/routes.ts';
import { pictureRoutes } from '../../platform/pictures/index.ts';
import type { World } from '../../platform/world.ts';
import { bulletinPages, bulletinStyle } from '../../modules/bulletin/pages/index.ts';
import { callbackRoutes } from '../../modules/callbacks/routes.ts';
import { residentPages } from '../../modules/cases/pages/index.ts';
import { caseRoutes } from '../../modules/cases/routes.ts';
import { catalogueCommands } from '../../modules/catalogue/commands.ts';
import { catalogueRoutes } from '../../modules/catalogue/routes.ts';
import { componentCommands } from '../../modules/components/commands.ts';
import { componentPages } from '../../modules/components/pages.ts';
import { componentRoutes } from '../../modules/components/routes/components.ts';
import { plateRoutes } from '../../modules/components/routes/plates.ts';
import { ledgerCommands } from '../../modules/ledger/commands.ts';
import { ledgerRoutes } from '../../modules/ledger/routes.ts';
import { exchangeRoutes } from '../../modules/exchange/routes.ts';
import { coversCounty, grantFor, mayOf, scopeAllows } from '../../modules/identity/index.ts';
import { findingRoutes } from '../../modules/finding/routes.ts';
import { historyCommands } from '../../modules/history/commands.ts';
import { historyRoutes } from '../../modules/history/routes.ts';
import { identityCommands } from '../../modules/identity/commands.ts';
import { outreachPages } from '../../modules/outreach/pages.ts';
import { identityPages } from '../../modules/identity/pages.ts';
import { callRoutes, consentRoutes, identityRoutes, revealRoutes } from '../../modules/identity/routes.ts';
import { matterPages, stateLabel } from '../../modules/matters/index.ts';
import { matterRoutes } from '../../modules/matters/routes.ts';
import { openDataPages } from '../../modules/opendata/pages.ts';
import { openDataRoutes } from '../../modules/opendata/routes.ts';
import { open311Routes } from '../../modules/open311/routes.ts';
import { outreachRoutes } from '../../modules/outreach/routes.ts';
import { placesCommands } from '../../modules/places/commands.ts';
import { placesRoutes } from '../../modules/places/routes.ts';
import { changeRoutes } from '../../modules/changes/routes.ts';
import { officeRoutes } from '../../modules/offices/routes.ts';
import { roundRoutes } from '../../modules/rounds/routes.ts';
import { settingsRoutes } from '../../modules/settings/routes.ts';
import { createWebhooks } from '../../modules/webhooks/index.ts';
import { webhookRoutes } from '../../modules/webhooks/routes.ts';
import { demoCommands } from '../../demo/commands.ts';
import { catchUpDemo, demoLogins, demoPassword, seedDemo, type DemoLogin, type DemoOrder } from '../../demo/index.ts';
import { keyCommands } from '../operator/keys.ts';
import { historyInThread } from './history-thread.ts';
import { liveRights } from './live.ts';
import { openModules, type Modules } from './modules.ts';
import { heldBy } from '../operator/held.ts';
import { placeBook } from '../operator/place-book.ts';
import { settingsCommands } from '../operator/settings.ts';
import { repeated, type Work } from './works.ts';

/** All modules on one world, as the processes need them. */
export interface Town {
  readonly world: World;
  readonly modules: Modules;
  readonly routes: readonly Mounted[];
  readonly pages: readonly Page[];
  /** Who asks, and how pages for people who are refused look. */
  readonly http: Pick<ServerOptions, 'authenticate' | 'errorPage' | 'language' | 'limits'>;
  /** What /readyz asks besides database and migrations. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** What every process that serves runs: hearing that the log has grown, and telling listeners. */
  readonly hearing: readonly Work[];
  /** What a worker runs. */
  readonly works: readonly Work[];
  close(): Promise<void>;
}

/** Seconds that an entry may wait for its place in the log before /readyz says so. */
const lagAtMost = 10;

/** Cases of a caller that are shown beside the number, the newest. */
const casesBesideCall = 20;

/** What residents see while no county is there. */
const notOpened: Page = {
  name: 'town.not_opened', method: 'GET', path: '/', who: 'anyone',
  answer: async () => refuse(503, 'http.not_opened', { seconds: 5 }),
};

/** Builds the modules on a world, from the lowest to the highest. */
export const openTown = async (world: World): Promise<Town> => {
  const modules = await openModules(world);
  const { identity, ledger, outreach, places, components, catalogue, matters, finding, cases, bulletin, openData, callbacks, rounds, open311, pictures, needs } = modules;
  const counties = await places.counties();
  const home = counties[0]?.county;
  const rights = liveRights(world, identity, matters);
  /** Minutes that a county's time is ahead of UTC. */
  const offsetOf = (county: string): number => matters.calendar(county).offsetMinutes;
  const live = ledger.openLive(rights);
  const webhooks = createWebhooks(world, ledger, identity, rights);
  const visible = async (actor: Actor, matter: string): Promise<string | undefined> => {
    const located = await matters.locate(actor, matter);
    return isRefusal(located) ? undefined : located.county;
  };
  const resident = home === undefined ? undefined : residentPages(world, await cases.desk(home), home, [bulletinStyle]);
  await resident?.refresh();
  return {
    world, modules,
    routes: [
      ...identityRoutes(identity), ...consentRoutes(identity),
      ...revealRoutes(identity, async (actor, matter) => {
        const located = await matters.locate(actor, matter);
        if (isRefusal(located)) return undefined;
        const { reporter, path } = located.whole.matter.facets;
        return { county: located.county, reporter: reporter ?? null, path: path ?? null };
      }),
      ...callRoutes(identity, async (actor, county, contact, language) => {
        const ids = await matters.reportedBy(world.db, county, `contact:${contact}`, casesBesideCall);
        const seen = await Promise.all(ids.map((id) => matters.locate(actor, id)));
        return seen.flatMap((one) => {
          if (isRefusal(one)) return [];
          const { id, number, title, kind, state, createdAt } = one.whole.matter;
          return [{ id, number, title, state, stateLabel: stateLabel(kind, state, language), open: !matters.kinds.get(kind).workflow.final.includes(state), at: new Date(createdAt).toISOString() }];
        });
      }),
      ...ledgerRoutes(ledger, {
        live, find: visible, db: world.db,
        mayBrowse: (actor, county) => actor.grants.some((grant) => grant.county === county && coversCounty(grant) && mayOf(identity.roles, county, grant.role).includes('trace.verify')
          && grantFor(actor, county, [grant.role], world.now()) !== undefined),
        send(reply, leaving, pages) {
          const grant = leaving.actor.grants.find((one) => one.county === leaving.county && mayOf(identity.roles, leaving.county, one.role).includes('trace.verify'))!;
          return identity.send(reply, { ...leaving, grant, offsetMinutes: offsetOf(leaving.county) }, pages);
        },
        async seen(actor, county, ids) {
          const scope = identity.scope(actor);
          return new Set([...await matters.scoped(world.db, county, ids)].flatMap(([id, stands]) => (scopeAllows(scope, stands) ? [id] : [])));
        },
      }), ...outreachRoutes(outreach, identity, offsetOf), ...placesRoutes(places, identity), ...componentRoutes(world, components, identity, places), ...plateRoutes(world, components, identity, places, pictures),
      ...catalogueRoutes(world, catalogue, identity, { recent: (county, since) => matters.countByCode(world.db, county, 'case', since), open: (county) => matters.openByVersion(world.db, county, 'case') }), ...aboutRoutes(world.demo ? demoTown : null), ...pictureRoutes(pictures, (asked) => identity.county(asked)), ...caseRoutes(cases, needs), ...callbackRoutes(callbacks, identity, offsetOf), ...roundRoutes(world, rounds, identity, offsetOf), ...changeRoutes(modules.changes, identity, offsetOf), ...officeRoutes(modules.offices, identity, places), ...findingRoutes(finding, (county, code) => modules.pathOf(county, code), { identity, offsetOf }), ...(home === undefined ? [] : openDataRoutes(openData, home)), ...open311Routes(open311, world.config.url), ...exchangeRoutes(modules.exchange, identity, offsetOf),
      ...historyRoutes(modules.history, identity), ...webhookRoutes(webhooks), ...settingsRoutes(modules.settings, identity),
      ...matterRoutes({
        matters,
        firstAction: (kind) => Object.entries(matters.kinds.find(kind)?.workflow.actions ?? {}).find(([, { from }]) => from === null)?.[0],
        countyFor: () => (counties.length === 1 ? home : undefined),
        pathOf: (county, code) => modules.pathOf(county, code),
      }),
    ],
    pages: [...(resident && home !== undefined ? [...resident.pages, ...bulletinPages(resident.house, bulletin, home), ...openDataPages(resident.house, openData, home)] : [notOpened]), ...componentPages(world, components, identity, places), ...matterPages({ world, matters, ledger }), ...outreachPages(outreach), ...identityPages(identity)],
    http: {
      authenticate: (request) => identity.sessions.authenticate({ url: request.url, headers: request.headers }),
      ...(resident && { errorPage: resident.errorPage }),
    },
    checks: {
      sequencer: async () => {
        const { rows, seconds } = await ledger.lag();
        return { ok: seconds < lagAtMost, says: `${rows} entries wait, the oldest ${seconds.toFixed(1)} s` };
      },
      // Stays ready: cases go on, and whoever looks is told that nothing vouches for them.
      signing: async () => {
        const unsigned = await ledger.unsigned();
        return { ok: true, says: unsigned.size === 0 ? 'the ledger is signed' : `THE LEDGER IS NOT SIGNED: ${[...unsigned].map(([county, why]) => `${county} (${why})`).join(', ')}; run lamplight doctor` };
      },
    },
    hearing: [...ledger.hearing, repeated(world, 'names', 15_000, async () => { await modules.refresh(); await resident?.refresh(); }), ...(home === undefined ? [] : [repeated(world, 'public map', 5_000, () => bulletin.shown(home).current())]), { name: 'live', start: () => live.start(), stop: () => live.stop() }],
    works: [
      ...ledger.works,
      { name: 'deliveries', start: () => outreach.worker.start(), stop: () => outreach.worker.stop() },
      ...(outreach.wechat ? [repeated(world, 'wechat menu', 86_400_000, async () => { await outreach.wechat?.setMenu(); })] : []),
      repeated(world, 'mails', 20_000, async () => { for (const { county } of counties) await bulletin.mail?.send(county); }),
      repeated(world, 'replies', 30_000, () => outreach.inbound.takeUp()),
      repeated(world, 'clocks', 1_000, () => matters.tick()),
      repeated(world, 'offices', 10_000, () => modules.offices.turn()),
      repeated(world, 'media', 2_000, () => modules.open311.fetchMedia()),
      repeated(world, 'exchange', 2_000, () => modules.exchange.round().then(() => 0)),
      repeated(world, 'webhooks', 1_000, () => webhooks.send()),
      repeated(world, 'open-data', 60_000, () => openData.make().then(() => 0)),
      historyInThread({ world, history: modules.history }),
      repeated(world, 'history files', 3_600_000, () => modules.history.work.sweep()),
      repeated(world, 'operations', 3_600_000, () => matters.forget().then(() => 0)),
      repeated(world, 'search', 60_000, async () => { let moved = 0; for (const { county } of counties) moved += await finding.seal(county); return moved; }),
      repeated(world, 'sessions', 3_600_000, () => identity.sessions.sweep()),
      repeated(world, 'pictures', 3_600_000, () => pictures.sweep().then(() => 0)),
      ...(resident ? [repeated(world, 'drafts', 3_600_000, () => resident.drafts.sweep().then(() => 0))] : []),
    ],
    close: () => matters.drain(),
  };
};

/** What a demo is made with: the town is opened on a world of its own, with simulated time and foretellable ids. */
export interface DemoCall {
  readonly world: World;
  readonly openTown: typeof openTown;
  progress(line: string): void;
  readonly signal: AbortSignal;
}

export interface DemoTown {
  readonly password: string;
  readonly logins: readonly DemoLogin[];
  /** Fills an empty database. */
  seed(call: DemoCall): Promise<void>;
  /** Plays the time forward that passed since the town was last open. */
  catchUp(call: DemoCall): Promise<void>;
}

const orderOf = ({ world, progress, signal }: DemoCall): DemoOrder => ({ world, progress, signal, open: openModules });

/** The demo town; null where a build has none. */
export const demoTown: DemoTown | null = {
  password: demoPassword,
  logins: demoLogins,
  seed: async (call) => void (await seedDemo(orderOf(call))),
  catchUp: async (call) => void (await catchUpDemo(orderOf(call))),
};

const ledgerTown = (open: () => Promise<Town>) => async () => {
  const { modules: { ledger, matters, world } } = await open();
  return {
    ledger,
    texts: async (county: string, matter: string) => (await matters.texts(world.db, county, matter)).map(({ id, text, salt }) => ({ id, salt, text })),
  };
};

/** Commands of the modules; `open` opens the town when the first of them needs it. */
export const moduleCommands = (open: () => Promise<Town>, openEmpty: () => Promise<World & { readonly empty: boolean }>): readonly Command[] => {
  const modules = () => open().then((town) => town.modules);
  return [...ledgerCommands(ledgerTown(open)), ...placesCommands(modules), ...componentCommands(modules), ...catalogueCommands(modules), ...historyCommands(modules), ...settingsCommands(modules), ...keyCommands(modules), ...identityCommands(async () => { const { identity, places, offices } = await modules(); return { identity, placeBook: (county) => placeBook(places, county), inHand: (county, unit) => heldBy(offices, county, unit) }; }), ...demoCommands(async () => ({ world: await openEmpty(), open: openModules }))];
};
export type { DemoLogin };
