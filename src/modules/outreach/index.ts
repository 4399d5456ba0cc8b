import type { World } from '../../platform/world.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { Identity, LooseMessage } from '../identity/index.ts';
import type { Ledger } from '../ledger/index.ts';
import { maskEmail, maskPhone } from '../../base/text/phone.ts';
import { smtpAdapter, type SmtpOptions } from './adapters/smtp.ts';
import { webhookAdapter, type WebhookOptions } from './adapters/webhook.ts';
import { channelsFor } from './rules.ts';
import { createLists, type Lists } from './service/lists.ts';
import { createWorker, type Worker } from './service/worker.ts';
import { insertLoose, logQueued, queuedRecipients } from './store/work.ts';

export { outreachAreas } from './service/areas.ts';
export type { DeliveryDraft, DeliveryView } from './contract.ts';
export type { SmtpOptions } from './adapters/smtp.ts';
export { isWebhookSignature, webhookSignature, type WebhookOptions } from './adapters/webhook.ts';
export { deliveryInsert, deliveryRows, type DeliveryOrigin, type DeliveryRow } from './store/insert.ts';
export type { Worker } from './service/worker.ts';

/** Which ways out are connected. With none, and always in a demo, everything goes to the logbook. */
export interface Connections {
  readonly smtp?: SmtpOptions;
  readonly webhook?: WebhookOptions;
}

/** What must reach people outside. */
export interface Outreach extends Lists {
  readonly worker: Worker;
  /**
   * Demo only: enters in the logbook all that is queued in a county, each at the time of its action, for a simulated
   * history. @returns how many @throws outside a demo
   */
  logHistory(county: string): Promise<number>;
}

/** Writes an urgent message that belongs to no matter, in the caller's transaction: what `createIdentity` asks for as `send`. */
export const enqueue = async (tx: Tx, { county, id, template, recipient, params, at }: LooseMessage): Promise<void> => {
  await insertLoose(tx, { county, id, template, recipient, params, at: new Date(at) });
};

export const createOutreach = (
  world: World, identity: Identity, ledger: Pick<Ledger, 'append' | 'sequencer'>, { smtp, webhook }: Connections = {},
): Outreach => {
  const worker = createWorker(world, identity, [...(smtp ? [smtpAdapter(smtp)] : []), ...(webhook ? [webhookAdapter(webhook, world.now)] : [])]);
  return {
    worker,
    ...createLists(world, identity, ledger, () => worker.nudge()),
    async logHistory(county) {
      if (!world.demo) throw new Error('a history of messages is written in a demo database only');
      const found = [];
      for (const recipient of await queuedRecipients(world.db, county)) {
        const reach = await identity.contacts.reach(world.db, county, recipient);
        const channel = reach && channelsFor('', reach)[0];
        if (channel) found.push({ recipient, channel, address: channel === 'sms' ? maskPhone(reach.phone!) : maskEmail(reach.email!), language: reach.language });
      }
      return found.length === 0 ? 0 : logQueued(world.db, county, found);
    },
  };
};
