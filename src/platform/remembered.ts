/** A read with a memory; `forget` makes the next one read anew. */
export interface Remembered<T> {
  (key: string): Promise<T>;
  forget(key: string): void;
}

/**
 * A read that is remembered for a while: for names, staff and settings, which are asked for a thousand times between two
 * changes and may be seen a few seconds late. A failed read is not remembered.
 * @param now milliseconds since 1970
 * @param keepMs how long an answer is given again
 */
export const remembered = <T>(now: () => number, keepMs: number, read: (key: string) => Promise<T>, most = 20_000): Remembered<T> => {
  const kept = new Map<string, { readonly value: Promise<T>; readonly from: number }>();
  const ask = (key: string): Promise<T> => {
    const present = now();
    const known = kept.get(key);
    // A clock that was set back makes everything old.
    if (known && present >= known.from && present < known.from + keepMs) return known.value;
    if (kept.size >= most) kept.clear();
    const value = read(key);
    const entry = { value, from: present };
    kept.set(key, entry);
    value.catch(() => { if (kept.get(key) === entry) kept.delete(key); });
    return value;
  };
  return Object.assign(ask, { forget: (key: string) => void kept.delete(key) });
};
