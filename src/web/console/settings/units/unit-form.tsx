import { useState, type FormEvent } from 'react';
import { putUnit, type UnitView } from '../../../../modules/identity/contract.ts';
import { languages } from '../../../../base/text/language.ts';
import { call, Problem } from '../../../shared/client.ts';
import { CrossIcon } from '../../../ui/icons.tsx';
import { Picker } from '../../../ui/forms/picker.tsx';
import { Failed } from '../../../ui/states.tsx';
import { useSources } from '../../sources.ts';
import { useOfficeSay, useUnitKind } from './texts.ts';

export const unitKinds = ['department', 'street', 'station', 'centre', 'company', 'window'] as const;

interface Props {
  /** Null for a new one. */
  readonly unit: UnitView | null;
  readonly units: readonly UnitView[];
  /** Names of places by code, as far as they are known. */
  readonly places: ReadonlyMap<string, string>;
  readonly done: (id: string) => void;
  readonly cancel?: () => void;
}

/** A unit's names, what it stands under, its telephone and where it serves. */
export const UnitForm = ({ unit, units, places, done, cancel }: Props) => {
  const say = useOfficeSay();
  const kindOf = useUnitKind();
  const sources = useSources();
  const [id, setId] = useState(unit?.id ?? '');
  const [names, setNames] = useState(unit?.names ?? { 'zh-Hans': '', 'zh-Hant': '', en: '' });
  const [kind, setKind] = useState(unit?.kind ?? 'station');
  const [parent, setParent] = useState(unit?.parent ?? '');
  const [phone, setPhone] = useState(unit?.phone ?? '');
  const [served, setServed] = useState<readonly { readonly id: string; readonly name: string }[]>((unit?.places ?? []).map((code) => ({ id: code, name: places.get(code) ?? code })));
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ readonly field: 'code' | 'name'; readonly words: string } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const kinds = (unitKinds as readonly string[]).includes(kind) ? unitKinds : [...unitKinds, kind];
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    if (!/^[a-z0-9-]{1,40}$/u.test(id)) return setWrong({ field: 'code', words: say('code.wrong') });
    if (!unit && units.some((one) => one.id === id)) return setWrong({ field: 'code', words: say('code.taken') });
    if (languages.some((language) => names[language].trim() === '')) return setWrong({ field: 'name', words: say('name.wrong') });
    setWrong(null);
    setBusy(true);
    try {
      await call(putUnit, { params: { id }, body: { name: names, kind, parent: parent === '' ? null : parent, phone: phone.trim() === '' ? null : phone.trim(), places: served.map((one) => one.id) } });
      done(id);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="unit-form" noValidate onSubmit={(event) => void send(event)} aria-label={unit?.name ?? say('new')}>
      {!unit && (
        <div className="field">
          <label htmlFor="unit-id">{say('code')}</label>
          <input id="unit-id" className="field-input" value={id} autoComplete="off" aria-invalid={wrong?.field === 'code' || undefined} aria-describedby={wrong?.field === 'code' ? 'unit-wrong' : undefined} onChange={(event) => setId(event.currentTarget.value.trim().toLowerCase())} />
        </div>
      )}
      <div className="setting-members">
        {languages.map((language) => (
          <div className="field" key={language}>
            <label htmlFor={`unit-${language}`}>{say(`name.${language}`)}</label>
            <input id={`unit-${language}`} className="field-input" lang={language} maxLength={60} value={names[language]} aria-invalid={(wrong?.field === 'name' && names[language].trim() === '') || undefined} onChange={(event) => setNames({ ...names, [language]: event.currentTarget.value })} />
          </div>
        ))}
        <div className="field">
          <label htmlFor="unit-kind">{say('kind')}</label>
          <select id="unit-kind" className="field-input" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>{kinds.map((one) => <option key={one} value={one}>{kindOf(one)}</option>)}</select>
        </div>
        <div className="field">
          <label htmlFor="unit-parent">{say('parent')}</label>
          <select id="unit-parent" className="field-input" value={parent} onChange={(event) => setParent(event.currentTarget.value)}><option value="">{say('parent.none')}</option>{units.filter((one) => !one.closed && one.id !== unit?.id).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select>
        </div>
        <div className="field">
          <label htmlFor="unit-phone">{say('phone')}</label>
          <input id="unit-phone" className="field-input" type="tel" maxLength={24} value={phone} onChange={(event) => setPhone(event.currentTarget.value)} />
        </div>
        <div className="field">
          {sources.place && <Picker key={served.length} label={say('places.add')} lookup={sources.place} value={null} onChange={(choice) => { if (choice && !served.some((one) => one.id === choice.id)) setServed([...served, choice]); }} />}
          <p className="dim">{say('places')}：{served.length === 0 && say('places.all')}</p>
          {served.length > 0 && <ul className="picked">{served.map((one) => <li key={one.id} className="chip">{one.name}<button type="button" aria-label={say('places.remove', { place: one.name })} onClick={() => setServed(served.filter((each) => each.id !== one.id))}><CrossIcon /></button></li>)}</ul>}
        </div>
      </div>
      {wrong && <p id="unit-wrong" className="field-error" role="alert">{wrong.words}</p>}
      {problem && <Failed problem={problem} />}
      <p className="form-actions"><button type="submit" className="btn btn-primary" disabled={busy}>{say('save')}</button>{cancel && <button type="button" className="btn" onClick={cancel}>{say('cancel')}</button>}</p>
    </form>
  );
};
