import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../base/route.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;
const idParam = Type.Object({ id: uuid });
const code = Type.String({ minLength: 1, maxLength: 60 });

/** Which of a partner's services is which of ours, with the answers to its questions that always hold. */
export const ServicePair = Type.Object({ ours: code, theirs: code, answers: Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 200 }))) }, closed);
export type ServicePair = Static<typeof ServicePair>;

const direction = Type.Union([Type.Literal('pull'), Type.Literal('push'), Type.Literal('both')]);
const pushAt = Type.Union([Type.Literal('reported'), Type.Literal('filed'), Type.Literal('dispatched')]);

/** What an administrator says of a partner. */
const settings = {
  name: Type.String({ minLength: 1, maxLength: 60 }),
  /** Address of its GeoReport v2 end, without a slash at the end: `https://peer.example/open311/v2`. */
  url: Type.String({ pattern: '^https?://[^\\s?#]{3,160}[^\\s?#/]$' }),
  jurisdiction: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 80 }))),
  /** The program, an account of ours, in whose name its reports are taken in. */
  account: uuid,
  direction,
  services: Type.Array(ServicePair, { minItems: 1, maxItems: 100 }),
  /** The state in which a case of ours is sent to it. */
  pushAt: Type.Optional(pushAt),
  /** Whether what a reporter wrote goes along; only the title does where it does not. */
  words: Type.Optional(Type.Boolean()),
};
export const PartnerInput = Type.Object({ county, ...settings, key: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })) }, closed);
export type PartnerInput = Static<typeof PartnerInput>;
export const PartnerChange = Type.Object({
  county, name: Type.Optional(settings.name), direction: Type.Optional(direction), services: Type.Optional(settings.services), pushAt: Type.Optional(pushAt), words: Type.Optional(Type.Boolean()),
  key: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })), active: Type.Optional(Type.Boolean()),
  /** Reads again everything that the partner has reported since; what is known stays as it is. */
  since: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$' })),
}, closed);
export type PartnerChange = Static<typeof PartnerChange>;

export const PartnerView = Type.Object({
  id: Type.String(), name: Type.String(), url: Type.String(), jurisdiction: nullable(Type.String()), account: Type.String(), direction, services: Type.Array(ServicePair), pushAt, words: Type.Boolean(),
  active: Type.Boolean(), hasKey: Type.Boolean(),
  /** When it last answered. */
  contactedAt: nullable(Type.String()), failures: Type.Integer(), error: nullable(Type.String()), errorWords: nullable(Type.String()), nextAt: Type.String(),
  /** Up to when its reports have been read. */
  pulledUntil: Type.String(),
  counts: Type.Object({ taken: Type.Integer(), sent: Type.Integer(), waiting: Type.Integer(), refused: Type.Integer(), conflicts: Type.Integer() }),
});
export type PartnerView = Static<typeof PartnerView>;

export const PartnerReport = Type.Object({
  id: Type.String(), matter: nullable(Type.String()), number: nullable(Type.String()), title: nullable(Type.String()), theirs: nullable(Type.String()), origin: Type.String(), state: Type.String(),
  status: nullable(Type.String()), ourStatus: nullable(Type.String()), error: nullable(Type.String()), errorWords: nullable(Type.String()), conflict: nullable(Type.String()), at: Type.String(),
});
export type PartnerReport = Static<typeof PartnerReport>;

export const listPartners = route({
  name: 'exchange.partners', method: 'GET', path: '/api/partners', who: ['admin'], summary: 'Other Open311 systems that reports and updates are exchanged with, and how each exchange stands.',
  query: Type.Object({ county }, closed), response: Type.Object({ items: Type.Array(PartnerView) }),
});
export const addPartner = route({
  name: 'exchange.add', method: 'POST', path: '/api/partners', who: ['admin'], status: 201, summary: 'Begins an exchange with another Open311 system.', body: PartnerInput, response: PartnerView,
});
export const changePartner = route({
  name: 'exchange.change', method: 'PUT', path: '/api/partners/:id', who: ['admin'], summary: 'Changes what is exchanged with a partner, rests the exchange or wakes it.', params: idParam, body: PartnerChange, response: PartnerView,
});
export const removePartner = route({
  name: 'exchange.remove', method: 'DELETE', path: '/api/partners/:id', who: ['admin'], summary: 'Ends an exchange. The cases stay.', params: idParam, query: Type.Object({ county }, closed), response: Type.Object({ done: Type.Literal(true) }),
});
export const listPartnerReports = route({
  name: 'exchange.reports', method: 'GET', path: '/api/partners/:id/reports', who: ['admin'], summary: 'What stands here and with a partner, the newest first.', params: idParam,
  query: Type.Object({ county, box: Type.Optional(Type.Union([Type.Literal('all'), Type.Literal('waiting'), Type.Literal('refused'), Type.Literal('conflict')])), after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed),
  response: Type.Object({ items: Type.Array(PartnerReport), next: nullable(Type.String()) }),
});
export const exportPartnerReports = route({
  name: 'exchange.export_reports', method: 'GET', path: '/api/partners/:id/reports/export', who: ['admin'], perMinute: 20, summary: 'What stands here and with a partner, all of it as a table, CSV or XLSX. Who exported it is traced.', params: idParam,
  query: Type.Object({ county, box: Type.Optional(Type.Union([Type.Literal('all'), Type.Literal('waiting'), Type.Literal('refused'), Type.Literal('conflict')])), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});
export const retryPartnerReport = route({
  name: 'exchange.retry', method: 'POST', path: '/api/partners/:id/reports/:report', who: ['admin'], summary: 'Tries a report again that was refused.',
  params: Type.Object({ id: uuid, report: uuid }), body: Type.Object({ county }, closed), response: Type.Object({ done: Type.Literal(true) }),
});
