import { useState } from 'react';
import { Button, DropZone, FileTrigger, type FileDropItem } from 'react-aria-components';
import { listImports, mostBytes, type ImportItem, type ImportView } from '../../../../../modules/history/contract.ts';
import { call, Problem } from '../../../../shared/client.ts';
import { useLanguage } from '../../../../shared/language.tsx';
import { usePaged } from '../../../../shared/paged.ts';
import { go, hrefOf, usePlace } from '../../../../shared/router.ts';
import { useTimeWords } from '../../../../shared/time.tsx';
import { Failed } from '../../../../ui/states.tsx';
import { ListTable } from '../../table.tsx';
import { OneImport } from './one-import.tsx';
import { sendFile } from './sending.ts';
import { StateChip } from './state-chip.tsx';
import { useHistorySay } from './texts.ts';
import './history.css';

const pageSize = 30;
const accepted = ['.csv', '.tsv', '.txt', '.xlsx'];

/** Takes a file and sends it piece by piece; then its own page opens. */
const NewImport = () => {
  const say = useHistorySay();
  const [sending, setSending] = useState<{ readonly file: File; readonly share: number; readonly begun: ImportView | null } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const send = async (file: File, begun: ImportView | null): Promise<void> => {
    setProblem(null);
    setWrong(null);
    if (file.size === 0) return setWrong(say('empty.file'));
    if (file.size > mostBytes) return setWrong(say('too.large', { size: Math.ceil(file.size / 1_048_576) }));
    setSending({ file, share: 0, begun });
    try {
      const one = await sendFile(file, begun, (now, share) => setSending({ file, share, begun: now }));
      go(['partners', 'history', one.id]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const percent = Math.floor((sending?.share ?? 0) * 100);
  return (
    <section className="import" aria-label={say('new')}>
      <DropZone className="drop" aria-label={say('new')} onDrop={(event) => { const item = event.items.find((one): one is FileDropItem => one.kind === 'file'); if (item) void item.getFile().then((file) => send(file, null)); }}>
        {sending && !problem
          ? <div className="history-progress"><p role="status">{say('sending', { file: sending.file.name, percent })}</p><progress max={100} value={percent} aria-label={say('progress')} /></div>
          : <>
            <p>{say('drop')}</p>
            <FileTrigger acceptedFileTypes={accepted} onSelect={(files) => { const file = files?.[0]; if (file) void send(file, null); }}><Button className="btn btn-primary">{say('choose')}</Button></FileTrigger>
            <p className="field-hint">{say('new.hint')}</p>
          </>}
      </DropZone>
      {wrong && <p className="field-error" role="alert">{wrong}</p>}
      {problem && <div className="note note-late" role="alert"><p>{say('sending.failed', { words: problem.message || problem.title || String(problem.status) })}</p>{sending && <button type="button" className="btn btn-small" onClick={() => void send(sending.file, sending.begun)}>{say('sending.again')}</button>}</div>}
    </section>
  );
};

/** Other systems' histories: a file to bring in, and what was brought in before. */
const Imports = () => {
  const say = useHistorySay();
  const { language } = useLanguage();
  const { brief } = useTimeWords();
  const list = usePaged(`${language} history`, (after, signal) => call(listImports, { query: { limit: pageSize, ...(after && { after }) }, signal }), (news) => news.kind === 'history');
  const mapped = ({ mapping, mappingVersion, source }: ImportItem): string => (mapping === null ? source : mappingVersion === 0 ? say('mapping.shipped', { name: mapping }) : say('mapping.version', { name: mapping, version: mappingVersion ?? 0 }));
  return (
    <div className="stack">
      <p className="history-about">{say('about')}</p>
      <NewImport />
      <h2>{say('list')}</h2>
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
