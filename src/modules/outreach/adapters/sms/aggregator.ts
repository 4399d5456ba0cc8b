import { createHash, createHmac } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { isRefusal } from '../../../../base/result.ts';
import { bodyCheck } from '../../../../platform/http/reading/values.ts';
import type { Adapter, Outcome } from '../adapter.ts';
import type { Heard, Receipt } from './line.ts';

const closed = { additionalProperties: false } as const;
const words = Type.Array(Type.Union([Type.String({ maxLength: 80 }), Type.Number(), Type.Boolean()]), { minItems: 1, maxItems: 60 });
const at = Type.String({ minLength: 1, maxLength: 120 });
/** A value of an answer, by the names on the way to it (`data.0.code`), and what it may be; `*` is anything that is there. */
const Test = Type.Object({ at, is: words }, closed);

/**
 * An HTTP aggregator as data: what it is asked, how its answer is read, and how its reports and replies look. In `url`,
 * `headers`, `body` and `sign.text` stand `{to}`, `{text}`, `{id}` (the delivery's), `{time}`, `{secret}`, `{sign}` and the
 * names of `values`. `{to}` and `{secret}` may not stand in `url`: addresses end up in logs.
 */
export const AggregatorSpec = Type.Object({
  url: Type.String({ pattern: '^https?://', maxLength: 400 }),
  method: Type.Union([Type.Literal('POST'), Type.Literal('PUT')]),
  headers: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]{1,60}$' }), Type.String({ maxLength: 400 }))),
  values: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,30}$' }), Type.String({ maxLength: 200 }))),
  /** How `body` is sent: each text in it is filled, whatever the form. */
  as: Type.Union([Type.Literal('json'), Type.Literal('form')]),
  body: Type.Record(Type.String({ maxLength: 60 }), Type.Unknown()),
  time: Type.Optional(Type.Union([Type.Literal('seconds'), Type.Literal('milliseconds'), Type.Literal('figures')])),
  sign: Type.Optional(Type.Object({
    by: Type.Union([Type.Literal('md5'), Type.Literal('sha256'), Type.Literal('hmac-md5'), Type.Literal('hmac-sha1'), Type.Literal('hmac-sha256')]),
    text: Type.String({ maxLength: 400 }), as: Type.Union([Type.Literal('hex'), Type.Literal('HEX'), Type.Literal('base64')]),
  }, closed)),
  answer: Type.Object({ sent: Test, later: Type.Optional(Test), id: Type.Optional(at) }, closed),
  /** Its peer knows `{id}` and sends what it has had before only once. */
  idempotent: Type.Optional(Type.Boolean()),
  /** Requests at once; 16 where absent. */
  window: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 })),
  /** `list`: where an array of them stands; without it the body itself is one. */
  receipt: Type.Optional(Type.Object({ list: Type.Optional(at), id: at, state: at, delivered: words, failed: words }, closed)),
  reply: Type.Optional(Type.Object({ list: Type.Optional(at), id: Type.Optional(at), from: at, to: Type.Optional(at), text: at }, closed)),
  /** What the peer wants to read as an answer to a report or a reply. */
  thanks: Type.Optional(Type.String({ maxLength: 200 })),
}, closed);
export type AggregatorSpec = Static<typeof AggregatorSpec>;

const check = bodyCheck(AggregatorSpec);

/** Reads a description. @throws Error that says what is wrong with it */
export const readAggregator = (json: string): AggregatorSpec => {
  const value: unknown = JSON.parse(json);
  const found = check(value);
  if (isRefusal(found)) throw new Error(`the description of the SMS aggregator is wrong at ${(found.errors ?? []).map(({ path }) => path).join(', ') || '/'}`);
  const spec = value as AggregatorSpec;
  if (/\{(to|secret|text)\}/.test(spec.url)) throw new Error('the address of the SMS aggregator may hold no phone, text or secret: addresses end up in logs');
  return spec;
};

/** The value at names joined by dots; undefined where there is none. */
const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((found, name) => (typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? (found as Record<string, unknown>)[name] : undefined), value);

const isOne = (found: unknown, of: readonly unknown[]): boolean => found !== undefined && found !== null && of.some((one) => one === '*' || String(one) === String(found));
const passes = (value: unknown, test: Static<typeof Test> | undefined): boolean => test !== undefined && isOne(valueAt(value, test.at), test.is);

const asText = (value: unknown, most: number): string => (typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, most) : '');

const filled = (value: unknown, values: Readonly<Record<string, string>>): unknown => {
  if (typeof value === 'string') return value.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  if (Array.isArray(value)) return value.map((one) => filled(one, values));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, values)])) : value;
};

const timeOf = (now: number, form: string): string =>
  form === 'milliseconds' ? String(now) : form === 'figures' ? new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14) : String(Math.floor(now / 1000));

