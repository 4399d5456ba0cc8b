import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { defaultZone } from '../../../base/time/zone.ts';
import { countyDay } from '../../shared/format.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useNow } from '../../shared/time.tsx';
import { BackIcon, CrossIcon } from '../../ui/icons.tsx';
import type { EditorProps } from './editor.ts';
import { isMembers, withMember, type Members } from './shape.ts';
import { useSettingsSay } from './texts.ts';

type DayKind = 'closed' | 'holiday' | 'makeup' | 'workday' | 'weekend';
interface NamedDay { readonly kind: DayKind; readonly name: string }
type Days = Readonly<Record<string, NamedDay>>;
type Session = readonly [string, string];

const kinds: readonly DayKind[] = ['closed', 'holiday', 'makeup', 'workday', 'weekend'];
/** What a day is said with before its colour: a sign of its own. */
const marks: Readonly<Record<DayKind, string>> = { closed: '✕', holiday: '●', makeup: '＋', workday: '', weekend: '○' };
const dayMs = 86_400_000;
const dateOf = (year: number, month: number, day: number): string => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The county's calendar of a month with what is special, and its working sessions. A day is changed by choosing it. */
export const CalendarEditor = ({ area, draft, change, wrongs }: EditorProps) => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const id = useId();
  const grid = useRef<HTMLTableElement>(null);
  const own = isMembers(draft) ? draft : undefined;
  const days = (own?.['days'] ?? {}) as Days;
  const published = ((area.beside as { years: Record<string, Days> } | null)?.years ?? {}) as Readonly<Record<string, Days>>;
  const fixed = ((area.beside as { fixed: Record<string, string> } | null)?.fixed ?? {}) as Readonly<Record<string, string>>;
  const shippedSessions = (isMembers(area.defaults) ? area.defaults['sessions'] : []) as readonly Session[];
  const sessions = (own?.['sessions'] as readonly Session[] | undefined) ?? shippedSessions;
  const now = useNow();
  const today = countyDay(now);
  const [month, setMonth] = useState({ year: Number(today.slice(0, 4)), month: Number(today.slice(5, 7)) - 1 });
  const [chosen, setChosen] = useState(today);
  const provisional = published[String(month.year)] === undefined;

  const set = (name: 'zone' | 'days' | 'sessions', value: unknown): void => change(withMember(own as Members | undefined, name, value));
  const setDay = (date: string, value: NamedDay | undefined): void => set('days', withMember(days as unknown as Members, date, value));
  const dayOf = (date: string): NamedDay & { readonly own: boolean } => {
    const mine = days[date];
    if (mine) return { ...mine, own: true };
    const named = published[date.slice(0, 4)]?.[date];
    if (named) return { ...named, own: false };
    if (published[date.slice(0, 4)] === undefined && fixed[date.slice(5)]) return { kind: 'holiday', name: fixed[date.slice(5)]!, own: false };
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    return { kind: weekday === 0 || weekday === 6 ? 'weekend' : 'workday', name: '', own: false };
  };

  const first = Date.UTC(month.year, month.month, 1);
  // Weeks begin on Monday.
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(month.year, month.month + 1, 0)).getUTCDate();
  const weeks = Array.from({ length: Math.ceil((lead + length) / 7) }, (_, week) => Array.from({ length: 7 }, (_day, at) => week * 7 + at - lead + 1).map((day) => (day < 1 || day > length ? null : dateOf(month.year, month.month, day))));
  const weekdayName = (at: number): string => new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + at)));
  const longDay = (date: string): string => new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
  const show = (date: string): void => {
    setChosen(date);
    setMonth({ year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)) - 1 });
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-date="${date}"]`)?.focus());
  };
  const step = (event: KeyboardEvent, date: string): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -28, PageDown: 28 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    show(new Date(Date.parse(`${date}T00:00:00Z`) + by * dayMs).toISOString().slice(0, 10));
  };
  const turn = (by: number): void => {
    const next = new Date(Date.UTC(month.year, month.month + by, 1));
    setMonth({ year: next.getUTCFullYear(), month: next.getUTCMonth() });
    setChosen(next.toISOString().slice(0, 10));
  };
  const inMonth = chosen.startsWith(dateOf(month.year, month.month, 1).slice(0, 7));
  const present = dayOf(chosen);
  const setSession = (at: number, side: 0 | 1, value: string): void => set('sessions', sessions.map((session, index) => (index === at ? (side === 0 ? [value, session[1]] : [session[0], value]) : session)));
  const listed = Object.entries(days).sort(([a], [b]) => (a < b ? -1 : 1));

  return (
    <div className="calendar">
      <section aria-labelledby={`${id}-month`}>
        <div className="calendar-head">
          <button type="button" className="btn btn-small" aria-label={say('calendar.before')} onClick={() => turn(-1)}><BackIcon /></button>
          <h2 id={`${id}-month`} aria-live="polite">{new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(first))}</h2>
          <button type="button" className="btn btn-small calendar-after" aria-label={say('calendar.after')} onClick={() => turn(1)}><BackIcon /></button>
        </div>
        {provisional && <p className="note note-wait">{say('calendar.provisional', { year: month.year })}</p>}
        <table className="month" ref={grid} aria-labelledby={`${id}-month`}>
          <thead><tr>{Array.from({ length: 7 }, (_, at) => <th key={at} scope="col">{weekdayName(at)}</th>)}</tr></thead>
          <tbody>
            {weeks.map((week, at) => (
              <tr key={at}>
                {week.map((date, index) => date === null ? <td key={index}>{' '}</td> : (
                  <td key={date}>
                    <button type="button" data-date={date} data-kind={dayOf(date).kind} data-own={dayOf(date).own || undefined} data-today={date === today || undefined} aria-pressed={date === chosen} tabIndex={date === chosen || (!inMonth && date.endsWith('-01')) ? 0 : -1}
                      aria-label={`${longDay(date)}：${say(`calendar.kind.${dayOf(date).kind}`)}${dayOf(date).name && `，${dayOf(date).name}`}${dayOf(date).own ? `（${say('calendar.own')}）` : ''}`}
                      onClick={() => setChosen(date)} onKeyDown={(event) => step(event, date)}>
                      <span className="month-day">{Number(date.slice(8))}<i aria-hidden="true">{marks[dayOf(date).kind]}</i></span>
                      <span className="month-name">{dayOf(date).name}</span>
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <ul className="legend">{kinds.filter((kind) => marks[kind]).map((kind) => <li key={kind}><i data-kind={kind} aria-hidden="true">{marks[kind]}</i>{say(`calendar.kind.${kind}`)}</li>)}<li><i data-own="true" aria-hidden="true" />{say('calendar.own')}</li></ul>
        <fieldset className="setting-group" data-path={`/days/${chosen}`}>
          <legend className="field-label">{longDay(chosen)}</legend>
          <div className="calendar-day">
            <div className="field"><label htmlFor={`${id}-kind`}>{say('calendar.what')}</label>
              <select id={`${id}-kind`} className="field-input" disabled={!area.edits} value={present.own ? present.kind : ''} onChange={(event) => setDay(chosen, event.currentTarget.value === '' ? undefined : { kind: event.currentTarget.value as DayKind, name: present.own ? present.name : '' })}>
                <option value="">{say('calendar.as', { kind: say(`calendar.kind.${dayOf(chosen).own ? 'published' : dayOf(chosen).kind}`) })}</option>
                {kinds.map((kind) => <option key={kind} value={kind}>{say(`calendar.kind.${kind}`)}</option>)}
              </select>
            </div>
            <div className="field"><label htmlFor={`${id}-name`}>{say('calendar.name')}</label><input id={`${id}-name`} className="field-input" maxLength={60} disabled={!area.edits || !present.own} value={present.name} onChange={(event) => setDay(chosen, { kind: present.kind, name: event.currentTarget.value })} /></div>
          </div>
          {wrongs.get(`/days/${chosen}`) && <p className="field-error">{wrongs.get(`/days/${chosen}`)}</p>}
        </fieldset>
      </section>
      <section aria-labelledby={`${id}-sessions`}>
        <div className="field" data-path="/zone">
          <label htmlFor={`${id}-zone`}>{say('calendar.zone')}</label>
          <input id={`${id}-zone`} className="field-input" list={`${id}-zones`} maxLength={40} spellCheck={false} disabled={!area.edits} placeholder={defaultZone} value={(own?.['zone'] as string | undefined) ?? ''} aria-describedby={`${id}-zone-hint`} {...(wrongs.has('/zone') && { 'aria-invalid': true })} onChange={(event) => set('zone', event.currentTarget.value.trim() || undefined)} />
          <datalist id={`${id}-zones`}>{['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Hong_Kong', 'Asia/Macau', 'Asia/Taipei', 'Asia/Singapore'].map((zone) => <option key={zone} value={zone}>{zone}</option>)}</datalist>
          <p id={`${id}-zone-hint`} className="field-hint">{say('calendar.zone.words')}</p>
          {wrongs.get('/zone') && <p className="field-error" role="alert">{wrongs.get('/zone')}</p>}
        </div>
        <h2 id={`${id}-sessions`}>{say('calendar.sessions')}</h2>
        <p className="field-hint">{say('calendar.sessions.words')}</p>
        <ul className="sessions">
          {sessions.map(([from, until], at) => (
            <li key={at}>
              <input type="time" className="field-input" disabled={!area.edits} aria-label={say('calendar.session.from', { order: at + 1 })} value={from} onChange={(event) => setSession(at, 0, event.currentTarget.value)} {...(wrongs.has('/sessions') && { 'aria-invalid': true })} />
              <span aria-hidden="true">–</span>
              <input type="time" className="field-input" disabled={!area.edits} aria-label={say('calendar.session.until', { order: at + 1 })} value={until === '24:00' ? '23:59' : until} onChange={(event) => setSession(at, 1, event.currentTarget.value)} />
              {area.edits && sessions.length > 1 && <button type="button" className="btn btn-small" aria-label={say('calendar.session.remove', { order: at + 1 })} onClick={() => set('sessions', sessions.filter((_, index) => index !== at))}><CrossIcon /></button>}
            </li>
          ))}
        </ul>
        {wrongs.get('/sessions') && <p className="field-error" role="alert">{wrongs.get('/sessions')}</p>}
        {area.edits && (
          <p className="form-actions">
            {sessions.length < 6 && <button type="button" className="btn btn-small" onClick={() => set('sessions', [...sessions, [sessions.at(-1)?.[1] ?? '08:00', '23:00']])}>{say('calendar.session.add')}</button>}
            {own?.['sessions'] !== undefined && <button type="button" className="btn btn-small" onClick={() => set('sessions', undefined)}>{say('form.shipped.use')}</button>}
          </p>
        )}
        <h2>{say('calendar.days')}</h2>
        {listed.length === 0 ? <p className="note note-gap">{say('calendar.days.none')}</p> : (
          <ul className="own-days">
            {listed.map(([date, { kind, name }]) => (
              <li key={date}><button type="button" className="btn-link" onClick={() => show(date)}>{date}</button><span>{say(`calendar.kind.${kind}`)} {name}</span>{area.edits && <button type="button" className="btn btn-small" aria-label={say('calendar.day.remove', { date })} onClick={() => setDay(date, undefined)}><CrossIcon /></button>}</li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
};
