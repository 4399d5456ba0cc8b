import { useEffect, useRef, useState } from 'react';
import { useLive } from '../shared/live/live.ts';
import { useLanguage, useWebSay } from '../shared/language.tsx';
import { timeOfDay } from '../shared/format.ts';
import { go, hrefOf, usePlace } from '../shared/router.ts';
import { useAbout } from '../shared/session-routes.ts';
import { useSession } from '../shared/session.tsx';
import { CameraIcon, ListIcon, PersonIcon } from '../ui/icons.tsx';
import { Lantern } from '../ui/lantern.tsx';
import { Me } from './me.tsx';
import { keepPicture, useFlushing, useOnline, useWaiting } from './outbox.ts';
import { Report } from './report/report.tsx';
import { Task } from './task/task.tsx';
import { Tasks } from './tasks.tsx';
import { useSay } from './texts.ts';

/** Says that there is no network, what waits for it, or that news has stopped. Silent when all is well. */
const NetBand = ({ account }: { readonly account: string }) => {
  const say = useSay();
  const webSay = useWebSay();
  const { language } = useLanguage();
  const online = useOnline();
  const { cutSince } = useLive();
  const waiting = useWaiting(account).filter((row) => row.refused === null).length;
  const words = [
    ...(online ? [] : [say('net.offline')]),
    ...(waiting > 0 ? [say('net.waiting', { count: waiting })] : []),
    ...(online && waiting === 0 && cutSince !== null ? [webSay('live.cut', { time: timeOfDay(language, new Date(cutSince).toISOString()) })] : []),
  ];
  return <div className="net-band-place" role="status">{words.length > 0 && <p className="net-band">{words.join(' · ')}</p>}</div>;
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
  useFlushing(session.id);
  const [page = 'tasks', item] = path;
  useEffect(() => { document.title = `${say(page === 'report' ? 'tab.report' : page === 'me' ? 'tab.me' : 'tab.tasks')} · ${webSay('product')}`; scrollTo(0, 0); }, [page, item, say, webSay]);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const id = await keepPicture(file);
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
        {page === 'task' && item ? <Task key={item} id={item} /> : page === 'report' ? <Report photo={photo} camera={camera} again={() => setPhoto(null)} /> : page === 'me' ? <Me /> : <Tasks />}
      </main>
      <nav className="tabs" aria-label={say('tabs')}>
        <a href={hrefOf(['tasks'])} {...((page === 'tasks' || page === 'task') && { 'aria-current': 'page' as const })}><ListIcon />{say('tab.tasks')}</a>
        {page === 'report' ? <a className="tab-camera" href={hrefOf(['report'])} aria-current="page"><span><CameraIcon /></span>{say('tab.report')}</a> : <label className="tab-camera"><span><CameraIcon /></span>{say('tab.report')}{camera}</label>}
        <a href={hrefOf(['me'])} {...(page === 'me' && { 'aria-current': 'page' as const })}><PersonIcon />{say('tab.me')}</a>
      </nav>
    </div>
  );
};
