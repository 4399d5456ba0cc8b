import { useCallback, useEffect, useState } from 'react';
import { askNotices, readNotices, setQuiet, stopNotices, type NoticesView } from '../../modules/outreach/contract.ts';
import { call, Problem } from './client.ts';

/** `absent`: this browser or this installation tells nothing; `denied`: its owner has forbidden it in the browser. */
export type NoticesState = 'absent' | 'denied' | 'off' | 'on';

/** By which worker an end is told, and where that worker is at home. */
export interface Teller {
  readonly script: string;
  readonly scope: string;
}

const octets = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const able = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && isSecureContext;
const registered = ({ scope }: Teller): Promise<ServiceWorkerRegistration | undefined> => navigator.serviceWorker.getRegistration(scope);

/** A worker that was just registered and cannot be asked yet is waited for. */
const atWork = async ({ script, scope }: Teller): Promise<ServiceWorkerRegistration> => {
  const made = await navigator.serviceWorker.register(script, { scope });
  const coming = made.installing ?? made.waiting;
  if (!made.active && coming) await new Promise<void>((resolve) => coming.addEventListener('statechange', () => { if (coming.state === 'activated') resolve(); }));
  return made;
};

const digestOf = async (endpoint: string): Promise<string> => base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint))));
const heldBy = async (teller: Teller): Promise<PushSubscription | null> => (await (await registered(teller))?.pushManager.getSubscription()) ?? null;

/** This device is given to whoever is signed in, under the key that the browser was asked with. */
const give = ({ endpoint, keys, key }: { readonly endpoint?: string | undefined; readonly keys?: Readonly<Record<string, string>> | undefined; readonly key?: string | undefined }): Promise<NoticesView> =>
  call(askNotices, { body: { endpoint: endpoint ?? '', p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '', ...(key !== undefined && { key }) } });
const keyOf = ({ options }: PushSubscription): string | undefined => (options?.applicationServerKey ? base64url(new Uint8Array(options.applicationServerKey)) : undefined);

/**
 * This device tells whoever signs out nothing any more; others who are told here go on being told. Where there is no network it is
 * the browser that forgets, for all of them.
 */
export const forgetNotices = async (teller: Teller): Promise<void> => {
  if (!able()) return;
  const subscription = await heldBy(teller);
  if (!subscription) return;
  const { told } = await call(stopNotices, { body: { endpoint: subscription.endpoint } }).catch(() => ({ told: false }));
  if (!told) await subscription.unsubscribe().catch(() => false);
};

/** Whether this device is told of what is given to whoever is signed in, when they are not told, and how both are changed. */
export interface NoticesHere {
  readonly state: NoticesState;
  /** Null until the server has said. */
  readonly view: NoticesView | null;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly turn: (on: boolean) => Promise<void>;
  /** @param quiet minutes after midnight; null for the county's */
  readonly keepQuiet: (quiet: NoticesView['quiet']) => Promise<boolean>;
}

export const useNotices = (teller: Teller): NoticesHere => {
  const [state, setState] = useState<NoticesState>('absent');
  const [view, setView] = useState<NoticesView | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = useCallback(async (): Promise<void> => {
    const held = able() ? await heldBy(teller) : null;
    const found = await call(readNotices, { query: held ? { here: await digestOf(held.endpoint) } : {} });
    setView(found);
    if (!able() || found.key === null) return setState('absent');
    setState(found.here !== 'none' ? 'on' : Notification.permission === 'denied' ? 'denied' : 'off');
    // Somebody was given work in a further county since.
    if (held && found.here === 'some') await give({ ...held.toJSON(), endpoint: held.endpoint, key: keyOf(held) });
  }, [teller]);
  useEffect(() => { void look().catch(() => undefined); }, [look]);
  const doing = async (work: () => Promise<void>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      // A push service that cannot be reached has no words of its own.
      setProblem(error instanceof Problem ? error : new Problem(0, 'network', '', ''));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const turn = async (on: boolean): Promise<void> => void (await doing(async () => {
    if (!on) { await forgetNotices(teller); return setState('off'); }
    const { key } = await call(readNotices, { query: {} });
    const answer = await Notification.requestPermission();
    if (answer !== 'granted' || key === null) return setState(answer === 'denied' ? 'denied' : 'off');
    const { pushManager } = await atWork(teller);
    // A browser holds one key: whoever asks second is told under the first one's, of whatever county it is.
    const held = await pushManager.getSubscription();
    const known = held && await give({ ...held.toJSON(), endpoint: held.endpoint, key: keyOf(held) }).catch((error: unknown) => {
      if (error instanceof Problem && error.reason === 'outreach.push_key') return null;
      throw error;
    });
    if (!known) {
      await held?.unsubscribe();
      await give((await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: octets(key) })).toJSON());
    }
    setState('on');
  }));
  const keepQuiet = (quiet: NoticesView['quiet']): Promise<boolean> => doing(async () => setView(await call(setQuiet, { body: { quiet } })));
  return { state, view, busy, problem, turn, keepQuiet };
};
