import { Type, type Static } from 'typebox';
import { route } from '../../../base/route.ts';
import { BulkResult } from '../../matters/contract.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const closed = { additionalProperties: false } as const;

/** Open work by person and by unit: whom the caller may hand cases to, and what waits where. */
export const Load = Type.Object({
  officers: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), unit: nullable(Type.String()), desk: Type.Boolean(), open: Type.Integer(), late: Type.Integer() })),
  units: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), open: Type.Integer(), late: Type.Integer(), free: Type.Integer() })),
  /** Reports and cases that nobody of the desk has in hand. */
  free: Type.Integer(),
});
export type Load = Static<typeof Load>;

export const readLoad = route({
  name: 'cases.load', method: 'GET', path: '/api/desk/load', who: 'session',
  summary: 'Open cases by the person who has them in hand and by unit.', response: Load,
});

export const exportLoad = route({
  name: 'cases.export_load', method: 'GET', path: '/api/desk/load/export', who: 'session', perMinute: 20,
  summary: 'Open cases by person and by unit as a table, CSV or XLSX. Who exported it is traced.',
  query: Type.Object({ format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});

export const takeNextCase = route({
  name: 'cases.take_next', method: 'POST', path: '/api/desk/next', who: 'session', perMinute: 240,
  summary: 'Gives the caller the case that is due first of those that wait for their role and that nobody has: a report to look at, or a task of their unit, which is accepted by it.',
  body: Type.Object({ op: uuid }, closed), response: Type.Object({ id: Type.String(), number: Type.String() }),
});

export const shareOut = route({
  name: 'cases.share', method: 'POST', path: '/api/desk/share', who: 'session', perMinute: 30,
  summary: 'Hands cases out evenly: each to whoever of these people has least in hand. Every one is an action and an entry. The same op gets the same answers.',
  body: Type.Object({ matters: Type.Array(uuid, { minItems: 1, maxItems: 500 }), accounts: Type.Optional(Type.Array(uuid, { minItems: 1, maxItems: 100 })), op: uuid }, closed),
  response: Type.Object({ items: Type.Array(BulkResult), given: Type.Array(Type.Object({ name: Type.String(), count: Type.Integer() })) }),
});

export const mentionable = route({
  name: 'cases.mentionable', method: 'GET', path: '/api/matters/:id/people', who: 'session', perMinute: 240,
  summary: 'Colleagues who see a case and may be called in a note, by the beginning of login or name.',
  params: Type.Object({ id: uuid }), query: Type.Object({ q: Type.Optional(Type.String({ maxLength: 40 })) }, closed),
  response: Type.Object({ items: Type.Array(Type.Object({ id: Type.String(), login: Type.String(), name: Type.String() })) }),
});
