import type { Ears, Heard } from './line.ts';

/** How long parts wait for those that are missing, in milliseconds; the peer's answer waits as long. */
const patienceMs = 5_000;

interface Gathered {
  readonly parts: (Heard | undefined)[];
  readonly kept: Promise<void>;
  finish(): void;
}

/**
 * Takes what a phone sent, part by part. Resolves when it was kept, so that the peer is answered then and says again what was
 * lost. Parts that stay without the others are kept as what they are.
 */
export type Join = (message: Heard, join: { readonly reference: number; readonly parts: number; readonly part: number } | undefined) => Promise<void>;

export const createJoin = (ears: Ears): Join => {
  const gathering = new Map<string, Gathered>();
  const gather = (key: string, parts: number): Gathered => {
    let finish = (): void => {};
    const all: (Heard | undefined)[] = Array.from({ length: parts });
    const kept = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => finish(), patienceMs);
      finish = () => {
        clearTimeout(timer);
        gathering.delete(key);
        const there = all.filter((one) => one !== undefined);
        ears.heard({ ...there[0]!, text: there.map(({ text }) => text).join('') }).then(resolve, reject);
      };
    });
    return { parts: all, kept, finish: () => finish() };
  };
  return (message, join) => {
    if (!join || join.parts < 2 || join.part < 1 || join.part > join.parts) return ears.heard(message);
    const key = `${message.from} ${message.to} ${join.reference} ${join.parts}`;
    const found = gathering.get(key) ?? gather(key, join.parts);
    gathering.set(key, found);
    found.parts[join.part - 1] = message;
    if (found.parts.every((one) => one !== undefined)) found.finish();
    return found.kept;
  };
};
