import { useMemo, useState, type FormEvent } from 'react';
import { giveGrant, listAccounts, previewGrant } from '../../../../modules/identity/contract.ts';
import { readPlace } from '../../../../modules/places/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call, Problem } from '../../../shared/client.ts';
import { countyMoment } from '../../../shared/format.ts';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { Failed } from '../../../ui/states.tsx';
import { useSources } from '../../sources.ts';
import { useRightsSay } from './texts.ts';

interface Props {
  readonly roles: readonly { readonly role: string; readonly label: string; readonly needsUnit: boolean }[];
  readonly units: readonly { readonly id: string; readonly name: string }[];
  readonly done: () => void;
  readonly cancel: () => void;
}

const Lines = ({ title, words }: { readonly title: string; readonly words: readonly string[] }) => (words.length === 0 ? null : <div><p className="strong">{title}</p><ul className="role-lines">{words.map((one) => <li key={one}>{one}</li>)}</ul></div>);

/** Gives somebody a role: what they would newly see and do stands there before the button. */
export const GiveForm = ({ roles, units, done, cancel }: Props) => {
  const say = useRightsSay();
  const sources = useSources();
  const [person, setPerson] = useState<Choice | null>(null);
  const [role, setRole] = useState('');
  const [unit, setUnit] = useState('');
  const [place, setPlace] = useState<Choice | null>(null);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [preview, setPreview] = useState<ResponseOf<typeof previewGrant> | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const people = useMemo(() => async (typed: string, signal: AbortSignal): Promise<Choice[]> => {
    const words = typed.trim();
    const { items } = await call(listAccounts, { query: { limit: 30, ...(words && { text: words }) }, signal });
    return items.filter((one) => !one.disabled).map((one) => ({ id: one.id, name: one.name, note: one.login }));
  }, []);
  const fresh = (): void => { setPreview(null); setProblem(null); setWrong(false); };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!person || role === '') return setWrong(true);
    setBusy(true);
    setProblem(null);
    try {
      const path = place ? (await call(readPlace, { params: { code: place.id }, query: {} })).path : '';
      const body = { role, unit: unit === '' ? null : unit, place: path };
      if (!preview) setPreview(await call(previewGrant, { params: { id: person.id }, body }));
      else {
        await call(giveGrant, { params: { id: person.id }, body: { ...body, ...(from && { from: countyMoment(from) }), until: until ? countyMoment(until) : null } });
        done();
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="dissolve give" noValidate aria-label={say('give')} onSubmit={(event) => void send(event)}>
      <h2>{say('give')}</h2>
      <div className="setting-members">
        <Picker label={say('person')} lookup={people} value={person} invalid={wrong && !person} onChange={(choice) => { setPerson(choice); fresh(); }} />
        <div className="field"><label htmlFor="give-role">{say('role')}</label><select id="give-role" className="field-input" value={role} aria-invalid={(wrong && role === '') || undefined} onChange={(event) => { setRole(event.currentTarget.value); fresh(); }}><option value="">—</option>{roles.map((one) => <option key={one.role} value={one.role}>{one.label}</option>)}</select></div>
        <div className="field"><label htmlFor="give-unit">{say('unit')}</label><select id="give-unit" className="field-input" value={unit} onChange={(event) => { setUnit(event.currentTarget.value); fresh(); }}><option value="">{say('unit.none')}</option>{units.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></div>
        {sources.place && <Picker label={say('place')} lookup={sources.place} value={place} onChange={(choice) => { setPlace(choice); fresh(); }} />}
        <div className="field"><label htmlFor="give-from">{say('from')}</label><input id="give-from" type="datetime-local" className="field-input" value={from} onChange={(event) => setFrom(event.currentTarget.value)} /></div>
        <div className="field"><label htmlFor="give-until">{say('until')}</label><input id="give-until" type="datetime-local" className="field-input" value={until} onChange={(event) => setUntil(event.currentTarget.value)} /></div>
      </div>
      {wrong && <p className="field-error" role="alert">{say('give.person.wrong')}</p>}
      {problem && <><Failed problem={problem} />{problem.errors.map((error) => <p key={error.path} className="field-error">{error.message}</p>)}</>}
      <div aria-live="polite">
        {preview && (
          <section className="preview">
            <Lines title={say('give.sees')} words={preview.sees} />
            <Lines title={say('give.does')} words={preview.does} />
            {preview.sees.length + preview.does.length === 0 && <p>{say('give.nothing')}</p>}
            {preview.already.length > 0 && <p className="dim">{say('give.already')}：{preview.already.join(' · ')}</p>}
          </section>
        )}
      </div>
      <p className="form-actions"><button type="submit" className="btn btn-primary" disabled={busy}>{say(preview ? 'give.do' : 'give.preview')}</button><button type="button" className="btn" onClick={cancel}>{say('cancel')}</button></p>
    </form>
  );
};
