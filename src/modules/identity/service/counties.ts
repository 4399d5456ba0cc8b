import type { Actor } from '../../../base/actor.ts';
import type { Json } from '../../../base/canonical.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { permitted } from '../rules.ts';
import { asSystem, entryOf, type Needs } from './needs.ts';

/** A member of a county's settings and what is below it. */
export interface SettingsTree { readonly [name: string]: Json }

export interface Counties {
  /** A county's own settings, as its row holds them; undefined for a county that is not there. */
  settings(county: string): Promise<SettingsTree | undefined>;
  /**
   * Sets one member, or takes it away where `value` is undefined, with an entry that says which. `name` goes down from the
   * top, such as `cases`, `clocks`, `file`. Refusals: 403 `identity.not_permitted`, 422 `identity.setting`, and those of `check`.
   * @param permission of `data/roles.json` that the actor needs
   * @param check judges the top member as it would become
   */
  set(
    actor: Actor, county: string, permission: string, name: readonly string[], value: Json | undefined, check: (top: Json | undefined) => Result<unknown>,
  ): Promise<Result<SettingsTree>>;
}

const readSettings = async (tx: Tx, county: string): Promise<SettingsTree | undefined> =>
  (await tx.query<{ settings: SettingsTree | null }>('select settings from county where county = $1 for update', [county])).map(({ settings }) => settings ?? {})[0];

const isTree = (value: Json | undefined): value is SettingsTree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The tree with one member other than it was; members that become empty by a removal go too. */
const changed = (tree: SettingsTree, [name, ...below]: readonly string[], value: Json | undefined): SettingsTree => {
  const own = tree[name!];
  const next = below.length === 0 ? value : changed(isTree(own) ? own : {}, below, value);
  const { [name!]: _, ...others } = tree;
  return next === undefined || (value === undefined && isTree(next) && Object.keys(next).length === 0) ? others : { ...others, [name!]: next };
};

export const createCounties = ({ world, ledger, roles }: Needs): Counties => ({
  settings: async (county) => (await world.db.query<{ settings: SettingsTree | null }>('select settings from county where county = $1', [county])).map(({ settings }) => settings ?? {})[0],
  async set(actor, county, permission, name, value, check) {
    const now = world.now();
    const right = actor.kind === 'system' ? asSystem : permitted(roles, actor, county, permission, now);
    if (!right) return refuse(403, 'identity.not_permitted');
    // Names go into a tree of plain objects: one that means something to JavaScript is none of ours.
    if (name.length === 0 || name.some((part) => !/^[A-Za-z0-9-]{1,40}$/u.test(part))) return refuse(422, 'identity.setting', { name: name.join('.') });
    const done = await world.db.transaction(async (tx): Promise<Result<SettingsTree>> => {
      const before = await readSettings(tx, county);
      if (!before) return refuse(422, 'identity.county', { county });
      const after = changed(before, name, value);
      const judged = check(after[name[0]!]);
      if (isRefusal(judged)) return judged;
      await tx.query('update county set settings = $2 where county = $1', [county, JSON.stringify(after)]);
      await ledger.append(tx, [entryOf({
        county, subject: 'config', kind: 'settings', action: value === undefined ? 'unset' : 'set',
        // Fractions have no place in an entry: the value stands there as its JSON text.
        set: { name: name.join('.'), ...(value !== undefined && { value: JSON.stringify(value) }) },
      }, actor, right, now)]);
      return after;
    });
    if (!isRefusal(done)) ledger.sequencer.nudge(county);
    return done;
  },
});
