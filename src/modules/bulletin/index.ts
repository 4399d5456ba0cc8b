export { createBulletin, type Bulletin } from './service/bulletin.ts';
export { stateWords, type PublicCase, type Shown } from './service/view.ts';
export type { Offer } from './service/offer.ts';
export type { PublicRow, Window } from './reads.ts';
export { bulletinArea } from './service/area.ts';
