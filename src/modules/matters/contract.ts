import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
/** RFC 3339 in UTC. */
const time = Type.String();

export const Named = Type.Object({ id: Type.String(), name: Type.String() });

/** A clock as people read it. */
export const ClockView = Type.Object({
  name: Type.String(),
  label: Type.String(),
  amount: Type.Number(),
  unit: Type.String(),
  startedAt: time,
  dueAt: nullable(time),
  warnAt: nullable(time),
  pausedAt: nullable(time),
  stoppedAt: nullable(time),
  /** Share of the limit that is spent, 0 to 1 and beyond when late. */
  spent: Type.Number(),
  /** Why it is due then, in the caller's language, a sentence a line. */
  working: Type.Array(Type.String()),
  /** The same as steps: what is counted from when, and every day on the way that is no plain workday. Minutes are after local midnight. */
  course: Type.Object({
    from: time, counts: nullable(time), due: nullable(time), paused: nullable(time), urgent: Type.Boolean(),
    resumed: nullable(Type.Object({ at: time, spentHours: Type.Number() })),
    sessions: Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer() })),
    days: Type.Array(Type.Object({ kind: Type.Union([Type.Literal('weekend'), Type.Literal('holiday'), Type.Literal('closed'), Type.Literal('makeup')]), from: Type.String(), to: Type.String(), days: Type.Integer(), name: Type.String() })),
    provisional: nullable(Type.Integer()),
  }),
  /** True while the due time rests on a year whose holidays are not published. */
  provisional: Type.Boolean(),
});

/** One row of a list. */
export const MatterItem = Type.Object({
  id: Type.String(),
  number: Type.String(),
  kind: Type.String(),
  title: Type.String(),
  state: Type.String(),
  stateLabel: Type.String(),
  version: Type.Integer(),
  place: nullable(Type.Object({ code: Type.String(), names: Type.Array(Type.String()) })),
  point: nullable(Type.Object({ lng: Type.Number(), lat: Type.Number() })),
  code: nullable(Named),
  component: nullable(Named),
  leadUnit: nullable(Named),
  handler: nullable(Named),
  /** The running clock that ends first. */
  clock: nullable(Type.Object({ name: Type.String(), dueAt: nullable(time), warnAt: nullable(time), pausedAt: nullable(time) })),
  createdAt: time,
  updatedAt: time,
});

export const TimelineItem = Type.Object({
  version: Type.Integer(),
  /** Place in the county's ledger; null until it is sequenced (usually well under a second). */
  seq: nullable(Type.Integer()),
  action: Type.String(),
  label: Type.String(),
  from: nullable(Type.String()),
  to: nullable(Type.String()),
  at: time,
  /** When it was done, where that was said and was earlier: without a network, on a phone. */
  doneAt: nullable(time),
  actor: Type.Object({ name: nullable(Type.String()), role: Type.String(), roleLabel: Type.String(), unit: nullable(Type.String()) }),
  texts: Type.Array(Type.Object({ name: Type.String(), text: nullable(Type.String()), personal: Type.Boolean(), erased: Type.Boolean() })),
  files: Type.Array(Type.Object({ blob: Type.String(), role: Type.String() })),
  deliveries: Type.Array(Type.Object({ id: Type.String(), channel: nullable(Type.String()), state: Type.String(), recipient: Type.String(), text: Type.String() })),
});

/** An action that this actor may take now. `input` is a JSON schema. */
export const AllowedAction = Type.Object({
  name: Type.String(),
  label: Type.String(),
  primary: Type.Boolean(),
  input: Type.Unknown(),
});

/** An action that people look for here and that is not possible now, with the reason in words. */
export const ImpossibleAction = Type.Object({ name: Type.String(), label: Type.String(), reason: Type.String(), words: Type.String() });

