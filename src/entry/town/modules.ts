import { createDemoCamera, type DemoCamera } from '../../demo/camera/camera.ts';
import { createPictures } from '../../platform/pictures/index.ts';
import type { World } from '../../platform/world.ts';
import { bulletinArea, createBulletin, type Bulletin } from '../../modules/bulletin/index.ts';
import { callbackFollower, createCallbacks, type Callbacks } from '../../modules/callbacks/index.ts';
import { cameraArea, cameraChecker, createCameras, type Cameras } from '../../modules/cameras/index.ts';
import { createCases, rulesChecker, type CaseNeeds, type Cases } from '../../modules/cases/index.ts';
import { dispatchFollower } from '../../modules/cases/followers.ts';
import { createChanges, type Changes } from '../../modules/changes/index.ts';
import { catalogueChecker, createCatalogue, createWords, type Words } from '../../modules/catalogue/index.ts';
import { componentArea, componentChecker, componentFollower, createComponents, placesFollower } from '../../modules/components/index.ts';
import { createExchange, exchangeFollower, type Exchange } from '../../modules/exchange/index.ts';
import { createFinding, type Finding } from '../../modules/finding/index.ts';
import { findingFollower } from '../../modules/finding/followers.ts';
import { createHistory, type History } from '../../modules/history/index.ts';
import { createIdentity, createIdentityChecker, scopeAllows } from '../../modules/identity/index.ts';
import { createLedger } from '../../modules/ledger/index.ts';
import { createMatters, erasureFollower, type Matters } from '../../modules/matters/index.ts';
import { createOffices, rolesArea, type Offices } from '../../modules/offices/index.ts';
import { createOpenData, type OpenData } from '../../modules/opendata/index.ts';
import { createOpen311, open311Area, updatesFollower, type Open311 } from '../../modules/open311/index.ts';
import { createOutreach, enqueue, outreachAreas } from '../../modules/outreach/index.ts';
import { outreachErasure } from '../../modules/outreach/followers.ts';
import { createPlaces, placesChecker } from '../../modules/places/index.ts';
import { createRounds, visitFollower, type Rounds } from '../../modules/rounds/index.ts';
import { createSensing, type Sensing } from '../../modules/sensing/index.ts';
import { createSettings, type Settings } from '../../modules/settings/index.ts';
import { connectionsOf } from './ties/connections.ts';
import { createLabels } from './ties/labels.ts';
import { reachableBy } from './ties/reachable.ts';
import { repliesBy } from './ties/replies.ts';

/** Minutes that the demo town's time is ahead of UTC. */
const chinaMinutes = 480;

/** All modules on one world, from the lowest to the highest. */
export interface Modules extends CaseNeeds {
  readonly finding: Finding;
  readonly settings: Settings;
  readonly cases: Cases;
  readonly bulletin: Bulletin;
  readonly openData: OpenData;
  readonly callbacks: Callbacks;
  readonly rounds: Rounds;
  readonly sensing: Sensing;
  readonly cameras: Cameras;
  /** The camera of the demo town, which runs in the process that serves; undefined where this is no demo. */
  readonly demoCamera: DemoCamera | undefined;
  readonly offices: Offices;
  readonly changes: Changes;
  readonly open311: Open311;
  readonly exchange: Exchange;
  readonly history: History;
  /** Everything that cases stand on, as their routes ask for it. */
  readonly needs: CaseNeeds;
  /** Reads again what is answered from memory: names of places and units, calendars. */
  refresh(): Promise<void>;
  /** Stored path of a place's code, as it is known in memory. */
  pathOf(county: string, code: string): string | undefined;
}

