import { useState } from 'react';
import { dutyWeek } from '../../../../modules/places/contract.ts';
import type { DutyWeek } from './week.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { go, usePlace } from '../../../shared/router.ts';
import { Picker } from '../../../ui/forms/picker.tsx';
import { Await, Empty } from '../../../ui/states.tsx';
import { useSources } from '../../sources.ts';
import { AbsenceList } from './absences.tsx';
import { AwayForm } from './away-form.tsx';
import { clock, daysLater } from './clock.ts';
import { RosterForm } from './roster-form.tsx';
import { SwapForm } from './swap-form.tsx';
import { useDutySay } from './texts.ts';
import './duty.css';


type Row = DutyWeek['rows'][number];

const hoursOf = (minutes: number): number => Math.round(minutes / 6) / 10;

const Cell = ({ row, day, week, name }: { readonly row: Row; readonly day: string; readonly week: DutyWeek; readonly name: (key: string) => string }) => {
  const say = useDutySay();
  const times = (from: number, until: number): string => (from === 0 && until === 1440 ? say('allday') : `${clock(from)}–${clock(until)}`);
  const twice = (key: string): boolean => week.doubles.some((one) => one.day === day && one.person === name(key) && one.places.includes(row.place.name));
  return (
    <ul className="duty-cell">
      {row.stretches.filter((one) => one.day === day).map((one) => (
        <li key={`${one.person} ${one.role} ${one.from}`} {...(twice(one.person) && { 'data-double': true })}>
          <b>{name(one.person)}</b><small>{times(one.from, one.until)}{one.standingIn && ` · ${say('standing')}`}{twice(one.person) && ` · ${say('double.mark')}`}</small>
        </li>
      ))}
      {week.away.filter((one) => one.day === day && row.posts.some(({ shifts }) => shifts.some(({ person }) => person === one.person))).map((one) => <li key={`away ${one.person}`} data-away>{say('away.mark', { person: name(one.person) })}</li>)}
      {row.gaps.filter((one) => one.day === day).map((one) => <li key={`gap ${one.from}`} data-gap>{one.from === 0 && one.until === 1440 ? say('gap.day') : say('gap', { from: clock(one.from), until: clock(one.until) })}</li>)}
    </ul>
  );
};

