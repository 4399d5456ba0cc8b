import { useState, type FormEvent } from 'react';
import { addAbsence } from '../../../../modules/places/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { countyMoment } from '../../../shared/format.ts';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { Failed } from '../../../ui/states.tsx';
import { findPeople } from './people.ts';
import { useDutySay } from './texts.ts';

/** Somebody is away for a time: their stand-ins take the shifts. */
export const AwayForm = ({ done, cancel }: { readonly done: () => void; readonly cancel: () => void }) => {
  const say = useDutySay();
  const [person, setPerson] = useState<Choice | null>(null);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const bad = !person || from === '' || until === '' || until <= from;
    setWrong(bad);
    if (bad) return;
    setBusy(true);
    setProblem(null);
    try {
      await call(addAbsence, { query: {}, body: { person: person.id, from: countyMoment(from), until: countyMoment(until) } });
      done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="dissolve give" noValidate aria-label={say('away')} onSubmit={(event) => void send(event)}>
      <h2>{say('away')}</h2>
      <p className="dim">{say('away.about')}</p>
      <div className="setting-members">
        <Picker label={say('person')} lookup={findPeople} value={person} invalid={wrong && !person} onChange={setPerson} />
        <div className="field"><label htmlFor="away-from">{say('away.from')}</label><input id="away-from" type="datetime-local" className="field-input" value={from} onChange={(event) => setFrom(event.currentTarget.value)} /></div>
        <div className="field"><label htmlFor="away-until">{say('away.until')}</label><input id="away-until" type="datetime-local" className="field-input" value={until} onChange={(event) => setUntil(event.currentTarget.value)} /></div>
      </div>
      {wrong && <p className="field-error" role="alert">{say('away.wrong')}</p>}
      {problem && <Failed problem={problem} />}
      <p className="form-actions"><button type="submit" className="btn btn-primary" disabled={busy}>{say('away.do')}</button><button type="button" className="btn" onClick={cancel}>{say('cancel')}</button></p>
    </form>
  );
};
