import { useEffect, useRef } from 'react';

/** True while somebody writes: letters then belong to the text. */
const writes = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Keys of a page: a key (as `event.key` says it, in lower case) and what it does. None act while somebody writes or a dialog stands open. */
export const useKeys = (keys: Readonly<Record<string, (() => void) | undefined>>): void => {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(event.target) || document.querySelector('[role=dialog]')) return;
      const act = latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
};

/** Letters that pages use for moving. */
const taken = new Set(['j', 'k', 'x', 'w']);

/** A letter for each action, from its own name where one is free, so that it stays the same from visit to visit. */
export const lettersOf = (names: readonly string[]): ReadonlyMap<string, string> => {
  const used = new Set(taken);
  const letters = new Map<string, string>();
  for (const name of names) {
    const letter = [...name.toLowerCase(), ...'abcdefghilmnopqrstuvwxyz'].find((each) => /[a-z]/.test(each) && !used.has(each));
    if (!letter) continue;
    used.add(letter);
    letters.set(name, letter);
  }
  return letters;
};
