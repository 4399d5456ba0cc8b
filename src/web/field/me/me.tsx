import { useEffect, useState } from 'react';
import { useLanguage, useWebSay } from '../../shared/language.tsx';
import { useAbout } from '../../shared/session-routes.ts';
import { forgetNotices } from '../../shared/notices.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { Languages } from '../../ui/languages.tsx';
import { Notices } from '../../ui/notices.tsx';
import { takeAlong, useAlong } from '../phone/along.ts';
import { useWrongClock } from '../phone/clock.ts';
import { fieldTeller, forgetEverythingRead } from '../phone/offline.ts';
import { flush, takeBack, useOnline, useWaiting } from '../sending/outbox.ts';
import { readSpace, type Space } from '../phone/space.ts';
import { Conflict } from '../task/conflict.tsx';
import { useSay } from '../texts.ts';

/** What waits to be sent, and what was not accepted. */
const WaitingList = () => {
  const say = useSay();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const online = useOnline();
  const waiting = useWaiting(session.id);
  const refused = waiting.filter((row) => row.refused !== null);
  const blocked = new Set(refused.flatMap((row) => (row.thread === null ? [] : [row.thread])));
  return (
    <>
      {refused.length > 0 && <section className="stack" aria-label={say('conflict.list')}>{refused.map((row) => <Conflict key={row.op} row={row} />)}</section>}
      <section className="block" aria-labelledby="waiting">
        <h2 id="waiting">{say('me.waiting')}</h2>
        {waiting.length === refused.length && <p className="dim">{say('me.waiting.none')}</p>}
        <ul className="stack">
          {waiting.filter((row) => row.refused === null).map((row) => (
            <li key={row.op} className="note note-wait">
              <p className="strong">{row.label} · {row.title}</p>
              <p>{moment(new Date(row.madeAt).toISOString())}{row.thread !== null && blocked.has(row.thread) && ` · ${say('me.waiting.behind')}`}</p>
              {!online && <button type="button" className="btn" onClick={() => void takeBack(row.op)}>{say('conflict.back')}</button>}
            </li>
          ))}
        </ul>
        {online && waiting.some((row) => row.refused === null) && <button type="button" className="btn big" onClick={() => void flush(session.id)}>{say('me.waiting.now')}</button>}
      </section>
    </>
  );
};

/** What the phone has taken along, how old it is, and how much room there is. */
const InThePhone = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const online = useOnline();
  const along = useAlong();
  const [space, setSpace] = useState<Space | null>(null);
  useEffect(() => { void readSpace().then(setSpace); }, [along]);
  return (
    <section className="block" aria-labelledby="along">
      <h2 id="along">{say('along.title')}</h2>
      <p>{along.at === null ? say('along.none') : say('along.what', { tasks: along.tasks, grids: along.area?.own.length ?? 0, components: along.components?.length ?? 0, rows: along.table?.rows.length ?? 0 })}</p>
      {along.at !== null && <p className="dim">{say('kept.age', { when: moment(new Date(along.at).toISOString()) })}</p>}
      {space?.low && <p className="note note-wait" role="status">{say('space.low', { megabytes: Math.floor(space.free / 1_000_000) })}</p>}
      {online && <button type="button" className="btn big" aria-disabled={along.busy} onClick={() => void takeAlong(session.id, language, true)}>{say(along.busy ? 'along.busy' : 'along.now')}</button>}
    </section>
  );
};

/** Who one is, what still waits to be sent, what is in the phone, the language, and the way out. */
export const Me = () => {
  const say = useSay();
  const webSay = useWebSay();
  const { session, leave } = useSession();
  const about = useAbout();
  const wrong = useWrongClock();
  const waiting = useWaiting(session.id);
  const { span } = useTimeWords();
  const [sure, setSure] = useState(false);
  const online = useOnline();
  const out = (): void => {
    if (!online) return setSure(true);
    if (waiting.length > 0 && !sure) return setSure(true);
    void forgetNotices(fieldTeller).catch(() => undefined).then(leave).then(forgetEverythingRead);
  };
  return (
    <>
      <div className="page-head"><h1>{session.name ?? say('me.title')}</h1></div>
      <p className="dim">{[...new Set(session.grants.map((grant) => grant.roleLabel))].join(' · ')}</p>
      {wrong !== null && <p className="note note-wait" role="status">{say(wrong > 0 ? 'clock.fast' : 'clock.slow', { span: span(wrong * 1000) })}</p>}
      <WaitingList />
      <InThePhone />
      <Notices teller={fieldTeller} />
      <section className="block" aria-label={webSay('language')}><Languages className="language-buttons" /></section>
      {about?.demo && <p className="dim">{say('me.demo')}</p>}
      {sure && <p className="note note-wait" role="alert">{online ? say('me.out.waiting', { count: waiting.length }) : say('me.out.offline')}</p>}
      <button type="button" className="btn big" onClick={out}>{webSay('signout')}</button>
    </>
  );
};
