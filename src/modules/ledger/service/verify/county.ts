import type { PoolClient } from 'pg';
import type { Tx } from '../../../../platform/database/database.ts';
import type { World } from '../../../../platform/world.ts';
import type { Entry } from '../../contract.ts';
import { readEntry } from '../../rules/entry.ts';
import { toHex } from '../../rules/notes.ts';
import { hashBytes, tileWidth } from '../../rules/tree.ts';
import { latestCheckpoint, readCheckpoints } from '../../store/checkpoints.ts';
import { lastSeq, readHead, scanTiles, tilesBeyond } from '../../store/log.ts';
import { scanLog } from '../../store/scan.ts';
import { checkRow, type Anchor } from './anchors.ts';
import { collectTexts, readChecked } from './columns.ts';
import type { CountyReport, Finding, NamedText, TraceChecker } from './findings.ts';
import { Replay } from './replay.ts';
import { readTree, TreeCheck, type StoredTree } from './tree.ts';

/** Tiles of level 0 that are read at once: 2 MB. */
const tilesAtOnce = 256;
const textsAtOnce = 500;
const mattersAtOnce = 2_000;

/** Reads tiles in the order in which they are needed. Tiles above level 0 stay: there are 256 times fewer. */
const tileReader = (tx: Tx, county: string, report: (finding: Finding) => void): StoredTree['tile'] => {
  const pages = new Map<number, { page: number; tiles: Map<number, Uint8Array> }>();
  return async (level, index) => {
    const page = Math.floor(index / tilesAtOnce);
    let held = pages.get(level);
    if (held?.page !== page) {
      const tiles = new Map<number, Uint8Array>();
      for (const row of await scanTiles(tx, county, level, page * tilesAtOnce, (page + 1) * tilesAtOnce)) {
        if (tiles.has(row.index)) report({ county, seq: row.index * tileWidth ** (level + 1) + 1, what: 'tile_doubled', params: { level, tile: row.index } });
        if (row.hashes.length !== tileWidth * hashBytes) report({ county, seq: row.index * tileWidth ** (level + 1) + 1, what: 'tile_changed', params: { level, tile: row.index, hash: Math.floor(row.hashes.length / hashBytes) } });
        tiles.set(row.index, row.hashes);
      }
      held = { page, tiles };
      pages.set(level, held);
    }
    return held.tiles.get(index);
  };
};

/** Reads and checks the table of checkpoints, up to the newest one of the snapshot. */
const readAnchors = async (
  db: Tx, county: string, last: number, signedSize: number | undefined, keys: World['keys'],
): Promise<{ anchors: Anchor[]; count: number; findings: Finding[] }> => {
  const anchors: Anchor[] = [];
  const findings: Finding[] = [];
  let [count, previous, after] = [0, 0, -1];
  for (let page = await readCheckpoints(db, county, after, 1_000); page.length > 0; page = await readCheckpoints(db, county, after, 1_000)) {
    for (const row of page) {
      if (row.size > last) break;
      const checked = await checkRow(county, row, previous, keys.ledgerKeys);
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

/**
 * Reads a whole county: every entry, hash, column, version, tile, checkpoint. `client` is a connection of one's own; what
 * is checked is the snapshot of one moment, with work going on meanwhile.
 * @param outside checkpoints that were kept outside of the database.
 */
export const verifyCounty = async (
  { db, keys }: Pick<World, 'db' | 'keys'>, client: PoolClient, county: string, outside: readonly Anchor[],
  checkers: readonly TraceChecker[], progress: (done: number, of: number) => void = () => {},
): Promise<CountyReport> => {
  const tx: Tx = {
    query: async <Row>(sql: string, params: readonly unknown[] = [], name?: string) =>
      (await client.query({ text: sql, values: params as unknown[], ...(name && { name }) })).rows as Row[],
  };
  await client.query('begin isolation level repeatable read read only');
  try {
    const findings: Finding[] = [];
    const head = await readHead(tx, county);
    const newest = (await latestCheckpoint(tx, county))?.size ?? 0;
    const inTable = await lastSeq(tx, county);
    const [{ inbox } = { inbox: 0 }] = await tx.query<{ inbox: number }>('select count(*) as inbox from ledger_inbox where county = $1', [county]);
    const { edge, broken } = readTree(head);
    const read = await readAnchors(db, county, newest, head?.signedSize, keys);
    findings.push(...read.findings);
    const anchors = [...read.anchors, ...outside].sort((a, b) => a.size - b.size);
    const size = head && !broken ? head.size : Math.max(inTable, read.anchors.at(-1)?.size ?? 0);
    const tree = new TreeCheck(county, { head, size, edge: size === head?.size ? edge : [], tile: tileReader(db, county, (finding) => findings.push(finding)) }, anchors);

    const replay = new Replay(county);
    let texts: NamedText[] = [];
    const openTexts = async (): Promise<void> => {
      const some = texts;
      texts = [];
      for (const checker of checkers) if (checker.texts) findings.push(...(await checker.texts(db, county, some)));
    };
    const replayed = (seq: number | null, entry: Entry): void => {
      const wrong = replay.take(seq, entry);
      if (wrong.length > 0) findings.push(...wrong);
      if (seq !== null) collectTexts(texts, seq, entry);
    };
    const accept = (row: Parameters<typeof readChecked>[1]): void => {
      const { entry, findings: wrong } = readChecked(county, row);
      if (wrong.length > 0) findings.push(...wrong);
      if (entry) replayed(row.seq, entry);
    };
    const lost = (row: Parameters<typeof readChecked>[1]): void => {
      if (row.matter) replay.lose(row.matter);
    };
    for await (const rows of scanLog(client, county)) {
      await tree.take(rows, accept, lost);
      if (texts.length >= textsAtOnce) await openTexts();
      progress(tree.size, size);
    }
    await tree.end(accept, lost);
    findings.push(...tree.findings);
    for (const tile of await tilesBeyond(tx, county, size)) findings.push({ county, seq: null, what: 'tile_beyond', params: { level: tile.level, tile: tile.index } });
    await openTexts();

    for (const { entry: bytes } of await tx.query<{ entry: Buffer }>('select entry from ledger_inbox where county = $1 order by id', [county])) {
      const entry = readEntry(bytes);
      if (entry) replayed(null, entry);
    }
    for (const checker of checkers) {
      if (checker.matters) for (const portion of replay.portions(mattersAtOnce)) findings.push(...(await checker.matters(tx, county, portion)));
      if (checker.strangers) findings.push(...(await checker.strangers(tx, county, replay.isKnown)));
    }
    const signed = read.anchors.at(-1)?.size ?? 0;
    return {
      county, entries: tree.size, checkpoints: read.count, root: toHex(tree.root()), witnessed: tree.witnessed,
      outside: { unwitnessed: Math.max(tree.size - (tree.witnessed ?? 0), 0), unsigned: Math.max(tree.size - signed, 0), inbox },
      findings,
    };
  } finally {
    await client.query('rollback').catch(() => {});
  }
};
