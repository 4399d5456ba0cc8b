import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { Route } from '../../base/route.ts';
import { call, onSessionEnd, Problem } from './client.ts';
import { startLive } from './live/live.ts';
import { useLanguage } from './language.tsx';
import { Failed } from '../ui/states.tsx';
import { SignIn } from '../ui/sign-in.tsx';
import { readSession, signOut, type Session } from './session-routes.ts';

export type { Session } from './session-routes.ts';

interface SessionState {
  readonly session: Session;
  readonly leave: () => Promise<void>;
}
const Context = createContext<SessionState | null>(null);

/** Who is signed in. Only inside `SessionGate`. */
export const useSession = (): SessionState => {
  const state = useContext(Context);
  if (!state) throw new Error('useSession outside of SessionGate');
  return state;
};

/** True when somebody may call the route: it asks for no role, or one of the grants has it. */
export const may = (session: Session, route: Pick<Route, 'who'>): boolean =>
  typeof route.who === 'string' || session.grants.some((grant) => (route.who as readonly string[]).includes(grant.role));

/** Shows the sign-in page until somebody is signed in, then its children; hears the county's stream meanwhile. */
export const SessionGate = ({ end, children }: { readonly end: 'console' | 'field'; readonly children: ReactNode }) => {
  const { language } = useLanguage();
  const [session, setSession] = useState<Session | null | 'asking'>('asking');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [ended, setEnded] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    readSession().then(
      (found) => { if (!gone) { setSession(found); setProblem(null); } },
      (error: unknown) => { if (!gone && error instanceof Problem) setProblem(error); },
    );
    return () => { gone = true; };
  }, [language, turn]);
  useEffect(() => onSessionEnd(() => setSession((before) => {
    if (before !== null && before !== 'asking') setEnded(true);
    return null;
  })), []);
  const account = session !== null && session !== 'asking' ? session.id : null;
  useEffect(() => (account === null ? undefined : startLive()), [account]);
  if (session === 'asking') return problem ? <main className="empty"><Failed problem={problem} retry={() => setTurn(turn + 1)} /></main> : null;
  if (session === null) return <SignIn end={end} ended={ended} enter={(found) => { setEnded(false); setSession(found); }} />;
  const leave = async (): Promise<void> => {
    await call(signOut);
    setEnded(false);
    setSession(null);
  };
  return <Context value={{ session, leave }}>{children}</Context>;
};
