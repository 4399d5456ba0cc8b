import { useState } from 'react';
import { revealReporter } from '../../../modules/identity/contract.ts';
import { call, Problem } from '../../shared/client.ts';
import { Failed } from '../../ui/states.tsx';
import { useSay } from '../texts.ts';

const purposes = ['call_back', 'visit', 'danger', 'complaint', 'court'] as const;
type Purpose = (typeof purposes)[number];

/** The reporter's number, masked until somebody says what it is needed for. Each look is an entry of the ledger. */
export const Reveal = ({ matter, masked }: { readonly matter: string; readonly masked: string }) => {
  const say = useSay();
  const [asking, setAsking] = useState(false);
  const [purpose, setPurpose] = useState<Purpose>('call_back');
  const [shown, setShown] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = async (): Promise<void> => {
    setProblem(null);
    try {
      const { phone } = await call(revealReporter, { params: { id: matter }, body: { purpose } });
      setShown(phone ?? say('reveal.none'));
      setAsking(false);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  if (shown !== null) return <a className="number strong" href={`tel:${shown}`}>{shown}</a>;
  return (
    <span className="reveal">
      <span className="number">{masked}</span>
      {asking ? (
        <>
          <select aria-label={say('reveal.purpose')} value={purpose} onChange={(event) => setPurpose(purposes.find((each) => each === event.currentTarget.value)!)}>
            {purposes.map((each) => <option key={each} value={each}>{say(`reveal.${each}`)}</option>)}
          </select>
          <button type="button" className="btn btn-small btn-primary" onClick={() => void look()}>{say('reveal.do')}</button>
          <span className="field-hint">{say('reveal.why')}</span>
        </>
      ) : (
        <button type="button" className="btn btn-small" onClick={() => setAsking(true)}>{say('reveal.do')}</button>
      )}
      {problem && <Failed problem={problem} />}
    </span>
  );
};
