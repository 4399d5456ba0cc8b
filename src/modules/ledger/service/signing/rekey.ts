import { theSystem } from '../../../../base/actor.ts';
import type { CountyCode } from '../../../../base/ids.ts';
import type { World } from '../../../../platform/world.ts';
import { entryText } from '../../rules/entry.ts';
import { readNote, sameBytes } from '../../rules/notes.ts';
import { latestCheckpoint } from '../../store/checkpoints.ts';
import { insertInbox } from '../../store/inbox.ts';
import { noteRekeyed, registeredKeys } from '../../store/keys.ts';
import { noteKeyOf } from './continuity.ts';
import type { Sequencer } from '../sequencer.ts';
import { readAnchor } from '../verify/anchors.ts';

/** What became of a change of key: `current` where the last checkpoint is ours already, `unknown` where the lost key's public half is not known. */
export type Rekeyed =
  | { readonly done: true; readonly previous: string; readonly verifier: string; readonly size: number }
  | { readonly done: false; readonly reason: 'current' | 'unknown'; readonly key: string };

/** Writes the entry that the present key follows the one of the last checkpoint, and signs. See `Ledger.rekey`. */
export const rekey = async (
  { db, keys, now }: Pick<World, 'db' | 'keys' | 'now'>, sequencer: Sequencer, county: string, reason: string, given?: string,
): Promise<Rekeyed> => {
  const last = await latestCheckpoint(db, county);
  const signature = last && readNote(last.note)?.signatures[0];
  const verifier = keys.ledger.verifier;
  if (!last || !signature || keys.ledgerKeys.some(({ id }) => sameBytes(id, signature.keyId))) return { done: false, reason: 'current', key: verifier };
  for (const previous of given === undefined ? await registeredKeys(db) : [given]) {
    const key = await noteKeyOf(previous);
    // Only a key that did sign the last checkpoint can have been followed by another.
    if (!key || typeof (await readAnchor(county, last.note, [key])) === 'string') continue;
    const at = now();
    await db.transaction(async (tx) => {
      await noteRekeyed(tx, county, at);
      await insertInbox(tx, [{ county, entry: entryText({
        v: 1, county: county as CountyCode, subject: 'config', kind: 'ledger-key', action: 'replace', actor: { id: theSystem.id, role: 'system' },
        at: new Date(at).toISOString(), set: { previous, verifier, reason, size: last.size },
      }) }]);
    });
    await sequencer.drain(county);
    return { done: true, previous, verifier, size: last.size };
  }
  return { done: false, reason: 'unknown', key: `${signature.name} ${Buffer.from(signature.keyId).toString('hex')}` };
};
