import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { verify } from '../../src/modules/ledger/service/verify/verify.ts';
import type { Finding } from '../../src/modules/ledger/service/verify/findings.ts';
import { putWitness } from '../../src/modules/ledger/store/witnesses.ts';
import { createWitnesses } from '../../src/modules/ledger/service/witnesses.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor } from './made.ts';

const county = '330281';
const size = 620;

/** One change by the owner of the database, how it is undone, and whether a finding names it. */
interface Tampering {
  readonly what: string;
  readonly change: readonly string[];
  readonly undo: readonly string[];
  readonly names: (finding: Finding) => boolean;
}

const key = (table: string, row: string): string => `${table} where county = '${county}' and ${row}`;
const back = (table: string, row: string): string[] => [
  `delete from ${key(table, row)}`, `insert into ${table} select * from kept_${table} where county = '${county}' and ${row}`,
];

describe('changes that the owner of the database makes under a witnessed checkpoint', () => {
  let world: TestWorld;
  let folder: string;
  let sizes: number[];
  const random = new SeededRandom('tampering');
  const lengths = new Map<string, number>();

  beforeAll(async () => {
    world = await testWorld();
    folder = await mkdtemp(join(tmpdir(), 'lamplight-witness-'));
    const ledger = createLedger(world);
    const entries = entriesFor(county, size, 'tampering');
    for (const end of [100, 256, 300, 512, 580, size]) {
      const before = await ledger.position(world.db, county);
      await ledger.append(world.db, entries.slice(before, end));
      await ledger.sequencer.drain(county);
    }
    await putWitness(world.db, { county, name: 'notary', kind: 'file', target: join(folder, 'seen.txt'), verifier: null, everySeconds: 60, active: true });
    const failures = await createWitnesses(world).show(county);
    if (failures.size > 0) throw new Error([...failures.values()].join());
    const owner = world.ownerDb;
    for (const table of ['ledger_entry', 'ledger_tile', 'ledger_head', 'ledger_checkpoint']) {
      await owner.query(`create table kept_${table} as table ${table}`);
      // Whoever may change a row may also drop a key.
      await owner.query(`alter table ${table} drop constraint ${table}_pkey`);
      await owner.query(`create index on ${table} (county)`);
    }
    for (const row of await owner.query<{ seq: number; n: number }>('select seq, length(canonical) as n from ledger_entry')) lengths.set(`e${row.seq}`, row.n);
    for (const row of await owner.query<{ size: number; n: number }>(`select size, length(convert_to(note, 'UTF8')) as n from ledger_checkpoint`)) lengths.set(`c${row.size}`, row.n);
    lengths.set('edge', (await owner.query<{ n: number }>('select length(edge) as n from ledger_head'))[0]!.n);
    sizes = (await owner.query<{ size: number }>('select size from ledger_checkpoint order by size')).map((row) => row.size);
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const look = async (): Promise<readonly Finding[]> => (await verify(world, [], { county }))[0]!.findings;
  const seqHere = (): number => 1 + random.below(size);
  const xor = (column: string, length: number): string => {
    const at = random.below(length);
    return `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # ${1 + random.below(255)})`;
  };

  const kinds: Record<string, () => Tampering> = {
    'a byte of an entry': () => {
      const seq = seqHere();
      return { what: `entry ${seq}`, change: [`update ledger_entry set canonical = ${xor('canonical', lengths.get(`e${seq}`)!)} where county = '${county}' and seq = ${seq}`], undo: back('ledger_entry', `seq = ${seq}`), names: (f) => f.seq === seq && f.what === 'entry_changed' };
    },
    'a column of an entry': () => {
      const seq = seqHere();
      const set = random.pick([`mv = mv + 1`, `matter = '00000000-0000-7000-8000-00000000000${random.below(10)}'`, `matter = null`, `kind = kind || 'x'`, `action = 'closed'`, `subject = 'config'`, `actor = reverse(actor)`, `at = at + interval '1 millisecond'`]);
      return { what: `${set} at ${seq}`, change: [`update ledger_entry set ${set} where county = '${county}' and seq = ${seq}`], undo: back('ledger_entry', `seq = ${seq}`), names: (f) => f.seq === seq && f.what === 'column_differs' };
    },
    'an entry taken out': () => {
      const seq = seqHere();
      return { what: `entry ${seq}`, change: [`delete from ${key('ledger_entry', `seq = ${seq}`)}`], undo: back('ledger_entry', `seq = ${seq}`), names: (f) => f.seq === seq && f.what === 'entry_missing' };
    },
    'two entries swapped': () => {
      const a = seqHere();
      const b = ((a + 1 + random.below(size - 2)) % size) + 1;
      const rows = `seq in (${a}, ${b})`;
      return {
        what: `${a} and ${b}`, change: [`update ledger_entry set seq = ${a} + ${b} - seq where county = '${county}' and ${rows}`], undo: back('ledger_entry', rows),
        names: (f) => (f.seq === a && f.params['home'] === b || f.seq === b && f.params['home'] === a) && f.what === 'entry_moved',
      };
    },
    'an entry doubled in its place': () => {
      const seq = seqHere();
      return { what: `entry ${seq}`, change: [`insert into ledger_entry select * from kept_ledger_entry where county = '${county}' and seq = ${seq}`], undo: back('ledger_entry', `seq = ${seq}`), names: (f) => f.seq === seq && f.what === 'entry_doubled' };
    },
    'an entry doubled over another': () => {
      const a = seqHere();
      const b = (a % size) + 1;
      return { what: `${a} over ${b}`, change: [`delete from ${key('ledger_entry', `seq = ${b}`)}`, `insert into ledger_entry select county, ${b}, matter, mv, subject, kind, action, at, actor, canonical from kept_ledger_entry where county = '${county}' and seq = ${a}`], undo: back('ledger_entry', `seq = ${b}`), names: (f) => f.seq === b && f.what === 'entry_changed' };
    },
    'an entry doubled at the end': () => {
      const seq = seqHere();
      return { what: `entry ${seq}`, change: [`insert into ledger_entry select county, ${size + 1}, matter, mv, subject, kind, action, at, actor, canonical from kept_ledger_entry where county = '${county}' and seq = ${seq}`], undo: [`delete from ${key('ledger_entry', `seq > ${size}`)}`], names: (f) => f.seq === size + 1 && f.what === 'entry_beyond' };
    },
    'a byte of a tile': () => {
      const tile = random.below(2);
      const at = random.below(8192);
      const row = `level = 0 and index = ${tile}`;
      return { what: `tile ${tile} at ${at}`, change: [`update ledger_tile set hashes = set_byte(hashes, ${at}, get_byte(hashes, ${at}) # ${1 + random.below(255)}) where county = '${county}' and ${row}`], undo: back('ledger_tile', row), names: (f) => f.seq === tile * 256 + Math.floor(at / 32) + 1 && f.what === 'tile_changed' && f.params['tile'] === tile };
    },
    'a tile taken out': () => {
      const tile = random.below(2);
      const row = `level = 0 and index = ${tile}`;
      return { what: `tile ${tile}`, change: [`delete from ${key('ledger_tile', row)}`], undo: back('ledger_tile', row), names: (f) => f.what === 'tile_missing' && f.params['tile'] === tile };
    },
    'two tiles swapped': () => ({ what: 'tiles', change: [`update ledger_tile set index = 1 - index where county = '${county}' and level = 0`], undo: back('ledger_tile', 'level = 0'), names: (f) => f.what === 'tile_changed' }),
    'a tile doubled': () => {
      const tile = random.below(2);
      const target = random.pick([tile, 2, 77]);
      return { what: `tile ${tile} as ${target}`, change: [`insert into ledger_tile select county, level, ${target}, hashes from kept_ledger_tile where county = '${county}' and index = ${tile}`], undo: [`delete from ${key('ledger_tile', 'true')}`, `insert into ledger_tile table kept_ledger_tile`], names: (f) => f.params['tile'] === target && (f.what === 'tile_doubled' || f.what === 'tile_beyond') };
    },
    'a byte of the head': () => {
      const set = random.pick([`edge = ${xor('edge', lengths.get('edge')!)}`, `root = ${xor('root', 32)}`, `size = size + 1`, `size = size - ${1 + random.below(500)}`, `edge = ''`, `signed_size = signed_size - 1`, `signed_size = signed_size + 1`]);
      return { what: set.slice(0, 40), change: [`update ledger_head set ${set} where county = '${county}'`], undo: back('ledger_head', 'true'), names: (f) => f.what === 'head_changed' || (f.what === 'checkpoint_missing' && set.includes('signed_size + 1')) };
    },
    'the head taken out': () => ({ what: 'head', change: [`delete from ${key('ledger_head', 'true')}`], undo: back('ledger_head', 'true'), names: (f) => f.what === 'head_missing' }),
    'a byte of a checkpoint': () => {
      const at = random.pick(sizes);
      const position = random.below(lengths.get(`c${at}`)!);
      // One character for another: the column is text, and stays text.
      const set = random.pick([`note = overlay(note placing (case substr(note, ${1 + position % 150}, 1) when 'A' then 'B' else 'A' end) from ${1 + position % 150})`, `root = ${xor('root', 32)}`, `at = at + interval '1 second'`]);
      return { what: `${at}: ${set.slice(0, 40)}`, change: [`update ledger_checkpoint set ${set} where county = '${county}' and size = ${at}`], undo: back('ledger_checkpoint', `size = ${at}`), names: (f) => f.what.startsWith('checkpoint_') && f.params['size'] === at };
    },
    'a checkpoint taken out': () => {
      const at = random.pick(sizes);
      return { what: `${at}`, change: [`delete from ${key('ledger_checkpoint', `size = ${at}`)}`], undo: back('ledger_checkpoint', `size = ${at}`), names: (f) => f.what === 'checkpoint_missing' && f.params['missing'] === at };
    },
    'a checkpoint doubled or moved': () => {
      const at = random.pick(sizes);
      const target = random.pick([at, at + 1]);
      return { what: `${at} as ${target}`, change: [`insert into ledger_checkpoint select county, ${target}, root, note, at from kept_ledger_checkpoint where size = ${at}`], undo: back('ledger_checkpoint', `size in (${at}, ${target})`), names: (f) => f.what.startsWith('checkpoint_') && (f.params['size'] === target || f.params['size'] === at) };
    },
  };

  test('nothing is found where nothing was changed', async () => {
    const [report] = await verify(world, [], { county });
    expect(report).toMatchObject({ entries: size, checkpoints: sizes.length, witnessed: size, outside: { unwitnessed: 0, unsigned: 0, inbox: 0 }, findings: [] });
  });

  test('a thousand of them are each found and named', async () => {
    const weights: [string, number][] = Object.keys(kinds).map((kind) => [kind, kind === 'a byte of an entry' ? 5 : kind.includes('head taken') || kind.includes('two tiles') ? 0.3 : 1]);
    const sum = weights.reduce((total, [, weight]) => total + weight, 0);
    const missed: string[] = [];
    for (let round = 0; round < 1_000; round++) {
      let left = random.fraction() * sum;
      const kind = weights.find(([, weight]) => (left -= weight) < 0)![0];
      const { what, change, undo, names } = kinds[kind]!();
      await world.ownerDb.transaction(async (tx) => { for (const sql of change) await tx.query(sql); });
      const findings = await look();
      if (!findings.some(names)) missed.push(`${kind}, ${what}: ${JSON.stringify(findings.slice(0, 4))}`);
      await world.ownerDb.transaction(async (tx) => { for (const sql of undo) await tx.query(sql); });
    }
    expect(missed).toEqual([]);
    expect(await look()).toEqual([]);
  }, 240_000);

  test('rewriting everything from an entry on, tiles and head and all, is found by what the witness keeps', async () => {
    const owner = world.ownerDb;
    await owner.query(`update ledger_entry set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '"step1"', '"step9"'), 'UTF8'), action = 'step9' where seq = 401`);
    const rows = await owner.query<{ canonical: Buffer }>('select canonical from ledger_entry order by seq');
    const { extend, encodeEdge, hashLeaf, rootOf } = await import('../../src/modules/ledger/rules/tree.ts');
    const { sha256 } = await import('../../src/modules/ledger/service/sha256.ts');
    const { edge, tiles } = extend(sha256, 0, [], Buffer.concat(rows.map((row) => hashLeaf(sha256, row.canonical))));
    for (const tile of tiles) await owner.query('update ledger_tile set hashes = $1 where level = $2 and index = $3', [tile.hashes, tile.level, tile.index]);
    await owner.query('update ledger_head set edge = $1, root = $2', [encodeEdge(edge), rootOf(sha256, edge)]);
    await owner.query('delete from ledger_checkpoint where size > 300');
    const findings = await look();
    expect(findings).toContainEqual({ county, seq: 301, what: 'log_rewritten', params: { to: size, source: 'notary' } });
  });

  test('cutting the end off, checkpoints and all, is found by what the witness keeps', async () => {
    const owner = world.ownerDb;
    for (const table of ['ledger_entry', 'ledger_tile', 'ledger_head', 'ledger_checkpoint']) {
      await owner.query(`delete from ${table}`);
      await owner.query(`insert into ${table} table kept_${table}`);
    }
    await owner.query('delete from ledger_entry where seq > 512');
    await owner.query('delete from ledger_checkpoint where size > 512');
    const { extend, encodeEdge, hashLeaf, rootOf } = await import('../../src/modules/ledger/rules/tree.ts');
    const { sha256 } = await import('../../src/modules/ledger/service/sha256.ts');
    const rows = await owner.query<{ canonical: Buffer }>('select canonical from ledger_entry order by seq');
    const { edge } = extend(sha256, 0, [], Buffer.concat(rows.map((row) => hashLeaf(sha256, row.canonical))));
    await owner.query('update ledger_head set size = 512, signed_size = 512, edge = $1, root = $2', [encodeEdge(edge), rootOf(sha256, edge)]);
    expect(await look()).toEqual([{ county, seq: 513, what: 'log_shortened', params: { to: size, source: 'notary' } }]);
    const failures = await createWitnesses(world).show(county);
    expect(failures.get('notary')?.message).toContain('entries are missing');
  });
});
