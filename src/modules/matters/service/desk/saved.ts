import type { Actor } from '../../../../base/actor.ts';
import { refuse, type Result } from '../../../../base/result.ts';
import type { World } from '../../../../platform/world.ts';
import type { SavedFilter } from '../../contract.ts';
import { dropSaved, putSaved, readSaved } from '../../store/saved.ts';

/** Filters that one account may keep. */
export const savedAtMost = 30;

/** Named filters of the inbox, each account's own, wherever it signs in. */
export interface SavedFilters {
  list(actor: Actor): Promise<Result<SavedFilter[]>>;
  /** Refusals: 409 `matters.saved-full`. */
  put(actor: Actor, saved: SavedFilter): Promise<Result<SavedFilter[]>>;
  drop(actor: Actor, name: string): Promise<Result<SavedFilter[]>>;
}

export const createSavedFilters = (world: World): SavedFilters => {
  const countyOf = (actor: Actor): Result<string> => (actor.kind === 'account' ? actor.grants[0]?.county : undefined) ?? refuse(403, 'matters.no-county');
  const read = async (county: string, actor: Actor): Promise<SavedFilter[]> =>
    (await readSaved(world.db, county, actor.id)).map(({ name, box, filter }) => ({ name, box: box as SavedFilter['box'], filter }));
  return {
    async list(actor) {
      const county = countyOf(actor);
      return typeof county === 'string' ? read(county, actor) : county;
    },
    async put(actor, { name, box, filter }) {
      const county = countyOf(actor);
      if (typeof county !== 'string') return county;
      if (!await putSaved(world.db, county, actor.id, { name, box, filter }, savedAtMost, world.now())) return refuse(409, 'matters.saved-full', { most: savedAtMost });
      return read(county, actor);
    },
    async drop(actor, name) {
      const county = countyOf(actor);
      if (typeof county !== 'string') return county;
      await dropSaved(world.db, county, actor.id, name);
      return read(county, actor);
    },
  };
};
