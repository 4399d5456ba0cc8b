import type { Actor } from '../../src/base/actor.ts';
import type { ActorId } from '../../src/base/ids.ts';
import { createIdentity, type Identity } from '../../src/modules/identity/index.ts';
import { createLedger, type Entry, type Ledger } from '../../src/modules/ledger/index.ts';
import { enqueue } from '../../src/modules/outreach/index.ts';
import { testWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';

export const county = '330281';
export const countyPath = '33/3302/330281/';
export const townPath = `${countyPath}330281103/`;
export const villagePath = `${townPath}330281103203/`;
export const gridPath = `${villagePath}330281103203001/`;

export interface Made {
  readonly world: TestWorld;
  readonly ledger: Ledger;
  readonly identity: Identity;
  /** Login to account id of the demo's people; empty outside a demo. */
  readonly people: ReadonlyMap<string, string>;
  /** The actor behind a demo account, with its grants as they are now. */
  actor(login: string): Promise<Actor>;
  /** Every entry that was written and not yet sequenced, oldest first. */
  entries(): Promise<Entry[]>;
  /** Parameters of the latest message of a template. */
  latest(template: string): Promise<Record<string, string>>;
}

/** Identity on a database of its own, with the demo's people unless `demo` is false. */
export const made = async (options: TestWorldOptions = {}): Promise<Made> => {
  const world = await testWorld({ demo: true, ...options });
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, enqueue);
  const people = world.demo
    ? await identity.createDemoAccounts({ county, places: { county: countyPath, town: townPath, village: villagePath, grid: gridPath } })
    : new Map<string, string>();
  const entries = async (): Promise<Entry[]> =>
    (await world.db.query<{ entry: Buffer }>('select entry from ledger_inbox order by id')).map(({ entry }) => JSON.parse(entry.toString('utf8')) as Entry);
  return {
    world, ledger, identity, people, entries,
    async actor(login) {
      const id = people.get(login)!;
      const account = await identity.accounts.read({ id: 'system' as ActorId, kind: 'system', name: null, grants: [] }, county, id);
      if ('refused' in account) throw new Error(account.reason);
      return { id: id as ActorId, kind: 'account', name: account.account.name, grants: account.grants };
    },
    async latest(template) {
      const [row] = await world.db.query<{ params: Record<string, string> }>('select params from delivery where template = $1 order by created_at desc, id desc limit 1', [template]);
      if (!row) throw new Error(`no delivery of ${template}`);
      return row.params;
    },
  };
};

/** The value of a cookie as a browser sends it back. */
export const sentBack = (setCookie: string): string => setCookie.split(';')[0]!;
