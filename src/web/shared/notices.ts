import { useCallback, useEffect, useState } from 'react';
import { askNotices, readNotices, stopNotices } from '../../modules/outreach/contract.ts';
import { call, Problem } from './client.ts';

/** `absent`: this browser or this installation tells nothing; `denied`: its owner has forbidden it in the browser. */
export type NoticesState = 'absent' | 'denied' | 'off' | 'on';

/** By which worker an end is told, and where that worker is at home. */
export interface Teller {
  readonly script: string;
  readonly scope: string;
}

const octets = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
const able = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && isSecureContext;
const registered = ({ scope }: Teller): Promise<ServiceWorkerRegistration | undefined> => navigator.serviceWorker.getRegistration(scope);

/** A worker that was just registered and cannot be asked yet is waited for. */
const atWork = async ({ script, scope }: Teller): Promise<ServiceWorkerRegistration> => {
  const made = await navigator.serviceWorker.register(script, { scope });
  const coming = made.installing ?? made.waiting;
  if (!made.active && coming) await new Promise<void>((resolve) => coming.addEventListener('statechange', () => { if (coming.state === 'activated') resolve(); }));
  return made;
};

/** This device is told nothing any more; for whoever signs out. Where there is no network it is only the browser that forgets. */
export const forgetNotices = async (teller: Teller): Promise<void> => {
  if (!able()) return;
  const subscription = await (await registered(teller))?.pushManager.getSubscription();
  if (!subscription) return;
  await call(stopNotices, { body: { endpoint: subscription.endpoint } }).catch(() => undefined);
  await subscription.unsubscribe().catch(() => false);
};

/** Whether this device is told of what is given to whoever is signed in, and how that is changed. */
export const useNotices = (teller: Teller): { readonly state: NoticesState; readonly busy: boolean; readonly problem: Problem | null; readonly turn: (on: boolean) => Promise<void> } => {
  const [state, setState] = useState<NoticesState>('absent');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = useCallback(async (): Promise<void> => {
    if (!able()) return;
    const { key, devices } = await call(readNotices);
    if (key === null) return setState('absent');
    const here = await (await registered(teller))?.pushManager.getSubscription();
    setState(here && devices > 0 ? 'on' : Notification.permission === 'denied' ? 'denied' : 'off');
  }, [teller]);
  useEffect(() => { void look().catch(() => undefined); }, [look]);
  const turn = async (on: boolean): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      if (!on) { await forgetNotices(teller); return setState('off'); }
      const { key } = await call(readNotices);
      const answer = await Notification.requestPermission();
      if (answer !== 'granted' || key === null) return setState(answer === 'denied' ? 'denied' : 'off');
      const subscription = await (await atWork(teller)).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: octets(key) });
      const { endpoint, keys } = subscription.toJSON();
      await call(askNotices, { body: { endpoint: endpoint ?? '', p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' } });
      setState('on');
    } catch (error) {
      // A push service that cannot be reached has no words of its own.
      setProblem(error instanceof Problem ? error : new Problem(0, 'network', '', ''));
    } finally {
      setBusy(false);
    }
  };
  return { state, busy, problem, turn };
};
