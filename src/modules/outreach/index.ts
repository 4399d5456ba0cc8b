import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { World } from '../../platform/world.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { Identity, LooseMessage } from '../identity/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Adapter } from './adapters/adapter.ts';
import type { Connections } from './adapters/connections.ts';
import { aggregatorAdapter, heardFrom } from './adapters/sms/aggregator.ts';
import { cmppProtocol } from './adapters/sms/cmpp/cmpp.ts';
import { linkAdapter } from './adapters/sms/link.ts';
import { smppProtocol } from './adapters/sms/smpp/smpp.ts';
import { wechatAccount, type WechatAccount } from './adapters/wechat/account.ts';
import { pushAdapter } from './adapters/push.ts';
import { smtpAdapter } from './adapters/smtp.ts';
import { webhookAdapter } from './adapters/webhook.ts';
import { addressOf, channelsFor, maskedAddress, type Channel } from './rules/sending.ts';
import { createAddresses, type Addresses } from './service/addresses.ts';
import { createInbound, type Inbound } from './service/inbound.ts';
import { createLists, type Lists } from './service/lists.ts';
import { createNotices, type Notices } from './service/notices.ts';
import { createTelling, type Telling } from './service/telling.ts';
import { createWechat, type Wechat } from './service/wechat.ts';
import { createWordings, type Wordings } from './service/wordings.ts';
import { createWorker, type Worker } from './service/worker.ts';
import { insertLoose, logQueued, queuedRecipients } from './store/work.ts';

export type { Connections } from './adapters/connections.ts';
export { checkChannels } from './doctor.ts';
export { outreachSealed } from './store/inbound.ts';
export { outreachAreas } from './service/areas.ts';
export type { DeliveryDraft, DeliveryView } from './contract.ts';
export { type Subscription } from './rules/push.ts';
export type { Told, Telling } from './service/telling.ts';
export type { Addresses } from './service/addresses.ts';
export type { SmtpOptions } from './adapters/smtp.ts';
export { isWebhookSignature, webhookSignature, type WebhookOptions } from './adapters/webhook.ts';
export { deliveryInsert, deliveryRows, type DeliveryOrigin, type DeliveryRow } from './store/insert.ts';
export { readWechat, type WechatSpec } from './adapters/wechat/spec.ts';
export { readAggregator } from './adapters/sms/aggregator.ts';
export type { Replies } from './service/inbound.ts';
export type { Worker } from './service/worker.ts';

/** What must reach people outside. */
export interface Outreach extends Lists {
  readonly worker: Worker;
  /** What messages say, in the county's own words where it has some. */
  readonly wordings: Wordings;
  readonly inbound: Inbound;
  readonly addresses: Addresses;
  /** How members of staff are told. */
  readonly notices: Notices;
  /** How residents want to be told. */
  readonly telling: Telling;
  /** The official account, where there is one. */
  readonly wechat: Wechat | undefined;
  /** Ways by which this installation can tell people something at all, besides what people do by hand. */
  readonly offers: ReadonlySet<Channel>;
  /** What the aggregator posted: kept, then thanked for in its own words; undefined where the secret is not its. */
  fromAggregator(secret: string, body: unknown): Promise<string | undefined>;
  /**
   * Demo only: enters in the logbook all that is queued in a county, each at the time of its action, for a simulated
   * history. @returns how many @throws outside a demo
   */
  logHistory(county: string): Promise<number>;
}

/** Writes an urgent message that belongs to no matter, in the caller's transaction; under an id that is there already nothing happens. It is what `createIdentity` asks for as `send`. */
export const enqueue = async (tx: Tx, { county, id, template, recipient, params, at }: LooseMessage): Promise<void> => {
  await insertLoose(tx, { county, id, template, recipient, params, at: new Date(at) });
};

const sameSecret = (given: string, ours: string): boolean => timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(ours).digest());

/** Ways out, the best first: where several take text messages, the first does. */
const adaptersOf = (world: World, inbound: Inbound, addresses: Addresses, wechat: WechatAccount | undefined, { cmpp, smpp, aggregator, smtp, webhook, push }: Connections): readonly Adapter[] => {
  const fraction = (): number => Buffer.from(world.random.bytes(4)).readUInt32BE() / 2 ** 32;
  return [
    ...(cmpp ? [linkAdapter(cmppProtocol(cmpp, world.now), inbound.ears('cmpp'), fraction, cmpp)] : []),
    ...(smpp ? [linkAdapter(smppProtocol(smpp), inbound.ears('smpp'), fraction, smpp)] : []),
    ...(aggregator ? [aggregatorAdapter(aggregator.spec, aggregator.secret, world.now)] : []),
    ...(webhook ? [webhookAdapter(webhook, world.now)] : []),
    ...(smtp ? [smtpAdapter(smtp)] : []),
    ...(wechat ? [wechat.adapter] : []),
    // Of the system's own source: a demo's repeatable one is for what the ledger sees.
    ...(push ? [pushAdapter(push, (county) => addresses.pushKey(county), (count) => randomBytes(count), world.now)] : []),
  ];
};

export const createOutreach = (world: World, identity: Identity, ledger: Pick<Ledger, 'append' | 'sequencer'>, given: Connections = {}): Outreach => {
  // Whoever asks a demo in their browser is told there: nobody else can be.
  const connections: Connections = world.demo ? { push: { contact: 'mailto:demo@example.org', hosts: [] }, ...given } : given;
  const wordings = createWordings(world);
  const inbound = createInbound(world, identity, ledger);
  const addresses = createAddresses(world);
  const account = connections.wechat && wechatAccount(connections.wechat, world.now);
  const adapters = adaptersOf(world, inbound, addresses, account, connections);
  const worker = createWorker(world, identity, adapters, addresses, wordings);
  // In a demo all that people could be told by is entered in the logbook.
  const offers: ReadonlySet<Channel> = new Set([...(world.demo ? (['sms', 'email'] as const) : []), ...adapters.map(({ channel }) => channel)]);
  const { aggregator } = connections;
  const aggregatorEars = inbound.ears('aggregator');
  return {
    worker, wordings, inbound, addresses, offers, wechat: connections.wechat && account && createWechat(world, connections.wechat, account, addresses, inbound), telling: createTelling(world, identity, addresses, offers), notices: createNotices(world, addresses, offers, ledger),
    ...createLists(world, identity, ledger, worker, wordings),
    async fromAggregator(secret, body) {
      if (!aggregator || !sameSecret(secret, aggregator.secret)) return undefined;
      const { receipts, replies } = heardFrom(aggregator.spec, body);
      await Promise.all([...receipts.map((one) => aggregatorEars.receipt(one)), ...replies.map((one) => aggregatorEars.heard(one))]);
      return aggregator.spec.thanks ?? 'ok';
    },
    async logHistory(county) {
      if (!world.demo) throw new Error('a history of messages is written in a demo database only');
      const found = [];
      for (const recipient of await queuedRecipients(world.db, county)) {
        const reach = await identity.contacts.reach(world.db, county, recipient);
        const channel = reach && channelsFor('', false, reach).channels[0];
        if (channel) found.push({ recipient, channel, address: maskedAddress(channel, addressOf(reach, channel)!), language: reach.language });
      }
      return found.length === 0 ? 0 : logQueued(world.db, county, found);
    },
  };
};
