import { configEntries, type ChangesAsk } from '../store/browse.ts';
import { isUuid } from '../../../base/ids.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { Entry, LoggedEntry } from '../contract.ts';
import type { Bundle } from '../rules/bundle.ts';
import { entryText, readEntry } from '../rules/entry.ts';
import { createBell, type Bell } from './bell.ts';
import { exportMatter, type Exported } from './export.ts';
import type { Obstacle } from './signing/continuity.ts';
import { createFollowers, readLogged, type Followers } from './followers.ts';
import { createLive, type Live, type LiveRights } from './live.ts';
import { createLedgerMetrics, ledgerLag } from './metrics.ts';
import { createPublicLog, type PublicLog } from './serving.ts';
import { createSequencer, type Sequencer } from './sequencer.ts';
import { rekey, type Rekeyed } from './signing/rekey.ts';
import { createSigner } from './signing/signer.ts';
import type { CountyReport, TraceChecker } from './verify/findings.ts';
import { verify, type VerifyOptions } from './verify/verify.ts';
import { createWitnesses, type Witnesses } from './witnesses.ts';
import { insertInbox } from '../store/inbox.ts';
import { loggedCounties, readHead, readMatterEntries } from '../store/log.ts';
import { putWitness, readWitnesses, type Witness } from '../store/witnesses.ts';

/** A part that runs in the background from start to stop. */
interface Running {
  readonly name: string;
  start(): void;
  stop(): Promise<void>;
}

/** The ledger: what others write into it, ask of it and hang on it. */
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
  /** What changed of how a county is run, the newest first: entries of subject `config` that have their place in the log. */
  changes(tx: Tx, county: string, ask: Partial<ChangesAsk>, limit: number): Promise<{ readonly seq: number; readonly entry: Entry }[]>;
  /**
   * Last seq of a county's log. Read it *before* what it is to be a snapshot of: then everything up to it is in what is
   * read afterwards, and a stream after it misses nothing.
   */
  position(tx: Tx, county: string): Promise<number>;
  /** Entries of a county's log after a seq, in order; `to` is the last seq that was looked at, readable or not. */
  readAfter(county: string, after: number, limit: number): Promise<{ readonly entries: readonly LoggedEntry[]; readonly to: number }>;
  readonly followers: Followers;
  readonly witnesses: Witnesses;
  /** Tells when a log has grown, whoever made it grow. */
  readonly bell: Bell;
  /** Makes the live tail, with what it has to know about rights. Once a process; start and stop it with `works`. */
  openLive<Subject>(rights: LiveRights<Subject>): Live;
  /** Adds somebody who knows what entries are about to what `verify` asks. */
  registerChecker(checker: TraceChecker): void;
  /** Checks whole counties from the first byte: see `trace verify`. */
  verify(options?: VerifyOptions): Promise<CountyReport[]>;
  /** A matter's trace as a file that proves itself; undefined where nothing of it is signed yet. */
  exportMatter(county: string, matter: string, texts?: Bundle['texts']): Promise<Exported | undefined>;
  /** True where the county's log or inbox has an entry of the matter. */
  hasMatter(county: string, matter: string): Promise<boolean>;
  /** Checkpoints, tiles, consistency proofs: what anybody may read. */
  readonly publicLog: PublicLog;
  /** Counties that have a log. */
  counties(): Promise<string[]>;
  /** Sets up, changes or (inactive) rests a witness. */
  putWitness(witness: Witness): Promise<void>;
  witnessesOf(county: string): Promise<Witness[]>;
  /** How much waits in the inboxes, and since when: for `doctor` and /readyz. */
  lag(): Promise<{ readonly rows: number; readonly seconds: number }>;
  /** Counties whose log is not signed because it does not continue what was signed, and why: for `doctor` and /readyz. */
  unsigned(): Promise<ReadonlyMap<string, Obstacle>>;
  /**
   * Lets the present key follow a lost one in a county's log, by an entry, and signs.
   * @param previous verifier key of the lost one; the newest registered other one where absent
   */
  rekey(county: string, reason: string, previous?: string): Promise<Rekeyed>;
  /** What every process runs that listens or has `works`: hearing that a log has grown. Started first, stopped last. */
  readonly hearing: readonly Running[];
  /** What a worker runs: sequencer, followers, witnesses. Several processes may. */
  readonly works: readonly Running[];
}

export const createLedger = (world: World): Ledger => {
  let live: Live | undefined;
  const metrics = createLedgerMetrics(world, () => live?.listeners ?? 0);
  const bell = createBell(world);
  const signer = createSigner(world, () => metrics.checkpoints.inc(), (county, obstacle) => metrics.refusals.set({ county }, obstacle ? 1 : 0));
  const sequencer = createSequencer(world, signer.signIfDue, (county, size, taken) => {
    metrics.sequenced.inc(taken);
    bell.ring(county, size);
  });
  const followers = createFollowers(world, bell, (follower) => metrics.failures.inc({ follower }));
  const witnesses = createWitnesses(world, (witness) => metrics.witnessFailures.inc({ witness }));
  const checkers: TraceChecker[] = [];
  return {
    append: (tx, entries) => insertInbox(tx, entries.map((entry) => ({ county: entry.county, entry: entryText(entry) }))),
    sequencer,
    async entriesOf(tx, county, matter) {
      return (await readMatterEntries(tx, county, matter)).flatMap(({ seq, canonical }) => {
        const entry = readEntry(canonical);
        return entry ? [{ seq, entry }] : [];
      });
    },
    changes: async (tx, county, { before = null, kinds = null, author = null, about = null }, limit) =>
      (await configEntries(tx, county, { before, kinds, author, about }, limit)).flatMap(({ seq, canonical }) => {
        const entry = readEntry(canonical);
        return entry ? [{ seq, entry }] : [];
      }),
    position: async (tx, county) => (await readHead(tx, county))?.size ?? 0,
    readAfter: (county, after, limit) => readLogged(world.db, county, after, limit),
    followers, witnesses, bell,
    hasMatter: async (county, matter) => isUuid(matter) && (await readMatterEntries(world.db, county, matter)).length > 0,
    publicLog: createPublicLog(world),
    openLive(rights) {
      live = createLive(world, bell, rights, (what, count) => (what === 'event' ? metrics.events : metrics.dropped).inc(count));
      return live;
    },
    registerChecker: (checker) => void checkers.push(checker),
    verify: (options) => verify(world, checkers, options),
    exportMatter: (county, matter, texts) => exportMatter(world, world.db, county, matter, texts),
    counties: async () => (await loggedCounties(world.db)).map((head) => head.county),
    putWitness: (witness) => putWitness(world.db, witness),
    witnessesOf: (county) => readWitnesses(world.db, county),
    lag: () => ledgerLag(world),
    unsigned: () => signer.obstacles(),
    rekey: (county, reason, previous) => rekey(world, sequencer, county, reason, previous),
    hearing: [{ name: 'ledger.bell', start: bell.start, stop: bell.stop }],
    works: [
      { name: 'ledger.sequencer', start: sequencer.start, stop: sequencer.stop },
      { name: 'ledger.followers', start: followers.start, stop: followers.stop },
      { name: 'ledger.witnesses', start: witnesses.start, stop: witnesses.stop },
    ],
  };
};
