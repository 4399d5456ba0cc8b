import { useWebSay } from '../shared/language.tsx';
import { useNotices, type Teller } from '../shared/notices.ts';
import { Failed } from './states.tsx';

/** "Tell me on this device": one button, and what it means; nothing where this browser can tell nothing. */
export const Notices = ({ teller, look = '' }: { readonly teller: Teller; readonly look?: string }) => {
  const say = useWebSay();
  const { state, busy, problem, turn } = useNotices(teller);
  if (state === 'absent') return null;
  return (
    <section className={`block notices ${look}`.trim()} aria-labelledby="notices">
      <h2 id="notices">{say('notices.title')}</h2>
      <p className="dim" role="status">{say(`notices.${state}`)}</p>
      {problem && <Failed problem={problem} />}
      {state !== 'denied' && <button type="button" className="btn big" aria-disabled={busy} onClick={() => void turn(state === 'off')}>{say(state === 'on' ? 'notices.stop' : 'notices.ask')}</button>}
    </section>
  );
};
