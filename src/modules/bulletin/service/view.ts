import { say, type Language } from '../../../base/text/language.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { textsOf } from '../../../platform/texts.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { Category } from '../../cases/index.ts';
import { readFinished, type PublicRow } from '../reads.ts';
import { coarsePoint, isOpenState, publicTitle } from '../rules/moderation.ts';
import type { Needs } from './needs.ts';

/** A case as everybody may see it: no person, no words of anybody but those that were released, no exact house. */
export interface PublicCase {
  readonly id: string;
  readonly number: string;
  readonly category: Category;
  readonly state: string;
  readonly open: boolean;
  readonly title: string;
  /** What is happening, in one sentence. */
  readonly words: string;
  /** Words that an officer released. */
  readonly summary: string | null;
  /** Name of the unit that has it in hand. */
  readonly unit: string | null;
  readonly component: string | null;
  /** Names from the town down to the grid, and the code of the last. */
  readonly where: { readonly names: readonly string[]; readonly words: string; readonly code: string | null };
  /** WGS-84 degrees; in the middle of a square where the category is shown coarsely. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly changedAt: number;
  readonly dueAt: number | null;
  /** Digest of the picture of the finished work. */
  readonly picture: string | null;
}

/** A case that may be shown, with the category that it is shown under. */
export interface Shown {
  readonly row: PublicRow;
  readonly category: Category;
}

/** Names of units may be seen this late, in milliseconds. */
const keepMs = 15_000;
/** Levels that everybody knows they are in, and those that name somebody's house. */
const unsaid = new Set(['province', 'city', 'county', 'microgrid']);

/** What a state says to everybody. */
export const stateWords = (language: Language, state: string, params: { readonly unit: string; readonly number: string }): string =>
  say(textsOf('bulletin'), language, `state.${state}`, params);

/** Writes cases out for the public. What is not in `PublicRow` cannot get in here. */
export const createView = ({ world, identity, places }: Pick<Needs, 'world' | 'identity' | 'places'>) => {
  const unitBy = remembered(world.now, keepMs, async (key) => {
    const [county, unit] = key.split(' ') as [string, string];
    return (await identity.units.get(world.db, county, [unit])).get(unit)?.name;
  });

  /** @param pictures whether those of finished work are wanted */
  return async (county: string, shown: readonly Shown[], language: Language, pictures: boolean): Promise<PublicCase[]> => {
    const tree = await places.tree(county as CountyCode);
    const closed = pictures ? shown.filter(({ row }) => row.state === 'closed').map(({ row }) => row.id) : [];
    const finished = new Map(closed.length === 0 ? [] : (await readFinished(world.db, county, closed)).map(({ matter, served }) => [matter, served]));
    // A thousand rows share a few places, units and notes: each is put into words once.
    const once = <T>(make: (key: string) => T): ((key: string) => T) => {
      const made = new Map<string, T>();
      return (key) => made.get(key) ?? (made.set(key, make(key)), made.get(key)!);
    };
    const whereOf = once((place) => {
      const found = tree.find(place);
      const chain = found ? tree.chain(found).filter(({ level }) => !unsaid.has(level)) : [];
      const names = chain.map(({ name }) => name);
      return { names, words: names.join(language === 'en' ? ' ' : ''), code: chain.at(-1)?.code ?? null };
    });
    const units = new Map<string, string | undefined>();
    for (const unit of new Set(shown.map(({ row }) => row.unit))) if (unit !== null) units.set(unit, (await unitBy(`${county} ${unit}`))?.[language]);
    const notes = once((key) => {
      const [state, unit, number] = key.split('\n') as [string, string, string];
      return stateWords(language, state, { unit, number });
    });
    return shown.map(({ row, category }): PublicCase => {
      const where = whereOf(row.place ?? '');
      const unit = (row.unit === null ? undefined : units.get(row.unit)) ?? null;
      return {
        id: row.id, number: row.number, category, state: row.state, open: isOpenState(row.state),
        title: publicTitle(row.title, row.component, where.names.at(-1), category.name[language]),
        words: notes(`${row.state}\n${unit ?? ''}\n${row.merged ?? ''}`), summary: row.summary, unit, component: row.component, where,
        // A lamp stands where everybody sees it; anything else may be somebody's door.
        point: row.lng === null || row.lat === null ? null : category.place === 'coarse' && row.component === null ? coarsePoint(row.lng, row.lat) : { lng: row.lng, lat: row.lat },
        at: row.created_at.getTime(), changedAt: (row.ended_at ?? row.updated_at).getTime(), dueAt: row.due_at?.getTime() ?? null,
        picture: finished.get(row.id) ?? null,
      };
    });
  };
};
