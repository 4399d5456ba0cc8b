import { useState } from 'react';
import { calledDelivery, callScript, postLetters } from '../../../modules/outreach/contract.ts';
import { call } from '../../shared/client.ts';
import { useSay } from '../texts.ts';

type Settle = (work: () => Promise<unknown>) => Promise<void>;
const results = ['reached', 'no_answer', 'wrong_number'] as const;

/** Somebody who is to be called: number and words are shown when asked for, which is traced; then what came of it. */
export const Call = ({ id, settle }: { readonly id: string; readonly settle: Settle }) => {
  const say = useSay();
  const [shown, setShown] = useState<{ phone: string; language: string; text: string } | null>(null);
  return (
    <>
      {shown ? <p className="message" role="status"><a href={`tel:${shown.phone}`}>{shown.phone}</a><br /><span lang={shown.language}>{shown.text}</span></p>
        : <button type="button" className="btn btn-small" onClick={() => void settle(async () => { setShown(await call(callScript, { params: { id }, body: {} })); })}>{say('deliveries.script')}</button>}
      {results.map((result) => <button key={result} type="button" className="btn btn-small" onClick={() => void settle(() => call(calledDelivery, { params: { id }, body: { result } }))}>{say(`deliveries.${result}`)}</button>)}
    </>
  );
};

/** The letters of the list: printed together, and handed to the post once they are printed. */
export const Letters = ({ ids, settle }: { readonly ids: readonly string[]; readonly settle: Settle }) => {
  const say = useSay();
  const [printed, setPrinted] = useState<readonly string[]>([]);
  if (ids.length === 0 && printed.length === 0) return null;
  return (
    <p className="cell-actions">
      {ids.length > 0 && <a className="btn" href={`/api/deliveries/letters?ids=${ids.join(',')}`} target="_blank" rel="noopener" onClick={() => setPrinted(ids)}>{say('deliveries.print', { count: ids.length })}</a>}
      {printed.length > 0 && <button type="button" className="btn" onClick={() => void settle(async () => { await call(postLetters, { body: { ids: [...printed] } }); setPrinted([]); })}>{say('deliveries.post', { count: printed.length })}</button>}
    </p>
  );
};
