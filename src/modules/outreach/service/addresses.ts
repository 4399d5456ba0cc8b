import { createECDH } from 'node:crypto';
import { refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import { isSubscription, type PushKey, type Subscription } from '../rules/push.ts';
import { addressesOf, countyOfPushKey, dropAddress, dropAddresses, dropAddressesOf, dropOfOthers, findByMark, findPushKey, isKept, keepAddress, keepNewest, keepPushKey, type KeptChannel } from '../store/addresses.ts';
import { readStaffQuiet } from '../store/quiet.ts';
import type { PersonalQuiet } from '../rules/sending.ts';

/** Browsers of one person that are told; the oldest makes room. */
const browsersAtMost = 10;

/** Addresses of somebody beyond phone, mail and post. */
export interface Others {
  /** Browsers, each as JSON of a `Subscription`. */
  readonly push?: readonly string[];
  readonly openid?: string;
  /** A mail address that waits to be confirmed. */
  readonly pendingEmail?: string;
  /** Of staff: quiet hours that they chose for themselves. */
  readonly quiet?: PersonalQuiet;
}

export interface Addresses {
  /** By `{county} {recipient}`; who has none is left out. */
  of(tx: Tx, keys: readonly { readonly county: string; readonly recipient: string }[]): Promise<Map<string, Others>>;
  /**
   * A browser asks to be told. A resident's becomes that of who asked last; one of staff tells every account that asked there.
   * Refusal: 422 `outreach.subscription`.
   */
  subscribe(county: string, recipient: string, subscription: Subscription): Promise<Result<{ done: true }>>;
  /** One browser of a person, or all of them, is told nothing any more; another's stays as it is. */
  stop(county: string, recipient: string, endpoint: string | undefined): Promise<void>;
  /** Whether somebody is told at a browser, in whatever county. */
  tells(endpoint: string): Promise<boolean>;
  /** The county whose key pair for push services has this public key; undefined for a stranger's. */
  countyOfKey(publicKey: string): Promise<string | undefined>;
  /** A browser asks not to be told any more; one that is not known is none. */
  unsubscribe(county: string, endpoint: string): Promise<void>;
  /** Keeps the only address of a channel that somebody has there. */
  keep(county: string, recipient: string, channel: 'wechat' | 'email', address: string): Promise<void>;
  /** Whom an address belongs to; undefined for nobody. */
  ownerOf(county: string, channel: 'wechat', address: string): Promise<string | undefined>;
  /** Takes addresses away at which nobody is any more. */
  forget(tx: Tx, county: string, channel: string, addresses: readonly string[]): Promise<void>;
  /** Takes away all addresses of a person in a channel. */
  drop(tx: Tx, county: string, recipient: string, channel: KeptChannel): Promise<void>;
  /** The county's key pair for push services; made when it is first asked for. */
  pushKey(county: string): Promise<PushKey>;
}

export const createAddresses = ({ db, keys, now, random }: Pick<World, 'db' | 'keys' | 'now' | 'random'>): Addresses => {
  /** A browser is known by where to post to it: its keys may change. */
  const markOf = (channel: KeptChannel, address: string): Buffer =>
    keys.blindIndex(`reach.${channel}`, channel === 'push' ? (JSON.parse(address) as Subscription).endpoint : address);
  const pairs = new Map<string, PushKey>();
  const keep = (county: string, recipient: string, channel: KeptChannel, address: string, most: number): Promise<void> => db.transaction(async (tx) => {
    const at = now();
    // Several of the staff may be told at one device; whatever else is an address has one owner.
    if (!recipient.startsWith('account:')) await dropOfOthers(tx, county, channel, markOf(channel, address), recipient);
    await keepAddress(tx, { county, id: random.uuid(at), channel, recipient, mark: markOf(channel, address), address: keys.seal(address, 'reach.address'), at: new Date(at) });
    await keepNewest(tx, county, recipient, channel, most);
  });
  return {
    async of(tx, keyed) {
      const found = new Map<string, { push?: string[]; openid?: string; pendingEmail?: string; quiet?: PersonalQuiet }>();
      if (keyed.length === 0) return found;
      for (const row of await addressesOf(tx, [...new Set(keyed.map(({ county }) => county))], [...new Set(keyed.map(({ recipient }) => recipient))])) {
        const key = `${row.county} ${row.recipient}`;
        const one = found.get(key) ?? {};
        const address = keys.open(row.address, 'reach.address');
        if (row.channel === 'push') one.push = [...(one.push ?? []), address];
        else if (row.channel === 'wechat') one.openid = address;
        else one.pendingEmail = address;
        found.set(key, one);
      }
      const staff = keyed.filter(({ recipient }) => recipient.startsWith('account:'));
      if (staff.length > 0)
        for (const { county, account, from, until } of await readStaffQuiet(tx, [...new Set(staff.map(({ county: one }) => one))], [...new Set(staff.map(({ recipient }) => recipient.slice(8)))])) {
          const key = `${county} account:${account}`;
          found.set(key, { ...found.get(key), quiet: { quietFrom: from, quietUntil: until } });
        }
      return found;
    },
    async subscribe(county, recipient, { endpoint, p256dh, auth, keyOf }) {
      const subscription: Subscription = { endpoint, p256dh, auth, ...(keyOf !== undefined && keyOf !== county && { keyOf }) };
      if (!isSubscription(subscription)) return refuse(422, 'outreach.subscription');
      await keep(county, recipient, 'push', JSON.stringify(subscription), browsersAtMost);
      return { done: true };
    },
    async stop(county, recipient, endpoint) {
      if (endpoint === undefined) return void (await dropAddressesOf(db, county, recipient, 'push'));
      await dropAddress(db, county, recipient, 'push', keys.blindIndex('reach.push', endpoint));
    },
    tells: (endpoint) => isKept(db, 'push', keys.blindIndex('reach.push', endpoint)),
    countyOfKey: (publicKey) => countyOfPushKey(db, publicKey),
    async unsubscribe(county, endpoint) {
      await dropAddresses(db, county, 'push', [keys.blindIndex('reach.push', endpoint)]);
    },
    keep: (county, recipient, channel, address) => keep(county, recipient, channel, address, 1),
    ownerOf: (county, channel, address) => findByMark(db, county, channel, markOf(channel, address)),
    async forget(tx, county, channel, addresses) {
      if (channel === 'push' || channel === 'wechat') await dropAddresses(tx, county, channel, addresses.map((one) => markOf(channel, one)));
    },
    async drop(tx, county, recipient, channel) {
      await dropAddressesOf(tx, county, recipient, channel);
    },
    async pushKey(county) {
      const known = pairs.get(county);
      if (known) return known;
      let row = await findPushKey(db, county);
      if (!row) {
        // Of the system's own source: a demo's repeatable one is for what the ledger sees.
        const pair = createECDH('prime256v1');
        const publicKey = pair.generateKeys().toString('base64url');
        // A private key may begin with zeros, which are left out of it.
        const privateKey = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32).toString('base64url');
        const at = now();
        await keepPushKey(db, { county, id: random.uuid(at), publicKey, privateKey: keys.seal(privateKey, 'push.key'), at: new Date(at) });
        row = (await findPushKey(db, county))!;
      }
      const pair = { publicKey: row.public_key, privateKey: keys.open(row.private_key, 'push.key') };
      pairs.set(county, pair);
      return pair;
    },
  };
};
