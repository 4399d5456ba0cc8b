import { readFileSync } from 'node:fs';
import { remembered } from '../../../platform/remembered.ts';
import type { World } from '../../../platform/world.ts';
import type { CaseSettings } from '../rules/facts.ts';
import { readSettings } from '../store.ts';

const shipped = (): CaseSettings => JSON.parse(readFileSync(new URL('../../../../data/cases/settings.json', import.meta.url), 'utf8')) as CaseSettings;
const shippedReplies = (): CaseSettings['replies'] => (JSON.parse(readFileSync(new URL('../../../../data/cases/replies.json', import.meta.url), 'utf8')) as Pick<CaseSettings, 'replies'>).replies;

/** How long a county's own settings are kept in memory, in milliseconds. */
const keepMs = 30_000;

/** Settings of the case flow by county: what ships, and the county's own over it, member by member. */
export const createSettings = (world: World): ((county: string) => Promise<CaseSettings>) => {
  const defaults = { ...shipped(), replies: shippedReplies() };
  return remembered(world.now, keepMs, async (county) => {
    const own = ((await readSettings(world.db, county)) ?? {}) as Partial<CaseSettings>;
    return { ...defaults, ...own, clocks: { ...defaults.clocks, ...own.clocks }, duplicates: { ...defaults.duplicates, ...own.duplicates } };
  });
};
