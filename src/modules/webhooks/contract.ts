import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../base/route.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;
const seq = Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 });

/** An entry of the ledger with its place in it; `entry` as docs/architecture.md describes it, without personal words. */
const Event = Type.Object({ seq: Type.Integer(), entry: Type.Unknown() });
export const Events = Type.Object({
  county: Type.String(), events: Type.Array(Event),
  /** Ask with this as `after` for what comes next; it passes over what the caller may not see. */
  next: Type.Integer(),
  /** Whether there is more already. */
  more: Type.Boolean(),
});
export type Events = Static<typeof Events>;

export const listEvents = route({
  name: 'webhooks.events', method: 'GET', path: '/api/events', who: 'session',
  summary: 'What happened in a county after a seq of its ledger, in order, as far as the caller may see it: for programs that ask now and then.',
  query: Type.Object({ county, after: Type.Optional(seq), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }, closed),
  response: Events,
});

export const WebhookView = Type.Object({
  id: Type.String(), account: Type.String(), url: Type.String(), active: Type.Boolean(),
  /** Up to where in the ledger the peer has said that it has everything. */
  seq: Type.Integer(), failures: Type.Integer(), error: nullable(Type.String()),
  /** What it fails at, in words. */
  errorWords: nullable(Type.String()), nextAt: Type.String(), createdAt: Type.String(),
});
export type WebhookView = Static<typeof WebhookView>;

export const listWebhooks = route({
  name: 'webhooks.list', method: 'GET', path: '/api/webhooks', who: ['admin'], summary: 'Addresses that are sent what happens, and how far each has got.',
  query: Type.Object({ county }, closed), response: Type.Object({ items: Type.Array(WebhookView) }),
});

export const exportWebhooks = route({
  name: 'webhooks.export', method: 'GET', path: '/api/webhooks.file', who: ['admin'], perMinute: 30, summary: 'The addresses that are sent what happens as CSV or XLSX, with how far each has got and what it fails at.',
  query: Type.Object({ county, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});

export const addWebhook = route({
  name: 'webhooks.add', method: 'POST', path: '/api/webhooks', who: ['admin'], status: 201,
  summary: 'Sends a program what happens from now on, or after a seq, as far as its grants let it see. The secret that signs is shown only now.',
  body: Type.Object({ county, account: uuid, url: Type.String({ pattern: '^https?://[^\\s]{3,500}$' }), after: Type.Optional(seq) }, closed),
  response: Type.Object({ id: Type.String(), secret: Type.String() }),
});

export const changeWebhook = route({
  name: 'webhooks.change', method: 'PUT', path: '/api/webhooks/:id', who: ['admin'], summary: 'Rests a webhook or wakes it; with `after`, sends again everything after a seq.',
  params: Type.Object({ id: uuid }), body: Type.Object({ county, active: Type.Optional(Type.Boolean()), after: Type.Optional(seq) }, closed), response: WebhookView,
});

export const removeWebhook = route({
  name: 'webhooks.remove', method: 'DELETE', path: '/api/webhooks/:id', who: ['admin'], summary: 'Takes a webhook away.',
  params: Type.Object({ id: uuid }), query: Type.Object({ county }, closed), response: Type.Object({ done: Type.Literal(true) }),
});
