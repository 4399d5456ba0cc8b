import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { listMatters } from '../../../modules/matters/contract.ts';
import { call } from '../../shared/client.ts';
import { useLanguage, useWebSay } from '../../shared/language.tsx';
import { useLive } from '../../shared/live/live.ts';
import { useResource } from '../../shared/resource.ts';
import { hrefOf, usePlace } from '../../shared/router.ts';
import { useAbout } from '../../shared/session-routes.ts';
import { useSession } from '../../shared/session.tsx';
import { timeWithSeconds } from '../../shared/format.ts';
import { Lantern } from '../../ui/lantern.tsx';
import { Loading } from '../../ui/states.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Inbox } from '../inbox/inbox.tsx';
import { KeyMap } from './key-map.tsx';
import { PageMenu } from './menu.tsx';
import { pagesFor } from '../pages.ts';
import { SearchBox } from './search-box.tsx';
import { useSay } from '../texts.ts';

/** Says since when no news has come; silent while the stream runs. */
const LiveBand = () => {
  const webSay = useWebSay();
  const { language } = useLanguage();
  const { cutSince } = useLive();
  return cutSince === null ? null : <p className="live-band" role="status">{webSay('live.cut', { time: timeWithSeconds(language, new Date(cutSince).toISOString()) })}</p>;
};

const lazyPages = new Map<string, ComponentType>();
const lazyPage = (name: string, load: () => Promise<{ default: ComponentType }>): ComponentType => {
  let page = lazyPages.get(name);
  if (!page) lazyPages.set(name, (page = lazy(load)));
  return page;
};

/** The frame of the console: what one may go to, the search, who one is, and the page itself. */
export const Shell = () => {
  const say = useSay();
  const webSay = useWebSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const place = usePlace();
  const pages = pagesFor(session);
  const current = pages.find((page) => page.name === place.path[0])?.name ?? pages[0]!.name;
  const todo = useResource(`todo ${language}`, (signal) => call(listMatters, { query: { box: 'todo', limit: 1 }, signal }), (news) => news.subject === 'matter');
  const count = todo.data ? `${todo.data.counts.all}${todo.data.counts.capped ? '+' : ''}` : '';
  useEffect(() => { document.title = `${say(`nav.${current}`)} · ${webSay('product')}`; }, [current, say, webSay]);
  const Page = current === 'inbox' ? Inbox : lazyPage(current, pages.find((page) => page.name === current)!.load!);
  const { cutSince } = useLive();
  const about = useAbout();
  return (
    <div className="shell" data-stale={cutSince !== null || undefined}>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{say('skip')}</a>
      <header className="bar">
        <a className="brand" href={hrefOf(['inbox'])}><Lantern /><span>{webSay('product')}</span></a>
        <PageMenu pages={pages.filter(({ offMenu }) => !offMenu)} current={current} count={count} />
        {about?.demo && <span className="demo-mark">{webSay('demo')}</span>}
        <SearchBox />
        <KeyMap current={current} shown={pages.map((page) => page.name)} />
        <AccountMenu />
      </header>
      <LiveBand />
      <main id="main" className="main" tabIndex={-1}>
        <Suspense fallback={<Loading />}><Page key={current} /></Suspense>
      </main>
    </div>
  );
};
