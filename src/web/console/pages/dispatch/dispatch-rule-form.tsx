import { useState, type FormEvent } from 'react';
import type { DispatchRule } from '../../../../modules/cases/contract/dispatch.ts';
import { languages } from '../../../../base/text/language.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { useSources } from '../../sources.ts';
import { useSay } from '../../texts.ts';

interface Props {
  /** The rule that is changed; null for a new one. */
  readonly rule: DispatchRule | null;
  readonly unitName: (id: string) => string;
  readonly done: (rule: DispatchRule) => void;
  readonly cancel: () => void;
}

/** One rule: where, what, when, and which unit. What is left empty fits everything. */
export const DispatchRuleForm = ({ rule, unitName, done, cancel }: Props) => {
  const say = useSay();
  const { language } = useLanguage();
  const sources = useSources();
  const [words, setWords] = useState(rule?.words ?? { 'zh-Hans': '', 'zh-Hant': '', en: '' });
  const [place, setPlace] = useState<Choice | null>(rule?.place === undefined ? null : { id: rule.place, name: rule.place });
  const [code, setCode] = useState(rule?.code ?? '');
  const [from, setFrom] = useState(rule?.hours?.[0] ?? '');
  const [until, setUntil] = useState(rule?.hours?.[1] ?? '');
  const [weekdays, setWeekdays] = useState<readonly number[]>(rule?.weekdays ?? []);
  const [owner, setOwner] = useState(rule?.unit === 'owner');
  const [unit, setUnit] = useState<Choice | null>(rule && rule.unit !== 'owner' ? { id: rule.unit, name: unitName(rule.unit) } : null);
  const [wrong, setWrong] = useState<string | null>(null);
  const dayName = (index: number): string => new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2023, 0, 1 + index)));
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const own = words[language].trim();
    const bare = code.trim().toUpperCase();
    if (own === '') return setWrong(say('dispatch.form.words.wrong'));
    if (bare !== '' && !/^[CE][0-9A-Z-]{0,40}$/u.test(bare)) return setWrong(say('dispatch.form.code.wrong'));
    if ((from === '') !== (until === '')) return setWrong(say('dispatch.form.hours.wrong'));
    if (!owner && !unit) return setWrong(say('dispatch.form.unit.wrong'));
    done({
      ...(place && { place: place.id }), ...(bare !== '' && { code: bare }), ...(from !== '' && { hours: [from, until] as [string, string] }),
      ...(weekdays.length > 0 && { weekdays: [...weekdays].sort() }), unit: owner ? 'owner' : unit!.id,
      // A language that was left empty says the same as the one that was written.
      words: { 'zh-Hans': words['zh-Hans'].trim() || own, 'zh-Hant': words['zh-Hant'].trim() || own, en: words.en.trim() || own },
    });
  };
  return (
    <form className="form rule-form" onSubmit={send} onChange={() => setWrong(null)} noValidate aria-label={say(rule ? 'dispatch.edit' : 'dispatch.add')}>
      {[language, ...languages.filter((each) => each !== language)].map((each) => (
        <div className="field" key={each}><label htmlFor={`rule-words-${each}`}>{say(`dispatch.form.words.${each}`)}</label><input id={`rule-words-${each}`} maxLength={200} value={words[each]} onChange={(event) => setWords({ ...words, [each]: event.currentTarget.value })} /></div>
      ))}
      {sources.place && <Picker label={say('dispatch.form.place')} lookup={sources.place} value={place} onChange={setPlace} />}
      <div className="field"><label htmlFor="rule-code">{say('dispatch.form.code')}</label><input id="rule-code" maxLength={41} autoComplete="off" value={code} onChange={(event) => setCode(event.currentTarget.value)} aria-describedby="rule-code-hint" /><p className="field-hint" id="rule-code-hint">{say('dispatch.form.code.hint')}</p></div>
      <fieldset className="field choice-set rule-days"><legend className="field-label">{say('dispatch.form.hours')}</legend>
        <div className="field rule-time"><label htmlFor="rule-from">{say('dispatch.form.from')}</label><input id="rule-from" type="time" value={from} onChange={(event) => setFrom(event.currentTarget.value)} /></div>
        <div className="field rule-time"><label htmlFor="rule-until">{say('dispatch.form.until')}</label><input id="rule-until" type="time" value={until} onChange={(event) => setUntil(event.currentTarget.value)} /></div>
      </fieldset>
      <fieldset className="field choice-set rule-days"><legend className="field-label">{say('dispatch.form.days')}</legend>
        {[1, 2, 3, 4, 5, 6, 0].map((index) => <label key={index} className="check"><input type="checkbox" checked={weekdays.includes(index)} onChange={(event) => setWeekdays(event.currentTarget.checked ? [...weekdays, index] : weekdays.filter((other) => other !== index))} />{dayName(index)}</label>)}
      </fieldset>
      <label className="check"><input type="checkbox" checked={owner} onChange={(event) => setOwner(event.currentTarget.checked)} />{say('dispatch.form.owner')}</label>
      {!owner && sources.unit && <Picker label={say('dispatch.form.unit')} lookup={sources.unit} value={unit} onChange={setUnit} required />}
      <div role="alert">{wrong && <p className="note note-late">{wrong}</p>}</div>
      <p className="form-actions"><button type="submit" className="btn btn-primary">{say('dispatch.form.done')}</button><button type="button" className="btn" onClick={cancel}>{say('dispatch.form.cancel')}</button></p>
    </form>
  );
};
