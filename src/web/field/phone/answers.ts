import { useEffect, useMemo, useState } from 'react';
import { Problem } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import type { News } from '../../shared/live/stream.ts';
import { useResource, type Resource } from '../../shared/resource.ts';
import { useSession } from '../../shared/session.tsx';
import { rightNow } from './clock.ts';
import { findRow, keepRow } from './kept.ts';

/** What was read, and since when it stands in the phone; `keptAt` is null for what has just come from the server. */
export interface Kept<T> {
  readonly value: T;
  /** Milliseconds since 1970. */
  readonly keptAt: number | null;
}

/** Longer than this nobody waits for an answer that the phone has too, in milliseconds. */
const patience = 4_000;

const rowKey = (account: string, language: string, key: string): string => `${account} ${language} ${key}`;

/** Keeps an answer; where there is no room for it, it is only shown. */
export const keepAnswer = async (account: string, language: string, key: string, value: unknown): Promise<void> =>
  keepRow('answers', { key: rowKey(account, language, key), at: rightNow(), value }).catch(() => undefined);

/** An answer as the phone has it. */
export const keptAnswer = async <T>(account: string, language: string, key: string): Promise<Kept<T> | null> => {
  const row = await findRow('answers', rowKey(account, language, key)).catch(() => undefined);
  return row ? { value: row.value as T, keptAt: row.at } : null;
};

/**
 * Reads from the server and keeps it; from the phone where the server gives no answer, or none soon.
 * @param later is told what came after the phone's own was shown, and instead of which it is to be shown
 * @throws Problem where neither has it
 */
const readOrKept = async <T>(account: string, language: string, key: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal, later: (instead: Kept<T>, read: Kept<T>) => void): Promise<Kept<T>> => {
  const known = await keptAnswer<T>(account, language, key);
  if (known && !navigator.onLine) return known;
  const reading = load(signal).then((value): Kept<T> => {
    void keepAnswer(account, language, key, value);
    return { value, keptAt: null };
  });
  if (!known) return reading;
  const late = new Promise<Kept<T>>((resolve) => setTimeout(() => {
    resolve(known);
    reading.then((read) => { if (!signal.aborted) later(known, read); }, () => undefined);
  }, patience));
  return Promise.race([reading, late]).catch((error: unknown) => {
    if (error instanceof Problem && (error.undecided || error.status === 429 || error.status === 500)) return known;
    throw error;
  });
};

/** A resource that is there without a network too, with its age. */
export const useKept = <T>(key: string, load: (signal: AbortSignal) => Promise<T>, concerns?: (news: News) => boolean): Resource<Kept<T>> => {
  const { language } = useLanguage();
  const { session } = useSession();
  const whole = useMemo(() => `${session.id} ${language} ${key}`, [session.id, language, key]);
  const [newer, setNewer] = useState<{ readonly instead: Kept<T>; readonly read: Kept<T> } | null>(null);
  const resource = useResource(whole, (signal) => readOrKept(session.id, language, key, load, signal, (instead, read) => setNewer({ instead, read })), concerns);
  const { reload } = resource;
  // What was shown while there was no network may have been overtaken meanwhile.
  useEffect(() => {
    addEventListener('online', reload);
    return () => removeEventListener('online', reload);
  }, [reload]);
  return newer && newer.instead === resource.data ? { ...resource, data: newer.read } : resource;
};
