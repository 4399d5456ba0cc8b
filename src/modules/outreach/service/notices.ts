import { createHash } from 'node:crypto';
import type { Actor, Grant } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { NoticesView } from '../contract.ts';
import type { Subscription } from '../rules/push.ts';
import { quietLength, settingsOf, staffQuietAtMost, staffUrgencies, type Channel } from '../rules/sending.ts';
import { keepStaffQuiet, readStaffQuiet } from '../store/quiet.ts';
import { readCounties } from '../store/work.ts';
import type { Addresses } from './addresses.ts';

/** How a member of staff is told: at which devices, and when not. All of it holds in every county that they work in. */
export interface Notices {
  /** @param here SHA-256 of where the asking browser is posted to, base64url. Refusal: 403 `identity.not_permitted`. */
  read(actor: Actor, here: string | undefined): Promise<Result<NoticesView>>;
  /**
   * This browser tells the caller from now on.
   * @param key public key that the browser was asked with; the county's own where absent
   * Refusals: 422 `outreach.subscription`, 422 `outreach.push_key` (a key that is none of ours).
   */
  ask(actor: Actor, subscription: Subscription, key: string | undefined): Promise<Result<NoticesView>>;
  /** One browser, or all, tells the caller nothing any more. `told`: the one named still tells somebody else. */
  stop(actor: Actor, endpoint: string | undefined): Promise<Result<NoticesView & { readonly told: boolean }>>;
  /** Keeps the caller's own quiet hours; null for the county's. An entry of the ledger says that they chose. Refusal: 422 `outreach.quiet`. */
  quiet(actor: Actor, quiet: { readonly from: number; readonly until: number } | null): Promise<Result<NoticesView>>;
}

const digestOf = (endpoint: string): string => createHash('sha256').update(endpoint).digest('base64url');

export const createNotices = ({ db, now }: Pick<World, 'db' | 'now'>, addresses: Addresses, offers: ReadonlySet<Channel>, ledger: Pick<Ledger, 'append' | 'sequencer'>): Notices => {
  /** Counties of the caller, each with a grant there; the first by code has the key that a browser is asked with. */
  const worksIn = (actor: Actor): Result<readonly (readonly [string, Grant])[]> => {
    const grants = new Map(actor.kind === 'account' ? [...actor.grants].reverse().map((grant) => [String(grant.county), grant] as const) : []);
    return grants.size === 0 ? refuse(403, 'identity.not_permitted') : [...grants].sort(([one], [other]) => (one < other ? -1 : 1));
  };
  const view = async (actor: Actor, counties: readonly string[], here: string | undefined): Promise<NoticesView> => {
    const home = counties[0]!;
    const recipient = `account:${actor.id}`;
    const found = await addresses.of(db, counties.map((county) => ({ county, recipient })));
    const told = here === undefined ? [] : counties.filter((county) =>
      found.get(`${county} ${recipient}`)?.push?.some((one) => digestOf((JSON.parse(one) as Subscription).endpoint) === here));
    const settings = settingsOf((await readCounties(db, [home]))[0]?.outreach);
    const own = (await readStaffQuiet(db, [home], [actor.id]))[0];
    return {
      key: offers.has('push') ? (await addresses.pushKey(home)).publicKey : null,
      here: told.length === 0 ? 'none' : told.length === counties.length ? 'all' : 'some',
      quiet: own ? { from: own.from, until: own.until } : null, countyQuiet: { from: settings.quietFrom, until: settings.quietUntil },
      breaks: staffUrgencies.filter((one) => settings.staffBreaks[one]),
    };
  };
  return {
    async read(actor, here) {
      const grants = worksIn(actor);
      return isRefusal(grants) ? grants : view(actor, grants.map(([county]) => county), here);
    },
    async ask(actor, subscription, key) {
      const grants = worksIn(actor);
      if (isRefusal(grants)) return grants;
      const keyOf = key === undefined ? grants[0]![0] : await addresses.countyOfKey(key);
      if (keyOf === undefined) return refuse(422, 'outreach.push_key');
      for (const [county] of grants) {
        const kept = await addresses.subscribe(county, `account:${actor.id}`, { ...subscription, keyOf });
        if (isRefusal(kept)) return kept;
      }
      return view(actor, grants.map(([county]) => county), digestOf(subscription.endpoint));
    },
    async stop(actor, endpoint) {
      const grants = worksIn(actor);
      if (isRefusal(grants)) return grants;
      const counties = grants.map(([county]) => county);
      for (const county of counties) await addresses.stop(county, `account:${actor.id}`, endpoint);
      return { ...(await view(actor, counties, undefined)), told: endpoint !== undefined && (await addresses.tells(endpoint)) };
    },
    async quiet(actor, quiet) {
      const grants = worksIn(actor);
      if (isRefusal(grants)) return grants;
      if (quiet && (quiet.from === quiet.until || quietLength(quiet.from, quiet.until) > staffQuietAtMost))
        return refuse(422, 'outreach.quiet', { hours: staffQuietAtMost / 60 }, [{ path: '/until', reason: 'outreach.quiet', params: { hours: staffQuietAtMost / 60 } }]);
      const at = now();
      await db.transaction(async (tx) => {
        for (const [county, grant] of grants) {
          await keepStaffQuiet(tx, county, actor.id, quiet, new Date(at));
          await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'notices', action: quiet ? 'set' : 'unset', set: { account: actor.id, ...quiet } }, actor, grant, at)]);
        }
      });
      for (const [county] of grants) ledger.sequencer.nudge(county);
      return view(actor, grants.map(([county]) => county), undefined);
    },
  };
};
