import { useId, useState } from 'react';
import { sendCode } from '../../../modules/identity/contract.ts';
import { call, newOp, Problem } from '../../shared/client.ts';
import { useSession } from '../../shared/session.tsx';
import { Failed } from '../../ui/states.tsx';
import { PictureField } from '../../ui/forms/picture-field.tsx';
import { useBegun } from '../phone/begun.ts';
import { rightNow } from '../phone/clock.ts';
import { send, useOnline } from '../sending/outbox.ts';
import { Choices } from '../report/choices.tsx';
import { useSay } from '../texts.ts';

/** A consent that was just taken, on the phone or confirmed already. */
export interface Taken {
  readonly id: string;
  readonly phone: string;
}

/** A consent that is being asked for. */
interface ConsentDraft {
  readonly phone: string;
  /** Null while nobody has chosen: by code where there is a network. */
  readonly way: 'code' | 'witness' | null;
  /** The phone that a code was sent to, masked. */
  readonly asked: string | null;
  readonly blobs: readonly string[];
  readonly spoken: string;
  readonly days: number;
}

const day = 86_400_000;
/** Choices of how long a consent is to hold, in days. */
const spans = [1, 30, 180] as const;

/** Asks a resident for consent: by the code sent to their phone, or before the worker as witness, with a signature or their words. */
export const TakeConsent = ({ purpose, scope, taken }: { readonly purpose: 'visit' | 'proxy'; readonly scope: readonly ('report' | 'rate' | 'visit_notes')[]; readonly taken: (consent: Taken) => void }) => {
  const say = useSay();
  const id = useId();
  const { session } = useSession();
  const online = useOnline();
  const draft = useBegun<ConsentDraft>(`consent ${purpose}`, session.id, { phone: '', way: null, asked: null, blobs: [], spoken: '', days: 30 });
  const { value: { phone, asked, blobs, spoken, days }, change } = draft;
  const way = !online || draft.value.way === null ? (online ? 'code' : 'witness') : draft.value.way;
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const ask = (): Promise<void> => attempt(async () => change({ asked: (await call(sendCode, { body: { phone: phone.trim() } })).maskedPhone }));
  const give = (): Promise<void> => attempt(async () => {
    const op = newOp();
    const input = {
      phone: phone.trim(), purpose, scope, until: new Date(rightNow() + days * day).toISOString(),
      ...(way === 'code' ? { code: code.trim() } : { ...(blobs.length > 0 && { blobs }), ...(spoken.trim() && { spoken: spoken.trim() }) }),
    };
    await send({ account: session.id, title: phone.trim().replace(/^(\d{3})\d+(\d{4})$/, '$1****$2'), label: say('consent.label'), target: 'consent', thread: op, matter: null, basis: null, action: 'consent', input }, op);
    draft.drop();
    taken({ id: op, phone: phone.trim() });
  });
  const proved = way === 'code' ? code.trim().length >= 6 : blobs.length > 0 || spoken.trim().length >= 6;
  return (
    <form className="block" aria-label={say('consent.title')} onSubmit={(event) => { event.preventDefault(); void give(); }}>
      <h2>{say('consent.title')}</h2>
      <p>{say(purpose === 'visit' ? 'consent.visit' : 'consent.proxy', { name: session.name ?? '' })}</p>
      <div className="field"><label htmlFor={`${id}-phone`}>{say('consent.phone')}</label><input id={`${id}-phone`} type="tel" inputMode="tel" autoComplete="off" required value={phone} maxLength={20} onChange={(event) => change({ phone: event.currentTarget.value })} /></div>
      <Choices question={say('consent.way')} value={way} choose={(chosen) => change({ way: chosen as typeof way })} rows={(['code', 'witness'] as const).map((each) => ({ id: each, name: say(`consent.way.${each}`), note: say(`consent.way.${each}.words`), disabled: each === 'code' && !online }))} />
      {way === 'code' ? (
        <>
          <button type="button" className="btn" aria-disabled={busy || phone.trim().length < 7} onClick={() => { if (phone.trim().length >= 7) void ask(); }}>{say('consent.send')}</button>
          {asked && <p className="dim" role="status">{say('consent.sent', { phone: asked })}</p>}
          <div className="field"><label htmlFor={`${id}-code`}>{say('consent.code')}</label><input id={`${id}-code`} inputMode="numeric" autoComplete="one-time-code" maxLength={8} value={code} onChange={(event) => setCode(event.currentTarget.value)} /></div>
        </>
      ) : (
        <>
          <PictureField label={say('consent.signature')} value={blobs} many={false} camera onChange={(next) => change({ blobs: next })} />
          {blobs.length === 0 && <div className="field"><label htmlFor={`${id}-spoken`}>{say('consent.spoken')}</label><textarea id={`${id}-spoken`} rows={2} maxLength={500} value={spoken} placeholder={say('consent.spoken.hint')} onChange={(event) => change({ spoken: event.currentTarget.value })} /></div>}
        </>
      )}
      <div className="field"><label htmlFor={`${id}-days`}>{say('consent.until')}</label><select id={`${id}-days`} value={days} onChange={(event) => change({ days: Number(event.currentTarget.value) })}>{spans.map((each) => <option key={each} value={each}>{say('consent.days', { days: each })}</option>)}</select></div>
      {problem && <Failed problem={problem} />}
      <button type="submit" className="btn btn-primary big" aria-disabled={busy || !proved || phone.trim().length < 7} onClick={(event) => { if (!proved || phone.trim().length < 7) event.preventDefault(); }}>{say('consent.take')}</button>
    </form>
  );
};