/** Who is on duty in each grid under a place for a week, and the ways to change it. */
const Duty = () => {
  const say = useDutySay();
  const { language } = useLanguage();
  const { path, query } = usePlace();
  const sources = useSources();
  const under = path[2];
  const from = query.get('from') ?? undefined;
  const [doing, setDoing] = useState<{ readonly what: 'roster'; readonly code: string } | { readonly what: 'swap' | 'away' } | null>(null);
  const [saved, setSaved] = useState(false);
  const read = useResource(`${language} duty ${under ?? ''} ${from ?? ''}`, (signal) => call(dutyWeek, { query: { ...(under && { under }), ...(from && { from }) }, signal }), (news) => news.subject === 'config' && news.kind === 'duty');
  const dayWords = (day: string): string => new Intl.DateTimeFormat(language, { timeZone: 'UTC', weekday: 'short', month: 'numeric', day: 'numeric' }).format(new Date(`${day}T00:00:00Z`));
  const start = (what: typeof doing): void => { setSaved(false); setDoing(what); };
  const done = (): void => { setDoing(null); setSaved(true); read.reload(); };
  return (
    <div className="area-main duty">
      <h1>{say('title')}</h1>
      <p className="dim">{say('about')}</p>
      <Await resource={read} lines={10}>
        {(week) => {
          const name = (key: string): string => week.people.find((one) => one.key === key)?.name ?? key;
          const [first, last] = [week.days[0]!, week.days[6]!];
          const turn = (day: string | undefined): void => go(['settings', 'duty', week.under.code], day === undefined ? {} : { from: day });
          const open = week.rows.reduce((sum, { gaps }) => sum + gaps.reduce((minutes, gap) => minutes + gap.until - gap.from, 0), 0);
          const row = doing?.what === 'roster' ? week.rows.find(({ place }) => place.code === doing.code) : undefined;
          return (
            <>
              <div className="duty-tools">
                {sources.place && <Picker key={week.under.code} label={say('under')} lookup={sources.place} value={{ id: week.under.code, name: week.under.name }} onChange={(choice) => { if (choice) go(['settings', 'duty', choice.id], from === undefined ? {} : { from }); }} />}
                <p className="duty-turn">
                  <button type="button" className="btn btn-small" disabled={first <= week.today} onClick={() => turn(daysLater(first, -7))}>{say('week.before')}</button>
                  <button type="button" className="btn btn-small" disabled={from === undefined} onClick={() => turn(undefined)}>{say('week.now')}</button>
                  <button type="button" className="btn btn-small" onClick={() => turn(daysLater(first, 7))}>{say('week.after')}</button>
                </p>
                {week.mayEdit && (
                  <p className="duty-turn">
                    <button type="button" className="btn btn-small" aria-expanded={doing?.what === 'swap'} onClick={() => start({ what: 'swap' })}>{say('swap')}</button>
                    <button type="button" className="btn btn-small" aria-expanded={doing?.what === 'away'} onClick={() => start({ what: 'away' })}>{say('away')}</button>
                  </p>
                )}
              </div>
              <p className="duty-sum"><b>{say('week', { from: dayWords(first), until: dayWords(last) })}</b> <span className={open > 0 ? 'chip chip-late' : 'chip chip-done'}>{open > 0 ? say('sum.gaps', { hours: hoursOf(open) }) : say('sum.full')}</span>{week.doubles.length > 0 && <span className="chip chip-wait">{say('sum.doubles', { count: week.doubles.length })}</span>}</p>
              {saved && <p className="note note-done" role="status">{say('saved')}</p>}
              {doing?.what === 'swap' && <SwapForm week={week} done={done} cancel={() => setDoing(null)} />}
              {doing?.what === 'away' && <AwayForm done={done} cancel={() => setDoing(null)} />}
              {row && <RosterForm key={row.place.code} row={row} week={week} done={done} cancel={() => setDoing(null)} />}
              {week.rows.length === 0 ? <Empty title={say('none')}>{say('none.words')}</Empty> : (
                <div className="duty-scroll" tabIndex={0} role="region" aria-label={say('table', { place: week.under.name })}>
                  <table className="duty-week">
                    <caption className="hidden-words">{say('table', { place: week.under.name })}</caption>
                    <thead><tr><th scope="col">{say('place')}</th>{week.days.map((day) => <th key={day} scope="col" {...(day === week.today && { 'data-today': true })}>{dayWords(day)}{day === week.today && <small> {say('today')}</small>}</th>)}</tr></thead>
                    <tbody>
                      {week.rows.map((one) => (
                        <tr key={one.place.code} {...(row === one && { 'data-chosen': true })}>
                          <th scope="row"><b>{one.place.name}</b><small>{one.place.label}</small>{one.mayEdit && <button type="button" className="btn btn-small" aria-label={say('edit', { place: one.place.name })} onClick={() => start({ what: 'roster', code: one.place.code })}>{say('edit.short')}</button>}</th>
                          {week.days.map((day) => <td key={day} data-day={dayWords(day)}><Cell row={one} day={day} week={week} name={name} /></td>)}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              {week.total > week.rows.length && <p className="dim">{say('more', { total: week.total, shown: week.rows.length })}</p>}
              <AbsenceList week={first} edits={week.mayEdit} changed={read.reload} />
              {week.doubles.length > 0 && (
                <section aria-labelledby="duty-doubles">
                  <h2 id="duty-doubles">{say('doubles')}</h2>
                  <ul className="role-lines">{week.doubles.map((one) => <li key={`${one.person} ${one.day} ${one.from} ${one.places.join()}`}>{say('double', { person: one.person, day: dayWords(one.day), from: clock(one.from), until: clock(one.until), places: one.places.join(' / ') })}</li>)}</ul>
                </section>
              )}
            </>
          );
        }}
      </Await>
    </div>
  );
};

export default Duty;
