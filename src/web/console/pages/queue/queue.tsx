import { useCallback, useRef, useState } from 'react';
import { exportLoad, readLoad, shareOut, takeNextCase } from '../../../../modules/cases/contract/load.ts';
import { exportMatters, listMatters, readMatter, type MatterItem, type MatterPage } from '../../../../modules/matters/contract.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { go, hrefOf, usePlace } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { Await, Empty, Failed } from '../../../ui/states.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { InboxRow } from '../../inbox/row.tsx';
import { useKeys } from '../../keyboard.ts';
import { TakeAction } from '../../matter/take-action.tsx';
import { useSay } from '../../texts.ts';
import { PageFrame } from '../table.tsx';
import { Report, type Done } from './report.tsx';

/** Reports that are read at once: who looks at more has others to share them with. */
const pageSize = 60;

/** Reports that wait to be filed, the one that is open beside what it may be and what is reported near it already; and who has how much in hand. */
const Queue = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { path } = usePlace();
  const open = path[1] ?? null;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState('');
  // The last merge, as long as its line stands; and the form that takes it back, once that is asked for.
  const [undo, setUndo] = useState<Done['merged'] | null>(null);
  const [undoing, setUndoing] = useState<MatterPage['actions'][number] | null>(null);
  const op = useRef(newOp());
  // What is reported is the desk's to do; who sends it on sees it all the same.
  const mine = session?.grants.some(({ role }) => role === 'intake') ?? false;
  const list = useResource(`${language} queue`, (signal) => call(listMatters, { query: { box: mine ? 'todo' : 'all', state: 'reported', limit: pageSize }, signal }), (news) => news.subject === 'matter');
  const mayLoad = may(session, readLoad) && session.permissions.includes('load.read');
  const load = useResource(mayLoad ? `${language} load` : null, (signal) => call(readLoad, { signal }), (news) => news.subject === 'matter');
  const items: readonly MatterItem[] = list.data?.items ?? [];
  const at = items.findIndex(({ id }) => id === open);
  const show = useCallback((id: string | null) => go(id ? ['queue', id] : ['queue'], {}), []);
  const move = (step: number): void => {
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))];
    if (next) show(next.id);
  };
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    op.current = newOp();
  };
  const next = (): Promise<void> => guarded(async () => {
    const taken = await call(takeNextCase, { body: { op: op.current } });
    stay(say('queue.took', { number: taken.number }));
    show(taken.id);
  });
  const [asking, setAsking] = useState(false);
  const free = items.filter(({ handler }) => handler === null).map(({ id }) => id);
  const people = load.data?.officers.filter(({ desk }) => desk) ?? [];
  const ask = (): void => {
    if (free.length === 0) return setSaid(say('queue.share.none'));
    setSaid('');
    setAsking(true);
  };
  const share = (): Promise<void> => guarded(async () => {
    setAsking(false);
    const { given, items: results } = await call(shareOut, { body: { matters: free, op: op.current } });
    setSaid([given.map(({ name, count }) => say('queue.shared', { name, count })).join('，'), ...results.filter(({ ok }) => !ok).slice(0, 1).map(({ words }) => words ?? '')].filter(Boolean).join('。'));
    list.reload();
    load.reload();
  });
  /** The report is done with: the next one takes its place. On a phone, where the list is not beside it, the list comes back. */
  const done = ({ words, merged }: Done): void => {
    setSaid(words);
    setUndo(merged ?? null);
    setUndoing(null);
    const after = items[at + 1] ?? items[at - 1];
    show(after && after.id !== open ? after.id : null);
    list.reload();
  };
  const stay = (words: string): void => {
    setSaid(words);
    setUndo(null);
    setUndoing(null);
    list.reload();
  };
  const askUndo = (): Promise<void> => guarded(async () => {
    if (!undo || undoing) return setUndoing(null);
    const action = (await call(readMatter, { params: { id: undo.id } })).actions.find(({ name }) => name === 'unmerge');
    if (action) setUndoing(action);
    else stay(say('queue.unmerge.gone', { number: undo.number }));
  });
  const undone = (): void => {
    if (!undo) return;
    stay(say('queue.unmerged', { number: undo.number }));
    show(undo.id);
  };
  useKeys({ j: () => move(1), k: () => move(-1), g: () => void next(), u: undo ? () => void askUndo() : undefined });
  return (
    <PageFrame title={say('nav.queue')} tools={<>
      <button type="button" className="btn btn-primary" aria-keyshortcuts="g" onClick={() => void next()}>{say('queue.next')}<kbd aria-hidden="true">G</kbd></button>
      {mayLoad && <button type="button" className="btn" aria-expanded={asking} onClick={ask}>{say('queue.share')}</button>}
      <ExportMenu route={exportMatters} asked={{ box: mine ? 'todo' : 'all', state: 'reported' }} />
      {mayLoad && <ExportMenu route={exportLoad} asked={{}} words={say('queue.export.load')} />}
    </>}>
      <p className={said ? 'note note-done queue-said' : 'hidden-words'} role="status">{said}{undo && <> <button type="button" className="btn btn-small" aria-expanded={undoing !== null} aria-keyshortcuts="u" onClick={() => void askUndo()}>{say('matter.unmerge')}<kbd aria-hidden="true">U</kbd></button></>}</p>
      {undo && undoing && <TakeAction matter={undo.id} action={undoing} title={`${undoing.label} · ${undo.number}`} cancel={() => setUndoing(null)} done={undone} />}
      {asking && (
        <div className="note" role="group" aria-label={say('queue.share')}>
          <p className="strong">{say('queue.share.ask', { count: free.length, people: people.length })}</p>
          <p>{people.map(({ name, open: held }) => say('queue.share.held', { name, count: held })).join(' · ')}</p>
          <div className="form-actions">
            <button type="button" className="btn btn-primary" onClick={() => void share()}>{say('queue.share.go')}</button>
            <button type="button" className="btn" onClick={() => setAsking(false)}>{say('queue.share.not')}</button>
          </div>
        </div>
      )}
      {problem && <Failed problem={problem} />}
      <div className="queue" data-open={open !== null || undefined}>
        <section className="queue-list" aria-label={say('queue.list')}>
          <Await resource={list} lines={8}>
            {({ items: rows }) => rows.length === 0 ? <Empty title={say('queue.none')}>{say('queue.none.words')}</Empty>
              : <ul className="rows">{rows.map((item) => <InboxRow key={item.id} item={item} open={item.id === open} href={hrefOf(['queue', item.id], {})} />)}</ul>}
          </Await>
          {load.data && load.data.officers.length > 0 && (
            <section className="queue-load" aria-label={say('queue.load')}>
              <h2>{say('queue.load')}</h2>
              <ul>{load.data.officers.map((one) => <li key={one.id}><span>{one.name}{one.unit && <span className="dim"> {one.unit}</span>}</span><span className="queue-bar" aria-hidden="true"><i style={{ width: `${Math.min(100, one.open * 4)}%` }} /></span><b>{one.open}</b>{one.late > 0 ? <span className="late-words">{say('queue.late', { count: one.late })}</span> : <span />}</li>)}</ul>
            </section>
          )}
        </section>
        {open ? <Report key={open} id={open} done={done} stay={stay} /> : <Empty title={say('queue.pick')}>{say('queue.pick.words')}</Empty>}
      </div>
      <p className="inbox-keys" aria-hidden="true">{say('queue.keys')}</p>
    </PageFrame>
  );
};

export default Queue;
