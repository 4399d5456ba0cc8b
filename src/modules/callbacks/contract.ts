import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const time = Type.String();
const closed = { additionalProperties: false } as const;

/** One of the cases that a call is about. */
const Part = Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), state: Type.String(), stateLabel: Type.String(), unit: nullable(Type.String()), endedAt: time });

/** Somebody to be called. */
export const CallbackItem = Type.Object({
  id: Type.String(), state: Type.Union([Type.Literal('waiting'), Type.Literal('done'), Type.Literal('unreached'), Type.Literal('withdrawn')]),
  reasons: Type.Array(Type.String()), tries: Type.Integer(), triesAtMost: Type.Integer(), nextAt: time, createdAt: time, endedAt: nullable(time),
  /** Who has it before them now. */
  takenBy: nullable(Type.String()), mine: Type.Boolean(),
  maskedPhone: nullable(Type.String()), parts: Type.Array(Part),
});
export type CallbackItem = Static<typeof CallbackItem>;

/** With what to say, for the one who calls. */
export const CallbackCard = Type.Object({ ...CallbackItem.properties, script: Type.String() });
export type CallbackCard = Static<typeof CallbackCard>;

export const listCallbacks = route({
  name: 'callbacks.list', method: 'GET', path: '/api/callbacks', who: 'session',
  summary: 'People to be called about what was closed, the most pressing first; or those who were.',
  query: Type.Object({ state: Type.Optional(Type.Union([Type.Literal('waiting'), Type.Literal('ended')])), after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed),
  response: Type.Object({ items: Type.Array(CallbackItem), next: nullable(Type.String()), waiting: Type.Integer() }),
});

export const exportCallbacks = route({
  name: 'callbacks.export', method: 'GET', path: '/api/callbacks/export', who: ['operator', 'intake'], perMinute: 20,
  summary: 'The list of callbacks as a table, CSV or XLSX, without numbers. Who exported what is traced.',
  query: Type.Object({ state: Type.Optional(Type.Union([Type.Literal('waiting'), Type.Literal('ended')])), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

export const takeCallback = route({
  name: 'callbacks.take', method: 'POST', path: '/api/callbacks/next', who: 'session', perMinute: 120,
  summary: 'The next one to call, kept for the caller for twenty minutes; the same again while it is not done.',
  body: Type.Object({}, closed), response: CallbackCard,
});

export const openCallback = route({
  name: 'callbacks.open', method: 'POST', path: '/api/callbacks/:id/take', who: 'session', perMinute: 120,
  summary: 'This one, kept for the caller for twenty minutes.', params: Type.Object({ id: uuid }), body: Type.Object({}, closed), response: CallbackCard,
});

export const callbackPhone = route({
  name: 'callbacks.phone', method: 'POST', path: '/api/callbacks/:id/phone', who: 'session', perMinute: 60,
  summary: 'The number to call. Each look is an entry of the ledger.', params: Type.Object({ id: uuid }), body: Type.Object({}, closed),
  response: Type.Object({ phone: nullable(Type.String()) }),
});

export const callbackResult = route({
  name: 'callbacks.result', method: 'POST', path: '/api/callbacks/:id/result', who: 'session', perMinute: 120,
  summary: 'What came of a call: an answer for each case, or when to try again. "Not solved" asks for reopening, which somebody independent decides.',
  params: Type.Object({ id: uuid }),
  body: Type.Object({
    outcome: Type.Union([Type.Literal('answered'), Type.Literal('unanswered'), Type.Literal('later'), Type.Literal('refused')]),
    /** RFC 3339; only with `later`. */
    nextAt: Type.Optional(Type.String({ maxLength: 40 })),
    answers: Type.Optional(Type.Array(Type.Object({
      matter: uuid, reached: Type.Optional(Type.Boolean()), solved: Type.Optional(Type.Boolean()), satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })), note: Type.Optional(Type.String({ maxLength: 1_000 })),
    }, closed), { maxItems: 21 })),
    op: uuid,
  }, closed),
  response: Type.Object({ state: Type.String(), tries: Type.Integer(), nextAt: nullable(time) }),
});

const rate = nullable(Type.Number());
const figures = { answered: Type.Integer(), asked: Type.Integer(), response: rate, resolution: rate, satisfaction: rate };

export const callbackFigures = route({
  name: 'callbacks.figures', method: 'GET', path: '/api/callbacks/figures', who: 'session',
  summary: 'Response, resolution and satisfaction rates of the last days, by the unit that handled the case. From callbacks only: ratings on pages and by message are not among them.',
  query: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })) }, closed),
  response: Type.Object({
    ...figures, units: Type.Array(Type.Object({ unit: Type.Object({ id: Type.String(), name: Type.String() }), ...figures })),
    /** What residents gave by themselves on their pages and by message, for comparison. */
    ratings: Type.Object({ count: Type.Integer(), mean: rate }),
  }),
});
export type CallbackFigures = Static<(typeof callbackFigures)['response']>;