const signed = ({ sign }: AggregatorSpec, values: Readonly<Record<string, string>>, secret: string): string => {
  if (!sign) return '';
  const text = filled(sign.text, values) as string;
  const { by } = sign;
  const hash = by.startsWith('hmac-') ? createHmac(by.slice(5), secret) : createHash(by);
  const digest = hash.update(text).digest(sign.as === 'base64' ? 'base64' : 'hex');
  return sign.as === 'HEX' ? digest.toUpperCase() : digest;
};

/** The request for one message. */
export const requestOf = (spec: AggregatorSpec, secret: string, message: { readonly id: string; readonly to: string; readonly text: string }, now: number): { readonly headers: Record<string, string>; readonly body: string } => {
  const plain = { ...spec.values, id: message.id, to: message.to, text: message.text, secret, time: timeOf(now, spec.time ?? 'seconds') };
  const values = { ...plain, sign: signed(spec, plain, secret) };
  const body = filled(spec.body, values) as Record<string, unknown>;
  return {
    headers: { 'user-agent': 'lamplight', ...(filled(spec.headers ?? {}, values) as Record<string, string>), 'content-type': spec.as === 'json' ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded; charset=utf-8' },
    body: spec.as === 'json' ? JSON.stringify(body) : new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])).toString(),
  };
};

const listOf = (body: unknown, path: string | undefined): readonly unknown[] => {
  const found = path === undefined ? body : valueAt(body, path);
  return Array.isArray(found) ? found.slice(0, 1_000) : found === undefined ? [] : [found];
};

/** Reports and replies in what the aggregator posted; what is neither is left out. */
export const heardFrom = ({ receipt, reply }: AggregatorSpec, body: unknown): { readonly receipts: readonly Receipt[]; readonly replies: readonly Heard[] } => ({
  receipts: receipt === undefined ? [] : listOf(body, receipt.list).flatMap((one) => {
    const [peer, word] = [asText(valueAt(one, receipt.id), 200), valueAt(one, receipt.state)];
    if (peer === '' || word === undefined) return [];
    return [{ peer, state: isOne(word, receipt.delivered) ? 'delivered' as const : isOne(word, receipt.failed) ? 'failed' as const : 'under_way' as const, code: asText(word, 40) }];
  }),
  replies: reply === undefined ? [] : listOf(body, reply.list).flatMap((one) => {
    const [from, text] = [asText(valueAt(one, reply.from), 40), asText(valueAt(one, reply.text), 4_000)];
    if (from === '' || text === '') return [];
    return [{ peer: reply.id === undefined ? null : asText(valueAt(one, reply.id), 200) || null, from, to: reply.to === undefined ? '' : asText(valueAt(one, reply.to), 40), text }];
  }),
});

/** Reads at most 64 KiB of an answer. */
const answerOf = async (response: Response): Promise<unknown> => {
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.length > 65_536) throw new Error('answer too long');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { text: text.trim() };
  }
};

/** SMS by a town's aggregator, described by data. Answers that are no JSON are read as `{text}`. */
export const aggregatorAdapter = (spec: AggregatorSpec, secret: string, now: () => number, timeoutMs = 10_000): Adapter => ({
  name: 'aggregator', channel: 'sms', window: spec.window ?? 16, idempotent: spec.idempotent === true, hears: spec.reply !== undefined,
  async send({ id, to, text }): Promise<Outcome> {
    try {
      const request = requestOf(spec, secret, { id, to, text }, now());
      const response = await fetch(spec.url, { method: spec.method, redirect: 'error', signal: AbortSignal.timeout(timeoutMs), ...request });
      const answer = await answerOf(response);
      const code = `http_${response.status}`;
      if (passes(answer, spec.answer.later)) return { state: 'later', error: `${code}_asked_to_wait` };
      if (response.ok && passes(answer, spec.answer.sent)) {
        const peer = spec.answer.id === undefined ? '' : asText(valueAt(answer, spec.answer.id), 200);
        return { state: 'sent', peer: peer || null, ...(peer && { peers: [peer] }) };
      }
      if (response.ok) return { state: valueAt(answer, spec.answer.sent.at) === undefined ? 'unknown' : 'refused', error: `${code}_not_taken` };
      // Behind a 500, 502 or 504 the message may have been taken all the same; 503 and the others say that it was not.
      if ([500, 502, 504].includes(response.status)) return { state: 'unknown', error: code };
      return response.status > 500 || [408, 425, 429].includes(response.status) ? { state: 'later', error: code } : { state: 'refused', error: code };
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } };
      const code = name === 'TimeoutError' ? 'timeout' : (cause?.code ?? 'broken').toLowerCase();
      return code === 'econnrefused' || code === 'enotfound' ? { state: 'later', error: `http_${code}` } : { state: 'unknown', error: `http_${code}` };
    }
  },
  close: () => {},
});
