import { useState, type FormEvent } from 'react';
import texts from '../../../../../data/texts/erasure.json' with { type: 'json' };
import { eraseContact } from '../../../../modules/identity/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { sayOf } from '../../../shared/language.tsx';
import { Failed } from '../../../ui/states.tsx';

const useSay = sayOf(texts);
const ways = ['call', 'window', 'letter'] as const;

/** Erases the data of the person whom a phone belongs to, after a second yes. Whoever takes the call made sure that it is they. */
export const EraseBox = ({ phone, masked }: { readonly phone: string; readonly masked: string }) => {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<(typeof ways)[number] | null>(null);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !sure || asked === null) return;
    setBusy(true);
    setProblem(null);
    try {
      await call(eraseContact, { body: { phone, asked } });
      setDone(true);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  if (done) return <p className="note note-done" role="status">{say('desk.done')}</p>;
  if (!open) return <p><button type="button" className="btn btn-small" onClick={() => setOpen(true)}>{say('desk.open')}</button></p>;
  return (
    <form className="form note" aria-label={say('desk.title')} onSubmit={(event) => void send(event)}>
      <p className="strong">{say('desk.title')}</p>
      <p>{say('desk.what', { phone: masked })}</p>
      <fieldset className="field choice-set">
        <legend className="field-label">{say('desk.asked')}</legend>
        {ways.map((way) => <label key={way} className="check"><input type="radio" name="erase-asked" checked={asked === way} onChange={() => setAsked(way)} />{say(`desk.${way}`)}</label>)}
      </fieldset>
      <label className="check"><input type="checkbox" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />{say('desk.sure')}</label>
      {problem && <Failed problem={problem} />}
      <div className="form-actions">
        <button type="submit" className="btn btn-primary" disabled={!sure || asked === null} aria-disabled={busy}>{say(busy ? 'desk.busy' : 'desk.do')}</button>
        <button type="button" className="btn" onClick={() => setOpen(false)}>{say('desk.cancel')}</button>
      </div>
    </form>
  );
};
