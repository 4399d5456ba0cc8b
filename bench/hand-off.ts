import { isRefusal } from '../src/base/result.ts';
import { cmppProtocol } from '../src/modules/outreach/adapters/sms/cmpp/cmpp.ts';
import { linkAdapter } from '../src/modules/outreach/adapters/sms/link.ts';
import { smppProtocol } from '../src/modules/outreach/adapters/sms/smpp/smpp.ts';
import { createIdentity } from '../src/modules/identity/index.ts';
import { createLedger } from '../src/modules/ledger/index.ts';
import { createOutreach, deliveryInsert, deliveryRows, enqueue } from '../src/modules/outreach/index.ts';
import type { World } from '../src/platform/world.ts';

/** What is handed over, to which centre. */
export interface HandOff {
  readonly protocol: 'smpp' | 'cmpp';
  readonly url: string;
  readonly window: number;
  /** Messages over the link alone, and through the whole outbox. */
  readonly alone: number;
  readonly through: number;
}

const county = '330281';
const residents = 1_000;
const params = { title: '路灯不亮', place: '谢家路村', due: '今天 17:30', number: 'A1' };
const text = '【灯火】您有新任务：路灯不亮，谢家路村，今天 17:30 前办结。编号 A1。';
const phone = (n: number): string => `139${String(n).padStart(8, '0')}`;

/** The link alone: as many at once as it has room for, until all are taken. @returns milliseconds */
const alone = async (world: World, { protocol, url, window, alone: count }: HandOff): Promise<number> => {
  const options = { url, source: '10690281', window, perSecond: 0 };
  const link = linkAdapter(protocol === 'smpp' ? smppProtocol(options) : cmppProtocol(options, world.now), { receipt: () => Promise.resolve(), heard: () => Promise.resolve() }, () => 0.5, options);
  const send = async (n: number): Promise<void> => {
    const { state } = await link.send({ id: `${n}`, county, channel: 'sms', to: phone(n % residents), text, language: 'zh-Hans' });
    if (state !== 'sent') throw new Error(`bench: a message was ${state}`);
  };
  await send(0);
  const begin = performance.now();
  let n = 0;
  await Promise.all(Array.from({ length: link.window }, async () => { while (n < count) await send(n++); }));
  const took = performance.now() - begin;
  await link.close();
  return took;
};

/** The whole outbox: from what waits in the database, claimed, opened, handed over, to what is written as sent. @returns milliseconds */
const through = async (world: World, { protocol, url, window, through: count }: HandOff): Promise<number> => {
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, enqueue);
  const { worker } = createOutreach(world, identity, ledger, { [protocol]: { url, source: '10690281', window, perSecond: 0 } });
  const recipients: string[] = [];
  for (let n = 0; n < residents; n++) {
    const contact = await identity.contacts.contactByPhone(world.db, county, phone(n), 'zh-Hans');
    if (isRefusal(contact)) throw new Error(`bench: ${contact.reason}`);
    recipients.push(`contact:${contact.id}`);
  }
  const open = async (): Promise<number> => (await world.db.query<{ count: number }>(`select count(*)::int as count from delivery where state in ('queued', 'claimed')`, []))[0]!.count;
  const write = async (messages: number): Promise<void> => {
    const now = world.now();
    for (let done = 0; done < messages; done += 1_000) {
      const rows = Array.from({ length: Math.min(1_000, messages - done) }, (_, n) => deliveryRows(0, { county, matter: world.random.uuid(now), version: 1, now },
        [{ id: world.random.uuid(now), template: 'handler_task', recipient: recipients[n % residents]!, params, urgent: true }])).flat();
      await world.db.query(deliveryInsert('$1'), [JSON.stringify(rows)]);
    }
  };
  // The link is bound and everything compiled before the clock starts.
  await write(500);
  await worker.drain();
  await write(count);
  const begin = performance.now();
  worker.start();
  while (await open() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const took = performance.now() - begin;
  await worker.stop();
  return took;
};

/** Messages a second of the client link alone, and of the whole outbox. */
export const handOff = async (world: World, order: HandOff): Promise<{ readonly alone: number; readonly through: number }> => {
  await world.db.query(`insert into county (county, name, demo, created_at) values ($1, '{"zh-Hans": "余姚市", "zh-Hant": "餘姚市", "en": "Yuyao"}', false, $2) on conflict do nothing`, [county, new Date(world.now())]);
  return { alone: order.alone / await alone(world, order) * 1_000, through: order.through / await through(world, order) * 1_000 };
};
