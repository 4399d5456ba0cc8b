import { setImmediate as breathe } from 'node:timers/promises';
import type pg from 'pg';
import type { Actor } from '../../../base/actor.ts';
import type { Json } from '../../../base/canonical.ts';
import type { RandomSource } from '../../../base/random.ts';
import { dayText, localDay, type Calendar } from '../../../base/time/calendar.ts';
import type { Limit } from '../../../base/time/limit.ts';
import { startClock } from '../rules/clocks.ts';
import type { Facets, Matter, TextDraft } from '../rules/workflow.ts';
import { matterNumber } from '../rules/number.ts';
import { copyMade, leaseDays, madeTables, type MadeTable } from '../store/bring.ts';
import { clockJson, matterJson } from '../store/rows.ts';
import { noWrites } from '../store/write.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { besideDigest, saltedDigest, type SpotMark } from './digests.ts';
import { addStep } from './write.ts';

/** A matter that another system had, as it is to stand here. */
export interface Brought {
  readonly kind: string;
  readonly state: string;
  /** Whether the state is an end. */
  readonly ended: boolean;
  readonly title: string;
  readonly facets: Facets;
  readonly data: { readonly [name: string]: Json };
  readonly texts: readonly TextDraft[];
  /** When it was made and when it was last changed or ended there, in milliseconds since 1970: lists go by these. */
  readonly createdAt: number;
  readonly changedAt: number;
  /** A limit that begins to run now, of what is open. */
  readonly clock: { readonly name: string; readonly limit: Limit; readonly warnAt: number } | null;
  /** Codes and ids for the entry, beside the facets. */
  readonly set: { readonly [name: string]: Json };
  readonly op: string;
}

/** The action under which entries and pages say it. No role may take it: it is no way to make a matter but for an import. */
export const bringAction = 'import';

/** Facets that entries name; where it was made is a fact of the row (see `decide`). */
const facetSet = ({ lng: _lng, lat: _lat, ...named }: Facets): { [name: string]: Json } => ({ ...named });

export interface BringOrder {
  readonly county: string;
  readonly actor: Actor;
  readonly role: string;
  readonly calendar: Calendar;
  /** The present: when the entries say that it was brought in. */
  readonly now: number;
  readonly random: RandomSource;
  readonly spot: SpotMark;
  readonly rows: readonly Brought[];
}

/** Matters that are made and not yet written. */
export interface MadeReady {
  /** Their ids and numbers, in the order of the rows. */
  readonly made: readonly { readonly id: string; readonly number: string }[];
  readonly parts: readonly (readonly MadeTable[])[];
}

/** Rows that are made before others have their turn: what is written meanwhile must not run dry. */
const madeAtOnce = 40;

/**
 * Makes matters of another system, each with one entry that says what was brought in, when and by whom: not as if it had happened
 * here. Their numbers bear the day on which they were made there; they are leased at once, and those of matters that are never
 * written are gone. Nothing else is written: see `writeMade`.
 */
export const makeReady = async (tx: Tx, { county, actor, role, calendar, now, random, rows, spot }: BringOrder): Promise<MadeReady> => {
  const dayOf = rows.map(({ createdAt }) => dayText(localDay(calendar, createdAt)).slice(2).replaceAll('-', ''));
  const sizes = new Map<string, number>();
  for (const day of dayOf) sizes.set(day, (sizes.get(day) ?? 0) + 1);
  const next = await leaseDays(tx, county, sizes);
  const made: { id: string; number: string }[] = [];
  const parts: MadeTable[][] = [];
  for (let from = 0; from < rows.length; from += madeAtOnce) {
    const writes = noWrites();
    for (let n = from; n < Math.min(rows.length, from + madeAtOnce); n++) {
      const row = rows[n]!;
      const day = dayOf[n]!;
      const figure = next.get(day)!;
      next.set(day, figure + 1);
      const clocks = row.clock === null ? [] : [startClock(calendar, row.clock.name, row.clock.limit, now, row.clock.warnAt)];
      const matter: Matter = {
        county, id: random.uuid(now), kind: row.kind, state: row.state, version: 1, number: matterNumber(county, day, figure), title: row.title, facets: row.facets, data: row.data, createdAt: row.createdAt, updatedAt: now,
      };
      const doers = { [bringAction]: [actor.id] };
      writes.matters.push({ ...matterJson(n, null, { matter, clocks, doers }, false), updated_at: new Date(row.changedAt).toISOString(), ended_at: row.ended ? new Date(row.changedAt).toISOString() : null });
      for (const clock of clocks) writes.clocks.push(clockJson(n, matter, clock));
      addStep(writes, n, {
        matter, action: bringAction, from: null, actor, standing: { role, unit: null }, behalf: null, files: [], messages: [], beside: besideDigest({ ...matter, doers, clocks }), ...(row.facets.lng !== undefined && { spot: spot(county, matter.id, row.facets) }),
        set: { ...facetSet(row.facets), ...Object.fromEntries(clocks.map(({ name, dueAt }) => [`clock.${name}`, new Date(dueAt!).toISOString()])), ...row.set },
        texts: row.texts.map((text) => {
          const salt = random.bytes(16);
          return { ...text, id: random.uuid(now), salt, digest: saltedDigest(salt, text.text) };
        }),
      }, row.op);
      made.push({ id: matter.id, number: matter.number });
    }
    parts.push(madeTables(writes));
    await breathe();
  }
  return { made, parts };
};

/** Writes what was made, in the caller's transaction on this connection, by COPY. */
export const writeMade = (client: pg.PoolClient, { parts }: MadeReady): Promise<void> => copyMade(client, parts);
