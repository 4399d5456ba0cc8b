import { useState, type FormEvent } from 'react';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import type { DutyWeek } from './week.ts';
import { findPeople } from './people.ts';
import { SaveParts, useSave } from './save.tsx';
import { useDutySay } from './texts.ts';

/** Two people change their shifts in all grids that the page shows. */
export const SwapForm = ({ week, done, cancel }: { readonly week: DutyWeek; readonly done: () => void; readonly cancel: () => void }) => {
  const say = useDutySay();
  const save = useSave(week.days[0]!, done);
  const [one, setOne] = useState<Choice | null>(null);
  const [other, setOther] = useState<Choice | null>(null);
  const [wrong, setWrong] = useState(false);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!one || !other || one.id === other.id) return setWrong(true);
    const swapped = (key: string): string => (key === one.id ? other.id : key === other.id ? one.id : key);
    const rosters = week.rows.filter((row) => row.mayEdit && row.posts.some(({ shifts }) => shifts.some((shift) => [shift.person, shift.standIn].some((key) => key === one.id || key === other.id))))
      .map((row) => ({ place: row.place.code, seen: row.seen, posts: row.posts.map((post) => ({ ...post, shifts: post.shifts.map((shift) => ({ ...shift, person: swapped(shift.person), standIn: shift.standIn === null ? null : swapped(shift.standIn) })) })) }));
    if (rosters.length === 0) return setWrong(true);
    void save.send(rosters);
  };
  const chosen = (set: (choice: Choice | null) => void) => (choice: Choice | null): void => { set(choice); setWrong(false); save.fresh(); };
  return (
    <form className="dissolve give" noValidate aria-label={say('swap')} onSubmit={send}>
      <h2>{say('swap')}</h2>
      <p className="dim">{say('swap.about')}</p>
      <div className="setting-members">
        <Picker label={say('swap.one')} lookup={findPeople} value={one} invalid={wrong} onChange={chosen(setOne)} />
        <Picker label={say('swap.other')} lookup={findPeople} value={other} invalid={wrong} onChange={chosen(setOther)} />
      </div>
      {wrong && <p className="field-error" role="alert">{say('swap.wrong')}</p>}
      <SaveParts save={save} cancel={cancel} />
    </form>
  );
};
