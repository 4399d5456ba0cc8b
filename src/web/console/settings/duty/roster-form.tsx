import { useState, type FormEvent } from 'react';
import type { PostView } from '../../../../modules/places/contract.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { clock, minutesOf } from './clock.ts';
import type { DutyWeek } from './week.ts';
import { findPeople } from './people.ts';
import { SaveParts, useSave } from './save.tsx';
import { useDutySay } from './texts.ts';

/** A shift as it is being typed. */
interface Line {
  readonly key: number;
  readonly role: string;
  readonly rank: number;
  readonly person: Choice | null;
  readonly standIn: Choice | null;
  readonly weekdays: string;
  readonly starts: string;
  readonly ends: string;
  readonly fromDay: string;
  readonly untilDay: string;
}

const everyDay = '1234567';
/** 2024-01-01 was a Monday. */
const weekdayWord = (digit: string, language: string): string => new Intl.DateTimeFormat(language, { timeZone: 'UTC', weekday: 'short' }).format(new Date(Date.UTC(2024, 0, Number(digit))));

/** The typed shifts as posts, or null where one is not whole. */
const postsOf = (lines: readonly Line[]): readonly PostView[] | null => {
  const posts = new Map<string, { role: string; rank: number; shifts: PostView['shifts'] }>();
  for (const line of lines) {
    const [starts, ends] = [minutesOf(line.starts), minutesOf(line.ends)];
    if (!line.person || line.weekdays === '' || starts === null || starts === 1440 || ends === null || line.fromDay === '' || (line.untilDay !== '' && line.untilDay < line.fromDay)) return null;
    const post = posts.get(`${line.role} ${line.rank}`) ?? { role: line.role, rank: line.rank, shifts: [] };
    post.shifts.push({ person: line.person.id, standIn: line.standIn?.id ?? null, weekdays: line.weekdays, starts, ends, fromDay: line.fromDay, untilDay: line.untilDay === '' ? null : line.untilDay });
    posts.set(`${line.role} ${line.rank}`, post);
  }
  return [...posts.values()];
};

interface Props {
  readonly row: DutyWeek['rows'][number];
  readonly week: DutyWeek;
  readonly done: () => void;
  readonly cancel: () => void;
}

/** The shifts of one place: added, changed, taken away; what that means for the week stands there before it is saved. */
export const RosterForm = ({ row, week, done, cancel }: Props) => {
  const say = useDutySay();
  const { language } = useLanguage();
  const save = useSave(week.days[0]!, done);
  const choice = (key: string | null): Choice | null => (key === null ? null : { id: key, name: week.people.find((one) => one.key === key)?.name ?? key });
  const [lines, setLines] = useState<readonly Line[]>(() => row.posts.flatMap(({ role, rank, shifts }) => shifts.map((shift) => ({
    role, rank, person: choice(shift.person), standIn: choice(shift.standIn), weekdays: shift.weekdays, starts: clock(shift.starts), ends: clock(shift.ends), fromDay: shift.fromDay, untilDay: shift.untilDay ?? '',
  }))).map((line, key) => ({ ...line, key })));
  const [next, setNext] = useState(1_000);
  const [wrong, setWrong] = useState(false);
  const change = (changed: readonly Line[]): void => { setLines(changed); setWrong(false); save.fresh(); };
  const set = (key: number, part: Partial<Line>): void => change(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const add = (): void => {
    change([...lines, { key: next, role: week.roles[0]!.role, rank: 1, person: null, standIn: null, weekdays: everyDay, starts: '08:00', ends: '20:00', fromDay: week.today, untilDay: '' }]);
    setNext(next + 1);
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const posts = postsOf(lines);
    if (!posts) return setWrong(true);
    void save.send([{ place: row.place.code, seen: row.seen, posts }]);
  };
  return (
    <form className="dissolve give duty-form" noValidate aria-label={say('edit', { place: row.place.name })} onSubmit={send}>
      <h2>{say('edit', { place: row.place.name })}</h2>
      {lines.length === 0 && <p className="dim">{say('empty')}</p>}
      {lines.map((line, index) => {
        const id = (part: string): string => `shift-${line.key}-${part}`;
        return (
          <fieldset key={line.key} className="setting-group">
            <legend>{say('shift', { number: index + 1 })}</legend>
            <div className="setting-members">
              <Picker label={say('person')} lookup={findPeople} value={line.person} invalid={wrong && !line.person} onChange={(person) => set(line.key, { person })} />
              <Picker label={say('standin')} lookup={findPeople} value={line.standIn} onChange={(standIn) => set(line.key, { standIn })} />
              <div className="field"><label htmlFor={id('role')}>{say('role')}</label><select id={id('role')} className="field-input" value={line.role} onChange={(event) => set(line.key, { role: event.currentTarget.value })}>{week.roles.map((one) => <option key={one.role} value={one.role}>{one.label}</option>)}</select></div>
              <div className="field"><label htmlFor={id('rank')}>{say('rank')}</label><select id={id('rank')} className="field-input" value={line.rank} onChange={(event) => set(line.key, { rank: Number(event.currentTarget.value) })}>{Array.from({ length: Math.max(3, line.rank) }, (_, at) => <option key={at} value={at + 1}>{at + 1}</option>)}</select></div>
              <div className="field"><label htmlFor={id('starts')}>{say('starts')}</label><input id={id('starts')} className="field-input" inputMode="numeric" value={line.starts} aria-invalid={(wrong && minutesOf(line.starts) === null) || undefined} onChange={(event) => set(line.key, { starts: event.currentTarget.value })} /></div>
              <div className="field"><label htmlFor={id('ends')}>{say('ends')}</label><input id={id('ends')} className="field-input" inputMode="numeric" value={line.ends} aria-invalid={(wrong && minutesOf(line.ends) === null) || undefined} onChange={(event) => set(line.key, { ends: event.currentTarget.value })} /></div>
              <div className="field"><label htmlFor={id('from')}>{say('from')}</label><input id={id('from')} type="date" className="field-input" value={line.fromDay} onChange={(event) => set(line.key, { fromDay: event.currentTarget.value })} /></div>
              <div className="field"><label htmlFor={id('until')}>{say('until')}</label><input id={id('until')} type="date" className="field-input" value={line.untilDay} onChange={(event) => set(line.key, { untilDay: event.currentTarget.value })} /></div>
            </div>
            <fieldset className="setting-words">
              <legend>{say('days')}</legend>
              <div className="duty-days">{[...everyDay].map((digit) => <label key={digit} className="check-line"><input type="checkbox" checked={line.weekdays.includes(digit)} onChange={(event) => set(line.key, { weekdays: [...everyDay].filter((one) => (one === digit ? event.currentTarget.checked : line.weekdays.includes(one))).join('') })} /> {weekdayWord(digit, language)}</label>)}</div>
            </fieldset>
            <p><button type="button" className="btn btn-small" onClick={() => change(lines.filter(({ key }) => key !== line.key))}>{say('remove')}</button></p>
          </fieldset>
        );
      })}
      <p><button type="button" className="btn btn-small" onClick={add}>{say('add')}</button></p>
      {wrong && <p className="field-error" role="alert">{say('wrong')}</p>}
      <SaveParts save={save} cancel={cancel} />
    </form>
  );
};
