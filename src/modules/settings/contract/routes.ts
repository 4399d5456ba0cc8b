import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
/** RFC 3339 in UTC. */
const time = Type.String();
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;
const params = Type.Object({ area: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) });
const versioned = Type.Object({ area: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), version: Type.Integer({ minimum: 0 }) });
const note = Type.Optional(Type.String({ maxLength: 300 }));
/** Version that the change stands on; 0 where nothing was ever changed. */
const base = Type.Integer({ minimum: 0 });
/** A county's own document of an area; null takes it away, so that what ships counts. */
const document = Type.Unknown();

const readers = ['admin', 'steward', 'commander', 'supervisor', 'auditor'] as const;
const writers = ['admin', 'steward'] as const;

/** An area of settings in the list. */
export const AreaItem = Type.Object({
  name: Type.String(), title: Type.String(), about: Type.String(),
  /** Nothing of the county's own stands there. */
  shipped: Type.Boolean(),
  version: Type.Integer(), at: nullable(time), author: nullable(Type.String()),
  /** Whether the caller may change it. */
  edits: Type.Boolean(),
});
export type AreaItem = Static<typeof AreaItem>;

/** One thing that is other than it was; null where it was, or is, as shipped. */
export const ChangeView = Type.Object({ path: Type.String(), label: Type.String(), before: nullable(Type.String()), after: nullable(Type.String()) });
export type ChangeView = Static<typeof ChangeView>;

/** A counted effect in words. */
export const EffectView = Type.Object({ words: Type.String(), tone: Type.Union([Type.Literal('plain'), Type.Literal('warn'), Type.Literal('late'), Type.Literal('done')]) });
export type EffectView = Static<typeof EffectView>;

export const VersionView = Type.Object({
  version: Type.Integer(), at: time,
  /** Null for what stood before versions were kept. */
  author: nullable(Type.String()), note: Type.String(),
  /** The version that this one went back to. */
  backTo: nullable(Type.Integer()), current: Type.Boolean(),
});
export type VersionView = Static<typeof VersionView>;

export const AreaView = Type.Object({
  ...AreaItem.properties,
  /** How the page edits it: `form` from the schema, or an editor of its own. */
  editor: Type.String(),
  /** JSON Schema with titles and hints in the caller's language. */
  schema: Type.Unknown(),
  /** The county's own document; null where all is as shipped. */
  document: Type.Unknown(),
  /** What ships: counts wherever the county's own says nothing. */
  defaults: Type.Unknown(),
  /** What the editor needs beside. */
  beside: Type.Unknown(),
});
export type AreaView = Static<typeof AreaView>;

export const listAreas = route({
  name: 'settings.areas', method: 'GET', path: '/api/settings', who: readers, summary: 'Areas of a county\'s settings, with who changed each last.',
  query: Type.Object({ county }, closed), response: Type.Object({ items: Type.Array(AreaItem) }),
});

export const readArea = route({
  name: 'settings.area', method: 'GET', path: '/api/settings/:area', who: readers, summary: 'An area: its schema, what ships, and the county\'s own.',
  params, query: Type.Object({ county }, closed), response: AreaView,
});

export const previewArea = route({
  name: 'settings.preview', method: 'POST', path: '/api/settings/:area/preview', who: writers, summary: 'What a document would change and what that would do; nothing is written.',
  params, body: Type.Object({ county, document }, closed),
  response: Type.Object({ version: Type.Integer(), changes: Type.Array(ChangeView), effects: Type.Array(EffectView) }),
});

export const saveArea = route({
  name: 'settings.save', method: 'PUT', path: '/api/settings/:area', who: writers, summary: 'Sets an area as its next version, on top of the version that was read.',
  params, body: Type.Object({ county, base, document, note }, closed), response: Type.Object({ version: Type.Integer() }),
});

export const backArea = route({
  name: 'settings.back', method: 'POST', path: '/api/settings/:area/back', who: writers, summary: 'Makes the document of an earlier version the next version.',
  params, body: Type.Object({ county, base, version: Type.Integer({ minimum: 0 }), note }, closed), response: Type.Object({ version: Type.Integer() }),
});

export const listSettingVersions = route({
  name: 'settings.versions', method: 'GET', path: '/api/settings/:area/versions', who: readers, summary: 'Versions of an area, newest first.',
  params, query: Type.Object({ county, after: Type.Optional(Type.Integer({ minimum: 1 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed),
  response: Type.Object({ items: Type.Array(VersionView), next: nullable(Type.Integer()) }),
});

export const exportSettingVersions = route({
  name: 'settings.export_versions', method: 'GET', path: '/api/settings/:area/versions/export', who: readers, perMinute: 20,
  summary: 'All versions of an area with what each changed, as a table, CSV or XLSX. Who exported it is traced.',
  params, query: Type.Object({ county, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});

export const readSettingVersion = route({
  name: 'settings.version', method: 'GET', path: '/api/settings/:area/versions/:version', who: readers,
  summary: 'A version: what it changed, and what going back to it would change and do.',
  params: versioned, query: Type.Object({ county }, closed),
  response: Type.Object({ version: VersionView, changed: Type.Array(ChangeView), back: Type.Array(ChangeView), effects: Type.Array(EffectView) }),
});
