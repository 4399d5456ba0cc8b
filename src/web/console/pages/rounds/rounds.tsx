import { useState } from 'react';
import type { Static } from 'typebox';
import { listHandovers } from '../../../../modules/rounds/contract/handover.ts';
import { listVisits } from '../../../../modules/rounds/contract/visits.ts';
import { endRoute, exportCoverage, readCoverage } from '../../../../modules/rounds/contract/patrol.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useNow, useTimeWords } from '../../../shared/time.tsx';
import { Await, Empty, Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { PageFrame, Table, Views } from '../table.tsx';
import { useSay } from '../../texts.ts';
import { Handovers } from './handovers.tsx';
import { RouteForm } from './route-form.tsx';
import { useRoundsSay } from './texts.ts';
import { Visits } from './visits.tsx';

type Covered = Static<typeof readCoverage.response>;
type Route = Covered['routes'][number];

const day = 86_400_000;
/** A day in the middle of the week beside one, `YYYY-MM-DD`: its border may be another day elsewhere. */
const within = (edge: string, days: number): string => new Date(Date.parse(edge) + days * day).toISOString().slice(0, 10);

/** Stops of a route that nobody was at often enough, behind their number. */
const Missing = ({ route }: { readonly route: Route }) => {
  const say = useRoundsSay();
  const { moment } = useTimeWords();
  const missing = route.stops.filter(({ covered }) => !covered);
  if (missing.length === 0) return <span className="dim">{say('missing.none')}</span>;
  return (
    <details>
      <summary>{say('missing.count', { count: missing.length })}</summary>
      <ul className="callback-parts">{missing.map((stop) => <li key={stop.id}>{stop.name} <span className="dim">{stop.last ? say('missing.last', { time: moment(stop.last) }) : say('missing.never')}</span></li>)}</ul>
    </details>
  );
};

/** What of the routes was walked in a week, what was not, and who walked. */
const Coverage = ({ plans }: { readonly plans: boolean }) => {
  const say = useRoundsSay();
  const { language } = useLanguage();
  const now = useNow();
  const { day: dayWords, moment } = useTimeWords();
  const [asked, setAsked] = useState<string | null>(null);
  const [planning, setPlanning] = useState(false);
  const [ending, setEnding] = useState<Route | null>(null);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const coverage = useResource(`${language} coverage ${asked}`, (signal) => call(readCoverage, { query: { ...(asked && { day: asked }) }, signal }), (news) => news.kind === 'patrol' || news.kind === 'patrol_route');
  const end = async (route: Route): Promise<void> => {
    setProblem(null);
    try {
      await call(endRoute, { params: { id: route.id }, query: {} });
      coverage.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    setEnding(null);
  };
  return (
    <div className="stack">
      {plans && !planning && <p><button type="button" className="btn btn-primary" onClick={() => { setPlanning(true); setSaid(''); }}>{say('plan')}</button></p>}
      {planning && <RouteForm cancel={() => setPlanning(false)} done={(route) => { setPlanning(false); setSaid(say('plan.done', { name: route.name, count: route.stops.length })); coverage.reload(); }} />}
      <p role="status" className={said ? 'note note-done' : 'hidden-words'}>{said}</p>
      {problem && <Failed problem={problem} />}
      {ending && (
        <div className="note" role="group" aria-label={say('end.route', { name: ending.name })}>
          <p>{say('end.words', { name: ending.name })}</p>
          <p className="form-actions"><button type="button" className="btn btn-primary btn-small" onClick={() => void end(ending)}>{say('end.do')}</button><button type="button" className="btn btn-small" onClick={() => setEnding(null)}>{say('keep')}</button></p>
        </div>
      )}
      <Await resource={coverage} lines={8}>
        {(week) => (
          <>
            <p className="form-actions">
              <button type="button" className="btn btn-small" onClick={() => setAsked(within(week.from, -3))}>{say('week.before')}</button>
              <b>{say('week', { from: dayWords(week.from), until: dayWords(new Date(Date.parse(week.until) - 1).toISOString()) })}</b>
              <button type="button" className="btn btn-small" disabled={Date.parse(week.until) > now} onClick={() => setAsked(within(week.until, 3))}>{say('week.after')}</button>
              <ExportMenu route={exportCoverage} asked={asked ? { day: asked } : {}} words={say('export.stops')} />
              <ExportMenu route={exportCoverage} asked={{ list: 'patrols', ...(asked && { day: asked }) }} words={say('export.patrols')} />
            </p>
            {week.routes.length === 0 ? <Empty title={say('none')}>{say('none.words')}</Empty> : (
              <>
                <p>{say('total', { stops: week.stops, covered: week.covered })}</p>
                <Table<Route>
                  label={say('view.coverage')} rows={week.routes} keyOf={({ id }) => id}
                  columns={[
                    { key: 'name', label: say('route'), cell: (route) => <b>{route.name}</b> },
                    { key: 'covered', label: say('covered'), narrow: true, cell: (route) => <Chip tone={route.covered === route.stops.length ? 'done' : 'wait'}>{say('covered.of', { covered: route.covered, needed: route.stops.length })}</Chip> },
                    { key: 'missing', label: say('missing'), cell: (route) => <Missing route={route} /> },
                    { key: 'place', label: say('place'), cell: ({ placeNames }) => placeNames.slice(-2).join(' ') },
                    { key: 'every', label: say('every'), narrow: true, cell: ({ everyDays }) => say('every.days', { days: everyDays }) },
                    ...(plans ? [{ key: 'end', label: say('end'), narrow: true, cell: (route: Route) => <button type="button" className="btn btn-small" aria-label={say('end.route', { name: route.name })} onClick={() => setEnding(route)}>{say('end')}</button> }] : []),
                  ]}
                />
                {week.patrols.length > 0 && (
                  <>
                    <h2>{say('patrols')}</h2>
                    <Table<Covered['patrols'][number]>
                      label={say('patrols')} rows={week.patrols} keyOf={({ id }) => id}
                      columns={[
                        { key: 'who', label: say('patrols.who'), narrow: true, cell: ({ name }) => name ?? '—' },
                        { key: 'route', label: say('route'), cell: (patrol) => week.routes.find(({ id }) => id === patrol.route)?.name ?? '—' },
                        { key: 'checks', label: say('patrols.checks'), narrow: true, cell: ({ checks }) => checks },
                        { key: 'from', label: say('patrols.started'), narrow: true, cell: ({ startedAt }) => moment(startedAt) },
                        { key: 'until', label: say('patrols.ended'), narrow: true, cell: ({ endedAt }) => (endedAt ? moment(endedAt) : say('patrols.going')) },
                      ]}
                    />
                  </>
                )}
              </>
            )}
          </>
        )}
      </Await>
    </div>
  );
};

/** Patrols: routes and what was walked of them; visits to households; and shifts that wait to be taken over. */
const Rounds = () => {
  const say = useRoundsSay();
  const consoleSay = useSay();
  const { session } = useSession();
  const views = [{ id: 'coverage', sees: true }, { id: 'visits', sees: may(session, listVisits) }, { id: 'handovers', sees: may(session, listHandovers) }] as const;
  const [view, setView] = useState<(typeof views)[number]['id']>('coverage');
  const shown = views.filter(({ sees }) => sees);
  return (
    <PageFrame title={consoleSay('nav.rounds')} tools={shown.length > 1 && <Views label={say('view')} value={view} choose={setView} views={shown.map(({ id }) => ({ id, label: say(`view.${id}`) }))} />}>
      {view === 'coverage' ? <Coverage plans={session.permissions.includes('rounds.plan')} /> : view === 'visits' ? <Visits /> : <Handovers />}
    </PageFrame>
  );
};

export default Rounds;
