import type { CountyCode } from '../../base/ids.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { World } from '../../platform/world.ts';
import type { Identity } from '../identity/index.ts';
import type { Follower, LoggedEntry } from '../ledger/index.ts';
import type { Matters } from '../matters/index.ts';
import { isAskable, rankOf, reasonsFor, type CallbackSettings } from './rules.ts';
import { askedSince, putAnswer, putCallback, withdraw, withdrawOf } from './store.ts';

interface Sources {
  readonly world: World;
  readonly identity: { readonly contacts: Pick<Identity['contacts'], 'masked'> };
  readonly matters: Pick<Matters, 'readFamily' | 'kinds'>;
  settings(county: string): Promise<CallbackSettings>;
}

/** Actions after which a complaint may have to be called about, and those after which it goes on. */
const ends = new Set(['close', 'decline', 'rate', 'merge', 'void']);
const goesOn = new Set(['reopen', 'unmerge', 'split']);

/** A complaint is called about once in so many days, unless it was opened again: milliseconds. */
const quietMs = 15 * 86_400_000;
const oldMs = 30 * 86_400_000;

/**
 * Keeps the list of people to be called and what they said. A complaint is looked at as it is now: it is called about once all of
 * its cases have ended, so that whoever reported noise and lamps in one breath is called once for both.
 */
export const callbackFollower = ({ world, identity, matters, settings }: Sources): Follower => {
  const rootOf = async (tx: Tx, county: string, id: string): Promise<string> => (await matters.readFamily(tx, county, id, 'case'))[0]?.facets.parent ?? id;
  const look = async (tx: Tx, county: string, root: string, at: number): Promise<void> => {
    const family = await matters.readFamily(tx, county, root, 'case');
    const final = matters.kinds.get('case').workflow.final;
    // Nobody remembers after a month: what a log brings up from long ago is let be.
    if (world.now() - at > oldMs || family.length === 0 || family.some(({ state }) => !final.includes(state))) return;
    const asked = family.filter(isAskable);
    const contact = /^contact:(.+)$/.exec(family[0]!.facets.reporter ?? '')?.[1];
    if (asked.length === 0 || contact === undefined) return;
    if ((await identity.contacts.masked(tx, county, [contact])).get(contact)?.erased) return;
    const found = reasonsFor(asked, await settings(county));
    if (found.length === 0) return;
    // A low rating that came after the call is a reason of its own only where nobody has asked lately.
    const closed = Math.max(0, ...asked.map(({ data }) => Number(data['closedAt'] ?? 0)));
    if (await askedSince(tx, county, root, Math.max(at - quietMs, closed))) return;
    await putCallback(tx, county, { id: world.random.uuid(at), root, matters: asked.map(({ id }) => id), contact, path: family[0]!.facets.path ?? '', reasons: found, rank: rankOf(found) }, at);
  };
  const answered = async (tx: Tx, county: CountyCode, { entry }: LoggedEntry): Promise<void> => {
    const { matter: id, mv, action, at, actor, set } = entry;
    const matter = id === undefined ? undefined : (await matters.readFamily(tx, county, id, 'case'))[0];
    if (!matter || mv === undefined) return;
    const flag = (name: string): boolean | null => (typeof set?.[name] === 'boolean' ? set[name] : null);
    const number = (name: string): number | null => (typeof set?.[name] === 'number' ? set[name] : null);
    await putAnswer(tx, county, {
      matter: matter.id, version: mv, at, account: actor.id, path: matter.facets.path ?? '', unit: matter.facets.leadUnit ?? null, code: matter.facets.code ?? null,
      outcome: action === 'rate' ? 'rating' : String(set?.['outcome'] ?? ''), reached: flag('reached'), solved: flag('solved'), satisfaction: number('satisfaction'), stars: number('stars'),
    });
  };
  return {
    name: 'callbacks.list', mayLag: 1_500,
    async apply(county, entries, tx) {
      const touched = new Map<string, number>();
      for (const logged of entries) {
        const { entry: { subject, kind, matter, action, at } } = logged;
        if (subject === 'access' && kind === 'contact' && action === 'erase' && typeof logged.entry.set?.['contact'] === 'string') await withdrawOf(tx, county, logged.entry.set['contact'], Date.parse(at));
        if (subject !== 'matter' || kind !== 'case' || matter === undefined) continue;
        if (action === 'callback' || action === 'rate') await answered(tx, county as CountyCode, logged);
        if (goesOn.has(action)) await withdraw(tx, county, await rootOf(tx, county, matter), Date.parse(at));
        if (ends.has(action) || goesOn.has(action)) touched.set(await rootOf(tx, county, matter), Date.parse(at));
      }
      for (const [root, at] of touched) await look(tx, county, root, at);
    },
  };
};
