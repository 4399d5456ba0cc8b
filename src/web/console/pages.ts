import type { ComponentType } from 'react';
import { listRows } from '../../modules/catalogue/contract.ts';
import { suggest } from '../../modules/cases/contract/routes.ts';
import { listComponents } from '../../modules/components/contract/components.ts';
import { listAccounts } from '../../modules/identity/contract.ts';
import { listDeliveries } from '../../modules/outreach/contract.ts';
import { listWebhooks } from '../../modules/webhooks/contract.ts';
import { may, type Session } from '../shared/session.tsx';

export type PageName = 'inbox' | 'search' | 'intake' | 'queue' | 'callbacks' | 'dispatch' | 'deliveries' | 'places' | 'components' | 'standards' | 'people' | 'partners' | 'rounds' | 'devices' | 'trace' | 'settings';

/** A page of the console: its name in the address, whom it is shown to, and where its code comes from. */
export interface ConsolePage {
  readonly name: PageName;
  readonly shown: (session: Session) => boolean;
  /** Opened by the search box and not from the menu. */
  readonly offMenu?: true;
  readonly load?: () => Promise<{ default: ComponentType }>;
}

const has = (permission: string) => (session: Session): boolean => session.permissions.includes(permission);

const pages: readonly ConsolePage[] = [
  { name: 'inbox', shown: () => true },
  { name: 'search', shown: () => true, offMenu: true, load: () => import('./pages/search.tsx') },
  { name: 'intake', shown: (session) => may(session, suggest) && session.grants.some((grant) => ['intake', 'operator', 'gridworker', 'gridchief'].includes(grant.role)), load: () => import('./pages/intake/intake.tsx') },
  { name: 'queue', shown: (session) => session.grants.some((grant) => grant.role === 'intake' || grant.role === 'dispatcher'), load: () => import('./pages/queue/queue.tsx') },
  { name: 'callbacks', shown: (session) => session.permissions.some((permission) => permission === 'callbacks.work' || permission === 'callbacks.read'), load: () => import('./pages/callbacks/callbacks.tsx') },
  { name: 'dispatch', shown: has('rules.read'), load: () => import('./pages/dispatch/dispatch.tsx') },
  { name: 'deliveries', shown: (session) => may(session, listDeliveries), load: () => import('./pages/messages/deliveries.tsx') },
  { name: 'places', shown: has('places.read'), load: () => import('./pages/places.tsx') },
  { name: 'components', shown: (session) => may(session, listComponents), load: () => import('./pages/components.tsx') },
  { name: 'standards', shown: (session) => may(session, listRows) && has('standards.read')(session), load: () => import('./pages/standards/standards.tsx') },
  { name: 'rounds', shown: has('rounds.read'), load: () => import('./pages/rounds/rounds.tsx') },
  { name: 'devices', shown: has('sensing.read'), load: () => import('./pages/devices/devices.tsx') },
  { name: 'trace', shown: has('trace.verify'), load: () => import('./pages/ledger/ledger.tsx') },
  { name: 'people', shown: (session) => may(session, listAccounts), load: () => import('./pages/people/people.tsx') },
  { name: 'partners', shown: (session) => may(session, listWebhooks), load: () => import('./pages/partners/partners.tsx') },
  { name: 'settings', shown: has('settings.read'), load: () => import('./settings/settings.tsx') },
];

/** The pages that somebody may open, in the order of the menu; one whose right is lacking is not there. */
export const pagesFor = (session: Session): readonly ConsolePage[] => pages.filter((page) => page.shown(session));
