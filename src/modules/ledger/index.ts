import type { Tx } from '../../platform/database/database.ts';
import type { World } from '../../platform/world.ts';
import type { Entry } from './contract.ts';
import { entryText, readEntry } from './rules/entry.ts';
import { createSequencer, type Sequencer } from './service/sequencer.ts';
import { createSigner } from './service/signer.ts';
import { insertInbox } from './store/inbox.ts';
import { readHead, readMatterEntries } from './store/log.ts';

export type { Entry, LoggedEntry } from './contract.ts';
export { entryBytes, entryText } from './rules/entry.ts';
export { textDigest } from './service/sha256.ts';
export { inboxInsert } from './store/inbox.ts';
export type { Sequencer } from './service/sequencer.ts';

/** The ledger: what others write into it and ask of it. */
export interface Ledger {
  /**
   * Puts entries into the inbox, in the caller's transaction: they are in the ledger if and only if it commits.
   * Nudge the sequencer after the commit. Writers that batch use `inboxInsert` in a statement of their own.
   */
  append(tx: Tx, entries: readonly Entry[]): Promise<void>;
  readonly sequencer: Sequencer;
  /**
   * The entries of a matter in order; `seq` is null while one waits in the inbox, usually well under a second.
   * Bytes that are no entry any more are left out: `trace verify` names them.
   */
  entriesOf(tx: Tx, county: string, matter: string): Promise<{ readonly seq: number | null; readonly entry: Entry }[]>;
  /**
   * Last seq of a county's log. Read it *before* what it is to be a snapshot of: then everything up to it is in what is
   * read afterwards, and a stream after it misses nothing.
   */
  position(tx: Tx, county: string): Promise<number>;
}

export const createLedger = (world: World): Ledger => {
  const signIfDue = createSigner(world);
  const sequencer = createSequencer(world, signIfDue);
  return {
    append: (tx, entries) => insertInbox(tx, entries.map((entry) => ({ county: entry.county, entry: entryText(entry) }))),
    sequencer,
    async entriesOf(tx, county, matter) {
      return (await readMatterEntries(tx, county, matter)).flatMap(({ seq, canonical }) => {
        const entry = readEntry(canonical);
        return entry ? [{ seq, entry }] : [];
      });
    },
    position: async (tx, county) => (await readHead(tx, county))?.size ?? 0,
  };
};