export const openModules = async (world: World): Promise<Modules> => {
  const demoCamera = world.demo ? createDemoCamera(world.now, chinaMinutes) : undefined;
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, enqueue);
  const settings = createSettings(world, ledger, identity);
  const outreach = createOutreach(world, identity, ledger, connectionsOf(world.config));
  const places = createPlaces(world, ledger, reachableBy(world, identity));
  const components = createComponents(world, ledger, identity, places);
  const catalogue = await createCatalogue(world, ledger, identity);
  const labels = createLabels(world, { identity, outreach: () => outreach, places, components, catalogue });
  await Promise.all([labels.warm(), identity.refreshRoles()]);
  const matters: Matters = await createMatters(world, {
    ledger, labels, scope: (actor) => identity.scope(actor),
    async reporter(actor, county, reporter, path) {
      const [kind, id] = reporter.split(':') as [string, string];
      if (kind === 'account') return { kind, name: (await identity.accounts.names(world.db, [id])).get(id) ?? null, maskedPhone: null, revealable: false };
      const masked = (await identity.contacts.masked(world.db, county, [id])).get(id);
      return { kind, name: null, maskedPhone: masked?.maskedPhone ?? null, revealable: masked !== undefined && !masked.erased && identity.contacts.mayReveal(actor, county, path) };
    },
  });
  ledger.followers.register(placesFollower({ relocate: async (county) => (await components.relocate(county)) + (await cameras.register.relocate(county)) }, places));
  ledger.followers.register(outreachErasure());
  outreach.inbound.answerBy(repliesBy(world, identity, matters));
  ledger.followers.register(updatesFollower());
  ledger.followers.register(dispatchFollower());
  ledger.followers.register(visitFollower(identity));
  for (const checker of [matters.checker, createIdentityChecker(world.keys), placesChecker, componentChecker, cameraChecker, catalogueChecker, rulesChecker, settings.checker]) ledger.registerChecker(checker);
  ledger.followers.register(componentFollower((kind, state) => kind === 'case' && !matters.kinds.get('case').workflow.final.includes(state)));
  let words: Words | undefined;
  const finding = createFinding(world, { identity, matters, labels, words: () => (words ??= createWords([], false)), plate: async (county, typed) => (await components.byPlate(county, typed))?.code });
  ledger.followers.register(findingFollower(finding));
  // What the modules above keep is known when they are there.
  const alsoKept: ((county: string, digests: readonly string[]) => Promise<readonly string[]>)[] = [];
  const pictures = createPictures(world, {
    async mayRead(actor, county, digest) {
      for (const { matter: id } of await matters.mattersWith(world.db, county, [digest])) {
        const whole = await matters.whole(world.db, county, id);
        if (whole && scopeAllows(identity.scope(actor), { county, kind: whole.matter.kind, ...whole.matter.facets })) return true;
      }
      return identity.permits(actor, county, 'components.read') !== undefined && (await components.book.photos(county, [digest])).length > 0;
    },
    async referenced(county, digests) {
      return new Set([...(await matters.mattersWith(world.db, county, digests)).map(({ served }) => served), ...(await identity.consents.blobs(county, digests)), ...(await components.book.photos(county, digests)), ...(await Promise.all(alsoKept.map((kept) => kept(county, digests)))).flat()]);
    },
  });
  ledger.followers.register(erasureFollower(world, ledger, async (tx, county, served) => {
    const named = new Set([...(await matters.mattersWith(tx, county, served)).map((one) => one.served), ...(await identity.consents.blobs(county, served))]);
    for (const digest of new Set(served)) if (!named.has(digest)) await pictures.erase(county, digest);
  }));
  const cameras = createCameras({ world, ledger, identity, places, matters, demoCamera: () => demoCamera?.address() });
  const callbacks = createCallbacks({ world, ledger, identity, matters });
  ledger.followers.register(callbackFollower({ world, identity, matters, settings: (county) => callbacks.settings(county) }));
  const needs: CaseNeeds = { world, ledger, identity, outreach, places, components, catalogue, matters, pictures };
  const cases = createCases(needs);
  const bulletin = createBulletin({ ...needs, cases, send: enqueue, mails: outreach.offers.has('email') });
  const { mail } = bulletin;
  if (mail) identity.contacts.onErase(async (tx, county, { email }) => { if (email !== null) await mail.endOf(tx, county, email); });
  const openData = createOpenData({ world, ledger, places, bulletin });
  const history = createHistory({ world, ledger, identity, places, catalogue, matters, cases });
  alsoKept.push(openData.referenced, history.referenced, cameras.register.photos);
  const sensing = createSensing({ ...needs, cases });
  if (bulletin.mail) ledger.followers.register(bulletin.mail.follower());
  for (const area of [matters.area, ...cases.areas, ...outreachAreas(), outreach.wordings.area, open311Area, componentArea, bulletinArea, openData.area, callbacks.area, cameraArea, rolesArea(identity), sensing.area]) settings.declare(area);
  const open311 = createOpen311({ ...needs, cases, bulletin });
  ledger.followers.register(exchangeFollower(world, open311));
  return { ...needs, finding, settings, cases, bulletin, openData, callbacks, rounds: createRounds({ ...needs, send: enqueue }), sensing, cameras, demoCamera, offices: createOffices({ ...needs, settings, cases }), changes: createChanges({ ...needs, settings }), open311, exchange: createExchange({ world, ledger, identity, matters, open311 }), history, needs, refresh: async () => { await identity.refreshRoles(); await catalogue.refresh(); await labels.warm(); await matters.refreshCalendars(); }, pathOf: labels.path };
};
