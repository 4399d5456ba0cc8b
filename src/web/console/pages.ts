import type { ComponentType } from 'react';
import type { Session } from '../shared/session.tsx';

export type PageName = 'inbox';

/** A page of the console: its name in the address, whom it is shown to, and where its code comes from. */
export interface ConsolePage {
  readonly name: PageName;
  readonly shown: (session: Session) => boolean;
  readonly load?: () => Promise<{ default: ComponentType }>;
}

const pages: readonly ConsolePage[] = [{ name: 'inbox', shown: () => true }];

/** The pages that somebody may open, in the order of the menu; one whose right is lacking is not there. */
export const pagesFor = (session: Session): readonly ConsolePage[] => pages.filter((page) => page.shown(session));
