import { failureOf } from '../../../platform/outside/failure.ts';
import type { World } from '../../../platform/world.ts';
import type { Actor } from '../../../base/actor.ts';
import { webhookSignature } from '../../outreach/index.ts';
import { claimDue, settle, type WebhookRow } from '../store.ts';
import type { ReadEvents } from './events.ts';

/** Longer than the sending of one portion takes, whatever happens to it. */
const claimFor = 60_000;
const atOnce = 8;
const portion = 200;
/** Milliseconds until one that has everything is looked at again. */
const pace = 1_000;
/** Pauses after failures double up to this; after so many in a row it rests until somebody wakes it. */
const longestPause = 3_600_000;
const failuresAtMost = 100;

export interface SenderParts {
  readonly world: Pick<World, 'db' | 'keys' | 'now'>;
  readonly events: ReadEvents;
  /** The program with the grants of now; undefined where it may not be here any more. */
  readonly program: (county: string, account: string) => Promise<Actor | undefined>;
  /** Milliseconds that a peer has for its answer. */
  readonly answerWithin: number;
}

/** Sends each webhook what comes next. Any number of processes may. */
export const createSender = ({ world, events, program, answerWithin }: SenderParts) => {
  const post = async (hook: WebhookRow, id: string, body: string): Promise<string | null> => {
    const timestamp = Math.floor(world.now() / 1000);
    try {
      const response = await fetch(hook.url, {
        method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(answerWithin),
        headers: {
          'content-type': 'application/json; charset=utf-8', 'user-agent': 'lamplight', 'webhook-id': id, 'webhook-timestamp': String(timestamp),
          'webhook-signature': webhookSignature(world.keys.open(hook.secret, 'webhook'), id, timestamp, body),
        },
      });
      await response.body?.cancel();
      return response.ok ? null : `http_${response.status}`;
    } catch (error) {
      return failureOf(error);
    }
  };

  /** @returns whether there is more to send at once. */
  const one = async (hook: WebhookRow): Promise<boolean> => {
    const at = (ms: number): Date => new Date(world.now() + ms);
    const actor = await program(hook.county, hook.account);
    if (!actor) {
      await settle(world.db, hook, hook.seq, hook.failures, 'no_program', at(0), false);
      return false;
    }
    const { events: seen, next, more } = await events(actor, hook.county, hook.seq, portion);
    const error = seen.length === 0 ? null
      : await post(hook, `${hook.id}.${seen[0]!.seq}-${seen.at(-1)!.seq}`, JSON.stringify({ county: hook.county, events: seen.map(({ seq, entry }) => ({ seq, entry })), next }));
    if (error === null) {
      await settle(world.db, hook, next, 0, null, at(more ? 0 : pace), true);
      return more;
    }
    const failures = hook.failures + 1;
    // Gone: the peer says itself that it wants no more.
    await settle(world.db, hook, hook.seq, failures, error, at(Math.min(longestPause, 1_000 * 2 ** Math.min(failures, 12))), error !== 'http_410' && failures < failuresAtMost);
    return false;
  };

  /** One round over those that are due. @returns how many have more to be sent at once */
  return async (): Promise<number> => {
    const due = await claimDue(world.db, new Date(world.now()), new Date(world.now() + claimFor), atOnce);
    return (await Promise.all(due.map(one))).filter(Boolean).length;
  };
};
