import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { StandardRow } from '../../../modules/catalogue/rules/standards.ts';
import { Problem } from '../../shared/client.ts';
import { distanceWords } from '../../shared/format.ts';
import { useLanguage } from '../../shared/language.tsx';
import { usePictureStore } from '../../shared/pictures/picture-store.tsx';
import { whereAmI } from '../../shared/pictures/pictures.ts';
import { useResource } from '../../shared/resource.ts';
import { hrefOf } from '../../shared/router.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { CheckIcon, PinIcon, WaitIcon } from '../../ui/icons.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { doorNear, knownAt } from '../area/nearby.ts';
import { useAlong } from '../phone/along.ts';
import { dropDraft, keepDraft, readDraft, type ReportDraft } from '../phone/draft.ts';
import { send, useOnline } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';
import { Choices, type ChoiceRow } from './choices.tsx';
import { RowSearchBox } from './row-search.tsx';
import { suggest, type Suggestion } from './suggest.ts';

/** Choices of a kind that are offered at once; the desk can always choose another. */
const offered = 3;
/** Photos that a report may have. */
const photosAtMost = 9;

const rowChoice = (row: Pick<StandardRow, 'key' | 'minorName' | 'openCondition'>): ChoiceRow => ({ id: row.key, name: row.minorName, note: row.openCondition });

const Form = ({ draft, change, settled, sent }: { readonly draft: ReportDraft; readonly change: (next: Partial<ReportDraft>) => void; readonly settled: boolean; readonly sent: (number: string | null) => void }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { brief } = useTimeWords();
  const online = useOnline();
  const along = useAlong();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [picked, setPicked] = useState<StandardRow | null>(null);
  const point = settled ? draft.position : null;
  const found = useResource<Suggestion>(settled && online ? `${language} ${point?.lng} ${point?.lat} ${draft.component ?? ''}` : null, (signal) => suggest({ ...(point && { lng: point.lng, lat: point.lat, accuracy: point.accuracy }), ...(draft.component && { component: draft.component }), ...(draft.text.trim() && { text: draft.text.trim() }) }, signal));
  // What the phone knows stands there at once, and stays where there is no network.
  const own = useMemo(() => knownAt(along, point, draft.component), [along, point, draft.component]);
  const said = found.data;
  const place = said?.place?.names ?? own.place?.names ?? [];
  const components: readonly { code: string; name: string; className: string; metres: number | null }[] = (said?.components ?? own.components.map(({ component: { code, name, className }, metres }) => ({ code, name, className, metres }))).slice(0, offered);
  const near: readonly ChoiceRow[] = (said?.rows.map(({ key, name, condition }) => ({ id: key, name, note: condition })) ?? own.rows.map(rowChoice)).slice(0, offered);
  const rows = picked ? [rowChoice(picked), ...near.filter(({ id }) => id !== picked.key)] : near;
  const component = draft.component ?? components[0]?.code ?? '';
  const row = draft.row ?? rows[0]?.id ?? '';
  const about = components.find((each) => each.code === component);
  const waiting = !said && found.problem === null && found.loading && own.components.length === 0 && own.rows.length === 0;
  const submit = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const input = {
        blobs: draft.photos, channel: 'field',
        ...(point && { lng: point.lng, lat: point.lat, accuracy: Math.round(point.accuracy) }),
        ...(component && { component }), ...(row && { code: row }),
        ...(draft.text.trim() && { text: draft.text.trim() }), ...(draft.address.trim() && { address: draft.address.trim() }),
      };
      const done = await send({ account: session.id, title: about?.name ?? place.at(-1) ?? say('report.title'), label: say('report.title'), target: 'new', thread: null, matter: null, basis: null, action: 'report', input });
      await dropDraft(session.id);
      sent(done === 'waiting' ? null : done.number);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const door = point && along.area ? doorNear(along.area, point.lng, point.lat) : null;
  return (
    <form className="report-form" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <p className="block-line report-place" role="status"><PinIcon /><span>
        {!settled ? say('report.position.waiting') : point ? <>{place.length > 0 && <b>{place.slice(-2).join(' · ')} </b>}{door && <>{door} </>}{say('report.position', { metres: Math.max(1, Math.round(point.accuracy)) })}</> : say('report.position.none')}
      </span></p>
      {!online && <p className="note note-wait">{say('report.offline')}</p>}
      {waiting && <><p className="dim" role="status">{say('report.looking')}</p><Loading lines={4} /></>}
      {found.problem && found.problem.status !== 0 && <Failed problem={found.problem} retry={found.reload} />}
      {said?.duplicates[0] && <p className="note note-wait">{say('report.twin', { title: said.duplicates[0].title, when: brief(said.duplicates[0].at) })}</p>}
      {components.length > 0 && <Choices question={say('report.which')} none={say('report.which.none')} value={component} choose={(id) => change({ component: id })} rows={components.map((each) => ({ id: each.code, name: each.name, note: [each.className, each.metres === null ? each.code : say('report.away', { distance: distanceWords(language, each.metres) })].join(' · ') }))} />}
      {rows.length > 0 && <Choices question={say('report.what')} none={say('report.what.none')} value={row} choose={(id) => change({ row: id })} rows={rows} />}
      {along.table && <RowSearchBox table={along.table} choose={(chosen) => { setPicked(chosen); change({ row: chosen.key }); }} />}
      {settled && !point && <div className="field"><label htmlFor="address">{say('report.address')}</label><input id="address" maxLength={200} value={draft.address} onChange={(event) => change({ address: event.currentTarget.value })} /></div>}
      <div className="field"><label htmlFor="words">{say('report.words')}</label><textarea id="words" rows={2} maxLength={2000} placeholder={say('report.words.hint')} value={draft.text} onChange={(event) => change({ text: event.currentTarget.value })} /></div>
      {problem && <Failed problem={problem} />}
      <div className="thumb-bar"><button type="submit" className="btn btn-primary big" aria-disabled={busy}>{say(busy ? 'report.sending' : 'report.send')}</button></div>
    </form>
  );
};

