import { readFileSync } from 'node:fs';
import { remembered, type Remembered } from '../../../../platform/remembered.ts';
import type { StandardRow } from '../../../catalogue/index.ts';
import type { Category } from '../../rules/categories.ts';
import { codeOfKey } from '../../rules/categories.ts';
import { readReporting } from '../../store/reporting.ts';
import type { Needs } from '../needs.ts';

/**
 * The kinds of case that people report in a county: what ships, the county's own values over it, as far as a version of its code
 * table has rows. One whose rows the table that counts now has no more is still a kind: cases stand under it. It has no `rows`.
 */
export interface Categories {
  /** In the order in which they are listed. */
  readonly all: readonly Category[];
  find(code: string): Category | undefined;
  /** The category that a row of the code table, of any version, belongs to. */
  ofKey(key: string | null | undefined): Category | undefined;
  /** Rows of a category in the table that counts now. */
  rows(category: Category): readonly StandardRow[];
  /** Keys of all rows of these categories, of every version of the table: what cases stand under. */
  keys(categories: readonly Category[]): readonly string[];
}

interface Shipped {
  /** When the categories last changed, RFC 3339. */
  readonly changeset: string;
  readonly categories: readonly Category[];
}

/** The categories as they ship. */
export const shippedCategories = JSON.parse(readFileSync(new URL('../../../../../data/cases/categories.json', import.meta.url), 'utf8')) as Shipped;

/** How long a county's own values are kept in memory, in milliseconds. */
const keepMs = 15_000;

/** Gives the categories of a county; `forget` makes the next reading a new one. */
export const createCategories = ({ world, catalogue }: Pick<Needs, 'world' | 'catalogue'>): Remembered<Categories> => {
  const settings = remembered(world.now, keepMs, (county) => readReporting(world.db, county));
  const made = new Map<string, { readonly mark: string; readonly categories: Categories }>();

  const make = (county: string, own: Awaited<ReturnType<typeof readReporting>>): Categories => {
    const version = catalogue.currentVersion(county, world.now());
    const current = version === undefined ? [] : catalogue.rows(county, version);
    const versions = catalogue.versions(county).map((one) => catalogue.rows(county, one.version));
    const present = new Set(versions.flat().map(({ code }) => code));
    const all = shippedCategories.categories.filter(({ rows }) => rows.some((row) => present.has(row))).map((one) => ({ ...one, ...own.categories?.[one.code] }));
    const byRow = new Map(all.flatMap((category) => category.rows.map((row) => [row, category] as const)));
    const keysBy = Map.groupBy(new Set(versions.flat().map(({ key }) => key)), (key) => byRow.get(codeOfKey(key))?.code);
    return {
      all,
      find: (code) => all.find((one) => one.code === code),
      ofKey: (key) => (key == null ? undefined : byRow.get(codeOfKey(key))),
      rows: (category) => current.filter(({ code }) => category.rows.includes(code)),
      keys: (asked) => asked.flatMap(({ code }) => keysBy.get(code) ?? []),
    };
  };

  const read = async (county: string): Promise<Categories> => {
    const own = await settings(county);
    const mark = JSON.stringify([catalogue.versions(county)[0]?.version, catalogue.currentVersion(county, world.now()), own]);
    const known = made.get(county);
    if (known?.mark === mark) return known.categories;
    const categories = make(county, own);
    made.set(county, { mark, categories });
    return categories;
  };
  return Object.assign(read, { forget: (county: string) => settings.forget(county) });
};
