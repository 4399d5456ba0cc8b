import { useCallback, useSyncExternalStore } from 'react';
import { dayWords, spanOf, timeOfDay, urgencyOf, type Urgency } from './format.ts';
import { useLanguage, useWebSay } from './language.tsx';

let present = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
/** How often what depends on the present is said anew, in milliseconds. */
const tick = 15_000;

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  present = Date.now();
  timer ??= setInterval(() => {
    present = Date.now();
    for (const each of listeners) each();
  }, tick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  };
};

/** The present in milliseconds since 1970, renewed every 15 s for all that are shown. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => present);

/** Says times as people do, in the chosen language. */
export const useTimeWords = () => {
  const { language } = useLanguage();
  const say = useWebSay();
  const now = useNow();
  const day = useCallback((iso: string) => dayWords(language, iso, now, { today: say('day.today'), tomorrow: say('day.tomorrow'), yesterday: say('day.yesterday') }), [language, now, say]);
  /** `today 17:30`. */
  const moment = useCallback((iso: string) => say('at', { day: day(iso), time: timeOfDay(language, iso) }), [day, language, say]);
  /** Only the time on the present day, otherwise the day before it. */
  const brief = useCallback((iso: string) => (day(iso) === say('day.today') ? timeOfDay(language, iso) : say('at', { day: day(iso), time: timeOfDay(language, iso) })), [day, language, say]);
  const span = useCallback((ms: number) => {
    const { days, hours, minutes } = spanOf(ms);
    return days > 0 ? say('span.days', { days, hours }) : hours > 0 ? say('span.hours', { hours, minutes }) : say('span.minutes', { minutes });
  }, [say]);
  return { language, now, day, moment, brief, span };
};

interface ClockTimes {
  readonly dueAt: string | null;
  readonly warnAt: string | null;
  readonly pausedAt: string | null;
}

/** A limit in words with its urgency: `2 h 18 min left`, `35 min late`; beyond `near` (ms) the due time itself. */
export const useRemaining = () => {
  const say = useWebSay();
  const { now, moment, span } = useTimeWords();
  return useCallback((clock: ClockTimes | null, near = 86_400_000): { readonly words: string; readonly urgency: Urgency } => {
    if (!clock) return { words: say('clock.none'), urgency: 'paused' };
    const urgency = urgencyOf(clock, now);
    if (urgency === 'paused' || clock.dueAt === null) return { words: say(clock.dueAt === null && clock.pausedAt === null ? 'clock.none' : 'clock.paused'), urgency };
    const left = Date.parse(clock.dueAt) - now;
    if (Math.abs(left) < 60_000) return { words: say('clock.reached'), urgency };
    if (left < 0) return { words: say('clock.late', { span: span(left) }), urgency };
    return { words: left < near ? say('clock.left', { span: span(left) }) : moment(clock.dueAt), urgency };
  }, [say, now, moment, span]);
};
