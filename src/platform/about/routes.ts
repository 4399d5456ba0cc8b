import { handle, type Mounted } from '../http/handler.ts';
import type { Language } from '../../base/text/language.ts';
import { readAbout } from './contract.ts';

/** The accounts of a demo, as entry/ knows them. */
export interface DemoAccounts {
  readonly password: string;
  readonly logins: readonly { readonly account: string; readonly role: Readonly<Record<Language, string>>; readonly end: string }[];
}

/** @param demo the demo's accounts, and only in a database that was seeded as a demo; null everywhere else. */
export const aboutRoutes = (demo: DemoAccounts | null): Mounted[] => [
  handle(readAbout, async ({ language }) => ({
    demo: demo !== null,
    logins: (demo?.logins ?? []).map(({ account, role, end }) => ({ account, role: role[language], end })),
    password: demo?.password ?? null,
  })),
];
