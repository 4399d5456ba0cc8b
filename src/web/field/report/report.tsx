import { useEffect, useId, useState, type ReactNode } from 'react';
import { Problem } from '../../shared/client.ts';
import { distanceWords } from '../../shared/format.ts';
import { useLanguage } from '../../shared/language.tsx';
import { usePictureStore } from '../../shared/picture-store.tsx';
import { whereAmI, type Position } from '../../shared/pictures.ts';
import { useResource } from '../../shared/resource.ts';
import { hrefOf } from '../../shared/router.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { CheckIcon, PinIcon, WaitIcon } from '../../ui/icons.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { send, useOnline } from '../outbox.ts';
import { useSay } from '../texts.ts';
import { suggest, type Suggestion } from './suggest.ts';

/** Choices of a kind that are offered at once; the desk can always choose another. */
const offered = 3;

interface ChoiceRow {
  readonly id: string;
  readonly name: string;
  readonly note: string;
}

/** Large radio rows under a question; the likeliest is chosen already. */
const Choices = ({ question, rows, none, value, choose }: { readonly question: string; readonly rows: readonly ChoiceRow[]; readonly none: string; readonly value: string; readonly choose: (id: string) => void }) => {
  const name = useId();
  return (
    <fieldset className="choices">
      <legend>{question}</legend>
      {[...rows, { id: '', name: none, note: '' }].map((row) => (
        <label key={row.id} className="choice">
          <input type="radio" name={name} checked={value === row.id} onChange={() => choose(row.id)} />
          <span><b>{row.name}</b>{row.note && <small>{row.note}</small>}</span>
        </label>
      ))}
    </fieldset>
  );
};

interface Draft {
  readonly component: string | null;
  readonly row: string | null;
  readonly text: string;
  readonly address: string;
}

const Form = ({ photo, position, sent }: { readonly photo: string; readonly position: Position | null | 'waiting'; readonly sent: (number: string | null) => void }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { brief } = useTimeWords();
  const online = useOnline();
  const [draft, setDraft] = useState<Draft>({ component: null, row: null, text: '', address: '' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const settled = position !== 'waiting';
  const point = settled ? position : null;
  const found = useResource<Suggestion>(settled && online ? `${language} ${point?.lng} ${point?.lat} ${draft.component ?? ''}` : null, (signal) => suggest({ ...(point && { lng: point.lng, lat: point.lat, accuracy: point.accuracy }), ...(draft.component && { component: draft.component }), ...(draft.text.trim() && { text: draft.text.trim() }) }, signal));
  const place = found.data?.place?.names ?? [];
  const components = found.data?.components.slice(0, offered) ?? [];
  const rows = found.data?.rows.slice(0, offered) ?? [];
  const component = draft.component ?? components[0]?.code ?? '';
  const row = draft.row ?? rows[0]?.key ?? '';
  const about = components.find((each) => each.code === component);
  const submit = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const input = {
        blobs: [photo], channel: 'field',
        ...(point && { lng: point.lng, lat: point.lat, accuracy: Math.round(point.accuracy) }),
        ...(component && { component }), ...(row && { code: row }),
        ...(draft.text.trim() && { text: draft.text.trim() }), ...(draft.address.trim() && { address: draft.address.trim() }),
      };
      const done = await send({ account: session.id, title: about?.name ?? place.at(-1) ?? say('report.title'), label: say('report.title'), matter: null, action: 'report', input });
      sent(done === 'waiting' ? null : done.number);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="report-form" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <p className="block-line report-place" role="status"><PinIcon /><span>
        {!settled ? say('report.position.waiting') : point ? <>{place.length > 0 && <b>{place.slice(-2).join(' · ')} </b>}{say('report.position', { metres: Math.max(1, Math.round(point.accuracy)) })}</> : say('report.position.none')}
      </span></p>
      {!online && <p className="note note-wait">{say('report.offline')}</p>}
      {found.loading && <><p className="dim" role="status">{say('report.looking')}</p><Loading lines={4} /></>}
      {found.problem && <Failed problem={found.problem} retry={found.reload} />}
      {found.data?.duplicates[0] && <p className="note note-wait">{say('report.twin', { title: found.data.duplicates[0].title, when: brief(found.data.duplicates[0].at) })}</p>}
      {components.length > 0 && <Choices question={say('report.which')} none={say('report.which.none')} value={component} choose={(id) => setDraft({ ...draft, component: id })} rows={components.map((each) => ({ id: each.code, name: each.name, note: [each.className, each.metres === null ? each.code : say('report.away', { distance: distanceWords(language, each.metres) })].join(' · ') }))} />}
      {rows.length > 0 && <Choices question={say('report.what')} none={say('report.what.none')} value={row} choose={(id) => setDraft({ ...draft, row: id })} rows={rows.map((each) => ({ id: each.key, name: each.name, note: each.condition }))} />}
      {settled && !point && <div className="field"><label htmlFor="address">{say('report.address')}</label><input id="address" maxLength={200} value={draft.address} onChange={(event) => setDraft({ ...draft, address: event.currentTarget.value })} /></div>}
      <div className="field"><label htmlFor="words">{say('report.words')}</label><textarea id="words" rows={2} maxLength={2000} placeholder={say('report.words.hint')} value={draft.text} onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })} /></div>
      {problem && <Failed problem={problem} />}
      <div className="thumb-bar"><button type="submit" className="btn btn-primary big" aria-disabled={busy}>{say(busy ? 'report.sending' : 'report.send')}</button></div>
    </form>
  );
};

/** A report in two touches: the photo, and sending what the system believes it shows. Anything can be corrected before. */
export const Report = ({ photo, camera, again }: { readonly photo: string | null; readonly camera: ReactNode; readonly again: () => void }) => {
  const say = useSay();
  const store = usePictureStore();
  const [position, setPosition] = useState<Position | null | 'waiting'>('waiting');
  const [sent, setSent] = useState<{ readonly photo: string; readonly number: string | null } | null>(null);
  useEffect(() => {
    if (!photo) return;
    let gone = false;
    setPosition('waiting');
    void whereAmI().then((found) => { if (!gone) setPosition(found); });
    return () => { gone = true; };
  }, [photo]);
  if (photo && sent?.photo === photo)
    return (
      <div className="sent" role="status">
        <span className={sent.number === null ? 'sent-mark sent-wait' : 'sent-mark'}>{sent.number === null ? <WaitIcon /> : <CheckIcon />}</span>
        <h1>{say(sent.number === null ? 'report.kept' : 'report.sent')}</h1>
        {sent.number !== null && <p className="number strong">{say('report.sent.number', { number: sent.number })}</p>}
        <p className="dim">{say(sent.number === null ? 'report.kept.words' : 'report.sent.words')}</p>
        <label className="btn btn-primary big camera-button">{say('report.another')}{camera}</label>
        <a className="btn big" href={hrefOf(['tasks'])} onClick={again}>{say('report.toTasks')}</a>
      </div>
    );
  if (!photo)
    return (
      <>
        <div className="page-head"><h1>{say('report.title')}</h1></div>
        <label className="photo-door"><span>{say('report.photo')}</span><small>{say('report.photo.words')}</small>{camera}</label>
      </>
    );
  return (
    <>
      <h1 className="hidden-words">{say('report.title')}</h1>
      <div className="report-photo">
        <img src={store.address(photo)} alt={say('report.photo')} />
        <label className="photo-other">{say('report.photo.other')}{camera}</label>
      </div>
      <Form key={photo} photo={photo} position={position} sent={(number) => setSent({ photo, number })} />
    </>
  );
};
