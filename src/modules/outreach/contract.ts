import type { Params } from '../../base/language.ts';

/** A message to be sent, written in the transaction of the action that causes it. */
export interface DeliveryDraft {
  readonly id: string;
  /** Key in `data/texts/messages.json`. */
  readonly template: string;
  /** `account:{uuid}` or `contact:{uuid}`: the address itself is looked up when it is sent. */
  readonly recipient: string;
  /** Fills the template. Codes, names of places and times: never a person's name, phone or words. */
  readonly params: Params;
  /** Urgent messages are sent at night too and are not counted against the daily cap. */
  readonly urgent: boolean;
}
