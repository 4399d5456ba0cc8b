import { useState } from 'react';
import { listAbsences, withdrawAbsence, type AbsenceView } from '../../../../modules/places/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip, type Tone } from '../../../ui/status.tsx';
import { ListTable, Views } from '../../pages/table.tsx';
import { findPeople } from './people.ts';
import { useDutySay } from './texts.ts';

const tones: Readonly<Record<AbsenceView['state'], Tone>> = { coming: 'wait', now: 'busy', over: 'plain', withdrawn: 'plain' };

/** Who is away when and who stands in: of the week that is shown, or all; each can be taken back until it is over. */
export const AbsenceList = ({ week, edits, changed }: { readonly week: string; readonly edits: boolean; readonly changed: () => void }) => {
  const say = useDutySay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const [view, setView] = useState<'week' | 'all'>('week');
  const [person, setPerson] = useState<Choice | null>(null);
  const [sure, setSure] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = usePaged(`${language} absences ${view} ${week} ${person?.id ?? ''}`, (after, signal) => call(listAbsences, { query: { limit: 30, ...(view === 'week' && { week }), ...(person && { person: person.id }), ...(after && { after }) }, signal }), (news) => news.kind === 'duty');
  const withdraw = async (id: string): Promise<void> => {
    setProblem(null);
    setDone(false);
    try {
      await call(withdrawAbsence, { params: { id }, query: {} });
      setSure(null);
      setDone(true);
      list.reload();
      changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <section aria-labelledby="duty-absences" className="duty-absences">
      <h2 id="duty-absences">{say('absences')}</h2>
      <div className="duty-tools">
        <Views label={say('absences')} value={view} choose={setView} views={(['week', 'all'] as const).map((id) => ({ id, label: say(`absences.${id}`) }))} />
        {edits && <Picker label={say('absences.person')} lookup={findPeople} value={person} onChange={setPerson} />}
      </div>
      {done && <p className="note note-done" role="status">{say('absences.withdrawn')}</p>}
      {problem && <Failed problem={problem} />}
      <ListTable<AbsenceView>
        label={say('absences')} resource={list} keyOf={({ id }) => id} none={{ title: say('absences.none'), words: say('absences.none.words') }}
        columns={[
          { key: 'person', label: say('person'), narrow: true, cell: (row) => <><b>{row.name}</b><br /><Chip tone={tones[row.state]}>{say(`absences.state.${row.state}`)}</Chip></> },
          { key: 'time', label: say('absences.time'), narrow: true, cell: (row) => <><time dateTime={row.from}>{moment(row.from)}</time> –<br /><time dateTime={row.until}>{moment(row.until)}</time></> },
          { key: 'covers', label: say('absences.covers'), cell: (row) => row.covers.length === 0 ? <span className="dim">{say('absences.nocovers')}</span> : <ul className="role-lines">{row.covers.map((one, at) => <li key={at}>{say('absences.cover', { place: one.place, role: one.role, person: one.standIn ?? say('absences.nobody') })}</li>)}</ul> },
          { key: 'by', label: say('absences.by'), narrow: true, cell: (row) => row.madeAt !== null && <>{row.madeBy}<br /><time className="dim" dateTime={row.madeAt}>{moment(row.madeAt)}</time></> },
          ...(edits ? [{ key: 'do', label: say('absences.withdraw'), narrow: true, cell: (row: AbsenceView) => row.mayWithdraw && (sure === row.id
            ? <div className="cell-actions"><p>{say('absences.sure')}</p><button type="button" className="btn btn-small btn-primary" onClick={() => void withdraw(row.id)}>{say('absences.yes')}</button><button type="button" className="btn btn-small" onClick={() => setSure(null)}>{say('cancel')}</button></div>
            : <button type="button" className="btn btn-small" aria-label={`${say('absences.withdraw')} ${row.name}`} onClick={() => { setSure(row.id); setDone(false); }}>{say('absences.withdraw')}</button>) }] : []),
        ]}
      />
    </section>
  );
};
