import { useState, type ReactNode } from 'react';
import { listAccounts } from '../../../../modules/identity/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import type { Sources } from '../../../ui/forms/form-control.tsx';
import { usePartnersSay } from './texts.ts';

/** Programs to choose from, by login or name. */
export const programSource: Sources = {
  account: async (typed, signal) => {
    const text = typed.trim();
    const { items } = await call(listAccounts, { query: { kind: 'program', limit: 30, ...(text && { text }) }, signal });
    return items.filter(({ disabled }) => !disabled).map(({ id, name, login, roles }) => ({ id, name, note: [login, ...roles].join(' · ') }));
  },
};

/** Does something, keeps what was refused, and reads anew either way. */
export const useWork = (reload: () => void) => {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const work = async (what: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    setBusy(true);
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
    reload();
  };
  return { problem, busy, work };
};

/** A secret that is shown once, until it was put somewhere. */
export const Secret = ({ words, secret, close }: { readonly words: string; readonly secret: string; readonly close: () => void }) => {
  const say = usePartnersSay();
  const [copied, setCopied] = useState(false);
  return (
    <div className="note note-done" role="status">
      <p className="strong">{words}</p>
      <p className="link-words"><code>{secret}</code></p>
      <div className="cell-actions">
        <button type="button" className="btn btn-small" onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true), () => {})}>{say(copied ? 'copied' : 'copy')}</button>
        <button type="button" className="btn btn-small" onClick={close}>{say('close')}</button>
      </div>
    </div>
  );
};

/** A button that takes something away when it is pressed a second time. */
export const Removal = ({ label, sure, busy, remove }: { readonly label: string; readonly sure: string; readonly busy: boolean; readonly remove: () => void }): ReactNode => {
  const say = usePartnersSay();
  const [asked, setAsked] = useState(false);
  return asked ? <>
    <button type="button" className="btn btn-small" disabled={busy} onClick={() => { setAsked(false); remove(); }}>{sure}</button>
    <button type="button" className="btn btn-small" onClick={() => setAsked(false)}>{say('cancel')}</button>
  </> : <button type="button" className="btn btn-small" onClick={() => setAsked(true)}>{label}</button>;
};
