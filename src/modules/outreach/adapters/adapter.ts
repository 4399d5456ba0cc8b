import type { Language, Params } from '../../../base/text/language.ts';
import type { Channel } from '../rules/sending.ts';

/** A message as it leaves. */
export interface Outgoing {
  /** The delivery's id: the same at every try, so that a peer that knows idempotency keys sends once. */
  readonly id: string;
  readonly county: string;
  readonly channel: Channel;
  /** Phone or e-mail address, in full. */
  readonly to: string;
  readonly text: string;
  readonly language: Language;
  readonly urgent?: boolean;
  /** What filled the text, for ways that show it in fields. */
  readonly params?: Params;
  /** What a press opens, where the message leads somewhere: a secret of the recipient's. */
  readonly link?: string;
  /** The matter that a member of staff is told of: each end of staff shows it on a page of its own. */
  readonly matter?: string;
  /** Where a POST ends what the message is sent for (RFC 8058). */
  readonly unsubscribe?: string;
}

/**
 * What came of a try. `later`: it has certainly not been sent and may be tried again, after `afterMs` where the peer said so.
 * `refused`: the peer will never take it. `unknown`: nobody can tell whether it was sent.
 * `error` is a short code for people to look up; it never holds an address or what was said.
 * `lost`: addresses among those it was sent to at which there is nobody any more; they are forgotten, and what was refused
 * because of it goes by another way.
 * `peers` are the peer's ids of the parts that it took and will report on.
 */
export type Outcome =
  | { readonly state: 'sent'; readonly peer: string | null; readonly peers?: readonly string[]; readonly lost?: readonly string[] }
  | { readonly state: 'later'; readonly error: string; readonly afterMs?: number; readonly lost?: readonly string[] }
  | { readonly state: 'refused'; readonly error: string; readonly lost?: readonly string[] }
  | { readonly state: 'unknown'; readonly error: string; readonly peers?: readonly string[]; readonly lost?: readonly string[] };

/** Whether a way out is connected now, and why not. */
export interface LinkState {
  readonly connected: boolean;
  /** Short code of why not; null while connected or not yet tried. */
  readonly error: string | null;
}

/** A way out of the house. */
export interface Adapter {
  readonly name: string;
  readonly channel: Channel;
  /** How many messages it takes at once. */
  readonly window: number;
  /** Its peer knows idempotency keys: what is unknown may be tried again. */
  readonly idempotent: boolean;
  /** It reaches only who asked for it in this very installation, so it is used in a demo too. */
  readonly welcome?: boolean;
  /** People can answer what it sends, and the answers come in. */
  readonly hears?: boolean;
  /** Connects, where it keeps a connection: what comes in is heard from then on. May be called again. */
  start?(): void;
  /** Never throws; ends within a time of its own. */
  send(message: Outgoing): Promise<Outcome>;
  /** Where it keeps a connection. */
  state?(): LinkState;
  close(): void | Promise<void>;
}
