import { Converter } from 'opencc-js/cn2t';
import type { Actor } from '../../../../base/actor.ts';
import { normalPhone } from '../../../../base/text/phone.ts';
import { refuse, type Result } from '../../../../base/result.ts';
import { halfWidth } from '../../../../base/text/width.ts';
import type { TableSource } from '../../../../platform/tables/table.ts';
import { permitted } from '../../rules.ts';
import { listUnits, putUnit, type UnitRow } from '../../store/units.ts';
import { asSystem, entryOf, type Needs } from '../needs.ts';
import { said, unitFields } from './columns.ts';
import { readLines, refusedLines } from './lines.ts';

/** How units are to be imported. */
export interface UnitsOrder {
  readonly source: TableSource;
  readonly dryRun?: boolean;
  /** How much a unit still holds: cases, tasks, people, rules, components, units under it, places. The modules above know. */
  readonly inHand: (unit: string) => Promise<number>;
  readonly onProgress?: (progress: { readonly rows: number; readonly done: number }) => void;
}

export interface UnitsReport {
  readonly dryRun: boolean;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly digest: string;
  readonly ignored: readonly string[];
}

type UnitLine = Omit<UnitRow, 'county' | 'closed_at' | 'places'> & { readonly line: number; readonly closed: boolean };

const traditional = Converter({ from: 'cn', to: 't' });

/**
 * Imports units, whole or not at all: those that are there are changed, others added, none removed. The traditional name is
 * converted and the English one the same as the simplified where the file gives none.
 * Refusals: 403 `identity.not_permitted`, 422 `identity.import` with every wrong line, among them a unit that is to be closed with work in hand.
 */
export const importUnits = async ({ world, ledger, roles }: Needs, actor: Actor, county: string, order: UnitsOrder): Promise<Result<UnitsReport>> => {
  const now = world.now();
  const right = actor.kind === 'system' ? asSystem : permitted(roles, actor, county, 'units.edit', now);
  if (!right) return refuse(403, 'identity.not_permitted');
  const seen = new Map<string, number>();
  const read = await readLines<UnitLine>(order.source, unitFields, (line, values, note) => {
    let fine = true;
    const wrong = (column: string, rule: string, value?: string): void => { fine = false; note(column, `identity.line_${rule}`, value); };
    const cell = (field: string): string => (values[field] ?? '').normalize('NFC').trim();
    const id = halfWidth(cell('id')).toLowerCase();
    if (id === '') wrong('id', 'missing');
    else if (!/^[a-z0-9-]{1,40}$/u.test(id)) wrong('id', 'unit_id');
    const twice = seen.get(id);
    if (twice !== undefined) wrong('id', 'twice', `${id} (${twice})`);
    seen.set(id, line);
    const name = cell('name');
    if (name === '') wrong('name', 'missing');
    else if (name.length > 60) wrong('name', 'too_long');
    const [nameHant, nameEn] = [cell('nameHant') || traditional(name), cell('nameEn') || name];
    if (nameEn.length > 120) wrong('nameEn', 'too_long');
    const kind = halfWidth(cell('kind')).toLowerCase();
    if (!/^[a-z]{1,24}$/u.test(kind)) wrong('kind', kind === '' ? 'missing' : 'unit_kind');
    const phoneText = cell('phone');
    const phone = phoneText === '' ? null : normalPhone(phoneText);
    if (phone === undefined) wrong('phone', 'phone');
    const closedText = halfWidth(cell('closed')).toLowerCase();
    if (!said.yes.has(closedText) && !said.no.has(closedText)) wrong('closed', 'yes_no');
    const parent = halfWidth(cell('parent')).toLowerCase() || null;
    return fine && phone !== undefined ? { line, id, name: { 'zh-Hans': name, 'zh-Hant': nameHant, en: nameEn }, kind, parent, phone, closed: said.yes.has(closedText) } : undefined;
  }, order.onProgress);

  const there = new Map<string, UnitRow>();
  for (let after = ''; ;) {
    const page = await listUnits(world.db, county, after, 500);
    for (const unit of page) there.set(unit.id, unit);
    if (page.length < 500) break;
    after = page.at(-1)!.id;
  }
  const parentOf = new Map([...[...there.values()].map(({ id, parent }) => [id, parent] as const), ...read.rows.map(({ id, parent }) => [id, parent] as const)]);
  for (const { line, id, parent } of read.rows) {
    const above = new Set([id]);
    for (let next = parent; next !== null; next = parentOf.get(next) ?? null) {
      // A chain of parents that comes back to itself would never end.
      if (parentOf.has(next) && !above.has(next)) { above.add(next); continue; }
      read.problems.push({ line, column: 'parent', value: parent!, rule: parentOf.has(next) ? 'identity.line_circle' : 'identity.line_unit' });
      break;
    }
  }
  // A unit with work in hand is dissolved with successors, in the console: a table names none.
  for (const { line, id, closed } of read.rows)
    if (closed && there.get(id)?.closed_at === null && (await order.inHand(id)) > 0) read.problems.push({ line, column: 'closed', value: id, rule: 'identity.line_in_hand' });
  if (read.problems.length > 0) return refusedLines(read);

  const isSame = (unit: UnitLine): boolean => {
    const old = there.get(unit.id);
    return old !== undefined && old.kind === unit.kind && old.parent === unit.parent && old.phone === unit.phone && (old.closed_at !== null) === unit.closed
      && old.name['zh-Hans'] === unit.name['zh-Hans'] && old.name['zh-Hant'] === unit.name['zh-Hant'] && old.name.en === unit.name.en;
  };
  const moved = read.rows.filter((unit) => !isSame(unit));
  const added = moved.filter(({ id }) => !there.has(id)).length;
  const count = { added, changed: moved.length - added, unchanged: read.rows.length - moved.length };
  const dryRun = order.dryRun ?? false;
  if (!dryRun) {
    await world.db.transaction(async (tx) => {
      for (const { id, name, kind, parent, phone, closed } of moved) {
        await putUnit(tx, { county, id, name, kind, parent, phone, closed }, new Date(now));
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'unit', action: closed ? 'close' : 'put', set: { unit: id, name: { ...name }, unitKind: kind, parent, phone } }, actor, right, now)]);
      }
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'units', action: 'import', set: { digest: read.digest, rows: read.rows.length, ...count } }, actor, right, now)]);
    });
    ledger.sequencer.nudge(county);
  }
  return { dryRun, rows: read.rows.length, ...count, digest: read.digest, ignored: read.ignored };
};
