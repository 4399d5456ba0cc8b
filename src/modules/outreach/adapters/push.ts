import { postOutside } from '../../../platform/outside/posting.ts';
import type { Adapter, Outcome, Outgoing } from './adapter.ts';
import { pushTextAtMost, sealedFor, senderMark, type PushKey, type Subscription } from '../rules/push.ts';

/** Web push: who runs this installation, for push services that have something to say, and services inside the town's network. */
export interface PushOptions {
  /** `mailto:` or `https:` address. */
  readonly contact: string;
  /** Hosts, `name` or `name:port`, of push services inside the network; these may speak plain http. */
  readonly hosts: readonly string[];
  /** Milliseconds that an answer may take; 10,000 where absent. */
  readonly timeoutMs?: number;
}

/** How long a push service keeps a message for a browser that is away, in seconds: urgent ones a day, the others three. */
const keepSeconds = { urgent: 86_400, usual: 3 * 86_400 } as const;
/** The longest pause that a push service may ask for, in seconds. */
const longestWait = 3_600;

/** `Retry-After` in milliseconds, as seconds or as a date; undefined where it says nothing. */
const waitOf = (text: string | null, now: number): number | undefined => {
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - now) / 1000;
  return seconds > 0 ? Math.min(seconds, longestWait) * 1000 : undefined;
};

/** What the browser is told: the words, what a press opens, and a mark by which the same message shows once. */
const noteOf = ({ id, text, link, matter }: Outgoing, most: number): string => {
  const note = (words: string): string => JSON.stringify({ text: words, tag: id, ...(link !== undefined && { link }), ...(matter !== undefined && { matter }) });
  let words = [...text];
  while (Buffer.byteLength(note(words.join(''))) > most) words = [...words.slice(0, Math.floor(words.length * 0.9) - 1), '…'];
  return note(words.join(''));
};

/**
 * Messages to browsers by Web Push (RFC 8030, 8291, 8292). Every browser of the person is told; one that took it is enough.
 * A second message under the same mark takes the first one's place on the screen, so what is unknown may be sent again.
 * @param keyOf the county's key pair
 * @param bytes octets of chance
 */
export const pushAdapter = ({ contact, hosts, timeoutMs = 10_000 }: PushOptions, keyOf: (county: string) => Promise<PushKey>, bytes: (count: number) => Buffer, now: () => number): Adapter => {
  const sendOne = async (subscription: Subscription, message: Outgoing, key: PushKey): Promise<Outcome> => {
    let body: Buffer;
    try {
      body = sealedFor(noteOf(message, pushTextAtMost), subscription, { salt: bytes(16), secret: bytes(32) });
    } catch {
      // Keys that no browser can have made.
      return { state: 'refused', error: 'push_key', lost: [JSON.stringify(subscription)] };
    }
    const answer = await postOutside(subscription.endpoint, {
      body, hosts, withinMs: timeoutMs,
      headers: {
        authorization: senderMark(subscription.endpoint, contact, key, now()), 'content-encoding': 'aes128gcm', 'content-type': 'application/octet-stream',
        ttl: String(message.urgent ? keepSeconds.urgent : keepSeconds.usual), urgency: message.urgent ? 'high' : 'normal',
      },
    });
    if ('fault' in answer) {
      if (answer.fault === 'inside') return { state: 'refused', error: 'push_inside', lost: [JSON.stringify(subscription)] };
      return { state: answer.sent ? 'unknown' : 'later', error: `push_${answer.fault}` };
    }
    const { status } = answer;
    const error = `push_http_${status}`;
    if (status >= 200 && status < 300) return { state: 'sent', peer: answer.location?.slice(0, 200) ?? null };
    if (status === 404 || status === 410) return { state: 'refused', error, lost: [JSON.stringify(subscription)] };
    const afterMs = waitOf(answer.retryAfter, now());
    return status >= 500 || status === 429 || status === 408 ? { state: 'later', error, ...(afterMs !== undefined && { afterMs }) } : { state: 'refused', error };
  };
  return {
    name: 'push', channel: 'push', window: 32, idempotent: true, welcome: true,
    async send(message) {
      const outcomes = await Promise.all((JSON.parse(message.to) as Subscription[]).map(async (one): Promise<Outcome> => {
        const key = await keyOf(one.keyOf ?? message.county).catch(() => undefined);
        return key ? sendOne(one, message, key) : { state: 'later', error: 'push_key_away' };
      }));
      const lost = outcomes.flatMap((one) => one.lost ?? []);
      const best = (['sent', 'unknown', 'later', 'refused'] as const).map((state) => outcomes.find((one) => one.state === state)).find(Boolean)!;
      return lost.length > 0 ? { ...best, lost } : best;
    },
    close: () => {},
  };
};
