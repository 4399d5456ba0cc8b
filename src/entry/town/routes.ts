import { isRefusal } from '../../base/result.ts';
import { aboutRoutes } from '../../platform/about/routes.ts';
import type { Mounted } from '../../platform/http/handler.ts';
import { pictureRoutes } from '../../platform/pictures/index.ts';
import { callbackRoutes } from '../../modules/callbacks/routes.ts';
import { cameraRoutes } from '../../modules/cameras/routes/cameras.ts';
import { gatewayRoutes } from '../../modules/cameras/routes/gateways.ts';
import { viewingRoutes } from '../../modules/cameras/routes/viewing.ts';
import { caseRoutes } from '../../modules/cases/routes.ts';
import { catalogueRoutes } from '../../modules/catalogue/routes.ts';
import { changeRoutes } from '../../modules/changes/routes.ts';
import { componentRoutes } from '../../modules/components/routes/components.ts';
import { plateRoutes } from '../../modules/components/routes/plates.ts';
import { exchangeRoutes } from '../../modules/exchange/routes.ts';
import { findingRoutes } from '../../modules/finding/routes.ts';
import { historyRoutes } from '../../modules/history/routes.ts';
import { coversCounty, grantFor, mayOf, scopeAllows } from '../../modules/identity/index.ts';
import { callRoutes, consentRoutes, identityRoutes, revealRoutes } from '../../modules/identity/routes.ts';
import { ledgerRoutes, type LedgerRouteNeeds } from '../../modules/ledger/routes.ts';
import { stateLabel } from '../../modules/matters/index.ts';
import { matterRoutes } from '../../modules/matters/routes.ts';
import { officeRoutes } from '../../modules/offices/routes.ts';
import { open311Routes } from '../../modules/open311/routes.ts';
import { openDataRoutes } from '../../modules/opendata/routes.ts';
import { outreachRoutes } from '../../modules/outreach/routes.ts';
import { placesRoutes } from '../../modules/places/routes.ts';
import { roundRoutes } from '../../modules/rounds/routes.ts';
import { sensingRoutes } from '../../modules/sensing/routes.ts';
import { settingsRoutes } from '../../modules/settings/routes.ts';
import { webhookRoutes } from '../../modules/webhooks/routes.ts';
import { demoTown } from './demo.ts';
import type { Parts } from './parts.ts';

/** Cases of a caller that are shown beside the number, the newest. */
const casesBesideCall = 20;

/** Where a matter stands and who reported it: what decides whether somebody may see the reporter's number. */
const whoReported = ({ modules: { matters } }: Parts): Parameters<typeof revealRoutes>[1] => async (actor, matter) => {
  const located = await matters.locate(actor, matter);
  if (isRefusal(located)) return undefined;
  const { reporter, path } = located.whole.matter.facets;
  return { county: located.county, reporter: reporter ?? null, path: path ?? null };
};

/** The newest cases of a caller, of those that whoever answers the phone may see. */
const casesOfCaller = ({ world, modules: { matters } }: Parts): Parameters<typeof callRoutes>[1] => async (actor, county, contact, language) => {
  const ids = await matters.reportedBy(world.db, county, `contact:${contact}`, casesBesideCall);
  const seen = await Promise.all(ids.map((id) => matters.locate(actor, id)));
  return seen.flatMap((one) => {
    if (isRefusal(one)) return [];
    const { id, number, title, kind, state, createdAt } = one.whole.matter;
    return [{ id, number, title, state, stateLabel: stateLabel(kind, state, language), open: !matters.kinds.get(kind).workflow.final.includes(state), at: new Date(createdAt).toISOString() }];
  });
};

/** Who may browse the ledger, and which matters of it. */
const ledgerRights = ({ world, modules: { identity, matters }, live, visible, offsetOf }: Parts): LedgerRouteNeeds => {
  const verifies = (county: string, role: string): boolean => mayOf(identity.roles, county, role).includes('trace.verify');
  return {
    live, find: visible, db: world.db,
    mayBrowse: (actor, county) => actor.grants.some((grant) => grant.county === county && coversCounty(grant) && verifies(county, grant.role) && grantFor(actor, county, [grant.role], world.now()) !== undefined),
    send(reply, leaving, pages) {
      const grant = leaving.actor.grants.find(({ county, role }) => county === leaving.county && verifies(county, role))!;
      return identity.send(reply, { ...leaving, grant, offsetMinutes: offsetOf(leaving.county) }, pages);
    },
    async seen(actor, county, ids) {
      const scope = identity.scope(actor);
      return new Set([...await matters.scoped(world.db, county, ids)].flatMap(([id, stands]) => (scopeAllows(scope, stands) ? [id] : [])));
    },
  };
};

/** Every address below `/api/` and `/open311/`, from the lowest module to the highest. */
export const townRoutes = (parts: Parts): Mounted[] => {
  const { world, modules, counties, home, webhooks, offsetOf } = parts;
  const { identity, ledger, outreach, places, components, catalogue, matters, pictures } = modules;
  return [
    ...aboutRoutes(world.demo ? demoTown : null),
    ...pictureRoutes(pictures, (asked) => identity.county(asked)),
    ...ledgerRoutes(ledger, ledgerRights(parts)),
    ...identityRoutes(identity),
    ...consentRoutes(identity),
    ...revealRoutes(identity, whoReported(parts)),
    ...callRoutes(identity, casesOfCaller(parts)),
    ...settingsRoutes(modules.settings, identity, offsetOf),
    ...outreachRoutes(outreach, identity, offsetOf),
    ...placesRoutes(places, identity),
    ...componentRoutes(world, components, identity, places),
    ...plateRoutes(world, components, identity, places, pictures),
    ...catalogueRoutes(world, catalogue, identity, {
      recent: (county, since) => matters.countByCode(world.db, county, 'case', since),
      open: (county) => matters.openByVersion(world.db, county, 'case'),
    }),
    ...matterRoutes({
      matters,
      firstAction: (kind) => Object.entries(matters.kinds.find(kind)?.workflow.actions ?? {}).find(([, { from }]) => from === null)?.[0],
      countyFor: () => (counties.length === 1 ? home : undefined),
      pathOf: modules.pathOf,
    }),
    ...findingRoutes(modules.finding, modules.pathOf, { identity, offsetOf }),
    ...caseRoutes(modules.cases, modules.needs),
    ...callbackRoutes(modules.callbacks, identity, offsetOf),
    ...roundRoutes(world, modules.rounds, identity, offsetOf),
    ...sensingRoutes(world, modules.sensing, identity, offsetOf),
    ...cameraRoutes(modules.cameras),
    ...viewingRoutes(modules.cameras, world.config.url),
    ...gatewayRoutes(modules.cameras),
    ...officeRoutes(modules.offices, identity, places),
    ...changeRoutes(modules.changes, identity, offsetOf),
    ...(home === undefined ? [] : openDataRoutes(modules.openData, home)),
    ...open311Routes(modules.open311, world.config.url),
    ...exchangeRoutes(modules.exchange, identity, offsetOf),
    ...historyRoutes(modules.history, identity, offsetOf),
    ...webhookRoutes(webhooks, identity, offsetOf),
  ];
};
