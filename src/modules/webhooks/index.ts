import type { Actor } from '../../base/actor.ts';
import type { CountyCode } from '../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { say, type Language } from '../../base/text/language.ts';
import { failureWords } from '../../platform/outside/failure.ts';
import { peerFault } from '../../platform/outside/peer.ts';
import { textsOf } from '../../platform/texts.ts';
import type { World } from '../../platform/world.ts';
import { entryOf, programActor, type Identity } from '../identity/index.ts';
import type { Ledger, LiveRights } from '../ledger/index.ts';
import type { WebhookView } from './contract.ts';
import { createEvents, type ReadEvents } from './service/events.ts';
import { createSender } from './service/sender.ts';
import { deleteWebhook, insertWebhook, readWebhooks, updateWebhook, type WebhookRow } from './store.ts';

/** News for programs: asked for, or sent. */
export { webhooksSealed } from './store.ts';
export interface Webhooks {
  readonly events: ReadEvents;
  list(actor: Actor, county: string, language?: Language): Promise<Result<WebhookView[]>>;
  /** Refusals: 403 `identity.not_permitted`, 404 `identity.account`, 422 `identity.not_program`, `webhooks.plain`, `webhooks.demo`. */
  add(actor: Actor, county: string, ask: { readonly account: string; readonly url: string; readonly after?: number }): Promise<Result<{ id: string; secret: string }>>;
  /** Refusals: 403 `identity.not_permitted`, 404 `webhooks.unknown`. */
  change(actor: Actor, county: string, id: string, ask: { readonly active?: boolean; readonly after?: number }, language?: Language): Promise<Result<WebhookView>>;
  remove(actor: Actor, county: string, id: string): Promise<Result<{ done: true }>>;
  /** Sends what is due. @returns how many have more to be sent at once */
  send(): Promise<number>;
}

const usual: Language = 'zh-Hans';
const viewOf = ({ id, account, url, active, seq, failures, error, next_at: next, created_at: created }: WebhookRow, language: Language): WebhookView => ({
  id, account, url, active, seq, failures, error, errorWords: error === null ? null : (failureWords(error, language) ?? say(textsOf('webhooks'), language, `error.${error}`)), nextAt: next.toISOString(), createdAt: created.toISOString(),
});

/** Milliseconds that a peer has for its answer, all of it. */
const usualAnswerWithin = 10_000;

export const createWebhooks = <Subject>(world: World, ledger: Ledger, identity: Identity, rights: LiveRights<Subject>, answerWithin = usualAnswerWithin): Webhooks => {
  const events = createEvents(ledger, rights);
  const send = createSender({
    world, events, answerWithin,
    program: (county, account) => programActor(identity.accounts, county, account, world.now()),
  });
  /** Does something as an administrator, with an entry. */
  const changing = async <T>(actor: Actor, county: string, action: string, set: { readonly [name: string]: string | number | boolean }, work: (tx: Parameters<typeof deleteWebhook>[0]) => Promise<Result<T>>): Promise<Result<T>> => {
    const grant = identity.permits(actor, county, 'accounts.edit');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const done = await world.db.transaction(async (tx) => {
      const made = await work(tx);
      if (!isRefusal(made)) await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'webhook', action, set }, actor, grant, world.now())]);
      return made;
    });
    if (!isRefusal(done)) ledger.sequencer.nudge(county as CountyCode);
    return done;
  };
  return {
    events, send,
    async list(actor, county, language = usual) {
      return identity.permits(actor, county, 'accounts.edit') ? (await readWebhooks(world.db, county)).map((row) => viewOf(row, language)) : refuse(403, 'identity.not_permitted');
    },
    async add(actor, county, { account, url, after }) {
      const fault = peerFault(url, world.demo);
      if (fault) return refuse(422, `webhooks.${fault}`, undefined, [{ path: '/url', reason: `webhooks.${fault}` }]);
      const read = await identity.accounts.read(actor, county, account);
      if (isRefusal(read)) return read;
      if (read.account.kind !== 'program') return refuse(422, 'identity.not_program');
      const id = world.random.uuid(world.now());
      const secret = Buffer.from(world.random.bytes(32)).toString('base64url');
      const seq = after ?? await ledger.position(world.db, county);
      return changing(actor, county, 'add', { webhook: id, account, seq }, async (tx) => {
        await insertWebhook(tx, { county, id, account, url, secret: world.keys.seal(secret, 'webhook'), seq }, new Date(world.now()));
        return { id, secret };
      });
    },
    change: (actor, county, id, { active, after }, language = usual) =>
      changing(actor, county, 'change', { webhook: id, ...(active !== undefined && { active }), ...(after !== undefined && { after }) }, async (tx) => {
        const row = await updateWebhook(tx, county, id, active ?? null, after ?? null, new Date(world.now()));
        return row ? viewOf(row, language) : refuse(404, 'webhooks.unknown');
      }),
    remove: (actor, county, id) => changing(actor, county, 'remove', { webhook: id }, async (tx) => (await deleteWebhook(tx, county, id) ? { done: true as const } : refuse(404, 'webhooks.unknown'))),
  };
};
