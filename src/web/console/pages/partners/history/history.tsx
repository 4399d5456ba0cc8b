import { exportImports, listImports, type ImportItem } from '../../../../../modules/history/contract.ts';
import { call } from '../../../../shared/client.ts';
import { useLanguage } from '../../../../shared/language.tsx';
import { usePaged } from '../../../../shared/paged.ts';
import { go, hrefOf, usePlace } from '../../../../shared/router.ts';
import { useTimeWords } from '../../../../shared/time.tsx';
import { Failed } from '../../../../ui/states.tsx';
import { ExportMenu } from '../../../export-menu.tsx';
import { ListTable } from '../../table.tsx';
import { OneImport } from './one-import.tsx';
import { SendingBox } from './sending-box.tsx';
import { percentOf } from './sending.ts';
import { StateChip } from './state-chip.tsx';
import { useHistorySay } from './texts.ts';
import './history.css';

const pageSize = 30;

/** Other systems' histories: a file to bring in, and what was brought in before. */
const Imports = () => {
  const say = useHistorySay();
  const { language } = useLanguage();
  const { brief } = useTimeWords();
  const list = usePaged(`${language} history`, (after, signal) => call(listImports, { query: { limit: pageSize, ...(after && { after }) }, signal }), (news) => news.kind === 'history');
  const mapped = ({ mapping, mappingVersion, source }: ImportItem): string => (mapping === null ? source : mappingVersion === 0 ? say('mapping.shipped', { name: mapping }) : say('mapping.version', { name: mapping, version: mappingVersion ?? 0 }));
  const unfinished = (list.data?.items ?? []).filter(({ state }) => state === 'uploading');
  return (
    <div className="stack">
      <p className="history-about">{say('about')}</p>
      <SendingBox unfinished={unfinished} sent={(id) => go(['partners', 'history', id])} />
      {unfinished.length > 0 && <div className="note history-begun" role="status">
        <h2>{say('begun')}</h2>
        <ul>{unfinished.map((one) => <li key={one.id}><a href={hrefOf(['partners', 'history', one.id])}>{say('begun.one', { file: one.file, percent: percentOf(one) })}</a></li>)}</ul>
      </div>}
      <div className="history-list-head"><h2>{say('list')}</h2>{list.data !== null && list.data.items.length > 0 && <ExportMenu route={exportImports} asked={{}} />}</div>
      <ListTable
        label={say('list')} resource={list} keyOf={(row) => row.id} none={{ title: say('none'), words: say('none.words') }}
        columns={[
          { key: 'file', label: say('col.file'), cell: (row) => (row.bytes === null ? row.file : <a href={hrefOf(['partners', 'history', row.id])}>{row.file}</a>) },
          { key: 'state', label: say('col.state'), narrow: true, cell: (row) => <StateChip state={row.state} /> },
          { key: 'added', label: say('col.added'), narrow: true, cell: (row) => <span className="number">{row.added}</span> },
          { key: 'refused', label: say('col.refused'), narrow: true, cell: (row) => <span className="number">{row.refused}</span> },
          { key: 'rows', label: say('col.rows'), narrow: true, cell: (row) => <span className="number">{row.rows}</span> },
          { key: 'source', label: say('col.source'), cell: mapped },
          { key: 'author', label: say('col.author'), narrow: true, cell: (row) => row.author },
          { key: 'at', label: say('col.at'), narrow: true, cell: (row) => brief(row.at) },
        ]} />
      {list.problem && list.data === null && <Failed problem={list.problem} />}
    </div>
  );
};

/** The list, or the one import that the address names. */
export const History = () => {
  const id = usePlace().path[2];
  return id === undefined ? <Imports /> : <OneImport key={id} id={id} />;
};
