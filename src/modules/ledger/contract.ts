import { Type } from 'typebox';
import type { CountyCode } from '../../base/ids.ts';
import type { Json } from '../../base/canonical.ts';
import { route } from '../../base/route.ts';

/**
 * A ledger entry, format 1. Its canonical JSON (RFC 8785) is what is hashed and kept for ever;
 * every column beside it is derived. It holds no personal text: a text is here by its digest only.
 */
export interface Entry {
  readonly v: 1;
  readonly county: CountyCode;
  /** What changed: a matter, configuration (grants, tables, places), or access to personal data. */
  readonly subject: 'matter' | 'config' | 'access';
  /** Id of the matter; with `mv`, the version that the action made. */
  readonly matter?: string;
  readonly mv?: number;
  /** Kind of the matter, or of the configured thing: `grant`, `standards`, `places`, … */
  readonly kind: string;
  readonly action: string;
  readonly from?: string;
  readonly to?: string;
  readonly actor: { readonly id: string; readonly role: string; readonly unit?: string };
  /** Whom the actor acted for. */
  readonly behalf?: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly op?: string;
  /** Codes and ids that the action set. */
  readonly set?: { readonly [name: string]: Json };
  /**
   * Digest of what stands in the matter's row beside its facets, as the action left it: hexadecimal SHA-256. Its owner
   * knows of what; entries from before it was kept have none.
   */
  readonly beside?: string;
  /**
   * Mark of where the matter is, under the installation's index key, so that nobody who reads the log can try points; '' where the
   * action took the point away. Absent where the action left it as it was, and in entries from before it was kept.
   */
  readonly spot?: string;
  /** Digest: hexadecimal SHA-256 of salt followed by the UTF-8 text. */
  readonly texts?: readonly { readonly id: string; readonly name: string; readonly digest: string }[];
  /** Digests of a picture as received and of the copy that is served. */
  readonly blobs?: readonly { readonly role: string; readonly original: string; readonly served: string }[];
}

/** An entry in its place in the county's log. */
export interface LoggedEntry {
  readonly seq: number;
  readonly entry: Entry;
}

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const county = Type.String({ pattern: '^[0-9A-Za-z_-]{1,20}$' });
const size = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** The trace of a matter, provable to anybody: `file` is what `trace verify --bundle` and rules/bundle.ts check. */
export const readProof = route({
  name: 'ledger.proof', method: 'GET', path: '/api/matters/:id/proof', who: 'session',
  summary: 'The entries of a matter with their inclusion proofs under the newest signed checkpoint, as a file that proves itself. It holds no texts, only their digests.',
  params: Type.Object({ id: uuid }),
  response: Type.Object({
    county: Type.String(),
    matter: Type.String(),
    /** Entries in the file. */
    entries: Type.Integer(),
    /** Entries that the next checkpoint will cover: usually within a second. */
    waiting: Type.Integer(),
    /** One JSON object a line: head, entries. */
    file: Type.String(),
  }),
});

/** The keys that checkpoints are signed with (C2SP verifier keys), the present one last. */
export const readKeys = route({
  name: 'ledger.keys', method: 'GET', path: '/api/ledger/keys', who: 'anyone',
  summary: 'Verifier keys of this installation, the present one last. Compare them with those that the county publishes elsewhere.',
  response: Type.Object({ keys: Type.Array(Type.String()) }),
});

export const readCheckpoint = route({
  name: 'ledger.checkpoint', method: 'GET', path: '/api/ledger/:county/checkpoint', who: 'anyone',
  summary: 'The newest signed checkpoint of a county (C2SP tlog-checkpoint).',
  params: Type.Object({ county }), response: Type.String(), produces: 'text/plain; charset=utf-8',
});

