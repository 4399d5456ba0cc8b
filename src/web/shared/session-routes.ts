import { readAbout, type About } from '../../platform/about/contract.ts';
import { readSession as readSessionRoute, signIn as signInRoute, signOut, type SessionView } from '../../modules/identity/contract.ts';
import { call, Problem } from './client.ts';
import { setZone } from './format.ts';
import { useLanguage } from './language.tsx';
import { useResource } from './resource.ts';

export { signOut };

/** Who is signed in, with the grants that hold now. */
export type Session = SessionView;

/** The session of this browser, or null where nobody is signed in. */
export const readSession = async (): Promise<Session | null> => {
  try {
    const session = await call(readSessionRoute);
    setZone(session.zone);
    return session.kind === 'resident' ? null : session;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
};

/** Signs in. @throws Problem in words: wrong account or password, or too many tries. */
export const signIn = async (account: string, password: string): Promise<Session> => {
  const session = await call(signInRoute, { body: { account, password } });
  setZone(session.zone);
  return session;
};

/** What the installation says of itself; null until it has answered, and where it does not. */
export const useAbout = (): About | null => {
  const { language } = useLanguage();
  return useResource(language, (signal) => call(readAbout, { signal })).data;
};
