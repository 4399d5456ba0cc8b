import type { Coding } from './text.ts';

/** One segment on its way. */
export interface Part {
  /** Mobile number, 11 digits. */
  readonly to: string;
  readonly coding: Coding;
  /** User data without header. */
  readonly octets: Buffer;
  /** Of a long message: which of how many, under which reference. */
  readonly join: { readonly reference: number; readonly parts: number; readonly part: number } | null;
}

/**
 * What a peer said to a segment. `later`: certainly not taken. `unknown`: written and not answered, or answered with what
 * is no answer to it.
 */
export type PartOutcome =
  | { readonly state: 'sent'; readonly peer: string }
  | { readonly state: 'later'; readonly error: string; readonly afterMs?: number }
  | { readonly state: 'refused' | 'unknown'; readonly error: string };

/** How far a message came, by the peer's own report. */
export const receiptStates = ['delivered', 'failed', 'expired', 'under_way'] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** A peer's report of what became of a segment. */
export interface Receipt {
  /** The id that the peer gave when it took the segment. */
  readonly peer: string;
  readonly state: ReceiptState;
  /** The peer's own word, such as `DELIVRD` or `UNDELIV 012`; at most 40 characters. */
  readonly code: string;
}

/** A text that a phone sent. */
export interface Heard {
  /** The peer's id of it, or null where the protocol has none. */
  readonly peer: string | null;
  /** As the peer writes it, with or without a country code. */
  readonly from: string;
  /** The number that it was sent to, with any extension. */
  readonly to: string;
  readonly text: string;
}

/** Who is told of what comes in. What resolves was kept: only then is the peer answered, so that it says again what was lost. */
export interface Ears {
  receipt(receipt: Receipt): Promise<void>;
  heard(message: Heard): Promise<void>;
}

/** A connection that is bound to a peer and may be used. */
export interface Line {
  /** Never rejects; ends within the answer's time. */
  submit(part: Part): Promise<PartOutcome>;
  /** Asks whether the peer is there. False where it is silent. */
  ping(): Promise<boolean>;
  /** Says goodbye and closes. */
  close(): void;
  /** Resolves with a short code when the connection has ended, whoever ended it. */
  readonly ended: Promise<string>;
}

/** A connection could not be made; `code` says why and holds no address and no password. */
export class DialError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'DialError';
    this.code = code;
  }
}

/** A protocol of short message centres. */
export interface Protocol {
  readonly name: string;
  /** Long messages are handed over in one piece: the peer cuts them. */
  readonly whole?: boolean;
  /** Knows ASCII where others know the GSM alphabet: what is not ASCII goes as UCS-2. */
  readonly ascii?: boolean;
  /** Connects and binds. @throws DialError */
  dial(ears: Ears): Promise<Line>;
}
