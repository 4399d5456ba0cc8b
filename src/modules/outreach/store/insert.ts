import type { DeliveryDraft } from '../contract.ts';

/** A draft as `deliveryInsert` reads it out of its JSON parameter. */
export interface DeliveryRow {
  /** Number of the row of the statement that causes it: what `condition` may join by. */
  readonly n: number;
  readonly county: string;
  readonly id: string;
  readonly matter: string;
  readonly version: number;
  readonly template: string;
  readonly recipient: string;
  readonly params: DeliveryDraft['params'];
  readonly urgent: boolean;
  /** RFC 3339: the time of the action, from which it may be sent. */
  readonly at: string;
}

/** The matter, in the version that the action made, whose messages these are. */
export interface DeliveryOrigin {
  readonly county: string;
  readonly matter: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Rows for `deliveryInsert`. A template goes to a recipient once in a version: a second draft of the same pair is
 * dropped here, so that the unique key of the table is never run into by one action alone.
 */
export const deliveryRows = (n: number, origin: DeliveryOrigin, drafts: readonly DeliveryDraft[]): DeliveryRow[] => {
  const seen = new Set<string>();
  return drafts.filter(({ template, recipient }) => {
    const key = `${template} ${recipient}`;
    return !seen.has(key) && seen.add(key);
  }).map((draft) => ({
    n, county: origin.county, id: draft.id, matter: origin.matter, version: origin.version, template: draft.template,
    recipient: draft.recipient, params: draft.params, urgent: draft.urgent, at: new Date(origin.now).toISOString(),
  }));
};

/**
 * An INSERT for the statement or the WITH of whoever writes matters: deliveries are rows of the same transaction as the
 * action, so neither exists without the other.
 * @param param a parameter holding `DeliveryRow[]` as JSON, such as `$7`
 * @param condition about the row `d` (its `n`, `county`, `matter`, `version`), such as
 *   `exists (select 1 from done where done.n = d.n)`: rows of an action that lost its race are left out by it
 */
export const deliveryInsert = (param: string, condition = 'true'): string => `
  insert into delivery (county, id, matter, version, template, recipient, params, urgent, state, attempts, next_at, created_at)
  select d.county, d.id, d.matter, d.version, d.template, d.recipient, d.params, d.urgent, 'queued', 0, d.at, d.at
  from jsonb_to_recordset(${param}::jsonb) as d (n integer, county text, id uuid, matter uuid, version integer,
    template text, recipient text, params jsonb, urgent boolean, at timestamptz)
  where ${condition}`;
