import { useState, type FormEvent } from 'react';
import { editRows, previewRows, type StandardRowView } from '../../../../modules/catalogue/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call, Problem } from '../../../shared/client.ts';
import { Failed } from '../../../ui/states.tsx';
import { useSettingsSay } from '../../settings/texts.ts';
import { RowChanges } from './row-changes.tsx';

/** Fields of a row in the order of the published table, and whether they are written on several lines. */
const fields = [
  ['kind', false], ['major', false], ['majorName', false], ['minor', false], ['minorName', false], ['openCondition', true], ['closeCondition', true], ['timeLimit', false], ['handler', false], ['authority', true],
] as const;
type Field = (typeof fields)[number][0];
/** What a row is known by: another one is another row. */
const fixed: readonly Field[] = ['kind', 'major', 'minor'];

interface Props {
  /** The newest version, which the change stands on. */
  readonly base: number;
  /** The row; null for a new one. */
  readonly row: StandardRowView | null;
  readonly done: (version: number) => void;
  readonly cancel: () => void;
}

const begin = (row: StandardRowView | null): Readonly<Record<Field, string>> => ({
  kind: row?.kind ?? 'event', major: row?.major ?? '', majorName: row?.majorName ?? '', minor: row?.minor ?? '', minorName: row?.minorName ?? '', openCondition: row?.openCondition ?? '',
  closeCondition: row?.closeCondition ?? '', timeLimit: row?.limitText ?? '', handler: row?.handler ?? '', authority: row?.authority ?? '',
});

/** One row of the code table: changed, added or taken out as a version of its own, after what that would do was shown. */
export const RowEditor = ({ base, row, done, cancel }: Props) => {
  const say = useSettingsSay();
  const [values, setValues] = useState(begin(row));
  const [effective, setEffective] = useState('');
  const [removing, setRemoving] = useState(false);
  const [seen, setSeen] = useState<ResponseOf<typeof previewRows> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const body = () => ({ base, edits: [{ key: row?.key ?? null, values: removing ? null : values }], ...(effective && { effective }) });
  const work = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void work(async () => (seen ? done((await call(editRows, { body: body() })).version) : setSeen(await call(previewRows, { body: body() }))));
  };
  const change = (field: Field, text: string): void => { setValues({ ...values, [field]: text }); setSeen(null); setProblem(null); };
  const wrong = (field: string): string | undefined => problem?.errors.find(({ path }) => path === `/edits/0/values/${field}`)?.message;
  return (
    <form className="form row-editor" aria-label={say(row ? 'row.edit' : 'row.add')} noValidate onSubmit={send} onKeyDown={(event) => { if (event.key === 'Escape') cancel(); }}>
      <h2>{row ? `${row.code} ${row.minorName}` : say('row.add')}</h2>
      {!removing && (
        <div className="row-fields">
          {fields.map(([field, long]) => {
            const id = `row-${field}`;
            const common = { id, className: 'field-input', disabled: row !== null && fixed.includes(field), value: values[field], ...(wrong(field) && { 'aria-invalid': true as const, 'aria-describedby': `${id}-wrong` }) };
            return (
              <div className="field" key={field} data-long={long || undefined}>
                <label htmlFor={id}>{say(`row.${field}`)}</label>
                {field === 'kind' ? <select {...common} onChange={(event) => change(field, event.currentTarget.value)}><option value="component">{say('row.kind.component')}</option><option value="event">{say('row.kind.event')}</option></select>
                  : long ? <textarea rows={2} {...common} onChange={(event) => change(field, event.currentTarget.value)} />
                  : <input type="text" {...common} onChange={(event) => change(field, event.currentTarget.value)} />}
                {field === 'timeLimit' && <p className="field-hint">{say('row.timeLimit.hint')}</p>}
                {wrong(field) && <p className="field-error" id={`${id}-wrong`}>{wrong(field)}</p>}
              </div>
            );
          })}
        </div>
      )}
      {removing && <p className="note note-wait">{say('row.removing')}</p>}
      <div className="field row-effective"><label htmlFor="row-effective">{say('row.effective')}</label><input id="row-effective" type="date" className="field-input" value={effective} onChange={(event) => { setEffective(event.currentTarget.value); setSeen(null); }} /></div>
      {problem && <Failed problem={problem} />}
      <div aria-live="polite">
        {seen && (
          <section className="preview" aria-labelledby="row-preview">
            <h3 id="row-preview">{say('preview.title')}</h3>
            <RowChanges changes={seen.changes} />
            <ul className="effects">
              {seen.cases.limit > 0 && <li data-tone="warn"><b aria-hidden="true">△</b> {say('row.effect.limit', { count: seen.cases.limit, all: seen.cases.all })}</li>}
              {seen.cases.handler > 0 && <li data-tone="warn"><b aria-hidden="true">△</b> {say('row.effect.handler', { count: seen.cases.handler, all: seen.cases.all })}</li>}
              {seen.cases.gone > 0 && <li data-tone="late"><b aria-hidden="true">!</b> {say('row.effect.gone', { count: seen.cases.gone, all: seen.cases.all })}</li>}
              {seen.cases.limit + seen.cases.handler + seen.cases.gone === 0 && <li data-tone="plain"><b aria-hidden="true">·</b> {say('row.effect.none', { all: seen.cases.all })}</li>}
              <li data-tone="plain"><b aria-hidden="true">·</b> {say('row.effect.open', { count: seen.open })}</li>
            </ul>
          </section>
        )}
      </div>
      <p className="form-actions">
        <button type="submit" className="btn btn-primary" disabled={busy || (seen !== null && seen.changes.length === 0)}>{seen ? say('row.save') : say('area.preview')}</button>
        <button type="button" className="btn" onClick={cancel}>{say('form.cancel')}</button>
        {row && <button type="button" className="btn" aria-pressed={removing} onClick={() => { setRemoving(!removing); setSeen(null); }}>{say(removing ? 'row.keep' : 'row.remove')}</button>}
      </p>
    </form>
  );
};
