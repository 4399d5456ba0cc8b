export { open311Area } from './service/area.ts';
export { createOpen311, type Open311 } from './service/open311.ts';
export type { Jurisdiction } from './service/offer.ts';
export { updatesFollower } from './followers.ts';
