import type { Tx } from '../../../platform/database/database.ts';
import { inboxInsert } from '../../ledger/index.ts';
import { deliveryInsert, type DeliveryRow } from '../../outreach/index.ts';
import type { clockJson, FileJson, matterJson, OperationJson, TextJson } from './rows.ts';

/** Everything that a number of actions write, of one county or of several; rows of one action share its `n`. */
export interface Writes {
  readonly matters: ReturnType<typeof matterJson>[];
  readonly operations: OperationJson[];
  /** Canonical JSON, in the order in which they happen. */
  readonly entries: { readonly n: number; readonly county: string; readonly ord: number; readonly entry: string }[];
  readonly clocks: ReturnType<typeof clockJson>[];
  readonly texts: TextJson[];
  readonly files: FileJson[];
  readonly deliveries: DeliveryRow[];
}

export const noWrites = (): Writes => ({ matters: [], operations: [], entries: [], clocks: [], texts: [], files: [], deliveries: [] });

const matterRecord = `w(n integer, expect integer, county text, id uuid, kind text, state text, version integer, number text, title text,
  place text, path text, village text, lng double precision, lat double precision, component text, code text,
  code_version integer, lead_unit text, handler text, reporter text, parent uuid, data jsonb, doers jsonb,
  due_at timestamptz, warn_at timestamptz, due_clock text, created_at timestamptz, updated_at timestamptz, ended_at timestamptz)`;

const insertMatter = (from: string) => `insert into matter (county, id, kind, state, version, number, title, place, path, village, at,
    component, code, code_version, lead_unit, handler, reporter, parent, data, doers, due_at, warn_at, due_clock,
    created_at, updated_at, ended_at)
  select w.county, w.id, w.kind, w.state, w.version, w.number, w.title, w.place, w.path, w.village, point(w.lng, w.lat),
    w.component, w.code, w.code_version, w.lead_unit, w.handler, w.reporter, w.parent, w.data, w.doers, w.due_at, w.warn_at,
    w.due_clock, w.created_at, w.updated_at, w.ended_at
  from ${from}`;

const setMatter = `set state = w.state, version = w.version, title = w.title, place = w.place, path = w.path,
    village = w.village, at = point(w.lng, w.lat), component = w.component, code = w.code, code_version = w.code_version,
    lead_unit = w.lead_unit, handler = w.handler, reporter = w.reporter, parent = w.parent, data = w.data, doers = w.doers,
    due_at = w.due_at, warn_at = w.warn_at, due_clock = w.due_clock, updated_at = w.updated_at, ended_at = w.ended_at`;

const insertOperation = (from: string) => `insert into operation (county, op, digest, status, answer, at)
  select o.county, o.op, decode(o.digest, 'hex'), o.status, o.answer, o.at
  from jsonb_to_recordset(${from}::jsonb) as o(n integer, county text, op uuid, digest text, status integer, answer jsonb, at timestamptz, always boolean)`;

const insertClock = (from: string) => `insert into clock (county, matter, name, kind, unit, amount, started_at, due_at, warn_at, provisional,
    running_since, paused_at, stopped_at, spent_ms, fired_at, warned_at)
  select c.county, c.matter, c.name, c.kind, c.unit, c.amount, c.started_at, c.due_at, c.warn_at, c.provisional,
    c.running_since, c.paused_at, c.stopped_at, c.spent_ms, c.fired_at, c.warned_at
  from jsonb_to_recordset(${from}::jsonb) as c(n integer, county text, matter uuid, name text, kind text, unit text, amount double precision,
    started_at timestamptz, due_at timestamptz, warn_at timestamptz, provisional boolean, running_since timestamptz,
    paused_at timestamptz, stopped_at timestamptz, spent_ms bigint, fired_at timestamptz, warned_at timestamptz)`;

const onClock = `on conflict (county, matter, name) do update set unit = excluded.unit, amount = excluded.amount,
    started_at = excluded.started_at, due_at = excluded.due_at, warn_at = excluded.warn_at, provisional = excluded.provisional,
    running_since = excluded.running_since, paused_at = excluded.paused_at, stopped_at = excluded.stopped_at,
    spent_ms = excluded.spent_ms, fired_at = excluded.fired_at, warned_at = excluded.warned_at`;

const insertText = (from: string) => `insert into matter_text (county, id, matter, version, name, body, salt, personal, author, at)
  select t.county, t.id, t.matter, t.version, t.name, t.body, decode(t.salt, 'hex'), t.personal, t.author, t.at
  from jsonb_to_recordset(${from}::jsonb) as t(n integer, county text, id uuid, matter uuid, version integer, name text, body text, salt text,
    personal boolean, author text, at timestamptz)`;

const insertFile = (from: string) => `insert into matter_file (county, matter, version, role, served, original, author, at)
  select f.county, f.matter, f.version, f.role, f.served, f.original, f.author, f.at
  from jsonb_to_recordset(${from}::jsonb) as f(n integer, county text, matter uuid, version integer, role text, served text, original text, author text, at timestamptz)`;

const entryRows = (from: string, where: string) =>
  `(select e.county, e.entry, e.ord from jsonb_to_recordset(${from}::jsonb) as e(n integer, county text, ord integer, entry text) where ${where}) as e`;

const isDone = (alias: string) => `${alias}.n in (select n from done)`;

