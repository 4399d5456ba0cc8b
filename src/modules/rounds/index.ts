import { createHandovers, type Handovers } from './service/handover.ts';
import type { Needs } from './service/needs.ts';
import { createPack, type ReadPack } from './service/pack.ts';
import { createPatrols, type Patrols } from './service/patrol.ts';
import { createProxies, type Proxies } from './service/proxy.ts';
import { createVisits, type Visits } from './service/visits.ts';

export { visitFollower } from './followers.ts';
export { roundsSealed } from './store/sealed.ts';

/** 巡查走访: what those who go out take along, walk, note and hand over. */
export interface Rounds {
  readonly pack: ReadPack;
  readonly patrols: Patrols;
  readonly visits: Visits;
  readonly proxies: Proxies;
  readonly handovers: Handovers;
}

export const createRounds = (needs: Needs): Rounds => ({
  pack: createPack(needs), patrols: createPatrols(needs), visits: createVisits(needs), proxies: createProxies(needs), handovers: createHandovers(needs),
});
