import { useRef } from 'react';
import { actOnMatter, type MatterPage } from '../../../modules/matters/contract.ts';
import { call, newOp, Problem } from '../../shared/client.ts';
import { ActionForm } from '../../ui/forms/action-form.tsx';
import { useReasons } from '../reasons.ts';
import { useSources } from '../sources.ts';

/** The form of one action on one matter, where the rest of its page is not shown. Sent again after a lost answer, it is the same action. */
export const TakeAction = ({ matter, action, title, known, cancel, done }: {
  readonly matter: string; readonly action: MatterPage['actions'][number]; readonly title: string;
  readonly known?: Parameters<typeof ActionForm>[0]['known'];
  readonly cancel: () => void; readonly done: () => void;
}) => {
  const sources = useSources();
  const reasons = useReasons(action.name);
  const op = useRef<{ readonly input: string; readonly op: string } | null>(null);
  const send = async (input: Readonly<Record<string, unknown>>): Promise<void> => {
    const text = JSON.stringify(input);
    if (op.current?.input !== text) op.current = { input: text, op: newOp() };
    try {
      await call(actOnMatter, { params: { id: matter }, body: { action: action.name, input, op: op.current.op } });
    } catch (error) {
      if (error instanceof Problem && !error.undecided) op.current = null;
      throw error;
    }
    done();
  };
  return <div className="action-panel"><ActionForm title={title} input={action.input} sources={sources} send={send} cancel={cancel} sendLabel={action.label} reasons={reasons} {...(known && { known })} /></div>;
};
