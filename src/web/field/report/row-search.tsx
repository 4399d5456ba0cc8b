import { useId, useMemo, useState } from 'react';
import type { StandardRow } from '../../../modules/catalogue/rules/standards.ts';
import type { Table } from '../../../modules/rounds/contract/pack.ts';
import { searchIn } from '../area/nearby.ts';
import { useSay } from '../texts.ts';

/** Rows that are shown for a search. */
const shown = 12;

/** The whole code table in the phone: by words, by code, by the first letters of the pinyin. */
export const RowSearchBox = ({ table, choose }: { readonly table: Table; readonly choose: (row: StandardRow) => void }) => {
  const say = useSay();
  const id = useId();
  const [words, setWords] = useState('');
  const search = useMemo(() => searchIn(table), [table]);
  const found = words.trim() === '' ? [] : search(words).slice(0, shown);
  return (
    <details className="fold">
      <summary>{say('table.open', { count: table.rows.length })}</summary>
      <div className="stack">
        <div className="field"><label htmlFor={id}>{say('table.search')}</label><input id={id} type="search" value={words} placeholder={say('table.hint')} onChange={(event) => setWords(event.currentTarget.value)} /></div>
        {words.trim() !== '' && found.length === 0 && <p className="dim" role="status">{say('table.none')}</p>}
        <ul className="table-rows">
          {found.map((row) => (
            <li key={row.key}><button type="button" onClick={() => { choose(row); setWords(''); }}><b>{row.minorName}</b><small>{[row.openCondition, row.limitText].filter(Boolean).join(' · ')}</small></button></li>
          ))}
        </ul>
      </div>
    </details>
  );
};
