import type { Json } from '../../../../base/canonical.ts';
import { addTime, localDay, workingDayMs } from '../../../../base/time/calendar.ts';
import { defaultZone, isSteadyZone } from '../../../../base/time/zone.ts';
import { refuse } from '../../../../base/result.ts';
import type { World } from '../../../../platform/world.ts';
import type { Area, Effect } from '../../../settings/index.ts';
import { isCalendarDay, OwnCalendarShape } from '../../rules/calendar-shape.ts';
import { recomputeClock } from '../../rules/clocks.ts';
import { readRunning, type RunningClock } from '../../store/running.ts';
import type { Kinds } from '../kinds.ts';
import { areSessions, calendarOf, type CalendarFile, type OwnCalendar } from './calendars.ts';

/** Clocks that a preview computes at the most: about a second's work. */
const previewed = 50_000;
const round = 1_000;
const hourMs = 3_600_000;

/** The area `calendar`: own days and sessions. Its preview runs the working rule over every running clock; its change computes them anew. */
export const calendarArea = (world: World, published: CalendarFile, kinds: Kinds, reload: () => Promise<number>): Area => {
  const ownOf = (document: Json): OwnCalendar => (document ?? {}) as OwnCalendar;

  const preview = async (county: string, _before: Json, after: Json): Promise<Effect[]> => {
    const calendar = calendarOf(published, ownOf(after));
    const now = world.now();
    const seen = { all: 0, earlier: 0, later: 0, overdue: 0, saved: 0, earliest: 0, latest: 0 };
    for (let next: { county: string; matter: string; name: string } | null = { county, matter: '00000000-0000-0000-0000-000000000000', name: '' }; next !== null && seen.all < previewed;) {
      const rows: readonly RunningClock[] = (await readRunning(world.db, next, round)).filter((row) => row.county === county);
      for (const { kind, clock } of rows) {
        seen.all++;
        const was = clock.dueAt;
        const is = recomputeClock(calendar, clock, kinds.find(kind)?.workflow.clocks[clock.name]?.warnAt).dueAt;
        if (was === null || is === null || was === is) continue;
        if (is < was) seen.earlier++; else seen.later++;
        if (is <= now && was > now) seen.overdue++;
        if (is > now && was <= now) seen.saved++;
        seen.earliest = Math.min(seen.earliest, is - was);
        seen.latest = Math.max(seen.latest, is - was);
      }
      const last = rows.at(-1);
      next = rows.length === round && last ? { county, matter: last.matter, name: last.clock.name } : null;
    }
    const hours = (ms: number): string => String(Math.round(Math.abs(ms) / hourMs));
    const effects: Effect[] = [];
    if (seen.earlier + seen.later === 0) effects.push({ words: 'effect.calendar.none', params: { all: seen.all }, tone: 'done' });
    if (seen.earlier > 0) effects.push({ words: 'effect.calendar.earlier', params: { count: seen.earlier, hours: hours(seen.earliest) }, tone: 'warn' });
    if (seen.later > 0) effects.push({ words: 'effect.calendar.later', params: { count: seen.later, hours: hours(seen.latest) } });
    if (seen.overdue > 0) effects.push({ words: 'effect.calendar.overdue', params: { count: seen.overdue }, tone: 'late' });
    if (seen.saved > 0) effects.push({ words: 'effect.calendar.saved', params: { count: seen.saved } });
    if (seen.all >= previewed) effects.push({ words: 'effect.capped', params: { count: previewed } });
    return effects;
  };

  return {
    name: 'calendar', path: ['calendar'], schema: OwnCalendarShape, edit: ['calendar.edit'], editor: 'calendar', preview,
    shipped: () => ({ zone: defaultZone, sessions: published.sessions as unknown as Json, days: {} }),
    beside: () => ({ years: published.years as unknown as Json, fixed: published.fixed }),
    check(_county, document) {
      const { zone, sessions, days } = ownOf(document);
      if (zone !== undefined && !isSteadyZone(zone, new Date(world.now()).getUTCFullYear())) return refuse(422, 'settings.zone', { zone }, [{ path: '/zone', reason: 'settings.zone', params: { zone } }]);
      const noDay = Object.keys(days ?? {}).find((day) => !isCalendarDay(day));
      if (noDay !== undefined) return refuse(422, 'identity.no_day', { day: noDay }, [{ path: `/days/${noDay}`, reason: 'identity.no_day', params: { day: noDay } }]);
      if (sessions && !areSessions(sessions)) return refuse(422, 'identity.sessions', undefined, [{ path: '/sessions', reason: 'identity.sessions' }]);
      // A year without a working day would leave clocks that never end.
      const calendar = calendarOf(published, ownOf(document));
      try {
        addTime(calendar, world.now(), 366 * workingDayMs(calendar), 'workingDay');
        return localDay(calendar, world.now());
      } catch {
        return refuse(422, 'settings.never_works');
      }
    },
    changed: async () => [{ words: 'effect.calendar.recomputed', params: { clocks: await reload() } }],
  };
};
