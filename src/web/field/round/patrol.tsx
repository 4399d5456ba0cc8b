import { useState } from 'react';
import { metresBetween } from '../../../base/geo/geometry.ts';
import { readCoverage } from '../../../modules/rounds/contract/patrol.ts';
import { isThere } from '../../../modules/rounds/rules/coverage.ts';
import type { ResponseOf } from '../../../base/route.ts';
import { call, newOp, Problem } from '../../shared/client.ts';
import { distanceWords } from '../../shared/format.ts';
import { useLanguage } from '../../shared/language.tsx';
import { whereAmI } from '../../shared/pictures/pictures.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { Await, Empty, Failed } from '../../ui/states.tsx';
import { AreaMap } from '../area/area-map.tsx';
import { Age } from '../phone/age.tsx';
import { useAlong } from '../phone/along.ts';
import { useKept } from '../phone/answers.ts';
import { rightNow } from '../phone/clock.ts';
import { useHere } from '../phone/here.ts';
import { send } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';
import { Scan } from './scan.tsx';
import { useWalk, type Walk } from './walk.ts';

type RouteOfWeek = ResponseOf<typeof readCoverage>['routes'][number];
type Stop = RouteOfWeek['stops'][number];

/** A route being walked: where to go next, checking in, what is missing. */
const Walking = ({ route, walk, set }: { readonly route: RouteOfWeek; readonly walk: Walk; readonly set: (walk: Walk | null) => Promise<void> }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const here = useHere();
  const along = useAlong();
  const [said, setSaid] = useState<{ readonly words: string; readonly good: boolean } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [map, setMap] = useState(false);
  const [busy, setBusy] = useState(false);
  const visited = (stop: Stop): boolean => walk.done[stop.id] === true;
  const away = (stop: Stop): number | null => (here ? metresBetween(here.lng, here.lat, stop.lng, stop.lat) : null);
  const left = route.stops.filter((stop) => !visited(stop)).sort((a, b) => (away(a) ?? 0) - (away(b) ?? 0));
  const check = async (stop: Stop, way: 'position' | 'plate' | 'typed', plate?: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const at = here ?? (await whereAmI(4_000));
      const metres = at && metresBetween(at.lng, at.lat, stop.lng, stop.lat);
      const good = way === 'plate' || (at !== null && metres !== null && isThere(metres, at.accuracy));
      if (!good) return setSaid({ words: at === null || metres === null ? say('patrol.nowhere') : say('patrol.far', { name: stop.name, distance: distanceWords(language, metres) }), good: false });
      await set({ ...walk, done: { ...walk.done, [stop.id]: good } });
      const sent = await send({
        account: session.id, title: stop.name, label: say('patrol.check'), target: 'step', thread: walk.id, matter: null, basis: null, action: 'check',
        input: { patrol: walk.id, do: 'check', stop: stop.id, way, ...(plate && { plate }), ...(at && { lng: at.lng, lat: at.lat, accuracy: Math.round(at.accuracy) }) },
      });
      setSaid({ words: say(sent === 'waiting' ? 'patrol.kept' : 'patrol.done', { name: stop.name }), good: true });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      await set({ ...walk, done: { ...walk.done, [stop.id]: false } }).catch(() => undefined);
    } finally {
      setBusy(false);
    }
  };
  const plate = (code: string, way: 'plate' | 'typed'): void => {
    const component = along.components?.find((one) => one.plate === code);
    const stop = component && route.stops.find((one) => one.component === component.code);
    if (!stop) return setSaid({ words: say('patrol.plate.unknown'), good: false });
    void check(stop, way, code);
  };
  const end = async (): Promise<void> => {
    setProblem(null);
    try {
      await send({ account: session.id, title: route.name, label: say('patrol.end'), target: 'step', thread: walk.id, matter: null, basis: null, action: 'end', input: { patrol: walk.id, do: 'end' } });
      await set(null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const next = left[0];
  return (
    <>
      <div className="page-head"><h1>{route.name}</h1></div>
      <p className="patrol-progress" role="status"><b>{route.stops.length - left.length}</b> / {route.stops.length} <progress max={route.stops.length} value={route.stops.length - left.length} aria-label={say('patrol.progress')} /></p>
      {said && <p className={`note ${said.good ? 'note-done' : 'note-wait'}`} role="status">{said.words}</p>}
      {problem && <Failed problem={problem} />}
      {next && (
        <section className="block" aria-label={say('patrol.next')}>
          <p className="dim">{say('patrol.next')}</p>
          <h2>{next.name}</h2>
          {here && <p>{say('tasks.away', { distance: distanceWords(language, away(next)!) })}</p>}
          <button type="button" className="btn btn-primary big" data-check={next.id} aria-disabled={busy} onClick={() => void check(next, 'position')}>{say('patrol.here')}</button>
        </section>
      )}
      <Scan found={plate} />
      {along.area && <button type="button" className="btn big" aria-expanded={map} onClick={() => setMap(!map)}>{say(map ? 'task.map.hide' : 'task.map')}</button>}
      {map && along.area && <AreaMap title={route.name} area={along.area} components={[]} here={here} center={next ?? null} marks={route.stops.map((stop) => ({ id: stop.id, lng: stop.lng, lat: stop.lat, tone: visited(stop) ? 'done' as const : 'missing' as const }))} />}
      <details className="fold">
        <summary>{say('patrol.left', { count: left.length })}</summary>
        <ul className="stop-list">
          {left.map((stop) => <li key={stop.id}><span>{stop.name}{away(stop) !== null && <small> {distanceWords(language, away(stop)!)}</small>}</span><button type="button" className="btn" onClick={() => void check(stop, 'position')}>{say('patrol.here')}</button></li>)}
        </ul>
      </details>
      <button type="button" className="btn big" onClick={() => void end()}>{say('patrol.end')}</button>
    </>
  );
};

/** Patrol routes of one's grids with what is missing in this week; one of them can be walked. */
export const Patrol = () => {
  const say = useSay();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const { walk, ready, set } = useWalk(session.id);
  const [problem, setProblem] = useState<Problem | null>(null);
  const coverage = useKept('coverage', (signal) => call(readCoverage, { signal }), (news) => news.kind === 'patrol' || news.kind === 'patrol_route');
  const start = async (route: RouteOfWeek): Promise<void> => {
    const id = newOp();
    setProblem(null);
    try {
      await set({ id, route: route.id, startedAt: rightNow(), done: {} });
      await send({ account: session.id, title: route.name, label: say('patrol.start'), target: 'step', thread: id, matter: null, basis: null, action: 'start', input: { patrol: id, do: 'start', route: route.id } }, id);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // A walk that nobody knows to have begun has no stops that count.
      await set(null);
      setProblem(error);
    }
  };
  return (
    <Await resource={coverage} lines={8}>
      {({ value, keptAt }) => {
        const walking = walk && value.routes.find(({ id }) => id === walk.route);
        if (!ready) return null;
        if (walk && walking) return <><Age at={keptAt} /><Walking route={walking} walk={walk} set={set} /></>;
        return (
          <>
            <div className="page-head"><h1>{say('patrol.title')}</h1></div>
            <Age at={keptAt} />
            {problem && <Failed problem={problem} />}
            {value.routes.length === 0 ? <Empty title={say('patrol.none')}>{say('patrol.none.words')}</Empty> : <p className="dim">{say('patrol.week', { covered: value.covered, stops: value.stops })}</p>}
            <ul className="task-list">
              {value.routes.map((route) => {
                const last = route.stops.reduce<string | null>((latest, stop) => (stop.last !== null && (latest === null || stop.last > latest) ? stop.last : latest), null);
                const missing = route.stops.filter(({ covered }) => !covered);
                return (
                  <li key={route.id} className="block">
                    <h2>{route.name}</h2>
                    <p className="dim">{route.placeNames.slice(-2).join(' · ')} · {say('patrol.every', { days: route.everyDays })}</p>
                    <p>{say('patrol.covered', { covered: route.covered, stops: route.stops.length })}{last && ` · ${say('patrol.last', { when: moment(last) })}`}</p>
                    {missing.length > 0 && <details className="fold"><summary>{say('patrol.missing', { count: missing.length })}</summary><ul>{missing.map((stop) => <li key={stop.id}>{stop.name}</li>)}</ul></details>}
                    <button type="button" className="btn btn-primary big" data-route={route.id} onClick={() => void start(route)}>{say('patrol.start')}</button>
                  </li>
                );
              })}
            </ul>
          </>
        );
      }}
    </Await>
  );
};
