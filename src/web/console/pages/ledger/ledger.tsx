import { useState } from 'react';
import { DropZone, FileTrigger, Button, type FileDropItem } from 'react-aria-components';
import { browseEntries, readCheckpoint, readConsistency, readKeys } from '../../../../modules/ledger/contract.ts';
import type { BundleReport } from '../../../../modules/ledger/rules/bundle.ts';
import { fromBase64, isNoteSignedBy, originOf, readCheckpointText, readNote, readVerifierKey, toBase64, toHex, webCrypto } from '../../../../modules/ledger/rules/notes.ts';
import { isConsistent } from '../../../../modules/ledger/rules/proofs.ts';
import { addressOf, call, Problem } from '../../../shared/client.ts';
import { figure } from '../../../shared/format.ts';
import { useNews } from '../../../shared/live/live.ts';
import type { News } from '../../../shared/live/stream.ts';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await } from '../../../ui/states.tsx';
import { checkHere } from '../../trace/check.ts';
import { useEntryWords } from '../../trace/entry-words.ts';
import { Findings } from '../../trace/findings.tsx';
import { useSay } from '../../texts.ts';
import { LedgerEntries, Witnesses } from './ledger-entries.tsx';
import { PageFrame, Table } from '../table.tsx';

/** How the log stands to what this computer saw of it before. */
type Continuity =
  | { readonly is: 'first' } | { readonly is: 'same' }
  | { readonly is: 'grown'; readonly from: number } | { readonly is: 'broken'; readonly from: number } | { readonly is: 'shrunk'; readonly from: number };

interface Head {
  readonly size: number;
  readonly root: string;
  readonly time: string;
  readonly key: string;
  readonly signed: boolean;
  readonly continuity: Continuity;
}

const memoryOf = (county: string): string => `lamplight.seen.${county}`;

const compare = async (county: string, size: number, root: Uint8Array): Promise<Continuity> => {
  const kept = localStorage.getItem(memoryOf(county));
  if (!kept) return { is: 'first' };
  const seen = JSON.parse(kept) as { size: number; root: string };
  if (seen.size > size) return { is: 'shrunk', from: seen.size };
  if (seen.size === size) return seen.root === toBase64(root) ? { is: 'same' } : { is: 'broken', from: seen.size };
  const { proof } = await call(readConsistency, { params: { county }, query: { from: seen.size, to: size } });
  const hashes = proof.map(fromBase64);
  const before = fromBase64(seen.root);
  const holds = before !== undefined && hashes.every((hash) => hash !== undefined) && (await isConsistent(webCrypto.sha256, { size: seen.size, root: before }, { size, root }, hashes));
  return { is: holds ? 'grown' : 'broken', from: seen.size };
};

/** Reads the newest checkpoint, checks its signature, and that it continues what this computer remembers; then remembers it. */
const readHead = async (county: string, signal: AbortSignal): Promise<Head | null> => {
  const answer = await fetch(addressOf(readCheckpoint, { county }, {}), { signal });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Problem(answer.status, `http.${answer.status}`, answer.statusText, '');
  const note = readNote(await answer.text());
  const checkpoint = note && readCheckpointText(note.text);
  const { keys } = await call(readKeys, { signal });
  if (!note || !checkpoint) return null;
  let signer: string | null = null;
  for (const text of keys) {
    const key = await readVerifierKey(text, webCrypto);
    if (key && checkpoint.origin === originOf(county) && (await isNoteSignedBy(note, key, webCrypto))) signer = text;
  }
  const signed = signer !== null;
  const continuity = await compare(county, checkpoint.size, checkpoint.root);
  // What was rewritten must not become what is remembered: the next visit has to find it too.
  if (signed && continuity.is !== 'broken' && continuity.is !== 'shrunk') localStorage.setItem(memoryOf(county), JSON.stringify({ size: checkpoint.size, root: toBase64(checkpoint.root) }));
  return { size: checkpoint.size, root: toHex(checkpoint.root), time: checkpoint.time, key: signer ?? keys.at(-1) ?? '', signed, continuity };
};

