import type { PoolClient } from 'pg';
import type { Database, Tx } from '../../../../platform/database/database.ts';
import type { World } from '../../../../platform/world.ts';
import { readEntry } from '../../rules/entry.ts';
import { toHex } from '../../rules/notes.ts';
import { latestCheckpoint, readCheckpoints } from '../../store/checkpoints.ts';
import { lastSeq, readHead, tilesBeyond } from '../../store/log.ts';
import { scanLog, type ScannedRow } from '../../store/scan.ts';
import { checkRow, type Anchor, type KnownKey } from './anchors.ts';
import { collectTexts, readChecked } from './columns.ts';
import type { CountyReport, Finding, NamedText, TraceChecker } from './findings.ts';
import { Replay } from './replay.ts';
import { checkBytesInThread } from './thread.ts';
import { tileReader } from './tiles.ts';
import { readTree, TreeCheck, type StoredTree } from './tree.ts';

/** Texts that are opened at once. */
const textsAtOnce = 2_000;

/** Reads and checks the table of checkpoints, up to the newest one of the snapshot. */
const readAnchors = async (
  db: Tx, county: string, last: number, signedSize: number | undefined, keys: readonly KnownKey[],
): Promise<{ anchors: Anchor[]; count: number; findings: Finding[] }> => {
  const anchors: Anchor[] = [];
  const findings: Finding[] = [];
  let [count, previous, after] = [0, 0, -1];
  for (let page = await readCheckpoints(db, county, after, 1_000); page.length > 0; page = await readCheckpoints(db, county, after, 1_000)) {
    for (const row of page) {
      if (row.size > last) break;
      const checked = await checkRow(county, row, previous, keys);
      findings.push(...checked.findings);
      if (checked.anchor) anchors.push(checked.anchor);
      previous = row.size;
      count++;
    }
    after = page.at(-1)!.size;
    if (after >= last) break;
  }
  if (signedSize !== undefined && signedSize !== last)
    findings.push({ county, seq: null, what: signedSize > last ? 'checkpoint_missing' : 'head_changed', params: { size: last, missing: signedSize, column: 'signed_size' } });
  return { anchors, count, findings };
};

const kindsOf = (checkers: readonly TraceChecker[]): string[] => checkers.flatMap(({ config }) => config?.map(({ kind }) => kind) ?? []);

/** What one pass over the log came to. */
interface Passed {
  readonly entries: number;
  /** Hexadecimal. */
  readonly root: string;
  readonly witnessed: number | null;
  readonly findings: readonly Finding[];
  readonly replay: Replay;
}

/** What a pass is given. */
interface Pass {
  readonly client: PoolClient;
  readonly db: Database;
  readonly county: string;
  readonly stored: Omit<StoredTree, 'tile'>;
  readonly anchors: readonly Anchor[];
  readonly checkers: readonly TraceChecker[];
  progress(done: number, of: number): void;
}

/** Everything in one go, and only rows whose bytes are right are replayed: one change is one finding. */
const passCarefully = async ({ client, db, county, stored, anchors, checkers, progress }: Pass): Promise<Passed> => {
  const findings: Finding[] = [];
  const tree = new TreeCheck<ScannedRow>(county, { ...stored, tile: tileReader(db, county, (finding) => findings.push(finding)) }, anchors);
  const replay = new Replay(county, kindsOf(checkers));
  let texts: NamedText[] = [];
  const openTexts = async (): Promise<void> => {
    const some = texts;
    texts = [];
    for (const checker of checkers) if (checker.texts) findings.push(...(await checker.texts(db, county, some)));
  };
  const accept = (row: ScannedRow): void => {
    const { entry, findings: wrong } = readChecked(county, row);
    if (wrong.length > 0) findings.push(...wrong);
    if (!entry) return;
    findings.push(...replay.take(row.seq, entry));
    collectTexts(texts, row.seq, entry);
  };
  const lost = (row: ScannedRow): void => {
    if (row.matter) replay.lose(row.matter);
  };
  for await (const rows of scanLog(client, county)) {
    await tree.take(rows, accept, lost);
    if (texts.length >= textsAtOnce) await openTexts();
    progress(tree.size, stored.size);
  }
  await tree.end(accept, lost);
  await openTexts();
  return { entries: tree.size, root: toHex(tree.root()), witnessed: tree.witnessed, findings: [...findings, ...tree.findings], replay };
};

