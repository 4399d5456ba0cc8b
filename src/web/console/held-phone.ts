import { useSyncExternalStore } from 'react';

let held: string | null = null;
const listeners = new Set<() => void>();

/** Keeps a phone that was typed for the page that looks it up: in memory alone, since an address is kept and passed on. */
export const holdPhone = (phone: string | null): void => {
  held = phone;
  for (const listener of listeners) listener();
};

/** The phone that was typed last; null after a reload. */
export const useHeldPhone = (): string | null => useSyncExternalStore((listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
}, () => held);
