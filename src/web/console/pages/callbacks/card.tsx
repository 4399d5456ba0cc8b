import { useEffect, useRef, useState } from 'react';
import { callbackPhone, callbackResult, type CallbackCard } from '../../../../modules/callbacks/contract.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { countyMoment } from '../../../shared/format.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { useKeys } from '../../keyboard.ts';
import { isKey, useSay } from '../../texts.ts';

interface Answer {
  readonly reached?: boolean;
  readonly solved?: boolean;
  readonly satisfaction?: number;
  readonly note?: string;
}
type Outcome = 'answered' | 'unanswered' | 'later' | 'refused';

const steps = [5, 4, 3, 2, 1] as const;

/** One of two answers, pressed again to take it back. */
const YesNo = ({ legend, value, choose, yes, no }: { readonly legend: string; readonly value: boolean | undefined; readonly choose: (value: boolean | undefined) => void; readonly yes: string; readonly no: string }) => (
  <div className="views" role="group" aria-label={legend}>
    <button type="button" aria-pressed={value === true} onClick={() => choose(value === true ? undefined : true)}>{yes}</button>
    <button type="button" aria-pressed={value === false} onClick={() => choose(value === false ? undefined : false)}>{no}</button>
  </div>
);

/** The call itself: the number after a press (an entry says who looked), what to say, three questions for each case, and how it went. */
export const Card = ({ card, close, done }: { readonly card: CallbackCard; readonly close: () => void; readonly done: (words: string) => void }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const [phone, setPhone] = useState<string | null>(null);
  const [answers, setAnswers] = useState<Readonly<Record<string, Answer>>>({});
  const [current, setCurrent] = useState(0);
  const [later, setLater] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const op = useRef(newOp());
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [card.id]);
  const part = card.parts[Math.min(current, card.parts.length - 1)];
  const set = (id: string, change: Answer): void => setAnswers((before) => ({ ...before, [id]: { ...before[id], ...change } }));
  const look = async (): Promise<void> => {
    setProblem(null);
    try {
      setPhone((await call(callbackPhone, { params: { id: card.id }, body: {} })).phone ?? say('reveal.none'));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const send = async (outcome: Outcome): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const given = outcome === 'answered'
        ? card.parts.map(({ id }) => ({ matter: id, ...Object.fromEntries(Object.entries(answers[id] ?? {}).filter(([, value]) => value !== undefined && value !== '')) })) : [];
      const result = await call(callbackResult, { params: { id: card.id }, body: { outcome, answers: given, op: op.current, ...(outcome === 'later' && { nextAt: later ? countyMoment(later) : '' }) } });
      done(say(result.state === 'waiting' ? 'callbacks.saved.again' : result.state === 'unreached' ? 'callbacks.saved.unreached' : 'callbacks.saved', { when: result.nextAt ? moment(result.nextAt) : '' }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (!error.undecided) op.current = newOp();
    } finally {
      setBusy(false);
    }
  };
  useKeys({
    p: () => void look(), a: () => void send('answered'), m: () => void send('unanswered'), r: () => void send('refused'), escape: close,
    s: part && (() => set(part.id, { solved: true })), u: part && (() => set(part.id, { solved: false })), c: part && (() => set(part.id, { reached: !(answers[part.id]?.reached ?? false) })),
    ...Object.fromEntries(steps.map((step) => [String(step), part && (() => { set(part.id, { satisfaction: step }); setCurrent(Math.min(card.parts.length - 1, current + (answers[part.id]?.solved === undefined ? 0 : 1))); })])),
    j: () => setCurrent(Math.min(card.parts.length - 1, current + 1)), k: () => setCurrent(Math.max(0, current - 1)),
  });
  const label = (key: string): string => (isKey(key) ? say(key) : key);
  return (
    <section className="callback-card" aria-labelledby="callback-title">
      <header className="callback-head">
        <h2 id="callback-title" ref={title} tabIndex={-1}>{say('callbacks.title')}</h2>
        <p>{card.reasons.map((reason) => <span key={reason}><Chip tone={reason === 'low' ? 'late' : 'busy'}>{label(`callbacks.reason.${reason}`)}</Chip> </span>)} <span className="dim">{say('callbacks.tried', { count: card.tries, most: card.triesAtMost })}</span></p>
        <p className="callback-phone">
          {phone === null
            ? <><span className="number">{card.maskedPhone ?? '—'}</span> <button type="button" className="btn btn-small" aria-keyshortcuts="p" onClick={() => void look()}>{say('callbacks.show')}<kbd aria-hidden="true">P</kbd></button></>
            : <a className="number strong" href={`tel:${phone}`}>{phone}</a>}
        </p>
      </header>
      <blockquote className="callback-script" lang={language}>{card.script}</blockquote>
      {card.parts.map((each, at) => (
        <fieldset key={each.id} className="callback-part" data-current={card.parts.length > 1 && at === current || undefined} onFocus={() => setCurrent(at)}>
          <legend><a href={hrefOf(['inbox', each.id], { box: 'ended' })}><span className="number">{each.number}</span> {each.title}</a></legend>
          <p className="dim">{[each.unit, each.stateLabel].filter(Boolean).join(' · ')}</p>
          <div className="callback-question"><span>{say('callbacks.reached')}</span><YesNo legend={say('callbacks.reached')} value={answers[each.id]?.reached} choose={(reached) => set(each.id, { reached } as Answer)} yes={say('callbacks.yes')} no={say('callbacks.no')} /></div>
          <div className="callback-question"><span>{say('callbacks.solved')}</span><YesNo legend={say('callbacks.solved')} value={answers[each.id]?.solved} choose={(solved) => set(each.id, { solved } as Answer)} yes={say('callbacks.solved.yes')} no={say('callbacks.solved.no')} /></div>
          <div className="callback-question"><span>{say('callbacks.satisfied')}</span>
            <div className="views" role="group" aria-label={say('callbacks.satisfied')}>
              {steps.map((step) => <button key={step} type="button" aria-pressed={answers[each.id]?.satisfaction === step} onClick={() => set(each.id, { satisfaction: step })}>{step} {say(`callbacks.satisfied.${step}`)}</button>)}
            </div>
          </div>
          {answers[each.id]?.solved === false && <p className="field-hint">{say('callbacks.unsolved.hint')}</p>}
          <label className="field"><span>{say('callbacks.note')}</span><textarea rows={2} maxLength={1000} value={answers[each.id]?.note ?? ''} onChange={(event) => set(each.id, { note: event.currentTarget.value })} /></label>
        </fieldset>
      ))}
      {problem && <Failed problem={problem} />}
      <div className="callback-do">
        <button type="button" className="btn btn-primary" aria-disabled={busy} aria-keyshortcuts="a" onClick={() => void send('answered')}>{say('callbacks.answered')}<kbd aria-hidden="true">A</kbd></button>
        <button type="button" className="btn" aria-disabled={busy} aria-keyshortcuts="m" onClick={() => void send('unanswered')}>{say('callbacks.unanswered')}<kbd aria-hidden="true">M</kbd></button>
        <button type="button" className="btn" aria-disabled={busy} aria-keyshortcuts="r" onClick={() => void send('refused')}>{say('callbacks.refused')}<kbd aria-hidden="true">R</kbd></button>
        <span className="callback-later"><input type="datetime-local" aria-label={say('callbacks.later.when')} value={later} onChange={(event) => setLater(event.currentTarget.value)} /><button type="button" className="btn" aria-disabled={busy} onClick={() => void send('later')}>{say('callbacks.later')}</button></span>
        <button type="button" className="btn btn-quiet" onClick={close}>{say('callbacks.close')}</button>
      </div>
      <p className="inbox-keys" aria-hidden="true">{say('callbacks.card.keys')}</p>
    </section>
  );
};
