import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';
import { MatterItem } from '../matters/contract.ts';

/** A text with the places in it that were looked for; ranges are from and to (exclusive) in UTF-16 units. */
export const HitView = Type.Object({
  /** `text` is what somebody wrote about the matter. */
  field: Type.Union([Type.Literal('number'), Type.Literal('title'), Type.Literal('place'), Type.Literal('component'), Type.Literal('code'), Type.Literal('unit'), Type.Literal('text')]),
  text: Type.String(),
  ranges: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()])),
});
export type HitView = Static<typeof HitView>;

export const FoundItem = Type.Object({ matter: MatterItem, hits: Type.Array(HitView) });
export type FoundItem = Static<typeof FoundItem>;

const filter = {
  kind: Type.Optional(Type.String({ maxLength: 40 })), state: Type.Optional(Type.String({ maxLength: 40 })),
  /** A place by its code: everything under it. */
  place: Type.Optional(Type.String({ maxLength: 40 })),
  /** Days as `2026-11-25`, both included, in the county's time: when the matter came in. */
  from: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })), until: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  after: Type.Optional(Type.String({ maxLength: 40 })),
};

/** `next` is null at the end. A page may be shorter than asked for, or empty, and have a next one: where a lot had to be passed over. */
const Found = Type.Object({ items: Type.Array(FoundItem), next: Type.Union([Type.String(), Type.Null()]) });

export const search = route({
  name: 'finding.search', method: 'GET', path: '/api/search', who: 'session', perMinute: 240,
  summary: 'Matters that the caller may see, newest first, by number or part of it, words of title, place, component, code, unit and texts. A phone is refused here: it belongs in no address.',
  query: Type.Object({ q: Type.String({ minLength: 1, maxLength: 100 }), ...filter, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, { additionalProperties: false }),
  response: Found,
});

export const exportFound = route({
  name: 'finding.export', method: 'GET', path: '/api/search/export', who: 'session', perMinute: 20,
  summary: 'All that a search finds as a table, CSV or XLSX, in the caller\'s language and the county\'s time; without what was said, which is read at the matter. Who exported what is traced.',
  query: Type.Object({ q: Type.String({ minLength: 1, maxLength: 100 }), kind: filter.kind, state: filter.state, place: filter.place, from: filter.from, until: filter.until, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, { additionalProperties: false }),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

/** Who takes calls and may find out whose number it is. */
const callTakers = ['intake', 'operator', 'dispatcher'] as const;

export const searchByPhone = route({
  name: 'finding.phone', method: 'POST', path: '/api/search/phone', who: callTakers, perMinute: 30,
  summary: 'Matters of the person with a phone, as far as the caller may see them; every look is an entry of the ledger.',
  body: Type.Object({
    phone: Type.String({ minLength: 3, maxLength: 40 }),
    purpose: Type.Union([Type.Literal('intake'), Type.Literal('call_back'), Type.Literal('danger'), Type.Literal('complaint')]),
    ...filter, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }, { additionalProperties: false }),
  response: Found,
});
