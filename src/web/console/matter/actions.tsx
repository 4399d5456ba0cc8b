import { useMemo, useRef, useState } from 'react';
import { mentionable } from '../../../modules/cases/contract/load.ts';
import { actOnMatter, type MatterPage } from '../../../modules/matters/contract.ts';
import { call, newOp, Problem } from '../../shared/client.ts';
import { fieldsOf } from '../../ui/forms/schema.ts';
import { ActionForm } from '../../ui/forms/action-form.tsx';
import { Failed } from '../../ui/states.tsx';
import { lettersOf, useKeys } from '../keyboard.ts';
import { useReasons } from '../reasons.ts';
import { useSources } from '../sources.ts';
import { isKey, useSay } from '../texts.ts';

interface Props {
  readonly page: MatterPage;
  readonly done: (label: string) => void;
  /** Somebody was faster: the page must be read again. */
  readonly raced: () => void;
}

/**
 * Only what this person may do now is a button, each with its letter; what people look for and cannot do
 * stands dashed, with the reason in words. An action that needs nothing happens at once.
 */
export const Actions = ({ page, done, raced }: Props) => {
  const say = useSay();
  const sources = useSources();
  const [open, setOpen] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  // One op for each thing that is meant: kept while it is tried again, new once it has been decided.
  const op = useRef<{ readonly action: string; readonly input: string; readonly op: string } | null>(null);
  const { actions, impossible, matter } = page;
  const letters = useMemo(() => lettersOf(actions.map((action) => action.name)), [actions]);
  const send = async (name: string, label: string, input: Readonly<Record<string, unknown>>): Promise<void> => {
    const text = JSON.stringify(input);
    if (op.current?.action !== name || op.current.input !== text) op.current = { action: name, input: text, op: newOp() };
    try {
      await call(actOnMatter, { params: { id: matter.id }, body: { action: name, input, op: op.current.op } });
    } catch (error) {
      if (error instanceof Problem && !error.undecided) {
        op.current = null;
        if (error.status === 409) raced();
      }
      throw error;
    }
    op.current = null;
    setOpen(null);
    setProblem(null);
    done(label);
  };
  const press = (action: MatterPage['actions'][number]): void => {
    setProblem(null);
    if (fieldsOf(action.input).length > 0) return setOpen(open === action.name ? null : action.name);
    if (busy) return;
    setBusy(action.name);
    send(action.name, action.label, {}).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }).finally(() => setBusy(null));
  };
  useKeys(Object.fromEntries(actions.map((action) => [letters.get(action.name) ?? '', () => press(action)])));
  const mention = async (typed: string, signal: AbortSignal) => (await call(mentionable, { params: { id: matter.id }, query: { q: typed }, signal })).items.map(({ login, name }) => ({ id: login, name }));
  const reasons = useReasons(open);
  const opened = actions.find((action) => action.name === open);
  const hint = `matter.hint.${matter.kind}.${open ?? ''}`;
  return (
    <section className="actions" aria-label={say('matter.actions')}>
      <div className="actions-line">
        {actions.map((action) => (
          <button key={action.name} type="button" className={`btn ${action.primary ? 'btn-primary' : ''}`} data-action={action.name} aria-disabled={busy !== null} {...(fieldsOf(action.input).length > 0 && { 'aria-expanded': open === action.name })} aria-keyshortcuts={letters.get(action.name)} onClick={() => press(action)}>
            {action.label}<kbd aria-hidden="true">{letters.get(action.name)?.toUpperCase()}</kbd>
          </button>
        ))}
        {impossible.map((action) => <button key={action.name} type="button" className="btn" disabled aria-describedby={`why-${action.name}`}>{action.label}</button>)}
        {actions.length === 0 && impossible.length === 0 && <p className="dim">{say('matter.actions.none')}</p>}
      </div>
      {problem && <Failed problem={problem} />}
      {opened && <div className="action-panel">{isKey(hint) && <p className="field-hint">{say(hint)}</p>}<ActionForm key={opened.name} title={opened.label} input={opened.input} sources={opened.name === 'note' ? { ...sources, mention } : sources} send={(input) => send(opened.name, opened.label, input)} cancel={() => setOpen(null)} sendLabel={opened.label} reasons={reasons} known={{ code: matter.code, component: matter.component }} /></div>}
      {impossible.length > 0 && <ul className="impossible">{impossible.map((action) => <li key={action.name} id={`why-${action.name}`}>{action.words}</li>)}</ul>}
    </section>
  );
};
