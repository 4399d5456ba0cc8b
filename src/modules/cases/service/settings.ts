import { readFileSync } from 'node:fs';
import type { World } from '../../../platform/world.ts';
import type { CaseSettings } from '../rules/facts.ts';
import { readSettings } from '../store.ts';

const shipped = (): CaseSettings => JSON.parse(readFileSync(new URL('../../../../data/cases/settings.json', import.meta.url), 'utf8')) as CaseSettings;

/** How long a county's own settings are kept in memory, in milliseconds. */
const keepMs = 30_000;

/** Settings of the case flow by county: what ships, and the county's own over it, member by member. */
export const createSettings = (world: World): ((county: string) => Promise<CaseSettings>) => {
  const defaults = shipped();
  const known = new Map<string, { settings: CaseSettings; until: number }>();
  return async (county) => {
    const kept = known.get(county);
    if (kept && world.now() < kept.until && world.now() > kept.until - 2 * keepMs) return kept.settings;
    const own = ((await readSettings(world.db, county)) ?? {}) as Partial<CaseSettings>;
    const settings: CaseSettings = { ...defaults, ...own, clocks: { ...defaults.clocks, ...own.clocks }, duplicates: { ...defaults.duplicates, ...own.duplicates } };
    known.set(county, { settings, until: world.now() + keepMs });
    return settings;
  };
};