export const readTile = route({
  name: 'ledger.tile', method: 'GET', path: '/api/ledger/:county/tile/:level/*', who: 'anyone', perMinute: 6_000,
  summary: 'A tile of hashes by its C2SP tlog-tiles path, such as 0/x001/234 or 0/000.p/17. Hashes only: entries are not public.',
  params: Type.Object({ county, level: Type.String({ pattern: '^[0-7]$' }), '*': Type.String({ maxLength: 40 }) }),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

export const readConsistency = route({
  name: 'ledger.consistency', method: 'GET', path: '/api/ledger/:county/consistency', who: 'anyone',
  summary: 'Proof that the log of `to` entries continues the log of `from` entries, unchanged (RFC 6962).',
  params: Type.Object({ county }), query: Type.Object({ from: size, to: size }, { additionalProperties: false }),
  response: Type.Object({ from: Type.Integer(), to: Type.Integer(), proof: Type.Array(Type.String()) }),
});

/**
 * Events: `open` (or `reset`, when the place asked for is beyond the log: take a new snapshot), `entry` with
 * {county, seq, entry}, `end` when the listener's rights have ended. Event id: `county:seq,…`.
 */
export const readLive = route({
  name: 'ledger.live', method: 'GET', path: '/api/live', who: 'session',
  summary: 'What happens, as it happens, as far as the caller may see it. Take a snapshot first and stream after its cursor; Last-Event-ID resumes without a gap.',
  query: Type.Object({
    /** `county:seq,…`: stream what comes after. Last-Event-ID goes before it. From now on where neither is given. */
    after: Type.Optional(Type.String({ maxLength: 4_000 })),
    /** Only these counties, separated by commas. */
    county: Type.Optional(Type.String({ maxLength: 2_000 })),
  }, { additionalProperties: false }),
  response: Type.String(), produces: 'text/event-stream',
});

/** Who may read on in a county's whole log: `trace.verify` of `data/roles.json`, for the whole county. */
const readers = ['commander', 'supervisor', 'auditor'] as const;

export const browseEntries = route({
  name: 'ledger.browse', method: 'GET', path: '/api/ledger/:county/entries', who: readers,
  summary: 'Entries of a county\'s log, newest first, from a seq or a moment backwards. What is about a matter that the caller may not see is listed without saying what it is.',
  params: Type.Object({ county }),
  query: Type.Object({
    /** Entries before this seq; the newest where absent. */
    before: Type.Optional(Type.Integer({ minimum: 1 })),
    /** RFC 3339: from the last entry that was written before this moment. */
    at: Type.Optional(Type.String({ maxLength: 40 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }, { additionalProperties: false }),
  response: Type.Object({
    /** Entries in the log. */
    size: Type.Integer(),
    items: Type.Array(Type.Object({
      seq: Type.Integer(), at: Type.Union([Type.String(), Type.Null()]),
      /** Null where the caller may not see the matter. */
      what: Type.Union([Type.Object({ subject: Type.String(), kind: Type.String(), action: Type.String(), role: Type.String(), matter: Type.Union([Type.String(), Type.Null()]) }), Type.Null()]),
    })),
    /** Ask with this as `before` for what was written earlier; null at the beginning of the log. */
    next: Type.Union([Type.Integer(), Type.Null()]),
  }),
});

export const exportEntries = route({
  name: 'ledger.export', method: 'GET', path: '/api/ledger/:county/entries/export', who: readers, perMinute: 20,
  summary: 'Entries of a county\'s log as a table, CSV or XLSX, newest first, from a seq or a moment back to the beginning; rights as for the list. Who exported it is traced.',
  params: Type.Object({ county }),
  query: Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })), at: Type.Optional(Type.String({ maxLength: 40 })), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, { additionalProperties: false }),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

export const listWitnesses = route({
  name: 'ledger.witnesses', method: 'GET', path: '/api/ledger/:county/witnesses', who: readers,
  summary: 'Who outside is shown the county\'s checkpoints, and what each has seen last.',
  params: Type.Object({ county }),
  response: Type.Object({
    size: Type.Integer(),
    items: Type.Array(Type.Object({
      name: Type.String(), kind: Type.String(), active: Type.Boolean(), cosigns: Type.Boolean(),
      /** Null where it has seen nothing yet. */
      seen: Type.Union([Type.Object({ size: Type.Integer(), at: Type.String() }), Type.Null()]),
    })),
  }),
});
