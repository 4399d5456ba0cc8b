import { readFileSync } from 'node:fs';
import type { Calendar, DayKind } from '../../../../base/time/calendar.ts';
import { defaultZone, offsetMinutesOf } from '../../../../base/time/zone.ts';
import type { Tx } from '../../../../platform/database/database.ts';

/** The calendar that ships. */
export interface CalendarFile {
  readonly sessions: readonly (readonly [string, string])[];
  readonly fixed: Readonly<Record<string, string>>;
  readonly years: Readonly<Record<string, Readonly<Record<string, { readonly kind: DayKind; readonly name: string }>>>>;
}

/** What a county sets for itself, in `county.settings.calendar`: its zone, its sessions and its own days. */
export interface OwnCalendar {
  /** IANA name; where it is not said, the county's column. */
  readonly zone?: string;
  readonly sessions?: readonly (readonly [string, string])[];
  /** `YYYY-MM-DD` to what it is here: `closed` for a local holiday, `makeup` for a day worked. */
  readonly days?: Readonly<Record<string, { readonly kind: DayKind; readonly name: string }>>;
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Whether these are the working sessions of a day: times in order that do not touch. */
export const areSessions = (sessions: readonly (readonly [string, string])[]): boolean => {
  const times = sessions.flat();
  return times.length > 0 && times.every((time, at) => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(time) && (at === 0 || minutes(times[at - 1]!) < minutes(time)));
};

/** Reads the published calendar that ships in data/calendars. */
export const readPublished = (file: URL): CalendarFile => JSON.parse(readFileSync(file, 'utf8')) as CalendarFile;

/** Puts the published calendar and a county's own together; the county's own days win. */
export const calendarOf = (published: CalendarFile, own: OwnCalendar = {}): Calendar => {
  const days = new Map<string, { kind: DayKind; name: string }>();
  for (const year of Object.values(published.years)) for (const [date, day] of Object.entries(year)) days.set(date, day);
  for (const [date, day] of Object.entries(own.days ?? {})) days.set(date, day);
  return {
    // A steady zone has one offset; which moment is asked makes no difference.
    offsetMinutes: offsetMinutesOf(own.zone ?? defaultZone, 0),
    sessions: (own.sessions ?? published.sessions).map(([from, to]) => [minutes(from), minutes(to)] as const),
    days,
    publishedYears: new Set(Object.keys(published.years).map(Number)),
    fixed: new Map(Object.entries(published.fixed)),
  };
};

/** Calendars of the counties, read once and again when a county changes its own. */
export class Calendars {
  readonly #published: CalendarFile;
  readonly #known = new Map<string, Calendar>();
  /** What each county's own part was when it was read. */
  readonly #own = new Map<string, string>();

  constructor(published: CalendarFile) {
    this.#published = published;
  }

  /** Reads all counties' own days and sessions; call it at the start and after a change. @returns whether some county's had changed */
  async load(tx: Tx): Promise<boolean> {
    const rows = await tx.query<{ county: string; zone: string; calendar: OwnCalendar | null }>(`select county, zone, settings -> 'calendar' as calendar from county`);
    let changed = false;
    for (const { county, zone, calendar: said } of rows) {
      const calendar: OwnCalendar = { zone, ...said };
      const own = JSON.stringify(calendar);
      if (this.#own.get(county) === own) continue;
      changed ||= this.#own.has(county);
      this.#own.set(county, own);
      this.#known.set(county, calendarOf(this.#published, calendar));
    }
    return changed;
  }

  of(county: string): Calendar {
    let calendar = this.#known.get(county);
    if (!calendar) this.#known.set(county, (calendar = calendarOf(this.#published)));
    return calendar;
  }
}
