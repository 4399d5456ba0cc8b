import { lazy, Suspense, type ComponentType } from 'react';
import { listAreas } from '../../../modules/settings/contract/routes.ts';
import { call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { hrefOf, usePlace } from '../../shared/router.ts';
import { useSession, type Session } from '../../shared/session.tsx';
import { Await, Empty, Loading } from '../../ui/states.tsx';
import { useSay } from '../texts.ts';
import { AreaPage } from './area-page.tsx';
import { useSettingsSay } from './texts.ts';
import './settings.css';

/** A section that is no area: it has an editor and a history of its own. */
interface Section {
  readonly name: 'units' | 'duty' | 'grants' | 'what-roles' | 'changed';
  readonly shown: (session: Session) => boolean;
  readonly page: ComponentType;
}

const sections: readonly Section[] = [
  { name: 'units', shown: (session) => session.permissions.includes('accounts.read'), page: lazy(() => import('./units/units.tsx')) },
  { name: 'duty', shown: (session) => session.permissions.includes('duty.read'), page: lazy(() => import('./duty/duty.tsx')) },
  { name: 'grants', shown: (session) => session.permissions.includes('accounts.read'), page: lazy(() => import('./rights/grants.tsx')) },
  { name: 'what-roles', shown: (session) => session.permissions.includes('accounts.read'), page: lazy(() => import('./rights/roles.tsx')) },
  { name: 'changed', shown: (session) => session.permissions.includes('settings.read'), page: lazy(() => import('./changed/changed.tsx')) },
];
/** Pages of the console that set something too, and what shows them. */
const beside = [['standards', 'standards.read'], ['dispatch', 'rules.read'], ['components', 'components.edit'], ['people', 'accounts.read'], ['places', 'places.read']] as const;

/** What a county sets for itself: one page an area, made from its declaration, with versions, preview and a way back. */
const Settings = () => {
  const say = useSettingsSay();
  const consoleSay = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const chosen = usePlace().path[1] ?? null;
  const areas = useResource(`${language} areas`, (signal) => call(listAreas, { query: {}, signal }), (news) => news.kind === 'settings');
  const own = sections.filter(({ shown }) => shown(session));
  const others = beside.filter(([, permission]) => session.permissions.includes(permission)).map(([name]) => name);
  const section = own.find(({ name }) => name === chosen);
  const Page = section?.page;
  return (
    <div className="settings" data-open={chosen !== null || undefined}>
      <nav className="settings-nav" aria-label={say('title')}>
        <h1>{say('title')}</h1>
        <Await resource={areas} lines={8}>
          {({ items }) => (
            <ul>
              {items.map((area) => (
                <li key={area.name}><a href={hrefOf(['settings', area.name])} {...(area.name === chosen && { 'aria-current': 'page' as const })}><b>{area.title}</b><small>{area.shipped ? say('list.shipped') : area.version === 0 ? say('list.set') : say('list.own', { version: area.version })}</small></a></li>
              ))}
            </ul>
          )}
        </Await>
        {(own.length > 0 || others.length > 0) && (
          <>
            <h2>{say('list.more')}</h2>
            <ul>
              {own.map(({ name }) => <li key={name}><a href={hrefOf(['settings', name])} {...(name === chosen && { 'aria-current': 'page' as const })}><b>{say(name === 'what-roles' ? 'section.roles' : `section.${name}`)}</b></a></li>)}
              {others.map((name) => <li key={name}><a href={hrefOf([name])}><b>{consoleSay(`nav.${name}`)}</b><small>{say(`beside.${name}`)}</small></a></li>)}
            </ul>
          </>
        )}
      </nav>
      <div className="settings-page">
        {chosen !== null && <p className="settings-up"><a href={hrefOf(['settings'])}>{say('list.all')}</a></p>}
        {chosen === null ? <Empty title={say('pick')}>{say('pick.words')}</Empty> : Page ? <Suspense fallback={<Loading />}><Page /></Suspense> : <AreaPage key={chosen} name={chosen} />}
      </div>
    </div>
  );
};

export default Settings;
