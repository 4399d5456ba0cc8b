import { useDeferredValue, useEffect, useMemo, useRef, useState, type FormEvent } from 'react';
import { normalPhone } from '../../../../base/text/phone.ts';
import { suggest } from '../../../../modules/cases/contract/routes.ts';
import { eraseContact, findContact } from '../../../../modules/identity/contract.ts';
import { makeMatter, type Done } from '../../../../modules/matters/contract.ts';
import { chooseTold } from '../../../../modules/outreach/contract.ts';
import { findAddress } from '../../../../modules/places/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { PictureField } from '../../../ui/forms/picture-field.tsx';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { Failed } from '../../../ui/states.tsx';
import { PointMap } from '../../../map/point-map.tsx';
import { useSources } from '../../sources.ts';
import { useSay } from '../../texts.ts';
import { EraseBox } from './erase-box.tsx';
import { ToldBox } from '../messages/told-box.tsx';
import { PageFrame, Views } from '../table.tsx';

type Address = ResponseOf<typeof findAddress>['candidates'][number];
type Channel = 'phone' | 'window';

/** Rows that are offered at once; any other is found by its words. */
const offered = 4;

/** The desk for calls: words and place are typed, the system finds the facility, the row and the doubles. One hand on the keyboard. */
const Intake = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { brief } = useTimeWords();
  const sources = useSources();
  const form = useRef<HTMLFormElement>(null);
  const [turn, setTurn] = useState(0);
  const [channel, setChannel] = useState<Channel>('phone');
  const { session } = useSession();
  const [phone, setPhone] = useState('');
  const [text, setText] = useState('');
  const [address, setAddress] = useState('');
  const [chosen, setChosen] = useState<Address | null>(null);
  const [component, setComponent] = useState<string | null>(null);
  const [row, setRow] = useState<string | null>(null);
  const [otherRow, setOtherRow] = useState<Choice | null>(null);
  const [pictures, setPictures] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const op = useRef(newOp());
  // Who calls comes first, where the role may look them up.
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea')?.focus(), [turn]);
  // A whole number is looked up once; each look is an entry of the ledger, so a part of one is not.
  const number = may(session, findContact) ? normalPhone(phone) : undefined;
  const caller = useResource(number === undefined ? null : `${language} ${number}`, (signal) => call(findContact, { body: { phone: number!, purpose: 'intake' }, signal }));
  const where = useDeferredValue(address.trim());
  const what = useDeferredValue(text.trim());
  const addresses = useResource(where.length > 1 ? `${language} ${where}` : null, (signal) => call(findAddress, { body: { words: where }, signal }));
  const point = chosen ?? (addresses.data?.candidates[0]?.confidence === 1 ? addresses.data.candidates[0] : null);
  const about = useMemo(() => ({ ...(what && { text: what }), ...(point && { lng: point.lng, lat: point.lat }), ...(component && { component }) }), [what, point, component]);
  const found = useResource(what || point ? `${language} ${JSON.stringify(about)}` : null, (signal) => call(suggest, { body: about, signal }));
  // What was offered stands until the next offer is there: a key that is pressed meanwhile is not lost.
  const before = useRef(found.data);
  if (found.data || !(what || point)) before.current = found.data;
  const rows = before.current?.rows.slice(0, offered) ?? [];
  const pickedRow = otherRow?.id ?? row ?? '';
  const clear = (): void => {
    setPhone(''); setText(''); setAddress(''); setChosen(null); setComponent(null); setRow(null); setOtherRow(null); setPictures([]); setProblem(null);
    op.current = newOp();
    setTurn(turn + 1);
  };
  const send = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const contact = number === undefined ? undefined
        : caller.data?.contact?.id ?? (await call(findContact, { body: { phone: number, purpose: 'intake', create: true } })).contact?.id;
      const input = {
        channel, ...(contact !== undefined && { contact }), ...(text.trim() && { text: text.trim() }), ...(address.trim() && { address: chosen?.label ?? address.trim() }),
        ...(point && { lng: point.lng, lat: point.lat }), ...(component && { component }), ...(pickedRow && { code: pickedRow }), ...(pictures.length > 0 && { blobs: [...pictures] }),
      };
      setDone(await call(makeMatter, { body: { kind: 'case', action: 'report', input, op: op.current } }));
      clear();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (!error.undecided) op.current = newOp();
    } finally {
      setBusy(false);
    }
  };
  return (
    <PageFrame title={say('intake.title')} tools={<Views label={say('intake.channel')} value={channel} choose={setChannel} views={[{ id: 'phone', label: say('intake.channel.phone') }, { id: 'window', label: say('intake.channel.window') }]} />}>
      <div role="status">{done && <p className="note note-done"><span className="strong">{say('intake.done', { number: done.number })}</span> <a href={hrefOf(['inbox', done.id], { box: 'all' })}>{say('intake.open')}</a></p>}</div>
      <div className="halves">
        <form ref={form} className="form" onSubmit={(event) => void send(event)} onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return void send();
          if (!event.altKey || event.ctrlKey || event.metaKey) return;
          // By where the key lies: with Alt many keyboards write another sign.
          const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
          const offer = addresses.data?.candidates[0];
          if (digit && rows[Number(digit) - 1]) { setRow(rows[Number(digit) - 1]!.key); setOtherRow(null); }
          else if (event.code === 'KeyA' && offer) { setChosen(offer); setAddress(offer.label); }
          else return;
          event.preventDefault();
        }}>
          {may(session, findContact) && <div className="field">
            <label htmlFor="call-phone">{say('intake.phone')}</label>
            <input id="call-phone" type="tel" inputMode="tel" maxLength={24} autoComplete="off" value={phone} onChange={(event) => setPhone(event.currentTarget.value)} aria-describedby="call-phone-hint" />
            <p className="field-hint" id="call-phone-hint">{say('intake.phone.hint')}</p>
          </div>}
          <div className="field"><label htmlFor="call-words">{say('intake.words')}</label><textarea id="call-words" rows={3} maxLength={2000} value={text} onChange={(event) => setText(event.currentTarget.value)} /></div>
          <div className="field">
            <label htmlFor="call-where">{say('intake.address')}</label>
            <input id="call-where" maxLength={100} autoComplete="off" value={address} onChange={(event) => { setAddress(event.currentTarget.value); setChosen(null); }} />
            {addresses.data && !chosen && (addresses.data.candidates.length === 0
              ? <p className="field-hint">{say('intake.address.none')}</p>
              : <ul className="offers">{addresses.data.candidates.slice(0, 5).map((each) => <li key={`${each.label} ${each.lng}`}><button type="button" className="btn btn-small" onClick={() => { setChosen(each); setAddress(each.label); }}>{each.label} <span className="dim">{each.chain.slice(-2).join(' · ')}</span></button></li>)}</ul>)}
          </div>
          {found.problem && <Failed problem={found.problem} retry={found.reload} />}
          {found.data && found.data.components.length > 0 && (
            <fieldset className="field choice-set">
              <legend className="field-label">{say('intake.component')}</legend>
              {found.data.components.slice(0, offered).map((each) => <label key={each.code} className="check"><input type="radio" name="component" checked={component === each.code} onChange={() => setComponent(each.code)} />{each.name} <span className="dim">{each.className}{each.metres !== null && ` · ${Math.round(each.metres)} m`}</span></label>)}
              <label className="check"><input type="radio" name="component" checked={component === null} onChange={() => setComponent(null)} />{say('intake.component.none')}</label>
            </fieldset>
          )}
          {rows.length > 0 && (
            <fieldset className="field choice-set">
              <legend className="field-label">{say('intake.row')}</legend>
              {rows.map((each) => <label key={each.key} className="check"><input type="radio" name="row" checked={pickedRow === each.key} onChange={() => { setRow(each.key); setOtherRow(null); }} />{each.name} <span className="dim">{each.condition}</span></label>)}
              <label className="check"><input type="radio" name="row" checked={pickedRow === ''} onChange={() => { setRow(null); setOtherRow(null); }} />{say('intake.row.none')}</label>
            </fieldset>
          )}
          {sources.code && <Picker key={turn} label={say('inbox.filter.code')} lookup={sources.code} value={otherRow} onChange={setOtherRow} />}
          <PictureField label={say('matter.pictures')} value={pictures} onChange={setPictures} many />
          {problem && <Failed problem={problem} />}
          <div className="form-actions"><button type="submit" className="btn btn-primary" aria-disabled={busy}>{say(busy ? 'intake.sending' : 'intake.send')} <kbd>Ctrl + Enter</kbd></button></div>
        </form>
        <section className="stack" aria-label={say('intake.twins')}>
          {caller.problem && <Failed problem={caller.problem} retry={caller.reload} />}
          {caller.data && (
            <div className="note" role="status" data-caller={caller.data.contact ? 'known' : 'new'}>
              <p className="strong">{caller.data.contact ? say('intake.caller', { phone: caller.data.contact.maskedPhone ?? '', count: caller.data.matters.length }) : say('intake.caller.new')}</p>
              {caller.data.matters.length > 0 && <ul className="plain">{caller.data.matters.map((each) => <li key={each.id}><a href={hrefOf(['inbox', each.id], { box: 'all' })}><span className="number">{each.number}</span> {each.title}</a> <span className="dim">{each.stateLabel} · {brief(each.at)}</span></li>)}</ul>}
            </div>
          )}
          {caller.data?.contact && may(session, chooseTold) && <ToldBox key={caller.data.contact.id} contact={caller.data.contact.id} />}
          {caller.data?.contact && number !== undefined && may(session, eraseContact) && <EraseBox key={number} phone={number} masked={caller.data.contact.maskedPhone ?? ''} />}
          <PointMap point={point} label={point?.label ?? ''} title={point?.label ?? say('intake.address')} tone="wait" />
          {found.data && found.data.duplicates.length > 0 && (
            <>
              <h2>{say('intake.twins')}</h2>
              <ul className="stack">{found.data.duplicates.map((each) => <li key={each.id} className="note note-wait"><a href={hrefOf(['inbox', each.id], { box: 'all' })}><span className="number">{each.number}</span> {each.title}</a><p>{brief(each.at)}{each.metres !== null && ` · ${Math.round(each.metres)} m`}</p></li>)}</ul>
            </>
          )}
        </section>
      </div>
    </PageFrame>
  );
};

export default Intake;
