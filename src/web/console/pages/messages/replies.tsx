import { useState } from 'react';
import { doneInbound, listInbound, listLinks, type InboundView } from '../../../../modules/outreach/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { useSay } from '../../texts.ts';
import { ListTable } from '../table.tsx';

const pageSize = 50;

/** Ways out of the server that answers, and what is wrong with one that is not connected; nothing where there is none. */
export const Ways = () => {
  const say = useSay();
  const { language } = useLanguage();
  const ways = useResource(`${language} ways`, (signal) => call(listLinks, { query: {}, signal }));
  if (!ways.data || ways.data.items.length === 0) return null;
  return (
    <p className="matter-line" role="group" aria-label={say('deliveries.ways')}>
      {ways.data.items.map(({ name, label, connected, error }) => <span key={name}><Chip tone={connected ? 'done' : 'late'}>{[label, connected ? say('deliveries.connected') : say('deliveries.away'), error].filter(Boolean).join(' · ')}</Chip> </span>)}
    </p>
  );
};

/** What people texted and nothing came of by itself: somebody reads it, does what is needed, and settles it. */
export const Replies = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { brief } = useTimeWords();
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = usePaged(`${language} inbound`, (after, signal) => call(listInbound, { query: { limit: pageSize, ...(after && { after }) }, signal }), () => true);
  const maySettle = may(session, doneInbound);
  const settle = async (id: string): Promise<void> => {
    setProblem(null);
    try {
      await call(doneInbound, { params: { id }, body: {} });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    list.reload();
  };
  return (
    <>
      {problem && <Failed problem={problem} />}
      <ListTable<InboundView>
        label={say('deliveries.replies')} resource={list} keyOf={(row) => row.id}
        none={{ title: say('deliveries.replies.none'), words: say('deliveries.replies.none.words') }}
        columns={[
          { key: 'when', label: say('deliveries.when'), narrow: true, cell: (row) => <time dateTime={row.receivedAt}>{brief(row.receivedAt)}</time> },
          { key: 'from', label: say('deliveries.from'), narrow: true, cell: (row) => <b>{row.from ?? '—'}</b> },
          { key: 'text', label: say('deliveries.text'), cell: (row) => <p className="message">{row.text ?? '—'}</p> },
          { key: 'state', label: say('deliveries.state'), cell: (row) => <>{row.reason && <p className="late-words">{row.reason}</p>}{maySettle && <div className="cell-actions"><button type="button" className="btn btn-small" onClick={() => void settle(row.id)}>{say('deliveries.replies.done')}</button></div>}</> },
          { key: 'matter', label: say('deliveries.matter'), narrow: true, cell: (row) => row.matter && <a href={hrefOf(['inbox', row.matter])}>{say('deliveries.open')}</a> },
        ]}
      />
    </>
  );
};