const HeadCard = ({ county }: { readonly county: string }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const head = useResource(county, (signal) => readHead(county, signal), () => true);
  const { continuity } = head.data ?? {};
  const words = continuity && (continuity.is === 'first' ? say('ledger.first') : continuity.is === 'same' ? say('ledger.same') : continuity.is === 'shrunk' ? say('ledger.shrunk', { from: figure(continuity.from), to: figure(head.data!.size) }) : continuity.is === 'broken' ? say('ledger.broken') : say('ledger.grown', { from: figure(continuity.from), to: figure(head.data!.size) }));
  const bad = continuity?.is === 'broken' || continuity?.is === 'shrunk';
  return (
    <section className="stack" aria-labelledby="head-title">
      <h2 id="head-title">{say('ledger.head')}</h2>
      <Await resource={head} lines={4}>
        {(data) => data === null ? <p className="note note-gap">{say('ledger.none')}</p> : (
          <>
            <p className="ledger-size">{say('ledger.size', { size: figure(data.size) })}<small>{say('ledger.time', { time: moment(data.time) })}</small></p>
            <p className={`note ${data.signed ? 'note-done' : 'note-late'}`}>{say(data.signed ? 'ledger.signed' : 'ledger.unsigned')}</p>
            <p className={`note ${bad ? 'note-late' : 'note-done'}`}>{words}</p>
            <dl className="facts">
              <div><dt>{say('ledger.root')}</dt><dd className="digest">{data.root}</dd></div>
              <div><dt>{say('ledger.key')}</dt><dd className="digest">{data.key}<p className="field-hint">{say('ledger.key.words')}</p></dd></div>
            </dl>
          </>
        )}
      </Await>
    </section>
  );
};

const FileCheck = () => {
  const say = useSay();
  const { moment } = useTimeWords();
  const [checked, setChecked] = useState<{ readonly name: string; readonly report: BundleReport } | null>(null);
  const keys = useResource('keys', (signal) => call(readKeys, { signal }));
  const take = async (file: File | undefined): Promise<void> => {
    if (file) setChecked({ name: file.name, report: await checkHere(await file.text(), keys.data?.keys ?? (await call(readKeys)).keys) });
  };
  const drop = async (item: FileDropItem | undefined): Promise<void> => take(item && (await item.getFile()));
  const good = checked && checked.report.findings.length === 0;
  return (
    <section className="stack" aria-labelledby="file-title">
      <h2 id="file-title">{say('ledger.verify')}</h2>
      <DropZone className="drop" aria-label={say('ledger.verify')} onDrop={(event) => void drop(event.items.find((item): item is FileDropItem => item.kind === 'file'))}>
        <p>{say('ledger.verify.words')}</p>
        <FileTrigger onSelect={(files) => void take(files?.[0])}><Button className="btn">{say('ledger.verify.choose')}</Button></FileTrigger>
      </DropZone>
      <div role="status">
        {checked && good && <p className="note note-done" data-proof="good">{say('ledger.verify.ok', { matter: checked.report.matter ?? '', count: checked.report.entries.length, size: figure(checked.report.size ?? 0) })}</p>}
        {checked && good && <p className="dim">{checked.report.complete
          ? say('ledger.verify.complete', { count: checked.report.complete.entries, version: checked.report.complete.version, time: moment(checked.report.complete.time) })
          : say('ledger.verify.incomplete')}</p>}
        {checked && !good && <div className="note note-late" data-proof="bad"><p className="strong">{say('ledger.verify.bad', { file: checked.name, count: checked.report.findings.length })}</p><Findings findings={checked.report.findings} /></div>}
      </div>
    </section>
  );
};

/** Entries that are shown as they come. */
const most = 40;

const JustWritten = () => {
  const say = useSay();
  const words = useEntryWords();
  const [news, setNews] = useState<readonly News[]>([]);
  useNews((each) => { if (each !== 'resumed') setNews((before) => [each, ...before].slice(0, most)); });
  return (
    <section className="stack" aria-labelledby="now-title">
      <h2 id="now-title">{say('ledger.now')}</h2>
      {news.length === 0 ? <p className="note note-gap">{say('ledger.now.none')}</p> : (
        <Table label={say('ledger.now')} rows={news} keyOf={(row) => `${row.county} ${row.seq}`} columns={[
          { key: 'seq', label: say('ledger.seq'), narrow: true, cell: (row) => <span className="number">{figure(row.seq)}</span> },
          { key: 'what', label: say('ledger.what'), cell: (row) => words.what(row.kind, row.action) },
          { key: 'open', label: say('ledger.open'), narrow: true, cell: (row) => row.matter && <a href={hrefOf(['inbox', row.matter], { box: 'all' })}>{say('ledger.open')}</a> },
        ]} />
      )}
    </section>
  );
};

/** The county's ledger as this computer can check it: the signed head against what it saw before, exported proofs, and what is being written. */
const Ledger = () => {
  const say = useSay();
  const { session } = useSession();
  const counties = [...new Set(session.grants.map((grant) => grant.county))];
  return (
    <PageFrame title={say('ledger.title')}>
      <div className="halves">
        <div className="stack wide-gap">{counties.map((county) => <HeadCard key={county} county={county} />)}{may(session, browseEntries) && counties.map((county) => <Witnesses key={county} county={county} />)}<FileCheck /></div>
        <div className="stack wide-gap"><JustWritten />{may(session, browseEntries) && counties.map((county) => <LedgerEntries key={county} county={county} />)}</div>
      </div>
    </PageFrame>
  );
};

export default Ledger;
