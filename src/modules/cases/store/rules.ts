import type { Tx } from '../../../platform/database/database.ts';
import type { DispatchRule } from '../contract/dispatch.ts';

export interface RulesVersion {
  readonly version: number;
  readonly rules: readonly DispatchRule[];
}

/** The newest rules of a county (primary key, backwards); undefined where none were ever set. */
export const readRules = async (tx: Tx, county: string): Promise<RulesVersion | undefined> =>
  (await tx.query<RulesVersion>('select version, rules from dispatch_rules where county = $1 order by version desc limit 1', [county], 'cases_rules'))[0];

/** Every version of a county's rules that there is. */
export const allRules = (tx: Tx, county: string): Promise<RulesVersion[]> => tx.query<RulesVersion>('select version, rules from dispatch_rules where county = $1 order by version', [county]);

/** A version of the rules with its author. */
export interface RulesVersionRow extends RulesVersion {
  readonly author: string;
  readonly at: Date;
}

/** Versions below a number, newest first (primary key, backwards). */
export const ruleVersionsBelow = (tx: Tx, county: string, below: number | null, limit: number): Promise<RulesVersionRow[]> =>
  tx.query<RulesVersionRow>(
    'select version, rules, author, at from dispatch_rules where county = $1 and ($2::integer is null or version < $2) order by version desc limit $3', [county, below, limit], 'cases_rule_versions');

/** Sets a version. @returns false where somebody else has set it already */
export const writeRules = async (tx: Tx, county: string, { version, rules }: RulesVersion, author: string, now: number): Promise<boolean> =>
  (await tx.query(
    `insert into dispatch_rules (county, version, rules, author, at) values ($1, $2, $3, $4, $5) on conflict do nothing returning 1`,
    [county, version, JSON.stringify(rules), author, new Date(now).toISOString()])).length > 0;

/** The county's own settings of the case flow; undefined members are the defaults'. */
export const readSettings = async (tx: Tx, county: string): Promise<Record<string, unknown> | undefined> =>
  (await tx.query<{ cases: Record<string, unknown> | null }>(`select settings -> 'cases' as cases from county where county = $1`, [county], 'cases_settings'))[0]?.cases ?? undefined;
