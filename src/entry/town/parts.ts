import type { Actor } from '../../base/actor.ts';
import { isRefusal } from '../../base/result.ts';
import { bulletinStyle } from '../../modules/bulletin/pages/index.ts';
import { residentPages, type ResidentPages } from '../../modules/cases/pages/index.ts';
import type { Live } from '../../modules/ledger/index.ts';
import { createWebhooks, type Webhooks } from '../../modules/webhooks/index.ts';
import type { World } from '../../platform/world.ts';
import { liveRights } from './ties/live.ts';
import { openModules, type Modules } from './modules.ts';

/** What routes, pages and background work of a town are made of: its modules, and what is opened once beside them. */
export interface Parts {
  readonly world: World;
  readonly modules: Modules;
  readonly counties: readonly string[];
  /** The county whose pages residents see; undefined while none is there. */
  readonly home: string | undefined;
  readonly live: Live;
  readonly webhooks: Webhooks;
  /** Pages for residents; undefined while no county is there. */
  readonly resident: ResidentPages | undefined;
  /** Minutes that a county's time is ahead of UTC. */
  offsetOf(county: string): number;
  /** The county of a matter that this person may see. */
  visible(actor: Actor, matter: string): Promise<string | undefined>;
}

/** Opens the modules on a world, and what goes with them. */
export const openParts = async (world: World): Promise<Parts> => {
  const modules = await openModules(world);
  const { identity, ledger, matters, cases } = modules;
  const counties = (await modules.places.counties()).map(({ county }) => county);
  const home = counties[0];
  const rights = liveRights(world, identity, matters);
  const resident = home === undefined ? undefined : residentPages(world, await cases.desk(home), home, [bulletinStyle]);
  await resident?.refresh();
  return {
    world, modules, counties, home, resident,
    live: ledger.openLive(rights),
    webhooks: createWebhooks(world, ledger, identity, rights),
    offsetOf: (county) => matters.calendar(county).offsetMinutes,
    async visible(actor, matter) {
      const located = await matters.locate(actor, matter);
      return isRefusal(located) ? undefined : located.county;
    },
  };
};