/**
 * A report in two touches: the photo, and sending what the system believes it shows. Anything can be corrected before, and
 * what was begun is there again after the app was closed.
 * @param photo the one that was just taken; null where the page is opened anew
 */
export const Report = ({ photo, camera, again }: { readonly photo: string | null; readonly camera: ReactNode; readonly again: () => void }) => {
  const say = useSay();
  const store = usePictureStore();
  const { session } = useSession();
  const [draft, setDraft] = useState<ReportDraft | null>(null);
  const [settled, setSettled] = useState(false);
  const [sent, setSent] = useState<{ readonly photo: string | null; readonly number: string | null } | null>(null);
  const change = (next: Partial<ReportDraft>): void => setDraft((before) => before && { ...before, ...next });
  useEffect(() => {
    let gone = false;
    const begin = async (): Promise<void> => {
      const begun = await readDraft(session.id);
      if (gone) return;
      // Another photo joins what was begun; after sending, it begins anew.
      const base = begun ?? { photos: [], component: null, row: null, text: '', address: '', position: null };
      const next = photo && !base.photos.includes(photo) ? { ...base, photos: [...base.photos, photo].slice(-photosAtMost) } : base;
      if (next.photos.length === 0) return setDraft(null);
      setSent(null);
      setDraft(next);
      if (next.position) return setSettled(true);
      setSettled(false);
      const position = await whereAmI();
      if (gone) return;
      change({ position });
      setSettled(true);
    };
    void begin();
    return () => { gone = true; };
  }, [photo, session.id]);
  useEffect(() => { if (draft) void keepDraft(session.id, draft).catch(() => undefined); }, [draft, session.id]);
  if (sent && sent.photo === photo)
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
  if (!draft)
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
        <img src={store.address(draft.photos.at(-1)!)} alt={say('report.photo')} />
        {draft.photos.length > 1 && <b className="photo-count">{say('report.photos', { count: draft.photos.length })}</b>}
        <label className="photo-other">{say(draft.photos.length < photosAtMost ? 'report.photo.more' : 'report.photo.other')}{camera}</label>
      </div>
      <button type="button" className="btn" onClick={() => { setDraft(null); void dropDraft(session.id); again(); }}>{say('report.away.draft')}</button>
      <Form draft={draft} change={change} settled={settled} sent={(number) => { setDraft(null); setSent({ photo, number }); }} />
    </>
  );
};
