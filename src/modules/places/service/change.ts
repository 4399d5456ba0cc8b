import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { Actor } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Place } from '../rules/tree.ts';
import { endCodes, endPlaces, insertCodes, insertPlaces, insertVersion, moveHead } from '../store/places.ts';
import { placesDigest } from '../store/trace.ts';

/** How one version of a county's table of places follows from the one before. */
export interface PlacesChange {
  readonly added: readonly Place[];
  readonly changed: readonly Place[];
  /** Ids. */
  readonly ended: readonly string[];
}

/** SHA-256 of the canonical form of what a change sets, so that the ledger can vouch for the table. */
export const digestOf = (change: PlacesChange): string => {
  const hash = createHash('sha256');
  const feed = (kind: string, value: Json) => hash.update(`${kind} ${canonical(value)}\n`);
  for (const place of change.added) feed('added', { ...place } as unknown as Json);
  for (const place of change.changed) feed('changed', { ...place } as unknown as Json);
  for (const id of change.ended) feed('ended', id);
  return hash.digest('hex');
};

/** The role and unit under which somebody acts on the county's tables, for the ledger. */
export interface Acting {
  readonly actor: Actor;
  readonly role: string;
  readonly unit?: string | null;
}

/** Who acted, as an entry of the ledger names them. */
export const actorOf = ({ actor, role, unit }: Acting): { readonly id: string; readonly role: string; readonly unit?: string } =>
  ({ id: actor.id, role, ...(unit && { unit }) });

/** The table moved on while a change to it was being worked out: work it out again. */
export class Overtaken extends Error {
  constructor() {
    super('the table of places changed meanwhile');
    this.name = 'Overtaken';
  }
}

/**
 * Writes a change as the next version of the county's table, with its entry in the ledger, in the caller's transaction.
 * @param base version that the change was worked out on
 * @throws Overtaken where the table is not at `base` any more.
 */
export const writeChange = async (
  world: World, ledger: Pick<Ledger, 'append'>, tx: Tx, county: CountyCode, acting: Acting,
  base: number, source: string, change: PlacesChange, progress?: (done: number) => void,
): Promise<number> => {
  const version = (await moveHead(tx, county, 'places')).places;
  if (version !== base + 1) throw new Overtaken();
  const at = new Date(world.now());
  const digest = digestOf(change);
  const gone = [...change.ended, ...change.changed.map((place) => place.id)];
  if (gone.length > 0) await endPlaces(tx, county, gone, version, at);
  if (change.ended.length > 0) await endCodes(tx, county, change.ended, at);
  await insertPlaces(tx, county, [...change.added, ...change.changed], version, at, progress);
  await insertCodes(tx, county, change.added.map(({ id, code }) => ({ id, code })), at);
  const counts = { added: change.added.length, changed: change.changed.length, ended: change.ended.length };
  await insertVersion(tx, county, { version, at, actor: acting.actor.id, source, digest, ...counts });
  await ledger.append(tx, [{
    v: 1, county, subject: 'config', kind: 'places', action: 'import', at: at.toISOString(),
    actor: actorOf(acting),
    set: { version, source, digest, rowsDigest: await placesDigest(tx, county), ...counts },
  }]);
  return version;
};

/** Writes other codes for places as the next version of the table. @throws Overtaken as `writeChange` does. */
export const writeCodes = async (
  world: World, ledger: Pick<Ledger, 'append'>, tx: Tx, county: CountyCode, acting: Acting,
  base: number, codes: readonly { readonly id: string; readonly code: string }[],
): Promise<number> => {
  const version = (await moveHead(tx, county, 'places')).places;
  if (version !== base + 1) throw new Overtaken();
  const at = new Date(world.now());
  const digest = createHash('sha256').update(canonical(codes as unknown as Json)).digest('hex');
  await endCodes(tx, county, codes.map(({ id }) => id), at);
  await insertCodes(tx, county, codes, at);
  await insertVersion(tx, county, { version, at, actor: acting.actor.id, source: 'recode', digest, added: 0, changed: codes.length, ended: 0 });
  await ledger.append(tx, [{
    v: 1, county, subject: 'config', kind: 'places', action: 'recode', at: at.toISOString(), actor: actorOf(acting),
    set: { version, digest, rowsDigest: await placesDigest(tx, county), changed: codes.length },
  }]);
  return version;
};
