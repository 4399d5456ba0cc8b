/** Lets at most `window` segments be under way at once and at most `perSecond` begin in a second, first come first served. */
export interface Pace {
  /** Resolves when it is this caller's turn; false where the wait was given up by `drop`. */
  turn(): Promise<boolean>;
  /** A turn has ended. */
  done(): void;
  /** Everybody who waits is told false. */
  drop(): void;
}

/**
 * @param perSecond 0 for as many as the window lets through
 * @param now a clock that only goes forward, milliseconds
 */
export const createPace = (window: number, perSecond: number, now: () => number = () => performance.now()): Pace => {
  const waiting: ((mine: boolean) => void)[] = [];
  let underWay = 0;
  /** Begun in the last second, in slots of a tenth: a burst at the seam of two seconds stays within the limit. */
  let slots: { readonly at: number; count: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const begun = (at: number): number => {
    slots = slots.filter((slot) => slot.at > at - 1_000);
    return slots.reduce((sum, { count }) => sum + count, 0);
  };
  const free = (): boolean => {
    if (underWay >= window) return false;
    if (perSecond === 0) return true;
    const at = now();
    if (begun(at) < perSecond) {
      const slot = Math.floor(at / 100) * 100;
      const last = slots.at(-1);
      if (last?.at === slot) last.count++;
      else slots.push({ at: slot, count: 1 });
      return true;
    }
    timer ??= setTimeout(() => { timer = undefined; next(); }, Math.max(1, slots[0]!.at + 1_001 - at));
    return false;
  };
  const next = (): void => {
    while (waiting.length > 0 && free()) { underWay++; waiting.shift()!(true); }
  };
  return {
    turn: () => new Promise((resolve) => { waiting.push(resolve); next(); }),
    done() { underWay--; next(); },
    drop() {
      clearTimeout(timer);
      timer = undefined;
      for (const give of waiting.splice(0)) give(false);
    },
  };
};
