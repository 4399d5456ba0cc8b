import { useId, useState } from 'react';
import { listConsents, revokeConsent } from '../../../modules/identity/contract.ts';
import { call, Problem } from '../../shared/client.ts';
import { whereAmI } from '../../shared/pictures/pictures.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { PictureField } from '../../ui/forms/picture-field.tsx';
import { Await, Failed } from '../../ui/states.tsx';
import { Age } from '../phone/age.tsx';
import { useKept } from '../phone/answers.ts';
import { useBegun } from '../phone/begun.ts';
import { useHere } from '../phone/here.ts';
import { send, useOnline } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';
import { TakeConsent } from './consent.tsx';
import { Theirs, type For } from './theirs.tsx';

/** A report in a resident's own words, for somebody who has agreed to it. */
const ReportFor = ({ whom, sent }: { readonly whom: For; readonly sent: (words: string) => void }) => {
  const say = useSay();
  const id = useId();
  const { session } = useSession();
  const here = useHere();
  const draft = useBegun<{ readonly text: string; readonly address: string; readonly blobs: readonly string[] }>(`report ${whom.consent}`, session.id, { text: '', address: '', blobs: [] });
  const { value: { text, address, blobs }, change } = draft;
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (): Promise<void> => {
    if (text.trim() === '' && blobs.length === 0) return;
    setProblem(null);
    try {
      const at = address.trim() ? null : (here ?? (await whereAmI(3_000)));
      const done = await send({
        account: session.id, title: whom.name, label: say('proxy.report'), target: 'proxy', thread: whom.consent, matter: null, basis: null, action: 'report',
        input: { consent: whom.consent, do: 'report', input: { ...(text.trim() && { text: text.trim() }), ...(address.trim() && { address: address.trim() }), ...(blobs.length > 0 && { blobs }), ...(at && { lng: at.lng, lat: at.lat, accuracy: Math.round(at.accuracy) }) } },
      });
      draft.drop();
      sent(done === 'waiting' ? say('proxy.kept') : say('proxy.done', { number: done.number ?? '' }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <form className="block" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <h2>{say('proxy.for', { name: whom.name })}</h2>
      <div className="field"><label htmlFor={`${id}-text`}>{say('proxy.text')}</label><textarea id={`${id}-text`} rows={4} maxLength={2000} value={text} onChange={(event) => change({ text: event.currentTarget.value })} /></div>
      <div className="field"><label htmlFor={`${id}-address`}>{say('proxy.address')}</label><input id={`${id}-address`} maxLength={200} value={address} onChange={(event) => change({ address: event.currentTarget.value })} /></div>
      <PictureField label={say('report.photo')} value={blobs} many camera onChange={(next) => change({ blobs: next })} />
      {problem && <Failed problem={problem} />}
      <button type="submit" className="btn btn-primary big">{say('proxy.report')}</button>
    </form>
  );
};

/** Acting for residents who have agreed to it, and the consents that one holds. */
export const Proxy = () => {
  const say = useSay();
  const { moment } = useTimeWords();
  const online = useOnline();
  const [whom, setWhom] = useState<For | null>(null);
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** The consent that is about to be taken back: what was noted under it goes, so it is asked twice. */
  const [sure, setSure] = useState<string | null>(null);
  const list = useKept('consents', (signal) => call(listConsents, { signal }), (news) => news.kind === 'consent');
  const revoke = async (id: string): Promise<void> => {
    if (sure !== id) return setSure(id);
    setSure(null);
    try {
      await call(revokeConsent, { params: { id } });
      list.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <>
      <div className="page-head"><h1>{say('proxy.title')}</h1></div>
      {said && <p className="note note-done" role="status">{said}</p>}
      {problem && <Failed problem={problem} />}
      {whom ? (
        <>
          <Theirs key={whom.consent} whom={whom} said={setSaid} />
          <ReportFor whom={whom} sent={(words) => { setWhom(null); setSaid(words); }} />
          <button type="button" className="btn big" onClick={() => setWhom(null)}>{say('proxy.leave')}</button>
        </>
      )
        : asking ? <TakeConsent purpose="proxy" scope={['report', 'rate']} taken={({ id, phone }) => { setAsking(false); setWhom({ consent: id, name: phone.replace(/^(\d{3})\d+(\d{4})$/, '$1****$2') }); list.reload(); }} />
          : <><p className="dim">{say('proxy.words')}</p><button type="button" className="btn btn-primary big" onClick={() => { setAsking(true); setSaid(null); }}>{say('proxy.new')}</button></>}
      {!whom && <Await resource={list} lines={4}>
        {({ value, keptAt }) => (
          <>
            <Age at={keptAt} />
            <ul className="task-list">
              {value.items.map((consent) => (
                <li key={consent.id} className="block">
                  <p className="strong">{consent.maskedPhone ?? '—'} · {say(consent.purpose === 'visit' ? 'consent.for.visit' : 'consent.for.proxy')}</p>
                  <p className="dim">{say(`consent.way.${consent.way === 'code' ? 'code' : 'witness'}`)} · {consent.revokedAt ? say('visit.revoked') : say('visit.until', { when: moment(consent.until) })}</p>
                  {!consent.revokedAt && consent.purpose === 'proxy' && <button type="button" className="btn" onClick={() => { setSaid(null); setWhom({ consent: consent.id, name: consent.maskedPhone ?? '' }); }}>{say('proxy.act')}</button>}
                  {!consent.revokedAt && online && <>
                    {sure === consent.id && <p className="note note-wait" role="alert">{say(consent.purpose === 'visit' ? 'consent.sure.visit' : 'consent.sure.proxy')}</p>}
                    <button type="button" className="btn" onClick={() => void revoke(consent.id)}>{say(sure === consent.id ? 'consent.revoke.yes' : 'consent.revoke')}</button>
                    {sure === consent.id && <button type="button" className="btn" onClick={() => setSure(null)}>{say('consent.revoke.no')}</button>}
                  </>}
                </li>
              ))}
            </ul>
          </>
        )}
      </Await>}
    </>
  );
};
