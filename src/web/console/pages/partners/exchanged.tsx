import { useState } from 'react';
import { exportPartnerReports, listPartnerReports, retryPartnerReport, type PartnerReport } from '../../../../modules/exchange/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { ListTable, Views } from '../table.tsx';
import { useWork } from './parts.tsx';
import { isPartnersKey, usePartnersSay } from './texts.ts';

const boxes = ['all', 'waiting', 'refused', 'conflict'] as const;
const pageSize = 30;

/** What stands here and with one partner, with what was refused to be tried again. */
export const Exchanged = ({ partner, changed }: { readonly partner: string; readonly changed: () => void }) => {
  const say = usePartnersSay();
  const { language } = useLanguage();
  const { brief } = useTimeWords();
  const [box, setBox] = useState<(typeof boxes)[number]>('all');
  const list = usePaged(`${language} ${partner} ${box}`, (after, signal) => call(listPartnerReports, { params: { id: partner }, query: { box, limit: pageSize, ...(after && { after }) }, signal }));
  const { problem, busy, work } = useWork(() => { list.reload(); changed(); });
  const stateOf = ({ state }: PartnerReport): string => {
    const key = `state.${state}`;
    return isPartnersKey(key) ? say(key) : state;
  };
  return (
    <div>
      <Views label={say('system.reports')} value={box} choose={setBox} views={boxes.map((id) => ({ id, label: say(`reports.${id}`) }))} />
      <ExportMenu route={exportPartnerReports} params={{ id: partner }} asked={{ box }} />
      {problem && <Failed problem={problem} />}
      <ListTable<PartnerReport> label={say('system.reports')} resource={list} keyOf={({ id }) => id} none={{ title: say('reports.none'), words: say('reports.none.words') }} columns={[
        { key: 'when', label: say('reports.when'), narrow: true, cell: (row) => <time dateTime={row.at}>{brief(row.at)}</time> },
        { key: 'case', label: say('reports.case'), cell: (row) => (row.matter ? <a href={hrefOf(['inbox', row.matter])}>{row.number} {row.title}</a> : '') },
        { key: 'theirs', label: say('reports.theirs'), cell: (row) => row.theirs },
        { key: 'state', label: say('state'), cell: (row) => <><Chip tone={row.state === 'refused' ? 'late' : ['taken', 'sent'].includes(row.state) ? 'done' : 'busy'}>{stateOf(row)}</Chip>{row.errorWords && <p className="late-words">{row.errorWords}</p>}
          {row.state === 'refused' && row.origin === 'ours' && <div className="cell-actions"><button type="button" className="btn btn-small" disabled={busy} onClick={() => void work(() => call(retryPartnerReport, { params: { id: partner, report: row.id }, body: {} }))}>{say('reports.retry')}</button></div>}</> },
      ]} />
    </div>
  );
};
