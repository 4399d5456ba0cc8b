import { useState } from 'react';
import { metresBetween } from '../../../base/geo/geometry.ts';
import { listMatters, type MatterItem } from '../../../modules/matters/contract.ts';
import { call } from '../../shared/client.ts';
import { distanceWords } from '../../shared/format.ts';
import { useLanguage } from '../../shared/language.tsx';
import { hrefOf } from '../../shared/router.ts';
import { useSession } from '../../shared/session.tsx';
import { useRemaining } from '../../shared/time.tsx';
import { Await, Empty } from '../../ui/states.tsx';
import { Chip, toneOf } from '../../ui/status.tsx';
import { AreaMap } from '../area/area-map.tsx';
import { useAlong } from '../phone/along.ts';
import { useKept } from '../phone/answers.ts';
import { useHere } from '../phone/here.ts';
import { Age } from '../phone/age.tsx';
import { useWaiting } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';

/** Rows that a phone shows at first. */
const shown = 30;

interface Near {
  readonly item: MatterItem;
  readonly metres: number | null;
}

const Card = ({ item, metres, waits }: Near & { readonly waits: boolean }) => {
  const say = useSay();
  const { language } = useLanguage();
  const remaining = useRemaining();
  const { words, urgency } = remaining(item.clock);
  return (
    <li>
      <a className="task-card" href={hrefOf(['task', item.id])} data-urgency={urgency}>
        <span className="task-title">{item.title}</span>
        <span className="task-where">{item.place?.names.slice(-2).join(' · ')}</span>
        <span className="task-line">
          <Chip tone={toneOf(item.state)}>{item.stateLabel}</Chip>
          {item.clock && <b className={urgency === 'late' ? 'late-words' : urgency === 'warn' ? 'warn-words' : 'strong'}>{words}</b>}
          {metres !== null && <span className="task-away">{distanceWords(language, metres)}</span>}
        </span>
        {waits && <span className="task-waits">{say('tasks.waiting')}</span>}
      </a>
    </li>
  );
};

/** What somebody has in hand and what waits for them, by the time left or by the way there. */
export const Tasks = () => {
  const say = useSay();
  const { session } = useSession();
  const here = useHere();
  const waiting = useWaiting(session.id);
  const [order, setOrder] = useState<'due' | 'near'>('due');
  const [limit, setLimit] = useState(shown);
  const [map, setMap] = useState(false);
  const along = useAlong();
  const mine = useKept('list mine', (signal) => call(listMatters, { query: { box: 'mine', limit: 100 }, signal }), (news) => news.subject === 'matter');
  const todo = useKept('list todo', (signal) => call(listMatters, { query: { box: 'todo', limit: 100 }, signal }), (news) => news.subject === 'matter');
  const nearFirst = (items: readonly MatterItem[]): readonly Near[] => {
    const all = items.map((item): Near => ({ item, metres: here && item.point ? metresBetween(here.lng, here.lat, item.point.lng, item.point.lat) : null }));
    return order === 'near' ? [...all].sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity)) : all;
  };
  const cards = (items: readonly MatterItem[], most: number) => (
    <ul className="task-list">{nearFirst(items).slice(0, most).map((near) => <Card key={near.item.id} {...near} waits={waiting.some((row) => row.matter === near.item.id && row.refused === null)} />)}</ul>
  );
  return (
    <>
      <div className="page-head">
        <h1>{say('tasks.title')}</h1>
        <div className="switch" role="group" aria-label={say('tasks.sort')}>
          <button type="button" aria-pressed={order === 'due'} onClick={() => setOrder('due')}>{say('tasks.sort.due')}</button>
          <button type="button" aria-pressed={order === 'near'} onClick={() => setOrder('near')}>{say('tasks.sort.near')}</button>
        </div>
      </div>
      <Await resource={todo} lines={9}>
        {({ value: waits, keptAt }) => {
          const all = mine.data?.value.items ?? [];
          // What somebody handled and cannot act on now waits for others: it stands last.
          const possible = new Set(waits.items.map((item) => item.id));
          const inHand = all.filter((item) => possible.has(item.id));
          const elsewhere = all.filter((item) => !possible.has(item.id));
          const rest = waits.items.filter((item) => !inHand.some((each) => each.id === item.id));
          return all.length + rest.length === 0 ? (
            <Empty title={say('tasks.none')}>{say('tasks.none.words')}</Empty>
          ) : (
            <>
              <Age at={keptAt} />
              {along.area && (
                <section aria-label={say('map.title')}>
                  <button type="button" className="btn big" aria-expanded={map} onClick={() => setMap(!map)}>{say(map ? 'task.map.hide' : 'map.show')}</button>
                  {map && <AreaMap title={say('map.title')} area={along.area} components={along.components ?? []} here={here} marks={[...all, ...rest].flatMap((item) => (item.point ? [{ id: item.id, ...item.point, tone: 'task' as const }] : []))} />}
                </section>
              )}
              {inHand.length > 0 && <section aria-labelledby="mine"><h2 id="mine" className="list-head">{say('tasks.mine')} <span>{say('tasks.count', { count: inHand.length })}</span></h2>{cards(inHand, 100)}</section>}
              {rest.length > 0 && (
                <section aria-labelledby="todo">
                  <h2 id="todo" className="list-head">{say('tasks.todo')} <span>{say('tasks.count', { count: waits.next ? `${rest.length}+` : rest.length })}</span></h2>
                  {cards(rest, limit)}
                  {rest.length > limit && <button type="button" className="btn big" onClick={() => setLimit(limit + shown)}>{say('tasks.more')}</button>}
                </section>
              )}
              {elsewhere.length > 0 && <section aria-labelledby="others"><h2 id="others" className="list-head">{say('tasks.others')} <span>{say('tasks.count', { count: elsewhere.length })}</span></h2>{cards(elsewhere, 100)}</section>}
            </>
          );
        }}
      </Await>
    </>
  );
};
