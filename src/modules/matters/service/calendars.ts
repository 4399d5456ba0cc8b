import { readFileSync } from 'node:fs';
import type { Calendar, DayKind } from '../../../base/calendar.ts';
import type { Tx } from '../../../platform/database/database.ts';

interface CalendarFile {
  readonly sessions: readonly (readonly [string, string])[];
  readonly fixed: Readonly<Record<string, string>>;
  readonly years: Readonly<Record<string, Readonly<Record<string, { readonly kind: DayKind; readonly name: string }>>>>;
}

/** What a county sets for itself, in `county.settings.calendar`: its sessions and its own days. */
export interface OwnCalendar {
  readonly sessions?: readonly (readonly [string, string])[];
  /** `YYYY-MM-DD` to what it is here: `closed` for a local holiday, `makeup` for a day worked. */
  readonly days?: Readonly<Record<string, { readonly kind: DayKind; readonly name: string }>>;
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Reads the published calendar that ships in data/calendars. */
export const readPublished = (file: URL): CalendarFile => JSON.parse(readFileSync(file, 'utf8')) as CalendarFile;

/** Puts the published calendar and a county's own together; the county's own days win. */
export const calendarOf = (published: CalendarFile, own: OwnCalendar = {}): Calendar => {
  const days = new Map<string, { kind: DayKind; name: string }>();
  for (const year of Object.values(published.years)) for (const [date, day] of Object.entries(year)) days.set(date, day);
  for (const [date, day] of Object.entries(own.days ?? {})) days.set(date, day);
  return {
    offsetMinutes: 480,
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

  constructor(published: CalendarFile) {
    this.#published = published;
  }

  /** Reads all counties' own days and sessions; call it at the start and after a change. */
  async load(tx: Tx): Promise<void> {
    const rows = await tx.query<{ county: string; calendar: OwnCalendar | null }>(`select county, settings -> 'calendar' as calendar from county`);
    for (const { county, calendar } of rows) this.#known.set(county, calendarOf(this.#published, calendar ?? {}));
  }

  of(county: string): Calendar {
    let calendar = this.#known.get(county);
    if (!calendar) this.#known.set(county, (calendar = calendarOf(this.#published)));
    return calendar;
  }
}
