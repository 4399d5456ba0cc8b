import { createHash } from 'node:crypto';
import type { Actor } from '../../base/actor.ts';
import { canonical, type Json } from '../../base/canonical.ts';
import { isRefusal, refuse, type FieldError, type Result } from '../../base/result.ts';
import type { World } from '../../platform/world.ts';
import { entryOf, type Identity } from '../identity/index.ts';
import type { Ledger } from '../ledger/index.ts';
import { readRow, type StandardField } from './rules/rows.ts';
import type { StandardRow, Standards, StandardsVersion } from './rules/standards.ts';
import { rowChanges, type RowChange } from './rules/table.ts';
import { insertVersion, setWithdrawnAt } from './store.ts';
import { rowsDigest } from './tracing.ts';

/** One row to be added (no key), replaced member by member, or taken out (no values). */
export interface RowEdit {
  readonly key: string | null;
  readonly values: Readonly<Partial<Record<StandardField, string>>> | null;
}

/** What an edit stands on and brings. */
export interface EditOrder {
  /** The version that the edits were made on; it must be the newest one. */
  readonly base: number;
  readonly edits: readonly RowEdit[];
  /** Milliseconds since 1970; now where absent. */
  readonly effectiveAt?: number;
}

/** Changing a code table without a file. Rows of a version never change: every change is a version of its own. */
export interface Editing {
  /** Row by row what a version changes over another; undefined where one is not there. Against 0: every row is new. */
  difference(county: string, version: number, against: number): readonly RowChange[] | undefined;
  /** What edits would change. Refusals: 404 `catalogue.no_version`, 422 `catalogue.edit` with what is wrong where. */
  preview(county: string, order: EditOrder): Promise<Result<readonly RowChange[]>>;
  /** Makes edits the next version. Refusals as of `preview`, 403, 409 `catalogue.moved`, 409 `catalogue.nothing`. */
  save(actor: Actor, county: string, order: EditOrder): Promise<Result<{ readonly version: number }>>;
  /** Makes the rows of an earlier version the next one. Refusals: 403, 404 `catalogue.no_version`. */
  copy(actor: Actor, county: string, version: number, effectiveAt?: number): Promise<Result<{ readonly version: number }>>;
  /**
   * Says that a version counts no more. What was decided under it keeps it. Refusals: 403, 404 `catalogue.no_version`, 409 `catalogue.withdrawn`,
   * 409 `catalogue.last_version` where no other one would count.
   */
  withdraw(actor: Actor, county: string, version: number): Promise<Result<{ readonly current: number | null }>>;
  /** Takes a withdrawal back. Refusals: 403, 404 `catalogue.no_version`, 409 `catalogue.not_withdrawn`. */
  restore(actor: Actor, county: string, version: number): Promise<Result<{ readonly current: number | null }>>;
}

interface Needs {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer'>;
  readonly identity: Pick<Identity, 'permits'>;
  readonly standards: Standards;
  readonly refresh: (county?: string) => Promise<void>;
}

const valuesOf = (row: StandardRow): Partial<Record<StandardField, string>> => ({
  kind: row.kind, major: row.major, majorName: row.majorName, minor: row.minor, minorName: row.minorName, handler: row.handler, authority: row.authority,
  openCondition: row.openCondition, closeCondition: row.closeCondition, timeLimit: row.limitText,
});

