import type { Json } from '../../../../base/canonical.ts';
import type { Tx } from '../../../../platform/database/database.ts';

/** Something that is not as it was when it was signed. */
export interface Finding {
  readonly county: string;
  /** The entry that it is about; null where it is about no single one. */
  readonly seq: number | null;
  /** Stable code, and key of `data/texts/trace.json`. */
  readonly what: string;
  /** Fill the text. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** A text whose digest stands in an entry. */
export interface NamedText {
  readonly seq: number;
  readonly matter: string | null;
  readonly id: string;
  readonly name: string;
  /** Hexadecimal SHA-256 of salt and text. */
  readonly digest: string;
}

/** A matter as its entries say that it is now. */
export interface Replayed {
  readonly matter: string;
  readonly kind: string;
  readonly version: number;
  readonly state: string | null;
  /** What the entries set, the later over the earlier. */
  readonly set: Readonly<Record<string, Json | undefined>>;
  /** What the last entry vouches for beside; null for one from before that was kept. */
  readonly beside: string | null;
  /** Mark of where it is, '' for nowhere; null where no entry says. */
  readonly spot: string | null;
  /** The last entry about it; null while that one waits in the inbox. */
  readonly seq: number | null;
}

/** All matters of a county as its entries, those in the inbox included, say that they are now. */
export interface ReplayedMatters extends Iterable<Replayed> {
  /** undefined for one that no entry speaks of, and for one whose entries cannot all be read: ask `isKnown` first. */
  get(matter: string): Replayed | undefined;
  /** Whether the county's entries name a matter. */
  isKnown(matter: string): boolean;
}

/** An entry about something configured; seq is null while it waits in the inbox. */
export interface ConfigEntry {
  readonly seq: number | null;
  readonly action: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly set: Readonly<Record<string, Json | undefined>>;
}

/** Entries about one kind of configured thing, in order, and what its owner compares with them. */
export interface ConfigChecker {
  readonly kind: string;
  check(tx: Tx, county: string, entries: readonly ConfigEntry[]): Promise<readonly Finding[]>;
}

/**
 * What the owners of matters and texts know and the ledger does not. Registered by entry/, so that the ledger need not
 * know who they are. All methods read through `tx` and return what does not agree.
 */
export interface TraceChecker {
  /** Address of the module that has this checker as `traceChecker`: its texts can then be opened in a thread of their own. */
  readonly module?: string;
  /** Opens the digests of those texts that are still there; an erased one is no finding. Some thousands at a time. */
  texts?(tx: Tx, county: string, texts: readonly NamedText[]): Promise<readonly Finding[]>;
  /** Compares replayed matters with their present rows, in the same snapshot, and names rows that no entry speaks of. */
  matters?(tx: Tx, county: string, matters: ReplayedMatters): Promise<readonly Finding[]>;
  /** Compare tables with the entries of subject `config` about them, in the same snapshot. */
  readonly config?: readonly ConfigChecker[];
}

/** What `trace verify` says of a county. */
export interface CountyReport {
  readonly county: string;
  /** Entries that were read. */
  readonly entries: number;
  readonly checkpoints: number;
  /** Hexadecimal root over all entries. */
  readonly root: string;
  /** The largest tree that a witness outside has seen and that this log still continues; null where none has. */
  readonly witnessed: number | null;
  /** What the proof does not reach: entries after the last witnessed and the last signed checkpoint, and the inbox. */
  readonly outside: {
    readonly unwitnessed: number; readonly unsigned: number; readonly inbox: number;
    /** Matters whose last entry is from before title, data and clocks were vouched for. */
    readonly plain: number;
  };
  /** Kinds of configured things that were compared with their entries; all other tables are outside. */
  readonly configured: readonly string[];
  readonly findings: readonly Finding[];
}
