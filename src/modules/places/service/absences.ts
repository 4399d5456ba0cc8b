import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { localTime } from '../../../base/time/zone.ts';
import type { World } from '../../../platform/world.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Absence } from '../rules/duty.ts';
import { findAbsence, insertAbsence, listAbsences, overlapping, withdrawAbsence, type AbsenceFilter, type AbsenceRow } from '../store/absences.ts';
import { moveHead } from '../store/places.ts';
import { actorOf, type Acting } from './change.ts';
import type { Snapshots } from './snapshots.ts';

/** One of an absent person's shifts that falls into the absence: where, and who takes it; null where nobody does. */
export interface Cover {
  readonly place: string;
  readonly role: string;
  readonly standIn: string | null;
}

export interface Absences {
  /**
   * Somebody is away: stand-ins take their shifts. Refusals: 422 `places.bad_absence`, 409 `places.absence_overlaps` where the
   * same person is away in that time already.
   */
  addAbsence(county: CountyCode, acting: Acting, absence: Absence): Promise<Result<{ id: string }>>;
  /** Absences by their beginning, the latest first. */
  absences(county: CountyCode, filter: AbsenceFilter, after: { readonly from: Date; readonly id: string } | null, limit: number): Promise<readonly AbsenceRow[]>;
  /** Whose shifts an absence concerns, and who stands in. */
  covers(county: CountyCode, absence: Absence): Promise<readonly Cover[]>;
  /** Takes an absence back: the person has their shifts again, from now on where it has begun. Refusals: 404 `places.no_absence`, 409 `places.absence_over`. */
  withdrawAbsence(county: CountyCode, acting: Acting, id: string): Promise<Result<{ id: string }>>;
}

/** Digest of an absence as its row has it: who is away when is personal and in no entry. */
export const absenceDigest = ({ person, from, until }: Absence): string =>
  createHash('sha256').update(canonical({ person, from, until } satisfies Json)).digest('hex');

const personPattern = /^(account|contact):[0-9a-f-]{36}$/;
/** Longest absence, in milliseconds: two years. */
const longest = 2 * 366 * 86_400_000;

export const createAbsences = (world: World, ledger: Pick<Ledger, 'append'>, snapshots: Snapshots): Absences => {
  const entry = (county: CountyCode, acting: Acting, action: string, set: { readonly [name: string]: Json }) => ({
    v: 1 as const, county, subject: 'config' as const, kind: 'duty', action, at: new Date(world.now()).toISOString(), actor: actorOf(acting), set,
  });
  return {
    async addAbsence(county, acting, absence) {
      if (!personPattern.test(absence.person) || !(absence.until > absence.from) || absence.until - absence.from > longest) return refuse(422, 'places.bad_absence');
      const now = world.now();
      const id = world.random.uuid(now);
      const offset = (await snapshots.counties()).find((one) => one.county === county)?.offsetMinutes ?? 0;
      const done = await world.db.transaction(async (tx) => {
        // The head's row is held from here on: of two who enter the same absence, the second finds the first.
        await moveHead(tx, county, 'duty');
        const there = (await overlapping(tx, county, absence))[0];
        if (there) return refuse(409, 'places.absence_overlaps', { from: localTime(there.from, offset), until: localTime(there.until, offset) });
        await insertAbsence(tx, county, id, absence, { at: new Date(now), by: acting.actor.id });
        await ledger.append(tx, [entry(county, acting, 'absence', { id, digest: absenceDigest(absence) })]);
        return { id };
      });
      await snapshots.refresh(county);
      return done;
    },
    absences: (county, filter, after, limit) => listAbsences(world.db, county, filter, after, limit),
    async covers(county, { person, from, until }) {
      const { tree, duty } = await snapshots.get(county);
      const found: Cover[] = [];
      for (const place of tree.all())
        for (const post of duty.posts(place.id))
          for (const shift of duty.shifts(post.id))
            if (shift.person === person && duty.falls(shift, from, until)) found.push({ place: place.name, role: post.role, standIn: shift.standIn });
      return found;
    },
    async withdrawAbsence(county, acting, id) {
      const now = world.now();
      const done = await world.db.transaction(async (tx): Promise<Result<{ id: string }>> => {
        await moveHead(tx, county, 'duty');
        const row = await findAbsence(tx, county, id);
        if (!row) return refuse(404, 'places.no_absence');
        if (row.withdrawnAt !== null) return { id };
        if (row.until <= now) return refuse(409, 'places.absence_over');
        await withdrawAbsence(tx, county, id, new Date(now));
        await ledger.append(tx, [entry(county, acting, 'absence_withdrawn', { id })]);
        return { id };
      });
      if (!isRefusal(done)) await snapshots.refresh(county);
      return done;
    },
  };
};
