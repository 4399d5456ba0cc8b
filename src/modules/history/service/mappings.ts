import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Actor } from '../../../base/actor.ts';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, isRefusal, type Result } from '../../../base/result.ts';
import { bodyCheck } from '../../../platform/http/reading/values.ts';
import { entryOf } from '../../identity/index.ts';
import { Mapping } from '../contract.ts';
import { insertMapping, readMappings, readMappingVersion, type MappingRow } from '../store.ts';
import type { Needs } from './needs.ts';

const folder = resolve(import.meta.dirname, '../../../../data/history');
const check = bodyCheck(Mapping);

/** Names of the mappings that ship. */
export const shippedMappings = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)).sort();

/**
 * A mapping by the name of one that ships, or the path of a JSON file. Refusals: 404 `history.mapping`, 422 with what is wrong in it.
 */
export const readMapping = async (name: string): Promise<Result<Mapping>> => {
  const path = /^[a-z0-9-]+$/.test(name) ? resolve(folder, `${name}.json`) : name;
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return refuse(404, 'history.mapping', { name, known: (await shippedMappings()).join(', ') });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(422, 'http.json_broken');
  }
  const right = check(value);
  return isRefusal(right) ? right : (right as Mapping);
};

/** Hexadecimal SHA-256 of a mapping's canonical JSON. */
export const mappingDigest = (mapping: Mapping): string => hash('sha256', canonical(mapping as unknown as Json));

/** A mapping to choose: version 0 ships and has no author. */
export type KnownMapping = Omit<MappingRow, 'author' | 'at'> & { readonly author: string | null; readonly at: Date | null };

/** Mappings of a county: those that ship, and its own in every version. */
export const createMappings = ({ world, ledger, identity }: Pick<Needs, 'world' | 'ledger' | 'identity'>) => ({
  /** The county's own, the newest version of each first, then those that ship. */
  async list(county: string): Promise<KnownMapping[]> {
    const own = await readMappings(world.db, county);
    const shipped: KnownMapping[] = [];
    for (const name of await shippedMappings()) {
      const definition = await readMapping(name);
      if (!isRefusal(definition)) shipped.push({ name, version: 0, definition, author: null, at: null });
    }
    return [...own, ...shipped];
  },

  /** One version of one. Refusal: 404 `history.mapping`. */
  async find(county: string, name: string, version: number): Promise<Result<KnownMapping>> {
    if (version > 0) return (await readMappingVersion(world.db, county, name, version)) ?? refuse(404, 'history.mapping', { name: `${name} ${version}`, known: (await shippedMappings()).join(', ') });
    const definition = await readMapping(name);
    return isRefusal(definition) ? definition : { name, version: 0, definition, author: null, at: null };
  },

  /**
   * Keeps a mapping as the version after `base`, with its entry. Refusals: 403 `identity.not_permitted`, 409 `history.mapping_moved`,
   * 422 `history.mapping_states` where nothing in it says what a state is.
   */
  async save(actor: Actor, county: string, name: string, base: number, definition: Mapping): Promise<Result<KnownMapping>> {
    const grant = identity.permits(actor, county, 'settings.edit');
    if (!grant) return refuse(403, 'identity.not_permitted');
    if (Object.keys(definition.states).length === 0) return refuse(422, 'history.mapping_states');
    const row = { name, version: base + 1, definition, author: actor.id, at: new Date(world.now()) };
    const kept = await world.db.transaction(async (tx) => {
      const before = base === 0 ? undefined : await readMappingVersion(tx, county, name, base);
      if ((base > 0 && !before) || !(await insertMapping(tx, county, row))) return false;
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'history', action: 'mapping', set: { name, version: row.version, digest: mappingDigest(definition) } }, actor, grant, world.now())]);
      return true;
    });
    if (!kept) return refuse(409, 'history.mapping_moved', { name });
    ledger.sequencer.nudge(county as CountyCode);
    return row;
  },
});
