import { useState } from 'react';
import { calledDelivery, callScript, postLetters, type CallScript } from '../../../../modules/outreach/contract.ts';
import { call } from '../../../shared/client.ts';
import { useSay } from '../../texts.ts';

type Settle = (work: () => Promise<unknown>) => Promise<void>;
const results = ['reached', 'no_answer', 'wrong_number', 'declined'] as const;

/** Somebody who is to be called: number and script are shown when asked for, which is traced; then what came of it. */
export const Call = ({ id, settle }: { readonly id: string; readonly settle: Settle }) => {
  const say = useSay();
  const [script, setScript] = useState<CallScript | null>(null);
  if (!script) return <button type="button" className="btn btn-small btn-primary" onClick={() => void settle(async () => { setScript(await call(callScript, { params: { id }, body: {} })); })}>{say('deliveries.script')}</button>;
  return (
    <section className="call-script" aria-label={say('deliveries.script.of')}>
      <a className="call-number" href={`tel:${script.phone}`}>{script.phone}</a>
      {script.plain && <p className="dim">{say('deliveries.script.plain')}</p>}
      <dl>
        {(['opening', 'text', 'closing'] as const).map((part) => <div key={part}><dt>{say(`deliveries.script.${part}`)}</dt><dd lang={script.language}>{script[part]}</dd></div>)}
      </dl>
      <div className="cell-actions" role="group" aria-label={say('deliveries.script.result')}>
        {results.map((result) => <button key={result} type="button" className={`btn btn-small${result === 'reached' ? ' btn-primary' : ''}`} onClick={() => void settle(async () => { await call(calledDelivery, { params: { id }, body: { result } }); setScript(null); })}>{say(`deliveries.${result}`)}</button>)}
      </div>
    </section>
  );
};

const printed = (ids: readonly string[]): string => `/api/deliveries/letters?ids=${ids.join(',')}`;

/** A letter by itself: printed, and handed to the post. */
export const OneLetter = ({ id, settle }: { readonly id: string; readonly settle: Settle }) => {
  const say = useSay();
  return (
    <>
      <a className="btn btn-small" href={printed([id])} target="_blank" rel="noopener">{say('deliveries.print.one')}</a>
      <button type="button" className="btn btn-small" onClick={() => void settle(() => call(postLetters, { body: { ids: [id] } }))}>{say('deliveries.post.one')}</button>
    </>
  );
};

/** The letters of the list: printed together, and handed to the post once they are printed. */
export const Letters = ({ ids, settle }: { readonly ids: readonly string[]; readonly settle: Settle }) => {
  const say = useSay();
  const [out, setOut] = useState<readonly string[]>([]);
  if (ids.length === 0 && out.length === 0) return null;
  return (
    <p className="cell-actions">
      {ids.length > 0 && <a className="btn" href={printed(ids)} target="_blank" rel="noopener" onClick={() => setOut(ids)}>{say('deliveries.print', { count: ids.length })}</a>}
      {out.length > 0 && <button type="button" className="btn" onClick={() => void settle(async () => { await call(postLetters, { body: { ids: [...out] } }); setOut([]); })}>{say('deliveries.post', { count: out.length })}</button>}
    </p>
  );
};
