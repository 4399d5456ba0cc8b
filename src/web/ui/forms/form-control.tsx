import { useId } from 'react';
import { useWebSay, type WebKey } from '../../shared/language.tsx';
import { countyMoment } from '../../shared/format.ts';
import type { FormField } from './schema.ts';
import webTexts from '../../../../data/texts/web.json' with { type: 'json' };
import { CrossIcon } from '../icons.tsx';
import { MentionArea } from './mention-area.tsx';
import { Picker, type Choice, type Lookup } from './picker.tsx';
import { PictureField } from './picture-field.tsx';

/** Where pickers look their choices up; a kind without a source is asked as a line of text. */
export interface Sources {
  readonly code?: Lookup;
  readonly unit?: Lookup;
  readonly account?: Lookup;
  readonly role?: Lookup;
  readonly place?: Lookup;
  readonly component?: Lookup;
  readonly matter?: Lookup;
  readonly reply?: Lookup;
  /** Colleagues that a text may call by `@`; the id of a choice is the login. */
  readonly mention?: Lookup;
}

export type Answers = Readonly<Record<string, unknown>>;

interface Props {
  readonly field: FormField;
  readonly label: string;
  readonly value: unknown;
  /** What is wrong with the value, in words. */
  readonly wrong: string | null;
  readonly sources: Sources;
  readonly camera: boolean;
  readonly onChange: (value: unknown) => void;
}

const optionLabel = (say: ReturnType<typeof useWebSay>, field: FormField, option: string | number): string => {
  for (const key of [`option.${field.name}.${option}`, `unit.${option}`]) if (key in webTexts) return say(key as WebKey);
  return String(option);
};

/** Several picks of one source, each shown with a way to take it back. */
const ManyPicker = ({ label, lookup, value, onChange, invalid }: { readonly label: string; readonly lookup: Lookup; readonly value: readonly Choice[]; readonly onChange: (value: readonly Choice[]) => void; readonly invalid: boolean }) => {
  const say = useWebSay();
  return (
    <>
      <Picker key={value.length} label={label} lookup={lookup} value={null} invalid={invalid} onChange={(choice) => { if (choice && !value.some((each) => each.id === choice.id)) onChange([...value, choice]); }} />
      {value.length > 0 && (
        <ul className="picked">
          {value.map((choice) => (
            <li key={choice.id} className="chip">
              {choice.name}
              <button type="button" aria-label={`${say('form.remove')} ${choice.name}`} onClick={() => onChange(value.filter((each) => each.id !== choice.id))}><CrossIcon /></button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
};

/** The control that fits one field of a form, with its label and what is wrong with it. */
export const FormControl = ({ field, label, value, wrong, sources, camera, onChange }: Props) => {
  const say = useWebSay();
  const id = useId();
  const error = wrong && <p className="field-error" id={`${id}-error`} role="alert">{wrong}</p>;
  const described = { ...(wrong && { 'aria-invalid': true, 'aria-describedby': `${id}-error` }), ...(field.required && { 'aria-required': true }) };
  const heading = <label htmlFor={id}>{label}{!field.required && <span className="field-hint"> {say('form.optional')}</span>}</label>;
  const wrap = (control: React.ReactNode) => <div className="field" data-field={field.name}>{heading}{control}{error}</div>;
  const lookup = field.kind in sources ? sources[field.kind as keyof Sources] : undefined;
  if (lookup)
    return (
      <div data-field={field.name}>
        {field.many
          ? <ManyPicker label={label} lookup={lookup} value={(value as readonly Choice[] | undefined) ?? []} onChange={onChange} invalid={wrong !== null} />
          : <Picker label={label} lookup={lookup} value={(value as Choice | undefined) ?? null} onChange={onChange} required={field.required} invalid={wrong !== null} />}
        {error}
      </div>
    );
  switch (field.kind) {
    case 'pictures':
      return <div data-field={field.name}><PictureField label={label} value={(value as readonly string[] | undefined) ?? []} many={field.many} camera={camera} onChange={onChange} />{error}</div>;
    case 'yes':
      if (field.required)
        return (
          <fieldset className="field choice-set" data-field={field.name} {...(wrong && { 'aria-describedby': `${id}-error` })}>
            <legend className="field-label">{label}</legend>
            {[true, false].map((answer) => (
              <label className="check" key={String(answer)}>
                <input type="radio" name={id} checked={value === answer} onChange={() => onChange(answer)} />
                {say(answer ? 'form.yes' : 'form.no')}
              </label>
            ))}
            {error}
          </fieldset>
        );
      return (
        <label className="check" data-field={field.name}>
          <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
          {label}
        </label>
      );
    case 'number':
      return wrap(<input id={id} type="number" inputMode={field.whole ? 'numeric' : 'decimal'} step={field.whole ? 1 : 'any'} {...(field.minimum !== null && { min: field.minimum })} {...(field.maximum !== null && { max: field.maximum })} value={typeof value === 'number' ? value : ''} onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.valueAsNumber)} {...described} />);
    case 'choice':
      return wrap(
        <select id={id} value={value === undefined ? '' : String(value)} onChange={(event) => onChange(field.options.find((option) => String(option) === event.currentTarget.value))} {...described}>
          <option value="">{say('form.choose')}</option>
          {field.options.map((option) => <option key={option} value={String(option)}>{optionLabel(say, field, option)}</option>)}
        </select>,
      );
    case 'time':
      return wrap(<input id={id} type="datetime-local" onChange={(event) => onChange(event.currentTarget.value ? countyMoment(event.currentTarget.value) : undefined)} {...described} />);
    case 'text':
      if (sources.mention && field.name === 'text') return wrap(<MentionArea id={id} value={(value as string | undefined) ?? ''} maxLength={field.maxLength} lookup={sources.mention} onChange={onChange} describedBy={described} />);
      return wrap(<textarea id={id} rows={3} {...(field.maxLength !== null && { maxLength: field.maxLength })} value={(value as string | undefined) ?? ''} onChange={(event) => onChange(event.currentTarget.value)} {...described} />);
    default:
      return wrap(<input id={id} type="text" {...(field.maxLength !== null && { maxLength: field.maxLength })} value={(value as string | undefined) ?? ''} onChange={(event) => onChange(event.currentTarget.value)} {...described} />);
  }
};
