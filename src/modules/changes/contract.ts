import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../base/route.ts';

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;

/** What may be chosen of the list: a heading each, with the kinds of entries that stand under it. */
export const subjects = {
  settings: ['settings'], rules: ['dispatch-rules'], table: ['standards'], units: ['unit', 'dissolution', 'units'], grants: ['grant', 'role', 'token', 'account', 'people'],
  duty: ['duty', 'patrol_route'], plates: ['plates'], places: ['places', 'map'], components: ['components', 'device'], cameras: ['cameras', 'camera-gateway'], other: ['partner', 'webhook', 'history', 'ledger-key'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Subject = keyof typeof subjects;

export const LineView = Type.Object({ path: Type.String(), label: Type.String(), before: nullable(Type.String()), after: nullable(Type.String()) });

export const ChangedView = Type.Object({
  seq: Type.Integer(), at: Type.String(), author: Type.String(), role: Type.String(), kind: Type.String(), action: Type.String(),
  /** What was done to what, in words. */
  title: Type.String(),
  /** What is other than before. Empty where the entry keeps a digest only. */
  lines: Type.Array(LineView),
  /**
   * The way back: here at once, on a page of the console that has the versions (`page` is its address), or none, with the reason in words.
   */
  way: Type.Object({ to: Type.Enum(['here', 'page', 'none']), page: Type.Array(Type.String()), words: Type.String() }),
});
export type ChangedView = Static<typeof ChangedView>;

export const listChanges = route({
  name: 'changes.list', method: 'GET', path: '/api/changes', who: ['admin', 'steward', 'commander', 'supervisor', 'auditor'],
  summary: 'What changed of how the county is run, newest first, out of the ledger: author, difference, way back. Rights and accounts only for whoever may read accounts.',
  query: Type.Object({
    county, subject: Type.Optional(Type.Enum(Object.keys(subjects) as Subject[])), author: Type.Optional(Type.String({ maxLength: 40 })),
    /** A unit or an account: only what was changed of it. */
    unit: Type.Optional(Type.String({ maxLength: 40 })), account: Type.Optional(Type.String({ maxLength: 40 })),
    before: Type.Optional(Type.Integer({ minimum: 1 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }, closed),
  response: Type.Object({ items: Type.Array(ChangedView), next: nullable(Type.Integer()) }),
});

export const exportChanges = route({
  name: 'changes.export', method: 'GET', path: '/api/changes/export', who: ['admin', 'steward', 'commander', 'supervisor', 'auditor'], perMinute: 20,
  summary: 'All changes of how the county is run as a table, CSV or XLSX. Who exported it is traced.',
  query: Type.Object({ county, subject: Type.Optional(Type.Enum(Object.keys(subjects) as Subject[])), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});

export const backChange = route({
  name: 'changes.back', method: 'POST', path: '/api/changes/:seq/back', who: ['admin', 'steward'], perMinute: 60,
  summary: 'Takes a change back that says so (`way.to` is `here`), by a new change with an entry of its own. Whether one may is as for the change itself.',
  params: Type.Object({ seq: Type.Integer({ minimum: 1 }) }), body: Type.Object({ county }, closed), response: Type.Object({ done: Type.Literal(true) }),
});