export const MatterPage = Type.Object({
  matter: MatterItem,
  data: Type.Record(Type.String(), Type.Unknown()),
  /** Rows of the code table and the like that explain the matter, as label and words. */
  explain: Type.Array(Type.Object({ key: Type.String(), label: Type.String(), words: Type.String() })),
  reporter: nullable(Type.Object({ kind: Type.String(), name: nullable(Type.String()), maskedPhone: nullable(Type.String()), revealable: Type.Boolean() })),
  clocks: Type.Array(ClockView),
  children: Type.Array(MatterItem),
  /** Other matters that the reader may see and this one stands to in some way. */
  related: Type.Array(Type.Object({ relation: Type.String(), label: Type.String(), item: MatterItem })),
  files: Type.Array(Type.Object({ blob: Type.String(), role: Type.String(), at: time })),
  timeline: Type.Array(TimelineItem),
  actions: Type.Array(AllowedAction),
  impossible: Type.Array(ImpossibleAction),
});
export type MatterItem = Static<typeof MatterItem>;
export type MatterPage = Static<typeof MatterPage>;
export type ClockView = Static<typeof ClockView>;
export type TimelineItem = Static<typeof TimelineItem>;

export const Done = Type.Object({ id: Type.String(), number: Type.String(), state: Type.String(), version: Type.Integer(), also: Type.Array(Type.Object({ id: Type.String(), state: Type.String(), version: Type.Integer() })) });
export type Done = Static<typeof Done>;

const idParam = Type.Object({ id: uuid });

/**
 * When somebody did it, where it could only be sent later: the device's time put right by the server's, with the seconds
 * that were added to the device's own. It is noted beside the server's time and decides nothing.
 */
export const DoneEarlier = Type.Object({
  at: Type.String({ maxLength: 30, pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$' }),
  corrected: Type.Optional(Type.Integer({ minimum: -2_000_000_000, maximum: 2_000_000_000 })),
}, { additionalProperties: false });
export type DoneEarlier = Static<typeof DoneEarlier>;

export const makeMatter = route({
  name: 'matters.make', method: 'POST', path: '/api/matters', who: 'anyone', status: 201,
  summary: 'Makes a matter of a kind by its first action. The same op gets the same answer.',
  body: Type.Object({ kind: Type.String({ maxLength: 40 }), action: Type.Optional(Type.String({ maxLength: 40 })), input: Type.Unknown(), op: uuid, done: Type.Optional(DoneEarlier), county: Type.Optional(Type.String({ maxLength: 12 })) }, { additionalProperties: false }),
  response: Done,
});

export const actOnMatter = route({
  name: 'matters.act', method: 'POST', path: '/api/matters/:id/actions', who: 'session',
  summary: 'Takes an action on a matter. The same op gets the same answer.',
  params: idParam,
  body: Type.Object({ action: Type.String({ maxLength: 40 }), input: Type.Optional(Type.Unknown()), op: uuid, done: Type.Optional(DoneEarlier) }, { additionalProperties: false }),
  response: Done,
});

/** What a list is asked for: the same for pages, exports and saved filters. */
const listFilter = {
  box: Type.Optional(Type.Union([Type.Literal('todo'), Type.Literal('mine'), Type.Literal('unit'), Type.Literal('all'), Type.Literal('ended')])),
  kind: Type.Optional(Type.String()), state: Type.Optional(Type.String()), place: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()), unit: Type.Optional(Type.String()), component: Type.Optional(Type.String()),
  number: Type.Optional(Type.String()),
  /** `late`, `warn` (soon due). */
  due: Type.Optional(Type.Union([Type.Literal('late'), Type.Literal('warn')])),
  order: Type.Optional(Type.Union([Type.Literal('due'), Type.Literal('new')])),
};

/** Lists are `box`: `todo` (waits for me: an action of mine is possible), `mine` (I have it in hand), `unit`, `all`, `ended`. */
export const listMatters = route({
  name: 'matters.list', method: 'GET', path: '/api/matters', who: 'session',
  summary: 'Matters that the caller may see, a page at a time.',
  query: Type.Object({
    ...listFilter,
    after: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }, { additionalProperties: false }),
  response: Type.Object({
    items: Type.Array(MatterItem),
    next: nullable(Type.String()),
    /** Counted to 1,000; `capped` where there are more. */
    counts: Type.Object({ all: Type.Integer(), warn: Type.Integer(), late: Type.Integer(), capped: Type.Boolean() }),
    /** Position in the ledger that this list is a snapshot of: stream after it. */
    cursor: Type.String(),
  }),
});

export const exportMatters = route({
  name: 'matters.export', method: 'GET', path: '/api/matters/export', who: 'session', perMinute: 20,
  summary: 'The whole list as a table, CSV or XLSX, in the caller\'s language and the county\'s time. Who exported what is traced.',
  query: Type.Object({ ...listFilter, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, { additionalProperties: false }),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

/** Matters that one bulk may touch. */
export const bulkAtMost = 500;
const many = Type.Array(uuid, { minItems: 1, maxItems: bulkAtMost });
const bulkBody = { matters: many, action: Type.String({ maxLength: 40 }), input: Type.Optional(Type.Unknown()) };

export const BulkAction = Type.Object({ name: Type.String(), label: Type.String(), input: Type.Unknown(), count: Type.Integer() });
export type BulkAction = Static<typeof BulkAction>;
/** What became of one matter, or would: `reason` and `words` where it is refused. */
export const BulkResult = Type.Object({
  id: Type.String(), number: Type.String(), title: Type.String(), stateLabel: Type.String(), ok: Type.Boolean(), reason: nullable(Type.String()), words: nullable(Type.String()),
});
export type BulkResult = Static<typeof BulkResult>;
export interface BulkAsk { readonly matters: readonly string[]; readonly action: string; readonly input?: unknown }

export const bulkActions = route({
  name: 'matters.bulk_actions', method: 'POST', path: '/api/matters/bulk/actions', who: 'session', perMinute: 120,
  summary: 'The actions that the caller may take on any of some matters, with how many each is possible for now.',
  body: Type.Object({ matters: many }, { additionalProperties: false }),
  response: Type.Object({ items: Type.Array(BulkAction) }),
});

export const previewBulk = route({
  name: 'matters.bulk_preview', method: 'POST', path: '/api/matters/bulk/preview', who: 'session', perMinute: 60,
  summary: 'Which of some matters would be refused an action, and why. Nothing is changed.',
  body: Type.Object(bulkBody, { additionalProperties: false }),
  response: Type.Object({ possible: Type.Integer(), refused: Type.Integer(), items: Type.Array(BulkResult) }),
});

export const actInBulk = route({
  name: 'matters.bulk', method: 'POST', path: '/api/matters/bulk', who: 'session', perMinute: 30,
  summary: 'Takes one action on many matters, at most 500; one line of JSON for each as it is decided. The same op gets the same answers.',
  body: Type.Object({ ...bulkBody, op: uuid }, { additionalProperties: false }),
  response: Type.Unknown(), produces: 'application/x-ndjson',
});

export const SavedFilter = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 20 }), box: Type.Union([Type.Literal('todo'), Type.Literal('mine'), Type.Literal('unit'), Type.Literal('all'), Type.Literal('ended')]),
  filter: Type.Record(Type.String({ pattern: '^(due|state|code|unit|place|component|order)$' }), Type.String({ maxLength: 60 })),
}, { additionalProperties: false });
export type SavedFilter = Static<typeof SavedFilter>;
const savedList = Type.Object({ items: Type.Array(SavedFilter) });

