import { useEffect, useRef, useState } from 'react';
import { useLive } from '../shared/live/live.ts';
import { useLanguage, useWebSay } from '../shared/language.tsx';
import { timeOfDay } from '../shared/format.ts';
import { go, hrefOf, usePlace } from '../shared/router.ts';
import { useAbout } from '../shared/session-routes.ts';
import { useSession } from '../shared/session.tsx';
import { Problem } from '../shared/client.ts';
import { CameraIcon, ListIcon, PersonIcon, WalkIcon } from '../ui/icons.tsx';
import { Lantern } from '../ui/lantern.tsx';
import { Failed } from '../ui/states.tsx';
import { Me } from './me/me.tsx';
import { useTakingAlong } from './phone/along.ts';
import { settleIn } from './phone/offline.ts';
import { useFlushing, useOnline, useWaiting } from './sending/outbox.ts';
import { keepPicture } from './phone/pictures.ts';
import { Report } from './report/report.tsx';
import { Rounds } from './round/rounds.tsx';
import { Task } from './task/task.tsx';
import { Tasks } from './task/tasks.tsx';
import { useSay } from './texts.ts';

/** Says that there is no network, what waits for it, or that news has stopped. Silent when all is well. */
const NetBand = ({ account }: { readonly account: string }) => {
  const say = useSay();
  const webSay = useWebSay();
  const { language } = useLanguage();
  const online = useOnline();
  const { cutSince } = useLive();
  const all = useWaiting(account);
  const waiting = all.filter((row) => row.refused === null).length;
  const refused = all.length - waiting;
  const words = [
    ...(online ? [] : [say('net.offline')]),
    ...(refused > 0 ? [say('net.refused', { count: refused })] : []),
    ...(waiting > 0 ? [say('net.waiting', { count: waiting })] : []),
    ...(online && waiting === 0 && cutSince !== null ? [webSay('live.cut', { time: timeOfDay(language, new Date(cutSince).toISOString()) })] : []),
  ];
  return <div className="net-band-place" role="status">{words.length > 0 && <p className="net-band">{refused > 0 ? <a href={hrefOf(['me'])}>{words.join(' · ')}</a> : words.join(' · ')}</p>}</div>;
};

/** The field end: tasks, the camera, and oneself, each under the thumb. */
export const FieldApp = () => {
  const say = useSay();
  const webSay = useWebSay();
  const { session } = useSession();
  const { path } = usePlace();
  const [photo, setPhoto] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const about = useAbout();
  const { language } = useLanguage();
  const [settled, setSettled] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => { void settleIn(session.id).catch(() => undefined).then(() => setSettled(true)); }, [session.id]);
  useFlushing(session.id);
  useTakingAlong(settled ? session.id : null, language);
  const [page = 'tasks', item] = path;
  useEffect(() => { document.title = `${say(page === 'report' ? 'tab.report' : page === 'me' ? 'tab.me' : page === 'rounds' ? 'tab.rounds' : 'tab.tasks')} · ${webSay('product')}`; scrollTo(0, 0); }, [page, item, say, webSay]);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    let id: string;
    try {
      id = await keepPicture(file);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return setProblem(error);
    }
    setProblem(null);
    setPhoto(id);
    go(['report'], { photo: id });
    if (input.current) input.current.value = '';
  };
  const camera = (
    <input ref={input} type="file" accept="image/*" capture="environment" aria-label={say('report.photo')} onChange={(event) => void take(event.currentTarget.files?.[0])} />
  );
  return (
    <div className="phone">
      <header className="phone-bar">
        <Lantern />
        <b>{webSay('product')}</b>
        {about?.demo && <span className="demo-mark">{webSay('demo')}</span>}
        <span className="phone-who">{session.name}</span>
      </header>
      <NetBand account={session.id} />
      <main className="phone-main">
        {problem && <Failed problem={problem} />}
        {page === 'task' && item ? <Task key={item} id={item} /> : page === 'report' ? <Report photo={photo} camera={camera} again={() => setPhoto(null)} /> : page === 'rounds' ? <Rounds part={item} /> : page === 'me' ? <Me /> : <Tasks />}
      </main>
      <nav className="tabs" aria-label={say('tabs')}>
        <a href={hrefOf(['tasks'])} {...((page === 'tasks' || page === 'task') && { 'aria-current': 'page' as const })}><ListIcon />{say('tab.tasks')}</a>
        {page === 'report' ? <a className="tab-camera" href={hrefOf(['report'])} aria-current="page"><span><CameraIcon /></span>{say('tab.report')}</a> : <label className="tab-camera"><span><CameraIcon /></span>{say('tab.report')}{camera}</label>}
        <a href={hrefOf(['rounds'])} {...(page === 'rounds' && { 'aria-current': 'page' as const })}><WalkIcon />{say('tab.rounds')}</a>
        <a href={hrefOf(['me'])} {...(page === 'me' && { 'aria-current': 'page' as const })}><PersonIcon />{say('tab.me')}</a>
      </nav>
    </div>
  );
};
