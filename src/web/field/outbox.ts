import { useEffect, useSyncExternalStore } from 'react';
import { actOnMatter, makeMatter, type Done } from '../../modules/matters/contract.ts';
import { call, newOp, Problem, upload } from '../shared/client.ts';
import { shrink, type StoredBlob } from '../shared/pictures.ts';
import { allRows, dropRow, findRow, keepRow, type Waiting } from './kept.ts';

const localMark = 'local:';
const addresses = new Map<string, string>();

let rows: readonly Waiting[] = [];
const listeners = new Set<() => void>();
const reread = async (): Promise<void> => {
  rows = [...(await allRows('waiting'))].sort((a, b) => a.madeAt - b.madeAt);
  for (const listener of listeners) listener();
};

/** Sends a kept picture, once; the server's id of it. */
const storeKept = async (id: string): Promise<string> => {
  const kept = await findRow('pictures', id);
  if (!kept) throw new Problem(422, 'field.picture_gone', '', '');
  if (kept.stored) return kept.stored;
  const { blob } = await upload<StoredBlob>('/api/blobs', kept.blob, kept.blob.type || 'application/octet-stream');
  await keepRow('pictures', { ...kept, stored: blob });
  return blob;
};

/**
 * Shrinks a picture and keeps it in the phone; sends it ahead where there is a network, so that
 * nothing is left to wait for when the action itself is sent.
 */
export const keepPicture = async (file: Blob): Promise<string> => {
  const blob = await shrink(file);
  const id = localMark + newOp();
  await keepRow('pictures', { id, blob, stored: null });
  addresses.set(id, URL.createObjectURL(blob));
  if (navigator.onLine) storeKept(id).catch(() => undefined);
  return id;
};

/** Address at which a kept picture can be shown while this page is open. */
export const keptAddress = (id: string): string => addresses.get(id) ?? '';

const picturesIn = (value: unknown): string[] =>
  typeof value === 'string' ? (value.startsWith(localMark) ? [value] : []) : typeof value === 'object' && value !== null ? Object.values(value).flatMap(picturesIn) : [];

const withStored = (value: unknown, stored: ReadonlyMap<string, string>): unknown => {
  if (typeof value === 'string') return stored.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => withStored(each, stored));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withStored(each, stored)]));
  return value;
};

/** Sends one action with its pictures. @throws Problem. */
const attempt = async (row: Waiting): Promise<Done> => {
  const stored = new Map<string, string>();
  for (const id of picturesIn(row.input)) stored.set(id, await storeKept(id));
  const input = withStored(row.input, stored);
  const done = row.matter === null
    ? await call(makeMatter, { body: { kind: 'case', action: row.action, input, op: row.op } })
    : await call(actOnMatter, { params: { id: row.matter }, body: { action: row.action, input, op: row.op } });
  await dropRow('waiting', row.op);
  for (const id of stored.keys()) await dropRow('pictures', id);
  return done;
};

/** One page at a time sends, and in order: two tabs would only get the same answers, but twice the traffic. */
const alone = <T>(work: () => Promise<T>): Promise<T> => ('locks' in navigator ? (navigator.locks.request('lamplight-outbox', work) as Promise<T>) : work());

/**
 * Keeps the action in the phone, then sends it. `waiting`: nobody has answered yet, it goes out by itself
 * later. @throws Problem where the server does not accept it; then it is not kept.
 */
export const send = async (what: Omit<Waiting, 'op' | 'madeAt' | 'refused'>): Promise<Done | 'waiting'> => {
  const row: Waiting = { ...what, op: newOp(), madeAt: Date.now(), refused: null };
  await keepRow('waiting', row);
  try {
    if (!navigator.onLine) return 'waiting';
    return await alone(() => attempt(row));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Signed out is no decision about the action: it stays until somebody signs in again.
    if (error.undecided || error.status === 401 || error.status === 429) return 'waiting';
    await dropRow('waiting', row.op);
    throw error;
  } finally {
    await reread();
  }
};

/** Sends what waits, oldest first, until the network fails. What the server does not accept stays, with its words. */
export const flush = (account: string): Promise<void> =>
  alone(async () => {
    for (const row of await allRows('waiting')) {
      if (row.account !== account || row.refused !== null) continue;
      try {
        await attempt(row);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.undecided || error.status === 401 || error.status === 429) break;
        await keepRow('waiting', { ...row, refused: error.message || error.reason });
      }
    }
    await reread();
  });

/** Takes an action away that the server did not accept, after its owner has seen why. */
export const dismiss = async (op: string): Promise<void> => {
  await dropRow('waiting', op);
  await reread();
};

/** What this account has waiting in this phone. */
export const useWaiting = (account: string): readonly Waiting[] => {
  const all = useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => rows);
  return all.filter((row) => row.account === account);
};

/** How often what waits is tried again while the page is open, in milliseconds. */
const every = 20_000;

/** Sends what waits whenever there is hope: at the start, when the network or the page comes back, and from time to time. */
export const useFlushing = (account: string): void => {
  useEffect(() => {
    const go = (): void => { if (document.visibilityState === 'visible' && navigator.onLine) void flush(account); };
    void reread().then(go);
    const timer = setInterval(() => { if (rows.some((row) => row.refused === null)) go(); }, every);
    addEventListener('online', go);
    document.addEventListener('visibilitychange', go);
    return () => {
      clearInterval(timer);
      removeEventListener('online', go);
      document.removeEventListener('visibilitychange', go);
    };
  }, [account]);
};

/** True while the device says that it has a network. */
export const useOnline = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener);
      addEventListener('offline', listener);
      return () => {
        removeEventListener('online', listener);
        removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
