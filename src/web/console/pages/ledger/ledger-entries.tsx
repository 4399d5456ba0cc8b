import { useState, type FormEvent } from 'react';
import { browseEntries, exportEntries, listWitnesses } from '../../../../modules/ledger/contract.ts';
import { call } from '../../../shared/client.ts';
import { countyMoment, figure } from '../../../shared/format.ts';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await } from '../../../ui/states.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { useSay } from '../../texts.ts';
import { useEntryWords } from '../../trace/entry-words.ts';
import { Table } from '../table.tsx';

/** Entries of a page. */
const limit = 50;

/** Where a page begins: at the newest, before a seq, or at a moment. */
type From = { readonly before?: number; readonly at?: string };

/** The county's log read backwards, page by page, from any number or day. */
export const LedgerEntries = ({ county }: { readonly county: string }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const words = useEntryWords();
  const [trail, setTrail] = useState<readonly From[]>([{}]);
  const [seq, setSeq] = useState('');
  const [day, setDay] = useState('');
  const from = trail.at(-1)!;
  const page = useResource(`${county} ${JSON.stringify(from)}`, (signal) => call(browseEntries, { params: { county }, query: { limit, ...from }, signal }));
  const jump = (event: FormEvent): void => {
    event.preventDefault();
    const number = Number(seq.replace(/[^\d]/gu, ''));
    // The day with its last second, so that what was written on it stands at the top.
    if (seq.trim() !== '' && number > 0) setTrail([{}, { before: number + 1 }]);
    else if (day !== '') setTrail([{}, { at: new Date(Date.parse(countyMoment(`${day}T00:00`)) + 86_400_000).toISOString() }]);
  };
  return (
    <div className="stack">
      <h2>{say('ledger.entries')}</h2>
      <form className="ledger-jump" onSubmit={jump}>
        <div className="field"><label htmlFor={`seq-${county}`}>{say('ledger.jump.seq')}</label><input id={`seq-${county}`} inputMode="numeric" maxLength={15} value={seq} onChange={(event) => setSeq(event.currentTarget.value)} /></div>
        <div className="field"><label htmlFor={`day-${county}`}>{say('ledger.jump.day')}</label><input id={`day-${county}`} type="date" value={day} onChange={(event) => { setDay(event.currentTarget.value); setSeq(''); }} /></div>
        <button type="submit" className="btn">{say('ledger.jump')}</button>
        <ExportMenu route={exportEntries} params={{ county }} asked={{ ...(from.before !== undefined && { before: String(from.before) }), ...(from.at !== undefined && { at: from.at }) }} />
      </form>
      <Await resource={page} lines={8}>
        {(data) => (
          <>
            <Table label={say('ledger.entries')} rows={data.items} keyOf={(row) => String(row.seq)} columns={[
              { key: 'seq', label: say('ledger.seq'), narrow: true, cell: (row) => <span className="number">{figure(row.seq)}</span> },
              { key: 'at', label: say('ledger.at'), cell: (row) => row.at && moment(row.at) },
              { key: 'what', label: say('ledger.what'), cell: (row) => (row.what ? words.what(row.what.kind, row.what.action) : <span className="dim">{say('ledger.hidden')}</span>) },
              { key: 'role', label: say('ledger.role'), cell: (row) => row.what && words.role(row.what.role) },
              { key: 'open', label: say('ledger.open'), narrow: true, cell: (row) => row.what?.matter && <a href={hrefOf(['inbox', row.what.matter], { box: 'all' })}>{say('ledger.open')}</a> },
            ]} />
            <p className="form-actions">
              {trail.length > 1 && <button type="button" className="btn" onClick={() => setTrail(trail.slice(0, -1))}>{say('ledger.newer')}</button>}
              {data.next !== null && <button type="button" className="btn" onClick={() => setTrail([...trail, { before: data.next! }])}>{say('ledger.older')}</button>}
            </p>
          </>
        )}
      </Await>
    </div>
  );
};

/** Who outside keeps the county's checkpoints, and how far each has seen. */
export const Witnesses = ({ county }: { readonly county: string }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const list = useResource(`${county} witnesses`, (signal) => call(listWitnesses, { params: { county }, signal }));
  return (
    <section className="stack" aria-labelledby={`witnesses-${county}`}>
      <h2 id={`witnesses-${county}`}>{say('ledger.witnesses')}</h2>
      <Await resource={list} lines={2}>
        {({ items, size }) => items.length === 0 ? <p className="note note-gap">{say('ledger.witnesses.none')}</p> : (
          <ul className="stack">{items.map(({ name, kind, active, cosigns, seen }) => (
            <li key={name} className={`note ${active && seen ? 'note-done' : 'note-gap'}`}>
              <p><b>{name}</b> <span className="dim">{say(kind === 'file' ? 'ledger.witness.file' : 'ledger.witness.webhook')}{cosigns && ` · ${say('ledger.witness.cosigns')}`}{!active && ` · ${say('ledger.witness.resting')}`}</span></p>
              <p>{seen ? say('ledger.witness.seen', { size: figure(seen.size), time: moment(seen.at), behind: figure(Math.max(0, size - seen.size)) }) : say('ledger.witness.never')}</p>
            </li>
          ))}</ul>
        )}
      </Await>
    </section>
  );
};
