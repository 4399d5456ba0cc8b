import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Adapter, Outcome } from './adapter.ts';

/** An SMS gateway, or whatever a town has, behind an address of its own. */
export interface WebhookOptions {
  readonly url: string;
  /** Shared with the peer; at least 24 characters. */
  readonly secret: string;
  /** Milliseconds that an answer may take; 10,000 where absent. */
  readonly timeoutMs?: number;
}

const answerLimit = 65_536;

/**
 * Signature of a message after the Standard Webhooks specification: base64 of HMAC-SHA-256 over `id.timestamp.body`.
 * @param timestamp seconds since 1970
 */
export const webhookSignature = (secret: string, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

/** For peers: whether a signature is ours and not older or newer than five minutes. Constant time. */
export const isWebhookSignature = (secret: string, id: string, timestamp: number, body: string, signature: string, nowSeconds: number): boolean => {
  const expected = Buffer.from(webhookSignature(secret, id, timestamp, body));
  const given = Buffer.from(signature);
  return Math.abs(nowSeconds - timestamp) <= 300 && given.length === expected.length && timingSafeEqual(given, expected);
};

/** Reads at most `answerLimit` bytes of an answer. */
const bodyOf = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += (part as Uint8Array).length;
    if (size > answerLimit) throw new Error('answer too long');
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
};

/** The peer's own id of the message, from an answer that says it was accepted; undefined for one that does not. */
const acceptance = (body: string): string | null | undefined => {
  try {
    const value = JSON.parse(body) as { accepted?: unknown; id?: unknown } | null;
    if (value?.accepted !== true) return undefined;
    return typeof value.id === 'string' ? value.id.slice(0, 200) : null;
  } catch {
    return undefined;
  }
};

/**
 * Posts messages as JSON `{id, county, channel, to, text, language}` with `Idempotency-Key`, `webhook-id`, `webhook-timestamp`
 * and `webhook-signature`. The peer answers 2xx with `{"accepted": true, "id": "its own"}`. Any other 2xx is not believed
 * (a portal of some network says 200 to everything) and tried again: the key keeps it from being sent twice.
 * @param now seconds of the signature come from this clock (milliseconds since 1970)
 */
export const webhookAdapter = ({ url, secret, timeoutMs = 10_000 }: WebhookOptions, now: () => number): Adapter => {
  if (secret.length < 24) throw new RangeError('the secret of a webhook has at least 24 characters');
  return {
    name: 'webhook', channel: 'sms', window: 16, idempotent: true,
    async send({ id, county, channel, to, text, language }): Promise<Outcome> {
      const body = JSON.stringify({ id, county, channel, to, text, language });
      const timestamp = Math.floor(now() / 1000);
      try {
        const response = await fetch(url, {
          method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(timeoutMs),
          headers: {
            'content-type': 'application/json; charset=utf-8', 'user-agent': 'lamplight', 'idempotency-key': id,
            'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': webhookSignature(secret, id, timestamp, body),
          },
        });
        const answer = await bodyOf(response);
        const { status } = response;
        if (response.ok) {
          const peer = acceptance(answer);
          return peer === undefined ? { state: 'unknown', error: `http_${status}_not_believed` } : { state: 'sent', peer };
        }
        const wait = Number(response.headers.get('retry-after'));
        const afterMs = Number.isFinite(wait) && wait > 0 ? { afterMs: Math.min(wait, 3600) * 1000 } : {};
        return status >= 500 || [408, 409, 425, 429].includes(status) ? { state: 'later', error: `http_${status}`, ...afterMs } : { state: 'refused', error: `http_${status}` };
      } catch (error) {
        const { name, cause } = error as Error & { cause?: { code?: string } };
        const code = name === 'TimeoutError' ? 'timeout' : (cause?.code ?? 'broken').toLowerCase();
        return code === 'econnrefused' || code === 'enotfound' ? { state: 'later', error: `http_${code}` } : { state: 'unknown', error: `http_${code}` };
      }
    },
    close: () => {},
  };
};
