import { useEffect, useRef, useState } from 'react';
import type { MatterPage } from '../../../modules/matters/contract.ts';
import { Problem } from '../../shared/client.ts';
import { useWebSay } from '../../shared/language.tsx';
import { whereAmI } from '../../shared/pictures/pictures.ts';
import { fieldsOf, isInstant } from '../../ui/forms/schema.ts';
import { useSession } from '../../shared/session.tsx';
import { ActionForm, stamp } from '../../ui/forms/action-form.tsx';
import { Failed } from '../../ui/states.tsx';
import { useAlong } from '../phone/along.ts';
import { useHere } from '../phone/here.ts';
import { send } from '../sending/outbox.ts';
import { useFieldSources } from './sources.ts';
import { useSay } from '../texts.ts';

type Action = MatterPage['actions'][number];

/** How long an action waits for a position before it goes without one, in milliseconds. */
const positionWait = 2500;

/**
 * What can be done now, generated from the server's own list: the first as one broad button, the others behind
 * a fold, an input as a sheet from below. Everything goes through the phone's outbox.
 */
export const TaskActions = ({ page, acted }: { readonly page: MatterPage; readonly acted: () => void }) => {
  const say = useSay();
  const webSay = useWebSay();
  const { session } = useSession();
  const here = useHere();
  const sources = useFieldSources(useAlong());
  const [open, setOpen] = useState<string | null>(null);
  const [said, setSaid] = useState<{ readonly words: string; readonly waiting: boolean } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const { actions, impossible, matter } = page;
  const main = actions.filter((action) => action.primary);
  const first = main.length > 0 ? main : actions.slice(0, 1);
  const others = actions.filter((action) => !first.includes(action));
  const act = async (action: Action, input: Readonly<Record<string, unknown>>): Promise<void> => {
    const result = await send({ account: session.id, title: matter.title, label: action.label, target: 'matter', thread: matter.id, matter: matter.id, basis: matter.version, action: action.name, input });
    setOpen(null);
    setSaid(result === 'waiting' ? { words: say('task.kept', { action: action.label }), waiting: true } : { words: say('task.done', { action: action.label }), waiting: false });
    acted();
  };
  const press = async (action: Action): Promise<void> => {
    setProblem(null);
    setSaid(null);
    if (!isInstant(action.input)) return setOpen(action.name);
    if (busy) return;
    setBusy(action.name);
    try {
      const stamped = fieldsOf(action.input).find((field) => field.kind === 'position');
      const position = stamped ? (here ?? (await whereAmI(positionWait))) : null;
      await act(action, stamped && position ? stamp(stamped, position) : {});
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (error.status === 409) acted();
    } finally {
      setBusy(null);
    }
  };
  const opened = actions.find((action) => action.name === open);
  useEffect(() => { if (opened) sheet.current?.scrollIntoView({ block: 'start' }); }, [opened]);
  const button = (action: Action, look: string) => (
    <button key={action.name} type="button" className={`btn big ${look}`} data-action={action.name} aria-disabled={busy !== null} onClick={() => void press(action)}>
      {busy === action.name ? webSay('form.sending') : action.label}
    </button>
  );
  return (
    <>
      <div className="said" role="status">{said && <p className={`note ${said.waiting ? 'note-wait' : 'note-done'}`}>{said.words}</p>}</div>
      {problem && <Failed problem={problem} />}
      {actions.length === 0 && <p className="dim">{say('task.nothing')}</p>}
      {impossible.length > 0 && <ul className="task-impossible">{impossible.map((action) => <li key={action.name}>{action.words}</li>)}</ul>}
      {others.length > 0 && !opened && <details className="fold"><summary>{say('task.more')}</summary><div className="stack">{others.map((action) => button(action, ''))}</div></details>}
      {opened ? (
        <div className="sheet" ref={sheet}>
          <ActionForm key={opened.name} title={opened.label} input={opened.input} sources={sources} camera send={(input) => act(opened, input)} cancel={() => setOpen(null)} sendLabel={opened.label} known={{ code: matter.code, component: matter.component }} />
        </div>
      ) : (
        first.length > 0 && <div className="thumb-bar">{first.map((action, at) => button(action, at === 0 ? 'btn-primary' : ''))}</div>
      )}
    </>
  );
};
