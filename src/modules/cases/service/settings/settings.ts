import { readFileSync } from 'node:fs';
import { remembered, type Remembered } from '../../../../platform/remembered.ts';
import type { World } from '../../../../platform/world.ts';
import type { CaseSettings } from '../../rules/facts.ts';
import { readSettings } from '../../store/rules.ts';

const file = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../../../data/cases/${name}`, import.meta.url), 'utf8'));

/** Settings as they ship. */
export const shippedSettings = (): CaseSettings => {
  const { about: _, ...flow } = file('settings.json') as CaseSettings & { readonly about: string };
  return { ...flow, replies: (file('replies.json') as Pick<CaseSettings, 'replies'>).replies, reasons: (file('reasons.json') as Pick<CaseSettings, 'reasons'>).reasons };
};

/** How long a county's own settings are kept in memory, in milliseconds. */
const keepMs = 30_000;

/** Settings of the case flow by county; `forget` makes the next reading a new one. */
export type SettingsOf = Remembered<CaseSettings>;

/** Settings of the case flow by county: what ships, and the county's own over it, member by member. */
export const createSettings = (world: World): SettingsOf => {
  const defaults = shippedSettings();
  return remembered(world.now, keepMs, async (county) => {
    const own = ((await readSettings(world.db, county)) ?? {}) as Partial<CaseSettings>;
    return { ...defaults, ...own, clocks: { ...defaults.clocks, ...own.clocks }, duplicates: { ...defaults.duplicates, ...own.duplicates }, ladders: { ...defaults.ladders, ...own.ladders } };
  });
};
