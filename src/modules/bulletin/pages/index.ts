import type { Page } from '../../../platform/http/page.ts';
import type { House } from '../../cases/index.ts';
import type { Bulletin } from '../service/bulletin.ts';
import { listPages } from './list.ts';
import { mailPages } from './mail.ts';
import { mapPages } from './map.ts';

export { bulletinStyle } from './style.ts';

/** All pages of a county's public view, in the house of the residents' pages. */
export const bulletinPages = (house: House, bulletin: Bulletin, county: string): readonly Page[] =>
  [...listPages(house, bulletin, county), ...mapPages(house, bulletin, county), ...mailPages(house, bulletin, county)];