/**
 * Up to 64 actions in one statement. `held` locks the matters in the order of their ids (without it 152 of 900 trial
 * batches deadlocked) and sees the newest version after waiting; an action whose matters have all kept the version that
 * it was decided on is done as a whole, and any other leaves nothing behind and is missing from the answer. `changed` names
 * the ids twice: planned while the table was small, it would otherwise go on reading the whole county for ten matters.
 */
const batchSql = `
with w as materialized (select * from jsonb_to_recordset($1::jsonb) as ${matterRecord}),
held as materialized (
  select m.county, m.id, m.version from matter m
  where m.county = any($9::text[]) and m.id = any($8::uuid[])
  order by m.id for update),
done as materialized (
  select w.n from w left join held h on h.county = w.county and h.id = w.id
  group by w.n having bool_and(w.expect is null or coalesce(h.version = w.expect, false))),
changed as (
  update matter m ${setMatter}
  from w where ${isDone('w')} and w.expect is not null and m.county = any($9::text[]) and m.id = any($8::uuid[])
    and m.county = w.county and m.id = w.id),
made as (${insertMatter('w')} where w.expect is null and ${isDone('w')}),
remembered as (${insertOperation('$2')} where o.always or ${isDone('o')}),
logged as (${inboxInsert(entryRows('$3', isDone('e')))}),
timed as (${insertClock('$4')} where ${isDone('c')} ${onClock}),
said as (${insertText('$5')} where ${isDone('t')}),
shown as (${insertFile('$6')} where ${isDone('f')}),
sent as (${deliveryInsert('$7', isDone('d'))})
select n from done`;

/**
 * Makes only: nothing to lock and nothing to lose a race to, so every row stands on its own and the planner
 * has half as much to do.
 */
const makeSql = `
with made as (${insertMatter(`jsonb_to_recordset($1::jsonb) as ${matterRecord}`)}),
remembered as (${insertOperation('$2')}),
logged as (${inboxInsert(entryRows('$3', 'true'))}),
timed as (${insertClock('$4')}),
said as (${insertText('$5')}),
shown as (${insertFile('$6')})
${deliveryInsert('$7', 'true')}`;

const parameters = (writes: Writes): unknown[] => [
  JSON.stringify(writes.matters), JSON.stringify(writes.operations), JSON.stringify(writes.entries),
  JSON.stringify(writes.clocks), JSON.stringify(writes.texts), JSON.stringify(writes.files), JSON.stringify(writes.deliveries),
];

/**
 * Writes a batch. @returns the `n` of every action that was done; the others lost a race and must be decided anew.
 * @throws the database's error where an `op` was there already or the like: nothing of the batch is written then.
 */
export const writeBatch = async (tx: Tx, writes: Writes): Promise<ReadonlySet<number>> => {
  const changed = writes.matters.filter((matter) => matter.expect !== null);
  if (changed.length === 0) {
    await tx.query(makeSql, parameters(writes), 'matters_make');
    return new Set(writes.matters.map((matter) => matter.n));
  }
  const rows = await tx.query<{ n: number }>(batchSql, [...parameters(writes), changed.map(({ id }) => id), [...new Set(changed.map(({ county }) => county))]], 'matters_batch');
  return new Set(rows.map((row) => row.n));
};

/** Thrown inside a transaction of several statements where a matter has moved on, so that it rolls back. */
export class MatterMoved extends Error {}

/**
 * Writes one action as plain statements within the caller's transaction: for services with rows of their own, and for
 * databases that cannot carry the batch (Citus refuses INSERT in a WITH). The same rows as `writeBatch`.
 * @throws MatterMoved
 */
export const writePlain = async (tx: Tx, county: string, writes: Writes): Promise<void> => {
  const ids = writes.matters.filter((matter) => matter.expect !== null).map((matter) => matter.id);
  if (ids.length > 0) {
    const held = await tx.query<{ id: string; version: number }>(
      'select id, version from matter where county = $1 and id = any($2::uuid[]) order by id for update', [county, ids], 'matters_hold');
    const versions = new Map(held.map((row) => [row.id, row.version]));
    for (const matter of writes.matters)
      if (matter.expect !== null && versions.get(matter.id) !== matter.expect) throw new MatterMoved();
  }
  const [matters, operations, entries, clocks, texts, files, deliveries] = parameters(writes);
  const record = `jsonb_to_recordset($1::jsonb) as ${matterRecord}`;
  await tx.query(`update matter m ${setMatter} from ${record} where w.expect is not null and m.county = $2 and m.id = w.id`, [matters, county], 'matters_plain_update');
  await tx.query(`${insertMatter(record)} where w.expect is null`, [matters], 'matters_plain_insert');
  await tx.query(insertOperation('$1'), [operations], 'matters_plain_operation');
  await tx.query(inboxInsert(entryRows('$1', 'true')), [entries], 'matters_plain_inbox');
  if (writes.clocks.length) await tx.query(`${insertClock('$1')} where true ${onClock}`, [clocks], 'matters_plain_clock');
  if (writes.texts.length) await tx.query(insertText('$1'), [texts], 'matters_plain_text');
  if (writes.files.length) await tx.query(insertFile('$1'), [files], 'matters_plain_file');
  if (writes.deliveries.length) await tx.query(deliveryInsert('$1', 'true'), [deliveries], 'matters_plain_delivery');
};
