import { useId, useState } from 'react';
import { listVisits, openVisit } from '../../../modules/rounds/contract/visits.ts';
import { call, Problem } from '../../shared/client.ts';
import { whereAmI } from '../../shared/pictures/pictures.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { Await, Empty, Failed } from '../../ui/states.tsx';
import { Age } from '../phone/age.tsx';
import { useKept } from '../phone/answers.ts';
import { type Begun, useBegun } from '../phone/begun.ts';
import { useHere } from '../phone/here.ts';
import { send, useOnline } from '../sending/outbox.ts';
import { Choices } from '../report/choices.tsx';
import { useSay } from '../texts.ts';
import { TakeConsent, type Taken } from './consent.tsx';

const kinds = ['care', 'safety', 'survey', 'dispute', 'other'] as const;
const outcomes = ['met', 'absent', 'declined'] as const;

/** A visit that is being noted. */
interface VisitDraft {
  readonly kind: (typeof kinds)[number];
  readonly outcome: (typeof outcomes)[number];
  readonly consent: Taken | null;
  readonly household: string;
  readonly note: string;
}
const emptyVisit: VisitDraft = { kind: 'care', outcome: 'met', consent: null, household: '', note: '' };

const Form = ({ draft, kept, leave }: { readonly draft: Begun<VisitDraft>; readonly kept: (waiting: boolean) => void; readonly leave: () => void }) => {
  const say = useSay();
  const id = useId();
  const { session } = useSession();
  const here = useHere();
  const [asking, setAsking] = useState(false);
  const { value: { kind, outcome, consent, household, note }, change } = draft;
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (): Promise<void> => {
    setProblem(null);
    try {
      const at = here ?? (await whereAmI(3_000));
      const sent = await send({
        account: session.id, title: say(`visit.kind.${kind}`), label: say('visit.log'), target: 'visit', thread: consent?.id ?? null, matter: null, basis: null, action: 'visit',
        input: { kind, outcome, ...(at && { lng: at.lng, lat: at.lat }), ...(consent && { consent: consent.id, ...(household.trim() && { household: household.trim() }), ...(note.trim() && { note: note.trim() }) }) },
      });
      draft.drop();
      kept(sent === 'waiting');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <>
      <form className="block" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        <div className="field"><label htmlFor={`${id}-kind`}>{say('visit.kind')}</label><select id={`${id}-kind`} value={kind} onChange={(event) => change({ kind: event.currentTarget.value as typeof kind })}>{kinds.map((each) => <option key={each} value={each}>{say(`visit.kind.${each}`)}</option>)}</select></div>
        <Choices question={say('visit.outcome')} value={outcome} choose={(chosen) => change({ outcome: chosen as typeof outcome })} rows={outcomes.map((each) => ({ id: each, name: say(`visit.outcome.${each}`), note: '' }))} />
        {consent ? (
          <>
            <p className="note note-done">{say('visit.consented')}</p>
            <div className="field"><label htmlFor={`${id}-household`}>{say('visit.household')}</label><input id={`${id}-household`} maxLength={200} value={household} onChange={(event) => change({ household: event.currentTarget.value })} /></div>
            <div className="field"><label htmlFor={`${id}-note`}>{say('visit.note')}</label><textarea id={`${id}-note`} rows={3} maxLength={2000} value={note} onChange={(event) => change({ note: event.currentTarget.value })} /></div>
          </>
        ) : outcome === 'met' && !asking && <><p className="dim">{say('visit.needs')}</p><button type="button" className="btn big" onClick={() => setAsking(true)}>{say('visit.ask')}</button></>}
        {problem && <Failed problem={problem} />}
        {!asking && <><button type="submit" className="btn btn-primary big">{say('visit.log')}</button><button type="button" className="btn big" onClick={() => { draft.drop(); leave(); }}>{say('visit.leave')}</button></>}
      </form>
      {asking && <><TakeConsent purpose="visit" scope={['visit_notes']} taken={(taken) => { change({ consent: taken }); setAsking(false); }} /><button type="button" className="btn big" onClick={() => setAsking(false)}>{say('visit.without')}</button></>}
    </>
  );
};

/** What was noted of one visit, opened for a purpose. */
const Words = ({ visit }: { readonly visit: string }) => {
  const say = useSay();
  const [words, setWords] = useState<{ readonly household: string | null; readonly note: string | null } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const open = async (): Promise<void> => {
    try {
      setWords(await call(openVisit, { params: { id: visit }, body: { purpose: 'follow_up' } }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  if (words) return <p className="task-words">{[words.household, words.note].filter(Boolean).join('：')}</p>;
  return <>{problem && <Failed problem={problem} />}<button type="button" className="btn" onClick={() => void open()}>{say('visit.open')}</button></>;
};

/** Visits to households: noting one, and those that were. */
export const Visits = () => {
  const say = useSay();
  const { moment } = useTimeWords();
  const online = useOnline();
  const { session } = useSession();
  const draft = useBegun('visit', session.id, emptyVisit);
  const [form, setForm] = useState(false);
  const [said, setSaid] = useState<boolean | null>(null);
  const list = useKept('visits', (signal) => call(listVisits, { query: { limit: 30 }, signal }), (news) => news.kind === 'visit');
  return (
    <>
      <div className="page-head"><h1>{say('visit.title')}</h1></div>
      {said !== null && <p className={`note ${said ? 'note-wait' : 'note-done'}`} role="status">{say(said ? 'visit.kept' : 'visit.done')}</p>}
      {form || draft.kept ? <Form draft={draft} leave={() => setForm(false)} kept={(waiting) => { setForm(false); setSaid(waiting); list.reload(); }} /> : <button type="button" className="btn btn-primary big" onClick={() => { setForm(true); setSaid(null); }}>{say('visit.new')}</button>}
      <Await resource={list} lines={5}>
        {({ value, keptAt }) => (
          <>
            <Age at={keptAt} />
            {value.items.length === 0 && <Empty title={say('visit.none')} />}
            <ul className="task-list">
              {value.items.map((visit) => (
                <li key={visit.id} className="block">
                  <p className="strong">{say(`visit.kind.${visit.kind as (typeof kinds)[number]}`)} · {say(`visit.outcome.${visit.outcome as (typeof outcomes)[number]}`)}</p>
                  <p className="dim">{moment(visit.doneAt)} · {visit.placeNames.slice(-1).join('')} · {visit.by}</p>
                  {visit.consent && <p className="dim">{visit.consent.revoked ? say('visit.revoked') : say('visit.until', { when: moment(visit.consent.until) })}</p>}
                  {visit.words && online && <Words visit={visit.id} />}
                </li>
              ))}
            </ul>
          </>
        )}
      </Await>
    </>
  );
};
