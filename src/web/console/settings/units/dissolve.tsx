import { useState, type FormEvent } from 'react';
import { dissolveUnit, previewDissolution, undoDissolution, type Group, type Successors, type UnitHolds } from '../../../../modules/offices/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import type { UnitView } from '../../../../modules/identity/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { Failed } from '../../../ui/states.tsx';
import { Effects } from '../changes.tsx';
import { useOfficeSay } from './texts.ts';

interface Props {
  readonly seen: UnitHolds;
  readonly units: readonly UnitView[];
  readonly done: () => void;
  readonly cancel: () => void;
}

/** Successors group by group, the reason, what it would do, and only then the button. */
export const DissolveForm = ({ seen, units, done, cancel }: Props) => {
  const say = useOfficeSay();
  const held = seen.holds.filter(({ count }) => count > 0);
  const heirs = units.filter((one) => !one.closed && one.id !== seen.unit.id);
  const [chosen, setChosen] = useState<Readonly<Partial<Record<Group, string>>>>({});
  const [reason, setReason] = useState('');
  const [preview, setPreview] = useState<ResponseOf<typeof previewDissolution> | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const successors = (): Successors => Object.fromEntries(Object.entries(chosen).flatMap(([group, unit]) => (unit === '' ? [] : [[group, unit === '-' ? null : unit]]))) as Successors;
  const choose = (next: Readonly<Partial<Record<Group, string>>>): void => { setChosen({ ...chosen, ...next }); setPreview(null); setProblem(null); };
  const wrongs = new Map((problem?.errors ?? []).map(({ path, message }) => [path.replace('/successors/', ''), message]));
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (reason.trim().length < 2) return setWrong(true);
    setWrong(false);
    setBusy(true);
    setProblem(null);
    try {
      if (preview) {
        await call(dissolveUnit, { params: { id: seen.unit.id }, body: { reason: reason.trim(), successors: successors() } });
        done();
      } else setPreview(await call(previewDissolution, { params: { id: seen.unit.id }, body: { successors: successors() } }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const options = <><option value="">{say('dissolve.choose')}</option>{heirs.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</>;
  return (
    <form className="dissolve" noValidate aria-label={say('dissolve.title', { unit: seen.unit.name })} onSubmit={(event) => void send(event)}>
      <h2>{say('dissolve.title', { unit: seen.unit.name })}</h2>
      {held.length > 1 && (
        <div className="field">
          <label htmlFor="heir-all">{say('dissolve.all')}</label>
          <select id="heir-all" className="field-input" value="" onChange={(event) => choose(Object.fromEntries(held.map(({ group }) => [group, event.currentTarget.value])))}>{options}</select>
        </div>
      )}
      <div className="setting-members">
        {held.map(({ group, count }) => (
          <div className="field" key={group}>
            <label htmlFor={`heir-${group}`}>{say('dissolve.to', { group: say(`group.${group}`), count })}</label>
            <select id={`heir-${group}`} className="field-input" value={chosen[group] ?? ''} aria-invalid={wrongs.has(group) || undefined} onChange={(event) => choose({ [group]: event.currentTarget.value })}>
              {options}
              {group === 'people' && <option value="-">{say('dissolve.end')}</option>}
            </select>
            {wrongs.has(group) && <p className="field-error">{wrongs.get(group)}</p>}
          </div>
        ))}
      </div>
      <div className="field">
        <label htmlFor="dissolve-reason">{say('dissolve.reason')}</label>
        <textarea id="dissolve-reason" className="field-input" rows={2} maxLength={300} value={reason} aria-invalid={wrong || undefined} onChange={(event) => setReason(event.currentTarget.value)} />
        {wrong && <p className="field-error" role="alert">{say('dissolve.reason.wrong')}</p>}
      </div>
      {problem && <Failed problem={problem} />}
      <div aria-live="polite">{preview && <section className="preview"><Effects effects={preview.effects} /></section>}</div>
      <p className="form-actions">
        <button type="submit" className={preview ? 'btn btn-late' : 'btn btn-primary'} disabled={busy}>{say(preview ? 'dissolve.do' : 'dissolve.preview')}</button>
        <button type="button" className="btn" onClick={cancel}>{say('cancel')}</button>
      </p>
    </form>
  );
};

/** The way back of a dissolution, with its reason. */
export const BackForm = ({ id, done, cancel }: { readonly id: string; readonly done: () => void; readonly cancel: () => void }) => {
  const say = useOfficeSay();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (reason.trim().length < 2) return setWrong(true);
    setBusy(true);
    setProblem(null);
    try {
      await call(undoDissolution, { params: { id }, body: { reason: reason.trim() } });
      done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="dissolve" noValidate aria-label={say('back')} onSubmit={(event) => void send(event)}>
      <p>{say('back.about')}</p>
      <div className="field">
        <label htmlFor="back-reason">{say('back.reason')}</label>
        <input id="back-reason" className="field-input" maxLength={300} value={reason} aria-invalid={wrong || undefined} onChange={(event) => setReason(event.currentTarget.value)} />
        {wrong && <p className="field-error" role="alert">{say('dissolve.reason.wrong')}</p>}
      </div>
      {problem && <Failed problem={problem} />}
      <p className="form-actions"><button type="submit" className="btn btn-primary" disabled={busy}>{say('back.do')}</button><button type="button" className="btn" onClick={cancel}>{say('cancel')}</button></p>
    </form>
  );
};
