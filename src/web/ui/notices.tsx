import { useState, type FormEvent } from 'react';
import texts from '../../../data/texts/notices.json' with { type: 'json' };
import { clockOf, minutesOf } from '../shared/clock-field.ts';
import { sayOf } from '../shared/language.tsx';
import { useNotices, type NoticesHere, type Teller } from '../shared/notices.ts';
import { Failed } from './states.tsx';

const useSay = sayOf(texts);

/** Hours in which nothing that can wait is told: the county's, or one's own. */
const Quiet = ({ here: { view, busy, keepQuiet } }: { readonly here: NoticesHere }) => {
  const say = useSay();
  const [draft, setDraft] = useState<{ readonly own: boolean; readonly from: string; readonly until: string } | null>(null);
  const [kept, setKept] = useState(false);
  if (!view) return null;
  const hours = (quiet: { readonly from: number; readonly until: number }) => ({ from: clockOf(quiet.from), until: clockOf(quiet.until) });
  const breaks = view.breaks.map((one) => say(`breaks.${one}` as keyof typeof texts)).join(say('breaks.and'));
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const [from, until] = [minutesOf(draft!.from), minutesOf(draft!.until)];
    if (draft!.own && (from === undefined || until === undefined)) return;
    if (await keepQuiet(draft!.own ? { from: from!, until: until! } : null)) { setDraft(null); setKept(true); }
  };
  const present = draft ?? { own: view.quiet !== null, ...hours(view.quiet ?? view.countyQuiet) };
  const change = (part: Partial<typeof present>): void => { setDraft({ ...present, ...part }); setKept(false); };
  return (
    <form className="form quiet" onSubmit={(event) => void send(event)} aria-labelledby="quiet">
      <h3 id="quiet">{say('quiet')}</h3>
      <p className="dim">{say('quiet.county', hours(view.countyQuiet))}</p>
      <label className="check"><input type="checkbox" checked={present.own} onChange={(event) => change({ own: event.currentTarget.checked })} />{say('quiet.own')}</label>
      {present.own && (
        <>
          <div className="quiet-hours">
            <label className="field"><span className="field-label">{say('quiet.from')}</span><input className="field-input" type="time" required value={present.from} onChange={(event) => change({ from: event.currentTarget.value })} /></label>
            <label className="field"><span className="field-label">{say('quiet.until')}</span><input className="field-input" type="time" required value={present.until} onChange={(event) => change({ until: event.currentTarget.value })} /></label>
          </div>
          <p className="dim">{breaks ? say('breaks', { kinds: breaks }) : say('breaks.none')}</p>
        </>
      )}
      {draft && <button type="submit" className="btn big" aria-disabled={busy}>{say('quiet.keep')}</button>}
      {kept && <p role="status" className="strong">{say('quiet.kept')}</p>}
    </form>
  );
};

/** "Tell me on this device" and when not: one button, what it means, and quiet hours; the button is not there where this browser can tell nothing. */
export const Notices = ({ teller }: { readonly teller: Teller }) => {
  const say = useSay();
  const here = useNotices(teller);
  const { state, busy, problem, turn } = here;
  return (
    <section className="block notices" aria-labelledby="notices">
      <h2 id="notices">{say('title')}</h2>
      <p className="dim" role="status">{say(state)}</p>
      {problem && <Failed problem={problem} />}
      {(state === 'on' || state === 'off') && <button type="button" className="btn big" aria-disabled={busy} onClick={() => void turn(state === 'off')}>{say(state === 'on' ? 'stop' : 'ask')}</button>}
      <Quiet here={here} />
    </section>
  );
};
