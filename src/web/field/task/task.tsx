import { useEffect, useState } from 'react';
import { metresBetween } from '../../../base/geo/geometry.ts';
import { readMatter, type MatterPage } from '../../../modules/matters/contract.ts';
import { call } from '../../shared/client.ts';
import { distanceWords } from '../../shared/format.ts';
import { useLanguage, useWebSay } from '../../shared/language.tsx';
import { pictureAddress } from '../../shared/pictures/pictures.ts';
import { useSession } from '../../shared/session.tsx';
import { hrefOf } from '../../shared/router.ts';
import { useRemaining, useTimeWords } from '../../shared/time.tsx';
import { actorWords } from '../../ui/actor.ts';
import { BackIcon, PinIcon } from '../../ui/icons.tsx';
import { Await } from '../../ui/states.tsx';
import { Chip, toneOf } from '../../ui/status.tsx';
import { AreaMap } from '../area/area-map.tsx';
import { Age } from '../phone/age.tsx';
import { useAlong } from '../phone/along.ts';
import { useKept } from '../phone/answers.ts';
import { useHere } from '../phone/here.ts';
import { useWaiting } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';
import { TaskActions } from './actions.tsx';
import { Conflict } from './conflict.tsx';
import { expectedOf } from './expected.ts';

const far = 100 * 86_400_000;
/** While nothing of the area is in the phone. */
const nowhere = { own: [], names: {}, shapes: [], doors: [] };

const TaskClock = ({ page }: { readonly page: MatterPage }) => {
  const webSay = useWebSay();
  const remaining = useRemaining();
  const { moment } = useTimeWords();
  const { clock } = page.matter;
  if (!clock) return null;
  const { words, urgency } = remaining(clock, far);
  const view = page.clocks.find((each) => each.name === clock.name && each.stoppedAt === null);
  return (
    <div className={`task-clock clock-${urgency}`}>
      <b>{words}</b>
      {clock.dueAt && <span>{view?.label} {webSay('clock.due', { when: moment(clock.dueAt) })}</span>}
      {view && view.working.length > 0 && <details className="task-why"><summary>{webSay('clock.why')}</summary><ul>{view.working.map((line) => <li key={line}>{line}</li>)}</ul></details>}
    </div>
  );
};

const Steps = ({ page }: { readonly page: MatterPage }) => {
  const say = useSay();
  const webSay = useWebSay();
  const { brief } = useTimeWords();
  return (
    <details className="fold">
      <summary>{say('task.trace')}</summary>
      <ol className="task-steps">
        {[...page.timeline].sort((a, b) => b.version - a.version).map((item) => (
          <li key={item.version}>
            <time dateTime={item.at}>{brief(item.at)}</time>
            <div>
              <p className="strong">{item.label}</p>
              <p className="dim">{actorWords(webSay, item.actor)}</p>
              {item.doneAt && <p className="dim">{say('task.doneat', { when: brief(item.doneAt) })}</p>}
              {item.texts.map((text) => <p key={text.name} className="task-words">{text.text ?? say('task.erased')}</p>)}
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
};

/** One task on the phone: how long, where, what it looks like, and under the thumb what can be done now. */
export const Task = ({ id }: { readonly id: string }) => {
  const say = useSay();
  const { language } = useLanguage();
  const here = useHere();
  const [map, setMap] = useState(false);
  const { session } = useSession();
  const along = useAlong();
  const waiting = useWaiting(session.id).filter((row) => row.matter === id);
  const page = useKept(`matter ${id}`, (signal) => call(readMatter, { params: { id }, signal }), (news) => news.matter === id);
  const { reload } = page;
  const refused = waiting.filter((row) => row.refused !== null).length;
  // An action that was not accepted met something that this page has not seen yet.
  useEffect(() => { if (refused > 0) reload(); }, [refused, reload]);
  return (
    <>
      <a className="page-back" href={hrefOf(['tasks'])}><BackIcon />{say('task.back')}</a>
      <Await resource={page} lines={8}>
        {({ value: data, keptAt }) => {
          const { matter } = data;
          const expected = expectedOf(data, along.kinds, waiting, session);
          const metres = here && matter.point ? metresBetween(here.lng, here.lat, matter.point.lng, matter.point.lat) : null;
          return (
            <article className="task">
              <header>
                <h1>{matter.title}</h1>
                <p className="task-line"><Chip tone={toneOf(expected.state)}>{expected.stateLabel}</Chip>{expected.waits && <b className="task-waits">{say('task.waits')}</b>}<span className="dim number">{matter.number}</span></p>
              </header>
              <Age at={keptAt} />
              {waiting.filter((row) => row.refused !== null).map((row) => <Conflict key={row.op} row={row} />)}
              <TaskClock page={data} />
              {data.files.length > 0 && <ul className="task-pictures">{data.files.map((file) => <li key={`${file.blob} ${file.at}`}><a href={pictureAddress(file.blob)} target="_blank" rel="noreferrer"><img src={pictureAddress(file.blob, 640)} alt={say('task.about')} loading="lazy" /></a></li>)}</ul>}
              <section className="block" aria-label={say('task.where')}>
                <p className="block-line"><PinIcon /><span>{matter.place?.names.slice(-3).join(' · ')}{metres !== null && <b> {say('tasks.away', { distance: distanceWords(language, metres) })}</b>}</span></p>
                {matter.component && <p className="dim">{matter.component.name} <span className="number">{matter.component.id}</span></p>}
                {matter.point && <button type="button" className="btn big" aria-expanded={map} onClick={() => setMap(!map)}>{say(map ? 'task.map.hide' : 'task.map')}</button>}
                {map && matter.point && <AreaMap title={matter.title} area={along.area ?? nowhere} components={along.components ?? []} here={here} center={matter.point} marks={[{ id: matter.id, ...matter.point, tone: 'task' }]} />}
              </section>
              {(data.explain.length > 0 || matter.leadUnit) && (
                <section className="block" aria-label={say('task.about')}>
                  <dl className="task-facts">
                    {matter.leadUnit && <div><dt>{say('task.lead')}</dt><dd>{matter.leadUnit.name}</dd></div>}
                    {data.explain.map((row) => <div key={row.key}><dt>{row.label}</dt><dd>{row.words}</dd></div>)}
                  </dl>
                </section>
              )}
              <Steps page={data} />
              <TaskActions page={{ ...data, actions: expected.actions, impossible: expected.waits ? [] : data.impossible }} acted={page.reload} />
            </article>
          );
        }}
      </Await>
    </>
  );
};
