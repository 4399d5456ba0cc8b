import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { dutyGaps, exportPlaces, importPlaces, placeTree, readDuty, readPlace, searchPlaces } from '../../../modules/places/contract.ts';
import type { ResponseOf } from '../../../base/route.ts';
import { addressOf, call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { go, hrefOf, usePlace } from '../../shared/router.ts';
import { useAbout } from '../../shared/session-routes.ts';
import { may, useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { Await, Loading } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { useSay } from '../texts.ts';
import { ImportBox } from './import-box.tsx';
import { ExportMenu } from '../export-menu.tsx';
import { PageFrame } from './table.tsx';

const TownMap = lazy(() => import('../../map/town-map.tsx'));

const hectare = 10_000;
const noMarks = [] as const;

/** One place: where it stands in the tree, who answers for it now, and its history. */
const PlaceCard = ({ code }: { readonly code: string }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { moment, day } = useTimeWords();
  const place = useResource(`${language} ${code}`, (signal) => call(readPlace, { params: { code }, query: {}, signal }), (news) => news.kind === 'places');
  const duty = useResource(may(session, readDuty) ? `${language} ${code} duty` : null, (signal) => call(readDuty, { query: { place: code }, signal }), (news) => news.kind === 'duty' || news.kind === 'roster');
  return (
    <Await resource={place} lines={5}>
      {(data) => (
        <section className="place-card" aria-labelledby="place-title">
          <p className="dim">{data.chain.map((each) => each.name).join(' · ')}</p>
          <h2 id="place-title">{data.name} <span className="dim">{data.label}</span></h2>
          <dl className="facts">
            <div><dt>{say('places.code')}</dt><dd className="number">{data.code}</dd></div>
            {data.squareMetres !== null && <div><dt>{say('places.area')}</dt><dd>{say('places.hectares', { hectares: (data.squareMetres / hectare).toFixed(1) })}</dd></div>}
            {duty.data && (
              <div><dt>{say('places.duty')}</dt><dd>
                {duty.data.gap ? <Chip tone="late">{duty.data.gap.words}</Chip> : duty.data.inCharge && <>{duty.data.inCharge.person.name} <span className="dim">{duty.data.inCharge.roleLabel} · {say('places.duty.until', { when: moment(duty.data.inCharge.until) })}</span>{duty.data.inCharge.standIn && <span className="dim"> · {say('places.duty.standIn', { name: duty.data.inCharge.standIn.name })}</span>}</>}
              </dd></div>
            )}
            {data.history.length > 1 && <div><dt>{say('places.history')}</dt><dd>{data.history.map((each) => <p key={each.fromVersion}>{each.name} · {day(each.from)}</p>)}</dd></div>}
          </dl>
          {data.children.length > 0 && <ul className="place-children">{data.children.map((child) => <li key={child.id}><a href={hrefOf(['places', child.code])}>{child.name}</a></li>)}</ul>}
        </section>
      )}
    </Await>
  );
};

/** The first level of the tree that has more than one place: province, city and county of a town are one each. */
const firstFork = async (signal: AbortSignal): Promise<ResponseOf<typeof placeTree>> => {
  for (let level = await call(placeTree, { query: {}, signal }); ; ) {
    const [only, second] = level.places;
    if (!only || second || only.children === 0) return level;
    level = await call(placeTree, { query: { parent: only.code }, signal });
  }
};

/** The town from above: its places as a tree and on the map, and where nobody is on duty now. */
const Places = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const code = usePlace().path[1] ?? null;
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed.trim());
  const top = useResource(`${language} tree`, firstFork, (news) => news.kind === 'places');
  const found = useResource(words ? `${language} ${words}` : null, (signal) => call(searchPlaces, { query: { q: words }, signal }));
  const gaps = useResource(may(session, dutyGaps) ? `${language} gaps` : null, (signal) => call(dutyGaps, { query: {}, signal }), (news) => news.kind === 'duty' || news.kind === 'roster');
  const at = useResource(code, (signal) => call(readPlace, { params: { code: code! }, query: {}, signal }));
  const about = useAbout();
  const list = words ? found.data?.places : top.data?.places;
  return (
    <PageFrame title={say('places.title')} tools={<><ExportMenu route={exportPlaces} asked={{}} /><input className="field-input search" type="search" aria-label={say('places.search')} placeholder={say('places.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} /></>}>
      <div className="place-columns">
        <nav className="place-list" aria-label={say('places.tree')}>
          {list ? <ul>{list.map((each) => <li key={each.id}><a href={hrefOf(['places', each.code])} {...(each.code === code && { 'aria-current': 'true' as const })}><b>{each.name}</b> <span className="dim">{each.label}{'children' in each && each.children > 0 && ` · ${say('places.children', { count: each.children })}`}</span></a></li>)}</ul> : words ? <Await resource={found} lines={8}>{() => null}</Await> : <Await resource={top} lines={8}>{() => null}</Await>}
        </nav>
        <div className="place-map">
          <Suspense fallback={<Loading lines={3} />}><TownMap title={say('places.title')} whole place={code} center={at.data?.point ?? null} marks={noMarks} choose={(chosen) => go(['places', chosen])} /></Suspense>
          {about?.demo && <p className="dim">{say('places.synthetic')}</p>}
          {session.permissions.includes('places.import') && (
            <ImportBox<ResponseOf<typeof importPlaces>>
              accept={['.geojson', '.json']}
              address={(dryRun, file) => addressOf(importPlaces, {}, { dryRun, source: file.slice(0, 120) })}
              words={(answer) => say('components.import.words', { rows: answer.features, added: answer.added, changed: answer.changed, same: answer.unchanged })}
              done={top.reload}
            />
          )}
        </div>
        <aside className="place-side">
          {code && <PlaceCard key={code} code={code} />}
          {gaps.data && (
            <section aria-labelledby="gaps-title">
              <h2 id="gaps-title">{say('places.gaps')}</h2>
              {gaps.data.gaps.length === 0 ? <p className="note note-done">{say('places.gaps.none')}</p> : <p className="dim">{say('places.gaps.count', { count: gaps.data.gaps.length, posts: gaps.data.posts })}</p>}
              <ul className="stack">{gaps.data.gaps.map((gap) => <li key={gap.place.id} className="note note-gap"><a href={hrefOf(['places', gap.place.code])}><b>{gap.chain.slice(-2).join(' · ') || gap.place.name}</b></a><p>{gap.words}</p></li>)}</ul>
            </section>
          )}
        </aside>
      </div>
    </PageFrame>
  );
};

export default Places;
