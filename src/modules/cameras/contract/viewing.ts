import { Type, type Static } from 'typebox';
import { route } from '../../../base/route.ts';
import { closed, code, county, nullable } from './cameras.ts';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const view = Type.Object({ view: uuid });
const body = Type.Object({}, closed);

/** Roles that may look through cameras. */
export const viewers = ['operator', 'intake', 'dispatcher', 'commander'] as const;
/** Roles that may turn them. */
export const turners = ['operator', 'dispatcher', 'commander'] as const;

export const OpenView = Type.Object({
  view: Type.String(), camera: Type.String(), name: Type.String(), purpose: Type.String(),
  /** Who looks, as the watermark says it. */
  viewer: Type.String(), account: Type.String(),
  playlist: Type.String(), begunAt: Type.String(), untilAt: Type.String(), turns: Type.Boolean(), demo: Type.Boolean(),
});
export type OpenView = Static<typeof OpenView>;

export const openView = route({
  name: 'cameras.open', method: 'POST', path: '/api/cameras/:code/views', who: viewers, perMinute: 60, status: 201,
  summary: 'Opens a look through a camera, for a purpose and a while. Beginning and end are entries of the ledger. What plays is bound to the session that opened it.',
  params: Type.Object({ code }), body: Type.Object({ county, purpose: Type.String({ minLength: 1, maxLength: 20 }), note: Type.String({ minLength: 2, maxLength: 200 }), matter: Type.Optional(nullable(uuid)) }, closed), response: OpenView,
});
export const renewView = route({
  name: 'cameras.renew', method: 'POST', path: '/api/cameras/views/:view/renew', who: viewers, perMinute: 240, summary: 'Says that somebody still looks; every 10 s.',
  params: view, body, response: Type.Object({ untilAt: Type.String(), silentSince: nullable(Type.String()) }),
});
export const closeView = route({
  name: 'cameras.close', method: 'POST', path: '/api/cameras/views/:view/close', who: viewers, perMinute: 240, summary: 'Ends a look.', params: view, body, response: Type.Object({ done: Type.Literal(true) }),
});
export const viewPlaylist = route({
  name: 'cameras.playlist', method: 'GET', path: '/api/cameras/views/:view/live.m3u8', who: viewers, perMinute: 600, produces: 'application/vnd.apple.mpegurl',
  summary: 'The HLS playlist of an open look, for the browser that opened it.', params: view, response: Type.Unknown(),
});
export const viewPiece = route({
  name: 'cameras.piece', method: 'GET', path: '/api/cameras/views/:view/piece', who: viewers, perMinute: 2_400, produces: 'application/octet-stream',
  summary: 'A piece of the stream of an open look, as its playlist names it.', params: view, query: Type.Object({ u: Type.String({ minLength: 1, maxLength: 2_000, pattern: '^[\\w-]+$' }) }, closed), response: Type.Unknown(),
});

const speed = Type.Number({ minimum: -1, maximum: 1 });
export const TurnCommand = Type.Object({
  move: Type.Optional(Type.Object({ pan: speed, tilt: speed, zoom: speed }, closed)), stop: Type.Optional(Type.Literal(true)), preset: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
}, { additionalProperties: false, minProperties: 1, maxProperties: 1, examples: [{ move: { pan: 0.5, tilt: 0, zoom: 0 } }] });
export type TurnCommand = Static<typeof TurnCommand>;
export const turnCamera = route({
  name: 'cameras.turn', method: 'POST', path: '/api/cameras/views/:view/turn', who: turners, perMinute: 900,
  summary: 'Turns the camera of an open look: moves it, stops it, or sends it to a preset. Whoever turned it last keeps it for some seconds.',
  params: view, body: TurnCommand, response: Type.Object({ deviceMs: Type.Integer(), heldUntil: Type.String() }),
});
export const cameraPresets = route({
  name: 'cameras.presets', method: 'GET', path: '/api/cameras/views/:view/presets', who: turners, perMinute: 60, summary: 'Preset positions of the camera of an open look.',
  params: view, response: Type.Object({ items: Type.Array(Type.Object({ token: Type.String(), name: Type.String() })) }),
});

export const PastView = Type.Object({
  view: Type.String(), viewer: Type.String(), purpose: Type.String(), note: Type.String(), matter: nullable(Type.String()), begunAt: Type.String(), endedAt: nullable(Type.String()), seconds: nullable(Type.Integer()), ending: nullable(Type.String()), turns: Type.Integer(),
});
export type PastView = Static<typeof PastView>;
export const listViews = route({
  name: 'cameras.views', method: 'GET', path: '/api/cameras/:code/views', who: ['supervisor', 'auditor'], summary: 'Who looked through a camera, when, why and for how long, the newest first.', params: Type.Object({ code }),
  query: Type.Object({ county, after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed), response: Type.Object({ items: Type.Array(PastView), next: nullable(Type.String()) }),
});
