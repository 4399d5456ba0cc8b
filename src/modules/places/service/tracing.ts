import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { ConfigChecker, Finding, TraceChecker } from '../../ledger/index.ts';
import type { Post, Shift } from '../rules/duty.ts';
import { allAbsences } from '../store/absences.ts';
import { readPosts, readShifts } from '../store/duty.ts';
import { placesDigest } from '../store/trace.ts';
import { absenceDigest } from './absences.ts';

/** Digest of the roster of each place, by the place's id: who has which shift is personal and in no entry. */
export const rosterDigests = (posts: readonly Post[], shifts: readonly Shift[]): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const place of new Set(posts.map((post) => post.place))) {
    const own = posts.filter((post) => post.place === place).map(({ id, role, rank }) => ({
      id, role, rank,
      shifts: shifts.filter((shift) => shift.post === id).map(({ id: key, person, standIn, weekdays, starts, ends, fromDay, untilDay }) => ({ id: key, person, standIn, weekdays, starts, ends, fromDay, untilDay })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    })).sort((a, b) => (a.id < b.id ? -1 : 1));
    found[place] = createHash('sha256').update(canonical(own as unknown as Json)).digest('hex');
  }
  return found;
};

/** Rosters place by place, and absences. Entries from before either was digested are passed over. */
const duty: ConfigChecker = {
  kind: 'duty',
  async check(tx, county, entries) {
    const found: Finding[] = [];
    const rosters = new Map<string, { readonly seq: number | null; readonly digest: string }>();
    const absences = new Map<string, { readonly seq: number | null; readonly digest: string | null; readonly withdrawn: boolean }>();
    for (const { seq, action, set } of entries) {
      if (action === 'roster') for (const [place, digest] of Object.entries((set['rosters'] ?? {}) as Readonly<Record<string, string>>)) rosters.set(place, { seq, digest });
      const id = String(set['id']);
      if (action === 'absence') absences.set(id, { seq, digest: typeof set['digest'] === 'string' ? set['digest'] : null, withdrawn: false });
      const known = absences.get(id);
      if (action === 'absence_withdrawn' && known) absences.set(id, { ...known, seq, withdrawn: true });
    }
    const about = (seq: number | null, how: string, what: string, id: string, params: Finding['params'] = {}): void => void found.push({ county, seq, what: `config_${how}`, params: { what, id, ...params } });
    const present = rosterDigests(await readPosts(tx, county as CountyCode), await readShifts(tx, county as CountyCode, '0001-01-01'));
    for (const [place, { seq, digest }] of rosters) if (present[place] !== digest) about(seq, 'differs', 'roster', place, { column: 'shifts', entry: digest, value: present[place] ?? '' });
    const rows = new Map((await allAbsences(tx, county as CountyCode)).map((row) => [row.id, row]));
    for (const [id, { seq, digest, withdrawn }] of absences) {
      const row = rows.get(id);
      rows.delete(id);
      if (!row) { about(seq, 'missing', 'absence', id); continue; }
      if (digest !== null && digest !== absenceDigest({ person: row.person, from: row.from, until: row.until })) about(seq, 'differs', 'absence', id, { column: 'times', entry: digest, value: absenceDigest({ person: row.person, from: row.from, until: row.until }) });
      if ((row.withdrawnAt !== null) !== withdrawn) about(seq, 'differs', 'absence', id, { column: 'withdrawn', entry: String(withdrawn), value: String(row.withdrawnAt !== null) });
    }
    for (const id of rows.keys()) about(null, 'stranger', 'absence', id);
    return found;
  },
};

/** Places as the last import left them. Earlier entries hold no digest of the rows. */
const places: ConfigChecker = {
  kind: 'places',
  async check(tx, county, entries) {
    const last = entries.findLast(({ action }) => action === 'import' || action === 'recode');
    const digest = last?.set['rowsDigest'];
    if (!last || typeof digest !== 'string') return [];
    const value = await placesDigest(tx, county);
    return value === digest ? [] : [{ county, seq: last.seq, what: 'config_differs', params: { what: 'places', id: String(last.set['version'] ?? ''), column: 'rows', entry: digest, value } }];
  },
};

/** Places and duty, as `trace verify` compares them with the entries. */
export const placesChecker: TraceChecker = { config: [duty, places] };