export const listSavedFilters = route({
  name: 'matters.saved_filters', method: 'GET', path: '/api/filters', who: 'session',
  summary: 'Filters of the inbox that the caller has saved.', response: savedList,
});

export const saveFilter = route({
  name: 'matters.save_filter', method: 'PUT', path: '/api/filters', who: 'session',
  summary: 'Saves a filter of the inbox under a name, over what stood there; at most 30.', body: SavedFilter, response: savedList,
});

export const dropFilter = route({
  name: 'matters.drop_filter', method: 'DELETE', path: '/api/filters', who: 'session',
  summary: 'Takes a saved filter away.', query: Type.Object({ name: Type.String({ minLength: 1, maxLength: 20 }) }, { additionalProperties: false }), response: savedList,
});

export const readMatter = route({
  name: 'matters.read', method: 'GET', path: '/api/matters/:id', who: 'session',
  summary: 'A matter with its timeline, clocks and the actions that the caller may take now.',
  params: idParam, response: MatterPage,
});

export const readDue = route({
  name: 'matters.due', method: 'GET', path: '/api/matters/:id/due', who: 'session', perMinute: 600,
  summary: 'How the due times of a matter come about: its running clocks with their working, the one that ends first before the others.',
  params: idParam, response: Type.Object({ clocks: Type.Array(ClockView) }),
});
