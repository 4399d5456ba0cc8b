import type pg from 'pg';
import { copyBytes, copyCell as cell, openCopy, portionsOf } from '../../../platform/database/copying.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { inboxCopy } from '../../ledger/index.ts';
import type { Writes } from './write.ts';

const intoMatter = `matter (county, id, kind, state, version, number, title, place, path, village, at, component, code, code_version, lead_unit, handler, reporter, parent, data, doers, due_at, warn_at, due_clock,
  created_at, updated_at, ended_at)`;
const intoClock = 'clock (county, matter, name, kind, unit, amount, started_at, due_at, warn_at, provisional, running_since, paused_at, stopped_at, spent_ms, fired_at, warned_at)';
const intoText = 'matter_text (county, id, matter, version, name, body, salt, personal, author, at)';

/** Lines of one table, encoded. */
export interface MadeTable {
  /** Table and columns. */
  readonly into: string;
  readonly portions: readonly Uint8Array[];
}

/** Rows of makes as COPY wants them: the same rows as `writeBatch` writes, but for `operation`. */
export const madeTables = ({ matters, clocks, texts, entries }: Pick<Writes, 'matters' | 'clocks' | 'texts' | 'entries'>): MadeTable[] => ([
  [intoMatter, matters.map((m) =>
    `${cell(m.county)}\t${m.id}\t${m.kind}\t${m.state}\t${m.version}\t${m.number}\t${cell(m.title)}\t${cell(m.place)}\t${cell(m.path)}\t${cell(m.village)}\t${m.lng === null || m.lat === null ? '\\N' : `(${m.lng},${m.lat})`}\t${
      cell(m.component)}\t${cell(m.code)}\t${cell(m.code_version)}\t${cell(m.lead_unit)}\t${cell(m.handler)}\t${cell(m.reporter)}\t${cell(m.parent)}\t${cell(JSON.stringify(m.data))}\t${cell(JSON.stringify(m.doers))}\t${
      cell(m.due_at)}\t${cell(m.warn_at)}\t${cell(m.due_clock)}\t${cell(m.created_at)}\t${cell(m.updated_at)}\t${cell(m.ended_at)}\n`)],
  [intoClock, clocks.map((c) =>
    `${cell(c.county)}\t${c.matter}\t${c.name}\t${c.kind}\t${c.unit}\t${c.amount}\t${cell(c.started_at)}\t${cell(c.due_at)}\t${cell(c.warn_at)}\t${c.provisional}\t${cell(c.running_since)}\t${cell(c.paused_at)}\t${
      cell(c.stopped_at)}\t${c.spent_ms}\t${cell(c.fired_at)}\t${cell(c.warned_at)}\n`)],
  [intoText, texts.map((t) => `${cell(t.county)}\t${t.id}\t${t.matter}\t${t.version}\t${cell(t.name)}\t${cell(t.body)}\t\\\\x${t.salt}\t${t.personal}\t${cell(t.author)}\t${t.at}\n`)],
  // Ids of the inbox follow the order of the lines.
  [inboxCopy, entries.map(({ county, entry }) => `${cell(county)}\t${copyBytes(entry)}\n`)],
] as const).map(([into, lines]) => ({ into, portions: [...portionsOf(lines)] }));

/** Writes parts of the same tables one after the other, in the caller's transaction on this connection. */
export const copyMade = async (client: pg.PoolClient, parts: readonly (readonly MadeTable[])[]): Promise<void> => {
  for (const [n, { into }] of (parts[0] ?? []).entries()) {
    const portions = parts.flatMap((part) => part[n]!.portions);
    if (portions.length === 0) continue;
    const copying = openCopy(client, into);
    await copying.give(portions);
    await copying.end();
  }
};

/** Leases figures of several days at once; gives the first of each. */
export const leaseDays = async (tx: Tx, county: string, days: ReadonlyMap<string, number>): Promise<Map<string, number>> => {
  const rows = await tx.query<{ day: string; next: number }>(
    `insert into number_lease as l (county, day, next) select $1, d.day, d.size from unnest($2::text[], $3::int[]) d(day, size) order by d.day
     on conflict (county, day) do update set next = l.next + excluded.next returning day, next`, [county, [...days.keys()], [...days.values()]], 'matters_lease_days');
  return new Map(rows.map(({ day, next }) => [day, next - days.get(day)!]));
};
