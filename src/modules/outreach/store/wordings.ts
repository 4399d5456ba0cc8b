import type { Params, Text } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';

/** A county's own wording of messages by template (primary key); null where all is as shipped. */
export const ownWordings = async (tx: Tx, county: string): Promise<Readonly<Record<string, Text>> | null> =>
  (await tx.query<{ messages: Readonly<Record<string, Text>> | null }>(`select settings -> 'messages' as messages from county where county = $1`, [county], 'outreach_wordings'))[0]?.messages ?? null;

/** With what the newest messages of some templates were filled, among the last that were written (primary key, backwards). */
export const recentParams = async (tx: Tx, county: string, templates: readonly string[]): Promise<ReadonlyMap<string, Params>> =>
  new Map((await tx.query<{ template: string; params: Params }>(
    `select distinct on (template) template, params from (select id, template, params from delivery where county = $1 order by id desc limit 2000) d
     where template = any($2) order by template, id desc`, [county, templates], 'outreach_recent_params')).map(({ template, params }) => [template, params]));
