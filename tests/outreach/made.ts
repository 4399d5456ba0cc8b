import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import { createIdentity, type Identity } from '../../src/modules/identity/index.ts';
import { createLedger, type Ledger } from '../../src/modules/ledger/index.ts';
import {
  createOutreach, deliveryInsert, deliveryRows, enqueue, type Connections, type DeliveryDraft, type Outreach,
} from '../../src/modules/outreach/index.ts';
import { testWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';

export const county = '330281';
export const secret = 'a secret of two that talk to each other';

export interface Made {
  readonly world: TestWorld;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly outreach: Outreach;
  /** A resident's recipient key. */
  resident(phone: string): Promise<string>;
  /** A staff member's recipient key. */
  staff(login: string, address: { phone?: string; email?: string }): Promise<string>;
  /** Writes deliveries as an action does; returns their ids. */
  write(drafts: readonly Omit<DeliveryDraft, 'id'>[], version?: number): Promise<string[]>;
  /** Writes as many urgent messages to a recipient, each of an action of its own, in one statement; returns their ids. */
  writeMany(count: number, recipient: string): Promise<string[]>;
  rows(): Promise<{ id: string; state: string; attempts: number; error: string | null; adapter: string | null; params: Record<string, string>; next_at: Date; peer_id: string | null }[]>;
}

/** Outreach on a database of its own; no demo unless said. */
export const made = async (connections: Connections = {}, options: TestWorldOptions = {}): Promise<Made> => {
  const world = await testWorld(options);
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, enqueue);
  const outreach = createOutreach(world, identity, ledger, connections);
  let matter = 0;
  return {
    world, ledger, identity, outreach,
    async resident(phone) {
      const contact = await identity.contacts.contactByPhone(world.db, county, phone, 'zh-Hans');
      if (isRefusal(contact)) throw new Error(contact.reason);
      return `contact:${contact.id}`;
    },
    async staff(login, address) {
      const created = await identity.accounts.create(theSystem, county, { login, name: login, ...address });
      if (isRefusal(created)) throw new Error(created.reason);
      await world.db.query(`delete from delivery where template = 'staff_invite'`);
      return `account:${created.account.id}`;
    },
    async write(drafts, version = 1) {
      matter++;
      const whole = drafts.map((draft) => ({ ...draft, id: world.random.uuid(world.now()) }));
      const id = `01900000-0000-7000-8000-${String(matter).padStart(12, '0')}`;
      await world.db.query(deliveryInsert('$1'), [JSON.stringify(deliveryRows(0, { county, matter: id, version, now: world.now() }, whole))]);
      return whole.map((one) => one.id);
    },
    async writeMany(count, recipient) {
      const rows = Array.from({ length: count }, () => deliveryRows(0, {
        county, matter: `01900000-0000-7000-8000-${String(++matter).padStart(12, '0')}`, version: 1, now: world.now(),
      }, [{ ...urgent(recipient), id: world.random.uuid(world.now()) }])).flat();
      await world.db.query(deliveryInsert('$1'), [JSON.stringify(rows)]);
      return rows.map(({ id }) => id);
    },
    rows: () => world.db.query('select id, state, attempts, error, adapter, params, next_at, peer_id from delivery order by id'),
  };
};

export const urgent = (recipient: string, template = 'handler_task'): Omit<DeliveryDraft, 'id'> =>
  ({ template, recipient, params: { title: '路灯不亮', place: '谢家路村', due: '今天 17:30', number: 'A1' }, urgent: true });

/** What a gateway was asked. */
export interface Asked {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A real SMS gateway of the test, on a port of its own. */
export interface Gateway {
  readonly url: string;
  readonly asked: Asked[];
  /** How it answers; may never answer. */
  answer: (request: Asked, response: ServerResponse) => void;
  close(): Promise<void>;
}

export const accept = (response: ServerResponse, id = 'peer-1'): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ accepted: true, id }));
};

export const gateway = async (): Promise<Gateway> => {
  const asked: Asked[] = [];
  const made = {
    url: '', asked,
    answer: (_request: Asked, response: ServerResponse): void => accept(response),
    close: () => new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
      asked.push(one);
      made.answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`;
  return made;
};