/**
 * The same in two threads, which share a snapshot: one for hashes, tree and texts, this one for columns and replay. It
 * believes every row, so it says nothing (undefined) where the other thread does not: then the careful way has to name it.
 */
const passQuickly = async ({ client, db, county, stored, anchors, checkers, progress }: Pass): Promise<Passed | undefined> => {
  const modules = checkers.flatMap(({ texts, module }) => (texts ? [module!] : []));
  const { rows: [snapshot] } = await client.query<{ id: string }>('select pg_export_snapshot() as id');
  const thread = checkBytesInThread({ url: db.url, snapshot: snapshot!.id, county, stored, anchors, modules });
  try {
    const findings: Finding[] = [];
    const replay = new Replay(county, kindsOf(checkers));
    let done = 0;
    for await (const rows of scanLog(client, county)) {
      for (const row of rows) {
        const { entry, findings: wrong } = readChecked(county, row);
        if (wrong.length > 0) findings.push(...wrong);
        const unfit = entry ? replay.take(row.seq, entry) : [];
        if (unfit.length > 0) findings.push(...unfit);
      }
      progress(done += rows.length, stored.size);
    }
    const { tree, texts, entries, root, witnessed } = await thread.result;
    return tree === 0 ? { entries, root, witnessed, findings: [...findings, ...texts], replay } : undefined;
  } finally {
    await thread.end();
  }
};

/**
 * Reads a whole county: every entry, hash, column, version, tile, checkpoint. `client` is a connection of one's own; what
 * is checked is the snapshot of one moment, with work going on meanwhile.
 * @param outside checkpoints that were kept outside of the database.
 * @param quickFrom entries from which on a second thread is worth its start.
 */
export const verifyCounty = async (
  { db }: Pick<World, 'db'>, keys: readonly KnownKey[], client: PoolClient, county: string, outside: readonly Anchor[],
  checkers: readonly TraceChecker[], progress: (done: number, of: number) => void = () => {}, quickFrom = 20_000,
): Promise<CountyReport> => {
  const tx: Tx = {
    query: async <Row>(sql: string, params: readonly unknown[] = [], name?: string) =>
      (await client.query({ text: sql, values: params as unknown[], ...(name && { name }) })).rows as Row[],
  };
  await client.query('begin isolation level repeatable read read only');
  try {
    const head = await readHead(tx, county);
    const newest = (await latestCheckpoint(tx, county))?.size ?? 0;
    const inTable = await lastSeq(tx, county);
    const waiting = await tx.query<{ entry: Buffer }>('select entry from ledger_inbox where county = $1 order by id', [county]);
    const { edge, broken } = readTree(head);
    const read = await readAnchors(db, county, newest, head?.signedSize, keys);
    const anchors = [...read.anchors, ...outside].sort((a, b) => a.size - b.size);
    const size = head && !broken ? head.size : Math.max(inTable, read.anchors.at(-1)?.size ?? 0);
    const pass: Pass = { client, db, county, stored: { head, size, edge: size === head?.size ? edge : [] }, anchors, checkers, progress };
    const isQuick = size >= quickFrom && checkers.every(({ texts, module }) => !texts || module !== undefined);
    const passed = (isQuick ? await passQuickly(pass) : undefined) ?? (await passCarefully(pass));
    const { replay, entries } = passed;
    const findings: Finding[] = [...read.findings, ...passed.findings];
    for (const tile of await tilesBeyond(tx, county, size)) findings.push({ county, seq: null, what: 'tile_beyond', params: { level: tile.level, tile: tile.index } });
    for (const { entry: bytes } of waiting) {
      const entry = readEntry(bytes);
      if (entry) findings.push(...replay.take(null, entry));
    }
    for (const { matters, config } of checkers) {
      if (matters) findings.push(...(await matters(tx, county, replay)));
      for (const each of config ?? []) findings.push(...(await each.check(tx, county, replay.config.get(each.kind)!)));
    }
    const signed = read.anchors.at(-1)?.size ?? 0;
    return {
      county, entries, checkpoints: read.count, root: passed.root, witnessed: passed.witnessed,
      outside: { unwitnessed: Math.max(entries - (passed.witnessed ?? 0), 0), unsigned: Math.max(entries - signed, 0), inbox: waiting.length, plain: replay.plain() },
      configured: kindsOf(checkers),
      findings,
    };
  } finally {
    await client.query('rollback').catch(() => {});
  }
};
