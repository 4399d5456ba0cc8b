import { useWebSay } from '../shared/language.tsx';
import { useAbout } from '../shared/session-routes.ts';
import { useSession } from '../shared/session.tsx';
import { useTimeWords } from '../shared/time.tsx';
import { Languages } from '../ui/languages.tsx';
import { Chip } from '../ui/status.tsx';
import { forgetAnswers } from './offline.ts';
import { dismiss, flush, useOnline, useWaiting } from './outbox.ts';
import { useSay } from './texts.ts';

/** Who one is, what still waits to be sent, the language, and the way out. */
export const Me = () => {
  const say = useSay();
  const webSay = useWebSay();
  const { session, leave } = useSession();
  const { moment } = useTimeWords();
  const online = useOnline();
  const about = useAbout();
  const waiting = useWaiting(session.id);
  return (
    <>
      <div className="page-head"><h1>{session.name ?? say('me.title')}</h1></div>
      <p className="dim">{[...new Set(session.grants.map((grant) => grant.roleLabel))].join(' · ')}</p>
      <section className="block" aria-labelledby="waiting">
        <h2 id="waiting">{say('me.waiting')}</h2>
        {waiting.length === 0 && <p className="dim">{say('me.waiting.none')}</p>}
        <ul className="stack">
          {waiting.map((row) => (
            <li key={row.op} className={`note ${row.refused === null ? 'note-wait' : 'note-late'}`}>
              <p className="strong">{row.label} · {row.title}</p>
              <p>{moment(new Date(row.madeAt).toISOString())}</p>
              {row.refused !== null && <><Chip tone="late">{say('me.refused')}</Chip><p>{row.refused}</p><button type="button" className="btn" onClick={() => void dismiss(row.op)}>{say('me.refused.away')}</button></>}
            </li>
          ))}
        </ul>
        {online && waiting.some((row) => row.refused === null) && <button type="button" className="btn big" onClick={() => void flush(session.id)}>{say('me.waiting.now')}</button>}
      </section>
      <section className="block" aria-label={webSay('language')}><Languages className="language-buttons" /></section>
      {about?.demo && <p className="dim">{say('me.demo')}</p>}
      <button type="button" className="btn big" onClick={() => void leave().then(forgetAnswers)}>{webSay('signout')}</button>
    </>
  );
};
