import { useState, type FormEvent } from 'react';
import texts from '../../../../../data/texts/telling.json' with { type: 'json' };
import { languages, type Language } from '../../../../base/text/language.ts';
import { chooseTold, readTold, type ToldView } from '../../../../modules/outreach/contract.ts';
import { clockOf, minutesOf } from '../../../shared/clock-field.ts';
import { call, Problem } from '../../../shared/client.ts';
import { sayOf, useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';

const useSay = sayOf(texts);
/** Says by which way something went; a way without words of its own, as an operator may add one, stands as it is. */
export const useWayWords = (): ((channel: string) => string) => {
  const say = useSay();
  return (channel) => (`way.${channel}` in texts ? say(`way.${channel}` as keyof typeof texts) : channel);
};
const asks = ['call', 'window', 'letter'] as const;

/** Ways that somebody can be told by now, or once an address is given. */
const waysOf = (told: ToldView): ToldView['channel'][] => [
  'sms', ...(told.browsers > 0 ? ['push' as const] : []), ...(told.followsWechat ? ['wechat' as const] : []), ...(told.offers.includes('email') ? ['email' as const] : []), 'voice', 'letter', 'none',
];

interface Draft {
  readonly channel: ToldView['channel'];
  readonly language: Language;
  readonly plain: boolean;
  readonly stopped: boolean;
  readonly own: boolean;
  readonly from: string;
  readonly until: string;
  readonly email: string;
  readonly postal: string;
}

const draftOf = (told: ToldView): Draft => ({
  channel: told.channel, language: told.language, plain: told.plain, stopped: told.stopped, own: told.quietFrom !== null,
  from: clockOf(told.quietFrom ?? told.countyQuiet.from), until: clockOf(told.quietUntil ?? told.countyQuiet.until), email: '', postal: '',
});

/** How a caller is told, and what they ask the desk to change about it. What they chose themselves meanwhile is shown instead of lost. */
export const ToldBox = ({ contact }: { readonly contact: string }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const told = useResource(`${language} told ${contact}`, (signal) => call(readTold, { params: { id: contact }, query: {}, signal }));
  const [draft, setDraft] = useState<Draft | null>(null);
  const [asked, setAsked] = useState<(typeof asks)[number] | null>(null);
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<'saved' | 'mailed' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (told.problem) return <Failed problem={told.problem} retry={told.reload} />;
  const view = told.data;
  if (!view) return null;
  const change = (part: Partial<Draft>): void => setDraft(draft && { ...draft, ...part });
  const wrong = (path: string): string | undefined => problem?.errors.find((one) => one.path === path)?.message;
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !agreed || asked === null || !draft) return;
    setBusy(true);
    setProblem(null);
    try {
      const { mailed } = await call(chooseTold, { params: { id: contact }, body: {
        asked, seen: view.seen, channel: draft.channel, language: draft.language, plain: draft.plain, stopped: draft.stopped,
        quiet: draft.own ? { from: minutesOf(draft.from) ?? null, until: minutesOf(draft.until) ?? null } : { from: null, until: null },
        ...(draft.email.trim() && { email: draft.email.trim() }), ...(draft.postal.trim() && { postal: draft.postal.trim() }),
      } });
      setDone(mailed ? 'mailed' : 'saved');
      setDraft(null);
      setAsked(null);
      setAgreed(false);
      told.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (error.status === 409) { setDraft(null); told.reload(); }
    } finally {
      setBusy(false);
    }
  };
  const quiet = say(view.quietFrom === null ? 'quiet.county' : 'quiet.own', { from: clockOf(view.quietFrom ?? view.countyQuiet.from), until: clockOf(view.quietUntil ?? view.countyQuiet.until) });
  return (
    <section className="note told-box" aria-label={say('title')}>
      <p className="strong">{say('title')}</p>
      <ul className="told-facts">
        <li>{say(`way.${view.channel}`)}{view.channel === 'email' && view.maskedEmail && ` ${view.maskedEmail}`}</li>
        <li>{say(`language.${view.language}`)}</li>
        <li>{say(view.plain ? 'plain.yes' : 'plain.no')}</li>
        <li>{quiet}</li>
        {view.stopped && <li>{say('stopped')}</li>}
        {view.waitsForMail && <li>{say('mail.waits')}</li>}
      </ul>
      {view.chosenAt !== null && view.chosenBy !== null && <p className="dim">{say(`chosen.${view.chosenBy}`, { when: moment(view.chosenAt) })}</p>}
      {done && !draft && <p role="status" className="strong">{say(done)}</p>}
      {problem && <Failed problem={problem} />}
      {!draft ? <p><button type="button" className="btn btn-small" onClick={() => { setDraft(draftOf(view)); setDone(null); setProblem(null); }}>{say('change')}</button></p> : (
        <form className="form" aria-label={say('change')} onSubmit={(event) => void send(event)}>
          <div className="told-fields">
            <label className="field"><span className="field-label">{say('way')}</span><select className="field-input" value={draft.channel} onChange={(event) => change({ channel: event.currentTarget.value as Draft['channel'] })}>{waysOf(view).map((one) => <option key={one} value={one}>{say(`way.${one}`)}</option>)}</select></label>
            <label className="field"><span className="field-label">{say('language')}</span><select className="field-input" value={draft.language} onChange={(event) => change({ language: event.currentTarget.value as Language })}>{languages.map((one) => <option key={one} value={one}>{say(`language.${one}`)}</option>)}</select></label>
          </div>
          {draft.channel === 'email' && <label className="field"><span className="field-label">{say('email')}</span><input className="field-input" type="email" maxLength={200} autoComplete="off" value={draft.email} aria-invalid={wrong('/email') !== undefined} onChange={(event) => change({ email: event.currentTarget.value })} /><span className="field-hint">{wrong('/email') ?? say(view.maskedEmail === null ? 'email.hint' : 'email.kept', { email: view.maskedEmail ?? '' })}</span></label>}
          {draft.channel === 'letter' && <label className="field"><span className="field-label">{say('postal')}</span><textarea className="field-input" rows={2} maxLength={200} autoComplete="off" value={draft.postal} aria-invalid={wrong('/postal') !== undefined} onChange={(event) => change({ postal: event.currentTarget.value })} /><span className="field-hint">{wrong('/postal') ?? say(view.hasPostal ? 'postal.kept' : 'postal.hint')}</span></label>}
          <label className="check"><input type="checkbox" checked={draft.plain} onChange={(event) => change({ plain: event.currentTarget.checked })} />{say('plain.ask')}</label>
          <label className="check"><input type="checkbox" checked={draft.stopped} onChange={(event) => change({ stopped: event.currentTarget.checked })} />{say('stopped.ask')}</label>
          <label className="check"><input type="checkbox" checked={draft.own} onChange={(event) => change({ own: event.currentTarget.checked })} />{say('quiet.ask')}</label>
          {draft.own && <div className="told-fields">
            <label className="field"><span className="field-label">{say('quiet.from')}</span><input className="field-input" type="time" required value={draft.from} onChange={(event) => change({ from: event.currentTarget.value })} /></label>
            <label className="field"><span className="field-label">{say('quiet.until')}</span><input className="field-input" type="time" required value={draft.until} onChange={(event) => change({ until: event.currentTarget.value })} /></label>
          </div>}
          <fieldset className="field choice-set">
            <legend className="field-label">{say('asked')}</legend>
            {asks.map((one) => <label key={one} className="check"><input type="radio" name="told-asked" checked={asked === one} onChange={() => setAsked(one)} />{say(`asked.${one}`)}</label>)}
          </fieldset>
          <label className="check"><input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />{say('agreed')}</label>
          <div className="form-actions">
            <button type="submit" className="btn btn-primary" disabled={!agreed || asked === null} aria-disabled={busy}>{say(busy ? 'busy' : 'save')}</button>
            <button type="button" className="btn" onClick={() => { setDraft(null); setProblem(null); }}>{say('cancel')}</button>
          </div>
        </form>
      )}
    </section>
  );
};
