import { useEffect, useState } from 'react';
import { readSession as readSessionRoute, signIn as signInRoute, signOut, type SessionView } from '../../modules/identity/contract.ts';
import { call, Problem } from './client.ts';

export { signOut };

/** Who is signed in, with the grants that hold now. */
export type Session = SessionView;

/** The session of this browser, or null where nobody is signed in. */
export const readSession = async (): Promise<Session | null> => {
  try {
    const session = await call(readSessionRoute);
    return session.kind === 'resident' ? null : session;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
};

/** Signs in. @throws Problem in words: wrong account or password, or too many tries. */
export const signIn = (account: string, password: string): Promise<Session> => call(signInRoute, { body: { account, password } });

/** What a demo server says about its accounts. */
export interface DemoAccounts {
  readonly password: string;
  readonly accounts: readonly { readonly account: string; readonly name: string }[];
}

/** The accounts of a demo, or null where the server is none or has not answered yet. */
export const useDemoAccounts = (): DemoAccounts | null => {
  const [demo] = useState<DemoAccounts | null>(null);
  useEffect(() => undefined, []);
  return demo;
};
