import { useEffect, useState } from 'react';
import { exportDeliveries, exportInbound, listDeliveries, markDelivery, resendDelivery, returnedLetter, type DeliveryView } from '../../../../modules/outreach/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { hrefOf } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip, type Tone } from '../../../ui/status.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { useSay } from '../../texts.ts';
import { useWayWords } from './told-box.tsx';
import { Replies, Ways } from './replies.tsx';
import { Call, Letters, OneLetter } from './by-hand.tsx';
import { ListTable, PageFrame, Views } from '../table.tsx';

const boxes = ['all', 'stuck', 'waiting', 'gone', 'calls', 'letters', 'posted', 'replies'] as const;
type Box = (typeof boxes)[number];
const pageSize = 50;
/** Sending leaves no entry in the ledger, so the logbook is read anew from time to time, in milliseconds. */
const every = 8000;

const toneOfReceipt = (receipt: DeliveryView['receipt']): Tone => (receipt === 'delivered' ? 'done' : receipt === 'failed' ? 'late' : 'wait');

const toneOf = (state: string): Tone => (['sent', 'logged'].includes(state) ? 'done' : ['queued', 'claimed'].includes(state) ? 'busy' : ['to_call', 'to_print'].includes(state) ? 'wait' : ['given_up', 'skipped'].includes(state) ? 'plain' : 'late');

/** The logbook: every message, to whom, in which words, and what became of it. */
const Deliveries = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { brief } = useTimeWords();
  const wayOf = useWayWords();
  const [box, setBox] = useState<Box>('all');
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = usePaged(`${language} ${box}`, (after, signal) => call(listDeliveries, { query: { limit: pageSize, ...(box !== 'all' && box !== 'replies' && { box }), ...(after && { after }) }, signal }), () => true);
  const { reload } = list;
  useEffect(() => {
    const timer = setInterval(() => { if (document.visibilityState === 'visible') reload(); }, every);
    return () => clearInterval(timer);
  }, [reload]);
  const settle = async (work: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    reload();
  };
  const maySend = may(session, resendDelivery);
  const actions = (row: DeliveryView) => maySend && row.actions.length > 0 && (
    <div className="cell-actions">
      {row.actions.includes('resend') && <button type="button" className="btn btn-small" onClick={() => void settle(() => call(resendDelivery, { params: { id: row.id }, body: {} }))}>{say('deliveries.resend')}</button>}
      {row.actions.includes('call') && <Call id={row.id} settle={settle} />}
      {row.actions.includes('letter') && <OneLetter id={row.id} settle={settle} />}
      {row.actions.includes('returned') && <button type="button" className="btn btn-small" onClick={() => void settle(() => call(returnedLetter, { params: { id: row.id }, body: {} }))}>{say('deliveries.returned')}</button>}
      {row.actions.includes('mark') && <>
        {row.state === 'unknown' && <button type="button" className="btn btn-small" onClick={() => void settle(() => call(markDelivery, { params: { id: row.id }, body: { as: 'sent' } }))}>{say('deliveries.sent')}</button>}
        <button type="button" className="btn btn-small" onClick={() => void settle(() => call(markDelivery, { params: { id: row.id }, body: { as: 'given_up' } }))}>{say('deliveries.giveup')}</button>
      </>}
    </div>
  );
  return (
    <PageFrame title={say('deliveries.title')} tools={<><Views label={say('deliveries.state')} value={box} choose={setBox} views={boxes.map((id) => ({ id, label: say(`deliveries.${id}`) }))} />{box === 'replies' ? <ExportMenu key="replies" route={exportInbound} asked={{}} /> : <ExportMenu key="deliveries" route={exportDeliveries} asked={box === 'all' ? {} : { box }} />}</>}>
      <Ways />
      {problem && <Failed problem={problem} />}
      {box === 'letters' && maySend && <Letters ids={(list.data?.items ?? []).slice(0, 100).map(({ id }) => id)} settle={settle} />}
      {box === 'replies' ? <Replies /> : <ListTable<DeliveryView>
        label={say('deliveries.title')} resource={list} keyOf={(row) => row.id}
        none={{ title: say('deliveries.none'), words: say('deliveries.none.words') }}
        columns={[
          { key: 'when', label: say('deliveries.when'), narrow: true, cell: (row) => <time dateTime={row.createdAt}>{brief(row.createdAt)}</time> },
          { key: 'recipient', label: say('deliveries.recipient'), narrow: true, cell: (row) => <><b>{row.recipient}</b><br /><span className="dim">{row.channel !== null && wayOf(row.channel)}</span></> },
          { key: 'text', label: say('deliveries.text'), cell: (row) => <p className="message">{row.text}</p> },
          { key: 'state', label: say('deliveries.state'), cell: (row) => <><Chip tone={toneOf(row.state)}>{row.stateLabel}</Chip>{row.receipt && <> <Chip tone={toneOfReceipt(row.receipt)}>{row.receiptLabel ?? ''}</Chip></>}{row.urgent && <> <Chip tone="wait">{say('deliveries.urgent')}</Chip></>}{row.attempts > 1 && <p className="dim">{say('deliveries.attempts', { count: row.attempts })}</p>}{row.errorWords && <p className="late-words">{row.errorWords}</p>}{actions(row)}</> },
          { key: 'matter', label: say('deliveries.matter'), narrow: true, cell: (row) => row.matter && <a href={hrefOf(['inbox', row.matter])}>{say('deliveries.open')}</a> },
        ]}
      />}
    </PageFrame>
  );
};

export default Deliveries;
