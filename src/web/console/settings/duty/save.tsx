import { useState } from 'react';
import { putRosters, type PostView } from '../../../../modules/places/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call, Problem } from '../../../shared/client.ts';
import { Failed } from '../../../ui/states.tsx';
import { clock } from './clock.ts';
import { useDutySay } from './texts.ts';

type Effect = ResponseOf<typeof putRosters>;
/** A place's new posts, and the mark of the roster that they replace. */
export interface NewRoster {
  readonly place: string;
  readonly seen: string;
  readonly posts: readonly PostView[];
}

/** Places whose gaps are named in a preview. */
const named = 8;
const hours = (minutes: number): number => Math.round(minutes / 6) / 10;

/** Two steps of every change of rosters: what it means first, then the saving. */
export const useSave = (from: string, done: () => void) => {
  const [effect, setEffect] = useState<Effect | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fresh = (): void => { setEffect(null); setProblem(null); };
  const send = async (rosters: readonly NewRoster[]): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const places = rosters.map((one) => ({ ...one, posts: [...one.posts] }));
      const answer = await call(putRosters, { query: {}, body: { from, dryRun: effect === null, places } });
      if (answer.done) done();
      else setEffect(answer);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return { effect, busy, problem, fresh, send };
};

/** What a change means for the week, or why it was refused, and the buttons under a form. */
export const SaveParts = ({ save, cancel }: { readonly save: ReturnType<typeof useSave>; readonly cancel: () => void }) => {
  const say = useDutySay();
  const { effect, busy, problem } = save;
  return (
    <>
      {problem && <><Failed problem={problem} />{problem.errors.map((error) => <p key={error.path} className="field-error">{error.message}</p>)}</>}
      <div aria-live="polite">
        {effect && (
          <section className="preview">
            <p className="strong">{say('effect')}</p>
            <p>{say('effect.gaps', { before: hours(effect.before.openMinutes), after: hours(effect.after.openMinutes) })}</p>
            <p>{say('effect.doubles', { before: effect.before.doubles.length, after: effect.after.doubles.length })}</p>
            {effect.after.gaps.length > 0 && (
              <>
                <p>{say('effect.left')}</p>
                <ul className="role-lines">
                  {effect.after.gaps.slice(0, named).map((gap) => <li key={`${gap.code} ${gap.day} ${gap.from}`}>{say('effect.gap', { place: gap.place, day: gap.day, from: clock(gap.from), until: clock(gap.until) })}</li>)}
                  {effect.after.gaps.length > named && <li>{say('effect.more', { count: effect.after.gaps.length - named })}</li>}
                </ul>
              </>
            )}
            {effect.after.doubles.length > 0 && <ul className="role-lines">{effect.after.doubles.slice(0, named).map((one) => <li key={`${one.person} ${one.day} ${one.from} ${one.places.join()}`}>{say('double', { person: one.person, day: one.day, from: clock(one.from), until: clock(one.until), places: one.places.join(' / ') })}</li>)}</ul>}
          </section>
        )}
      </div>
      <p className="form-actions"><button type="submit" className="btn btn-primary" disabled={busy}>{say(effect ? 'save' : 'preview')}</button><button type="button" className="btn" onClick={cancel}>{say('cancel')}</button></p>
    </>
  );
};
