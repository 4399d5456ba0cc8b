import { refuse } from '../../base/result.ts';
import type { Page } from '../../platform/http/page.ts';
import { bulletinPages } from '../../modules/bulletin/pages/index.ts';
import { cameraPages } from '../../modules/cameras/pages.ts';
import { componentPages } from '../../modules/components/pages.ts';
import { identityPages } from '../../modules/identity/pages.ts';
import { matterPages } from '../../modules/matters/index.ts';
import { openDataPages } from '../../modules/opendata/pages.ts';
import { outreachPages } from '../../modules/outreach/pages.ts';
import type { Parts } from './parts.ts';

/** What residents see while no county is there. */
const notOpened: Page = {
  name: 'town.not_opened', method: 'GET', path: '/', who: 'anyone',
  answer: async () => refuse(503, 'http.not_opened', { seconds: 5 }),
};

/** Every page that the server itself writes. */
export const townPages = ({ world, modules, home, resident }: Parts): Page[] => {
  const { identity, ledger, outreach, places, components, matters, bulletin, openData } = modules;
  return [
    ...(resident === undefined || home === undefined ? [notOpened] : [
      ...resident.pages,
      ...bulletinPages(resident.house, bulletin, home),
      ...openDataPages(resident.house, openData, home),
      ...cameraPages(resident.house, modules.cameras, home),
    ]),
    ...componentPages(world, components, identity, places),
    ...matterPages({ world, matters, ledger }),
    ...outreachPages(outreach),
    ...identityPages(identity),
  ];
};
