import { remembered } from '../../../platform/remembered.ts';
import type { Category } from '../../cases/index.ts';
import type { BulletinSettings } from '../contract.ts';
import type { PublicRow } from '../reads.ts';
import { hiddenStates } from '../rules/moderation.ts';
import { readSettings } from '../store/settings.ts';
import type { Needs } from './needs.ts';

/** What a county lets everybody see of its cases. */
export interface Offer {
  readonly county: string;
  readonly settings: BulletinSettings;
  /** Public ones, in the order in which they are listed. */
  readonly categories: readonly Category[];
  find(code: string): Category | undefined;
  /** The public category of a row of the code table; undefined for what is not public. */
  ofKey(key: string | null): Category | undefined;
  keys(categories: readonly Category[]): readonly string[];
  /** States in which a case is not public. */
  readonly hidden: readonly string[];
  /** Whether a case may be shown, and under which category. */
  shown(row: Pick<PublicRow, 'state' | 'code' | 'withheld'>): Category | undefined;
}

/** How long a county's settings are kept in memory, in milliseconds. */
const keepMs = 15_000;

/** Says what is public in a county. */
export const createOffer = ({ world, cases }: Pick<Needs, 'world' | 'cases'>): ((county: string) => Promise<Offer>) => {
  const settingsOf = remembered(world.now, keepMs, (county) => readSettings(world.db, county));
  return async (county) => {
    const [settings, known] = await Promise.all([settingsOf(county), cases.categories(county)]);
    const categories = known.all.filter((one) => one.public && (settings.categories === undefined || settings.categories.includes(one.code)));
    const hidden = hiddenStates(settings);
    const ofKey = (key: string | null): Category | undefined => {
      const found = known.ofKey(key);
      return found && categories.includes(found) ? found : undefined;
    };
    return {
      county, settings, categories, hidden, ofKey, keys: known.keys,
      find: (code) => categories.find((one) => one.code === code),
      shown: ({ state, code, withheld }) => (hidden.includes(state) || withheld ? undefined : ofKey(code)),
    };
  };
};
