import type { SensorRule } from '../contract/settings.ts';

/** What one rule remembers of one series between two readings. */
export interface RuleMemory {
  /** Since when it holds without a break, milliseconds since 1970. */
  readonly since?: number;
  /** Lowest or highest values of the parts of its time window, oldest first: `[at, value]`. */
  readonly past?: readonly (readonly [number, number])[];
}

/** What a rule makes of a reading: nothing, an alarm, or the end of one. */
export type Verdict = 'nothing' | 'opens' | 'ends';

export interface Judged {
  readonly verdict: Verdict;
  /** Null where there is nothing to remember. */
  readonly memory: RuleMemory | null;
}

/** Parts that the window of `rise` and `fall` is remembered in. */
const parts = 12;

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** Whether a minute of the local day lies in a span, which may go over midnight. From inclusive, to exclusive. */
export const isWithin = (minute: number, { from, to }: { readonly from: string; readonly to: string }): boolean => {
  const [a, b] = [minuteOf(from), minuteOf(to)];
  return a <= b ? minute >= a && minute < b : minute >= a || minute < b;
};

/** Whether a rule looks at readings of a moment. @param offsetMinutes local time ahead of UTC */
export const isDuring = ({ during }: Pick<SensorRule, 'during'>, at: number, night: { readonly from: string; readonly to: string }, offsetMinutes: number): boolean => {
  if (during === undefined) return true;
  const minute = ((Math.floor(at / 60_000) + offsetMinutes) % 1440 + 1440) % 1440;
  if (during === 'night') return isWithin(minute, night);
  if (during === 'day') return !isWithin(minute, night);
  return isWithin(minute, during);
};

/** The window with a reading put in: one value a part, the lowest for `rise` and the highest for `fall`. */
const windowed = (past: RuleMemory['past'], at: number, value: number, windowMs: number, rises: boolean): (readonly [number, number])[] => {
  const kept = (past ?? []).filter(([time]) => time > at - windowMs && time <= at);
  const last = kept.at(-1);
  const part = (time: number): number => Math.floor(time / (windowMs / parts));
  if (last && part(last[0]) === part(at)) {
    if (rises ? value < last[1] : value > last[1]) kept[kept.length - 1] = [last[0], value];
    return kept;
  }
  return [...kept, [at, value]];
};

/**
 * Judges one reading by one rule, readings of a series in the order of their time. `open`: an alarm of this rule stands.
 * Never `opens` while one is open and never `ends` while none is. A rule with a time of day leaves everything as it is outside it.
 * `silent` is judged by the clock and not here.
 */
export const judge = (rule: SensorRule, memory: RuleMemory | null, reading: { readonly at: number; readonly value: number }, open: boolean, during: boolean): Judged => {
  const { at, value } = reading;
  switch (rule.when) {
    case 'silent': return { verdict: 'nothing', memory: null };
    case 'above': case 'below': {
      if (!during) return { verdict: 'nothing', memory: null };
      const above = rule.when === 'above';
      if (open) {
        const over = above ? value <= rule.clear! : value >= rule.clear!;
        return { verdict: over ? 'ends' : 'nothing', memory: null };
      }
      if (above ? value <= rule.limit! : value >= rule.limit!) return { verdict: 'nothing', memory: null };
      const since = memory?.since ?? at;
      return at - since >= (rule.holdSeconds ?? 0) * 1000 ? { verdict: 'opens', memory: null } : { verdict: 'nothing', memory: { since } };
    }
    case 'rise': case 'fall': {
      const rises = rule.when === 'rise';
      const past = windowed(memory?.past, at, value, rule.minutes! * 60_000, rises);
      if (!during) return { verdict: 'nothing', memory: { past } };
      const change = rises ? value - Math.min(...past.map(([, one]) => one)) : Math.max(...past.map(([, one]) => one)) - value;
      // Over when half of the change is gone: a limit that is met again and again is one alarm.
      if (open) return { verdict: change < rule.limit! / 2 ? 'ends' : 'nothing', memory: { past } };
      return { verdict: change >= rule.limit! ? 'opens' : 'nothing', memory: { past } };
    }
  }
};

/**
 * Whether a device stands alone with what it shows: of the devices around, the rule's share reads otherwise. Where fewer than two
 * have read anything nobody can say, and it counts as alone.
 * @param around the newest values of devices of the kind within the rule's reach
 */
export const isAlone = (rule: Pick<SensorRule, 'neighbours' | 'when' | 'limit'>, around: readonly number[]): boolean => {
  if (rule.neighbours === undefined || around.length < 2 || (rule.when !== 'above' && rule.when !== 'below')) return true;
  const otherwise = around.filter((value) => (rule.when === 'above' ? value <= rule.limit! : value >= rule.limit!)).length;
  return otherwise / around.length >= rule.neighbours.share;
};