export const createEditing = ({ world, ledger, identity, standards, refresh }: Needs): Editing => {
  const find = (county: string, version: number): StandardsVersion | undefined => standards.versions(county).find((one) => one.version === version);

  const edited = (county: string, { base, edits }: EditOrder): Result<readonly StandardRow[]> => {
    const from = find(county, base);
    if (!from) return refuse(404, 'catalogue.no_version', { version: base });
    const rows = [...standards.rows(county, base)];
    const errors: FieldError[] = [];
    edits.forEach(({ key, values }, index) => {
      const at = key === null ? -1 : rows.findIndex((row) => row.key === key);
      if (key !== null && at < 0) { errors.push({ path: `/edits/${index}/key`, reason: 'catalogue.no_row', params: { key } }); return; }
      if (values === null) { if (at >= 0) rows.splice(at, 1); return; }
      const old = rows[at];
      const read = readRow(old?.line ?? Math.max(0, ...rows.map(({ line }) => line)) + 1, { ...(old && valuesOf(old)), ...values }, { defaultHour: from.defaultHour === 'urgentHour' ? 'urgentHour' : 'workingHour' });
      if ('errors' in read) { errors.push(...read.errors.map(({ column, value, rule }) => ({ path: `/edits/${index}/values/${column ?? ''}`, reason: rule, params: { line: index + 1, column: column ?? '', value } }))); return; }
      if (rows.some((row, other) => other !== at && row.key === read.row.key)) { errors.push({ path: `/edits/${index}/values/openCondition`, reason: 'catalogue.duplicate', params: { line: index + 1, column: 'openCondition', value: read.row.openCondition.slice(0, 80) } }); return; }
      if (at < 0) rows.push(read.row); else rows.splice(at, 1, read.row);
    });
    if (errors.length > 0) return refuse(422, 'catalogue.edit', { count: errors.length }, errors);
    return rows.length === 0 ? refuse(422, 'catalogue.empty') : rows;
  };

  const write = async (actor: Actor, county: string, from: StandardsVersion, rows: readonly StandardRow[], action: 'edit' | 'copy', effectiveAt: number | undefined): Promise<Result<{ version: number }>> => {
    const grant = identity.permits(actor, county, 'standards.edit');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const now = world.now();
    const digest = createHash('sha256').update(canonical(rows as unknown as Json)).digest('hex');
    const notUnderstood = rows.filter(({ limit }) => limit === null).length;
    const effective = effectiveAt ?? now;
    try {
      const version = await world.db.transaction(async (tx) => {
        const made = await insertVersion(tx, { county, name: from.name, effectiveAt: effective, importedAt: now, importedBy: actor.id, digest, defaultHour: from.defaultHour, rows: rows.length, notUnderstood }, rows);
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'standards', action, set: { version: made, from: from.version, digest, rows: rows.length, rowsDigest: rowsDigest(rows), notUnderstood, effectiveAt: new Date(effective).toISOString() } }, actor, grant, now)]);
        return made;
      });
      ledger.sequencer.nudge(county);
      await refresh(county);
      return { version };
    } catch (error) {
      // Of two at once the second finds its number taken.
      if ((error as { code?: unknown }).code === '23505') return refuse(409, 'catalogue.moved');
      throw error;
    }
  };

  const mark = async (actor: Actor, county: string, version: number, withdrawn: boolean): Promise<Result<{ current: number | null }>> => {
    const grant = identity.permits(actor, county, 'standards.edit');
    if (!grant) return refuse(403, 'identity.not_permitted');
    await refresh(county);
    const found = find(county, version);
    if (!found) return refuse(404, 'catalogue.no_version', { version });
    const now = world.now();
    const others = standards.versions(county).filter((one) => one.version !== version && one.withdrawnAt == null && one.effectiveAt <= now);
    if (withdrawn && found.effectiveAt <= now && others.length === 0) return refuse(409, 'catalogue.last_version', { version });
    const done = await world.db.transaction(async (tx) => {
      if (!(await setWithdrawnAt(tx, county, version, withdrawn ? now : null))) return false;
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'standards', action: withdrawn ? 'withdraw' : 'restore', set: { version } }, actor, grant, now)]);
      return true;
    });
    if (!done) return refuse(409, withdrawn ? 'catalogue.withdrawn' : 'catalogue.not_withdrawn', { version });
    ledger.sequencer.nudge(county);
    await refresh(county);
    return { current: standards.currentVersion(county, now) ?? null };
  };

  return {
    difference(county, version, against) {
      if (!find(county, version) || (against !== 0 && !find(county, against))) return undefined;
      return rowChanges(standards.rows(county, against), standards.rows(county, version));
    },
    async preview(county, order) {
      await refresh(county);
      const rows = edited(county, order);
      return isRefusal(rows) ? rows : rowChanges(standards.rows(county, order.base), rows as readonly StandardRow[]);
    },
    async save(actor, county, order) {
      if (!identity.permits(actor, county, 'standards.edit')) return refuse(403, 'identity.not_permitted');
      await refresh(county);
      const newest = standards.versions(county)[0]?.version ?? 0;
      if (newest !== order.base) return refuse(409, 'catalogue.moved');
      const rows = edited(county, order);
      if (isRefusal(rows)) return rows;
      if (rowChanges(standards.rows(county, order.base), rows as readonly StandardRow[]).length === 0) return refuse(409, 'catalogue.nothing');
      return write(actor, county, find(county, order.base)!, rows as readonly StandardRow[], 'edit', order.effectiveAt);
    },
    async copy(actor, county, version, effectiveAt) {
      await refresh(county);
      const from = find(county, version);
      return from ? write(actor, county, from, standards.rows(county, version), 'copy', effectiveAt) : refuse(404, 'catalogue.no_version', { version });
    },
    withdraw: (actor, county, version) => mark(actor, county, version, true),
    restore: (actor, county, version) => mark(actor, county, version, false),
  };
};
