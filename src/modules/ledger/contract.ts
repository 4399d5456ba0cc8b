import type { CountyCode } from '../../base/ids.ts';
import type { Json } from '../../base/canonical.ts';

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
