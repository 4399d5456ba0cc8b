import { Fragment, useEffect, useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import { Problem } from '../../shared/client.ts';
import { useWebSay, type Say, type WebKey } from '../../shared/language.tsx';
import { whereAmI, type Position } from '../../shared/pictures/pictures.ts';
import { fieldsOf, type FormField } from './schema.ts';
import webTexts from '../../../../data/texts/web.json' with { type: 'json' };
import type { Choice } from './picker.tsx';
import { Failed } from '../states.tsx';
import { FormControl, type Answers, type Sources } from './form-control.tsx';

/** The words for a member of an input: the schema's own title, the catalogue's, else its name. */
export const labelOf = (say: Say<WebKey>, field: FormField): string => {
  if (field.title) return field.title;
  const key = `input.${field.name}`;
  return key in webTexts ? say(key as WebKey) : field.name;
};

interface Props {
  readonly title: string;
  /** JSON schema of what the action needs. */
  readonly input: unknown;
  readonly sources: Sources;
  /** Sends; what it throws as a Problem is shown above the buttons and at its fields. */
  readonly send: (input: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly cancel?: () => void;
  /** Phone: the camera first, the position stamped. */
  readonly camera?: boolean;
  readonly sendLabel?: string;
  /** Members that are set and not asked for. */
  readonly preset?: Readonly<Record<string, unknown>>;
  /** Reasons that are kept ready: each is put into the field that asks for one, where it can be changed. */
  readonly reasons?: readonly string[];
  /** What stands in a field at first, by the field's kind: the row and the component that the matter has already. */
  readonly known?: Readonly<Partial<Record<FormField['kind'], Choice | null>>>;
}

const nothing = {};
const none: readonly string[] = [];

/** True where an answer says nothing. */
const blank = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A position as the schema wants it: in members of the input itself, or in one of their own. */
export const stamp = (field: FormField, position: Position): Record<string, unknown> => {
  const members = Object.fromEntries(Object.entries(position).filter(([name]) => field.positionMembers.includes(name)));
  return field.flat ? members : { [field.name]: members };
};

/** Values of the form as the schema wants them: nothing for what was left empty. */
const inputOf = (fields: readonly FormField[], answers: Answers, position: Position | null, preset: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const input: Record<string, unknown> = { ...preset };
  for (const field of fields) {
    if (field.kind === 'position') {
      if (position) Object.assign(input, stamp(field, position));
      continue;
    }
    const value = answers[field.name];
    if (blank(value)) continue;
    const ids = (Array.isArray(value) ? value : [value]).map((each: unknown) => (typeof each === 'object' && each !== null && 'id' in each ? each.id : each));
    input[field.name] = field.many ? ids : ids[0];
  }
  return input;
};

/**
 * The form of one action, made from its input schema. Focus starts in the first field, Escape leaves,
 * Ctrl+Enter sends. What is wrong stands at its field and is read out.
 */
export const ActionForm = ({ title, input, sources, send, cancel, camera = false, sendLabel, preset = nothing, known = nothing, reasons = none }: Props) => {
  const say = useWebSay();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const fields = useMemo(() => fieldsOf(input).filter((field) => !(field.name in preset)), [input, preset]);
  const positioned = fields.some((field) => field.kind === 'position');
  const [answers, setAnswers] = useState<Answers>(() => Object.fromEntries(fields.flatMap((field) => {
    const first = field.preset ?? (field.many ? undefined : known[field.kind]);
    return first === undefined || first === null ? [] : [[field.name, first]];
  })));
  const [position, setPosition] = useState<Position | null | 'waiting'>('waiting');
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!positioned) return;
    let gone = false;
    void whereAmI().then((found) => { if (!gone) setPosition(found); });
    return () => { gone = true; };
  }, [positioned]);
  useEffect(() => form.current?.querySelector<HTMLElement>('input:not([type=file]), textarea, select, button')?.focus({ preventScroll: false }), []);
  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (busy) return;
    const lacking = fields.filter((field) => field.required && field.kind !== 'position' && blank(answers[field.name])).map((field) => field.name);
    setMissing(lacking);
    if (lacking.length > 0) return form.current?.querySelector<HTMLElement>(`[data-field="${lacking[0]!}"] :is(input, textarea, select)`)?.focus();
    setBusy(true);
    setProblem(null);
    try {
      await send(inputOf(fields, answers, position === 'waiting' ? null : position, preset));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  /** Writes a kept reason, and leaves the caret behind it: whoever adds something adds it there. */
  const choose = (reason: string): void => {
    flushSync(() => setAnswers((before) => ({ ...before, reason })));
    const area = form.current?.querySelector<HTMLTextAreaElement>('[data-field=reason] textarea');
    area?.focus();
    area?.setSelectionRange(reason.length, reason.length);
  };
  const wrong = (field: FormField): string | null => {
    if (missing.includes(field.name)) return say('form.missing', { label: labelOf(say, field) });
    return problem?.errors.find((error) => error.path.replace(/^\/(input\/)?/, '').split('/')[0] === field.name)?.message ?? null;
  };
  return (
    <form
      ref={form}
      className="form action-form"
      aria-labelledby={`${id}-title`}
      noValidate
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && cancel) { event.stopPropagation(); cancel(); }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
      }}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      {fields.map((field) =>
        field.kind === 'position' ? (
          <p key={field.name} className="field-hint" role="status">
            {position === 'waiting' ? say('form.position.waiting') : position ? say('form.position.got', { metres: Math.max(1, Math.round(position.accuracy)) }) : say('form.position.none')}
          </p>
        ) : (
          <Fragment key={field.name}>
            <FormControl
              field={field}
              label={labelOf(say, field)}
              value={answers[field.name]}
              wrong={wrong(field)}
              sources={sources}
              camera={camera}
              onChange={(value) => setAnswers((before) => ({ ...before, [field.name]: value }))}
            />
            {field.name === 'reason' && reasons.length > 0 && (
              <div className="ready-words" role="group" aria-label={say('form.reasons')}>
                {reasons.map((reason) => (
                  <button type="button" className="btn btn-small" key={reason} aria-pressed={answers[field.name] === reason} onClick={() => choose(reason)}>{reason}</button>
                ))}
              </div>
            )}
          </Fragment>
        ),
      )}
      {problem && <Failed problem={problem} />}
      <div className="form-actions">
        <button type="submit" className="btn btn-primary" aria-disabled={busy}>{busy ? say('form.sending') : (sendLabel ?? say('form.send'))}</button>
        {cancel && <button type="button" className="btn" onClick={cancel}>{say('form.cancel')}</button>}
      </div>
    </form>
  );
};
