import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { Route } from '../../base/route.ts';
import { call, onSessionEnd, Problem } from './client.ts';
import { setZone } from './format.ts';
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

/** Where an end that works without a network keeps who is signed in. */
export interface SessionMemory {
  readonly recall: () => Promise<Session | null>;
  /** Null forgets. */
  readonly remember: (session: Session | null) => Promise<void>;
}

/** Who is signed in by the server's word; by the phone's own where the server gives no answer. @throws Problem. */
const ask = async (memory: SessionMemory | undefined): Promise<Session | null> => {
  try {
    const found = await readSession();
    await memory?.remember(found);
    return found;
  } catch (error) {
    const kept = error instanceof Problem && error.undecided ? await memory?.recall() : null;
    if (kept) {
      if (kept.zone) setZone(kept.zone);
      return kept;
    }
    throw error;
  }
};

/** Shows the sign-in page until somebody is signed in, then its children; hears the county's stream meanwhile. */
export const SessionGate = ({ end, memory, children }: { readonly end: 'console' | 'field'; readonly memory?: SessionMemory; readonly children: ReactNode }) => {
  const { language } = useLanguage();
  const [session, setSession] = useState<Session | null | 'asking'>('asking');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [ended, setEnded] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    ask(memory).then(
      (found) => { if (!gone) { setSession(found); setProblem(null); } },
      (error: unknown) => { if (!gone && error instanceof Problem) setProblem(error); },
    );
    return () => { gone = true; };
  }, [language, turn, memory]);
  useEffect(() => onSessionEnd(() => setSession((before) => {
    if (before !== null && before !== 'asking') setEnded(true);
    return null;
  })), []);
  const account = session !== null && session !== 'asking' ? session.id : null;
  useEffect(() => (account === null ? undefined : startLive()), [account]);
  if (session === 'asking') return problem ? <main className="empty"><Failed problem={problem} retry={() => setTurn(turn + 1)} /></main> : null;
  if (session === null) return <SignIn end={end} ended={ended} enter={(found) => { setEnded(false); setSession(found); void memory?.remember(found); }} />;
  const leave = async (): Promise<void> => {
    await call(signOut);
    await memory?.remember(null);
    setEnded(false);
    setSession(null);
  };
  return <Context value={{ session, leave }}>{children}</Context>;
};
