import { useState } from 'react';
import { exportCallbacks, listCallbacks, openCallback, takeCallback, type CallbackCard, type CallbackItem } from '../../../../modules/callbacks/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Empty, Failed } from '../../../ui/states.tsx';
import { Chip, type Tone } from '../../../ui/status.tsx';
import { useKeys } from '../../keyboard.ts';
import { isKey, useSay } from '../../texts.ts';
import { ExportMenu } from '../../export-menu.tsx';
import { ListTable, PageFrame, Views } from '../table.tsx';
import { Card } from './card.tsx';
import { Figures } from './figures.tsx';

type View = 'waiting' | 'ended' | 'figures';
const pageSize = 40;

export const reasonTone = (reason: string): Tone => (reason === 'low' ? 'late' : reason === 'sample' ? 'wait' : 'busy');

/** Calls after closing: who is to be called, the one that is being called, and what came of all of them. */
const Callbacks = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { moment, brief } = useTimeWords();
  const works = session.permissions.includes('callbacks.work');
  const [view, setView] = useState<View>(works ? 'waiting' : 'figures');
  const [card, setCard] = useState<CallbackCard | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState('');
  const list = usePaged(view === 'figures' ? '' : `${language} ${view}`, (after, signal) => (view === 'figures' ? Promise.resolve({ items: [] as CallbackItem[], next: null, waiting: 0 }) : call(listCallbacks, { query: { state: view, limit: pageSize, ...(after && { after }) }, signal })), (news) => news.subject === 'matter');
  const take = async (id: string | null): Promise<void> => {
    setProblem(null);
    try {
      setCard(id === null ? await call(takeCallback, { body: {} }) : await call(openCallback, { params: { id }, body: {} }));
      setSaid('');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    list.reload();
  };
  useKeys({ n: works ? () => void take(null) : undefined });
  const label = (key: string): string => (isKey(key) ? say(key) : key);
  const views = [...(works ? [{ id: 'waiting' as const, label: say('callbacks.waiting') }, { id: 'ended' as const, label: say('callbacks.ended') }] : []), { id: 'figures' as const, label: say('callbacks.figures') }];
  return (
    <PageFrame title={say('nav.callbacks')} tools={<>
      <Views label={say('callbacks.view')} value={view} choose={setView} views={views} />
      {view !== 'figures' && <ExportMenu route={exportCallbacks} asked={{ state: view }} />}
      {works && <button type="button" className="btn btn-primary" aria-keyshortcuts="n" onClick={() => void take(null)}>{say('callbacks.next')}<kbd aria-hidden="true">N</kbd></button>}
    </>}>
      <p className="hidden-words" role="status">{said}</p>
      {problem && <Failed problem={problem} />}
      {view === 'figures' ? <Figures /> : (
        <div className={card ? 'callback-columns' : ''}>
          {card && <Card key={card.id} card={card} close={() => setCard(null)} done={(words) => { setCard(null); setSaid(words); list.reload(); }} />}
          <section aria-label={say(view === 'waiting' ? 'callbacks.waiting' : 'callbacks.ended')}>
            {said && !card && <p className="note note-done" aria-hidden="true">{said}</p>}
            <ListTable<CallbackItem>
              label={say('nav.callbacks')} resource={list} keyOf={(row) => row.id} chosen={card?.id ?? null}
              none={{ title: say('callbacks.none'), words: say(view === 'waiting' ? 'callbacks.none.words' : 'callbacks.none.ended') }}
              columns={[
                // First, so that it is in reach on a narrow screen too.
                ...(view === 'waiting' ? [{ key: 'do', label: say('callbacks.do'), narrow: true, cell: (row: CallbackItem) => <button type="button" className="btn btn-small" onClick={() => void take(row.id)}>{say('callbacks.call')}</button> }] : []),
                { key: 'why', label: say('callbacks.why'), narrow: true, cell: (row) => <>{row.reasons.map((reason) => <span key={reason}><Chip tone={reasonTone(reason)}>{label(`callbacks.reason.${reason}`)}</Chip> </span>)}</> },
                { key: 'what', label: say('callbacks.about'), cell: (row) => <ul className="callback-parts">{row.parts.map((part) => <li key={part.id}><span className="number">{part.number}</span> {part.title} <span className="dim">{part.unit}</span></li>)}</ul> },
                { key: 'phone', label: say('matter.phone'), narrow: true, cell: (row) => <span className="number">{row.maskedPhone ?? '—'}</span> },
                { key: 'tries', label: say('callbacks.tries'), narrow: true, cell: (row) => say('callbacks.tried', { count: row.tries, most: row.triesAtMost }) },
                view === 'waiting'
                  ? { key: 'next', label: say('callbacks.when'), narrow: true, cell: (row) => (row.takenBy && !row.mine ? <span className="dim">{say('callbacks.with', { name: row.takenBy })}</span> : Date.parse(row.nextAt) > Date.now() ? moment(row.nextAt) : say('callbacks.now')) }
                  : { key: 'end', label: say('callbacks.outcome'), narrow: true, cell: (row) => <><Chip tone={row.state === 'done' ? 'done' : 'wait'}>{label(`callbacks.state.${row.state}`)}</Chip>{row.endedAt && <p className="dim">{brief(row.endedAt)} {row.takenBy}</p>}</> },
              ]}
            />
          </section>
          {!card && view === 'waiting' && list.data?.items.length === 0 && <Empty title={say('callbacks.rest')}>{say('callbacks.rest.words')}</Empty>}
        </div>
      )}
      {view === 'waiting' && <p className="inbox-keys" aria-hidden="true">{say('callbacks.keys')}</p>}
    </PageFrame>
  );
};

export default Callbacks;
