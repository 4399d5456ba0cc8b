import type { Actor, Grant } from '../../../base/actor.ts';
import type { Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { Params } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { Entry, Ledger } from '../../ledger/index.ts';
import type { Roles } from '../rules.ts';

/** A message that belongs to no matter: a code, an invitation. */
export interface LooseMessage {
  readonly county: string;
  readonly id: string;
  readonly template: string;
  /** `account:{uuid}` or `contact:{uuid}` */
  readonly recipient: string;
  readonly params: Params;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What identity stands on. Outreach is a higher module, so it is handed in as a function. */
export interface Needs {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer'>;
  readonly roles: Roles;
  /** Writes an urgent message in the caller's transaction. */
  readonly send: (tx: Tx, message: LooseMessage) => Promise<void>;
}

/** An entry about what changes without a matter: configuration, or access to what is personal. */
export const entryOf = (
  what: { county: string; subject: 'config' | 'access'; kind: string; action: string; matter?: string; set: { readonly [name: string]: Json } },
  actor: Actor, grant: Pick<Grant, 'role' | 'unit'>, now: number,
): Entry => ({
  v: 1, county: what.county as CountyCode, subject: what.subject, kind: what.kind, action: what.action,
  actor: { id: actor.id, role: grant.role, ...(grant.unit !== null && { unit: grant.unit }) },
  at: new Date(now).toISOString(), set: { ...what.set, ...(what.matter !== undefined && { matter: what.matter }) },
});

/** The role under which the system itself writes entries. */
export const asSystem = { role: 'system', unit: null } as const;
