import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';

export const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
export const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
export const closed = { additionalProperties: false } as const;
export const code = Type.String({ pattern: '^\\d{20}$' });
const lng = Type.Number({ minimum: -180, maximum: 180 });
const lat = Type.Number({ minimum: -90, maximum: 90 });

/** Roles of `data/roles.json` that may read the register of cameras. */
export const cameraReaders = ['gridchief', 'operator', 'intake', 'dispatcher', 'head', 'commander', 'supervisor', 'steward', 'auditor'] as const;

/** What anybody may know of a camera. */
export const CameraPublic = Type.Object({
  code: Type.String(), name: Type.String(), lng, lat, spot: nullable(Type.String()), owner: Type.String(), purpose: Type.String(), retention: Type.Integer(), notice: Type.Boolean(),
  place: Type.Array(Type.String()),
});
export type CameraPublic = Static<typeof CameraPublic>;

const state = Type.Union([Type.Literal('works'), Type.Literal('silent'), Type.Literal('off')]);

/** A camera for those who work with it. Metres, degrees from north. */
export const CameraView = Type.Object({
  code: Type.String(), name: Type.String(), lng, lat, spot: nullable(Type.String()),
  place: nullable(Type.Object({ code: Type.String(), names: Type.Array(Type.String()) })),
  height: nullable(Type.Number()), bearing: nullable(Type.Number()), opening: nullable(Type.Number()), turning: Type.Number(), reach: Type.Number(),
  owner: Type.Object({ id: Type.String(), name: Type.String() }), purpose: Type.Object({ key: Type.String(), name: Type.String() }),
  retention: Type.Integer(), notice: Type.Boolean(), noticePhoto: nullable(Type.String()), ptz: Type.Boolean(),
  gateway: nullable(Type.Object({ id: Type.String(), name: Type.String() })), stream: nullable(Type.String()), source: nullable(Type.String()), onvif: nullable(Type.String()),
  state, silentSince: nullable(Type.String()), demo: Type.Boolean(), version: Type.Integer(),
  /** Whether there is a picture to look at and this person may look. */
  viewable: Type.Boolean(),
});
export type CameraView = Static<typeof CameraView>;

const sight = {
  metres: Type.Number(), towards: Type.Number(), inReach: Type.Boolean(),
  view: Type.Union([Type.Literal('now'), Type.Literal('turned'), Type.Literal('no'), Type.Literal('unknown')]),
  sight: Type.Union([Type.Literal('clear'), Type.Literal('blocked'), Type.Literal('unknown')]),
  /** 0 sees the point as far as is known, 1 works but does not, 2 does not answer or is off. */
  tier: Type.Integer(),
  /** The same in words. */
  words: Type.String(),
};
export const NearCamera = Type.Object({ camera: CameraView, ...sight });
export type NearCamera = Static<typeof NearCamera>;

const filter = {
  county, state: Type.Optional(state), purpose: Type.Optional(Type.String({ maxLength: 20 })), unit: Type.Optional(Type.String({ maxLength: 64 })),
  /** Id or code of a place: everything under it. */
  place: Type.Optional(Type.String({ maxLength: 24 })), ptz: Type.Optional(Type.Boolean()), notice: Type.Optional(Type.Boolean()), q: Type.Optional(Type.String({ maxLength: 60 })),
};

export const listCameras = route({
  name: 'cameras.list', method: 'GET', path: '/api/cameras', who: cameraReaders, summary: 'Cameras by state, purpose, unit, place, code or name, a page at a time.',
  query: Type.Object({ ...filter, after: Type.Optional(Type.String({ maxLength: 20 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }, closed),
  response: Type.Object({ items: Type.Array(CameraView), next: nullable(Type.String()) }),
});
export const exportCameras = route({
  name: 'cameras.export', method: 'GET', path: '/api/cameras/export', who: cameraReaders, perMinute: 20,
  summary: 'The register as a table, CSV or XLSX, with the columns that an import reads. Who exported what is traced.',
  query: Type.Object({ ...filter, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});
export const mapCameras = route({
  name: 'cameras.map', method: 'GET', path: '/api/cameras/map', who: cameraReaders, perMinute: 240, produces: 'application/geo+json',
  summary: 'Cameras in a box as GeoJSON, at most 2,000, each with the sector that it can see.',
  query: Type.Object({ county, bbox: Type.String({ pattern: '^-?\\d{1,3}(\\.\\d+)?(,-?\\d{1,3}(\\.\\d+)?){3}$' }) }, closed), response: Type.Unknown(),
});
export const nearestCameras = route({
  name: 'cameras.nearest', method: 'GET', path: '/api/cameras/nearest', who: cameraReaders, perMinute: 240,
  summary: 'The cameras that somebody would try for a point: those that see it first, by distance, bearing and line of sight, with why.',
  query: Type.Object({ county, lng, lat, within: Type.Optional(Type.Number({ minimum: 10, maximum: 20_000 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })) }, closed),
  response: Type.Object({ items: Type.Array(NearCamera) }),
});
export const cameraOptions = route({
  name: 'cameras.options', method: 'GET', path: '/api/cameras/options', who: cameraReaders, summary: 'Purposes, gateways and limits that the forms of cameras need, and how many cameras and buildings there are.',
  query: Type.Object({ county }, closed),
  response: Type.Object({
    purposes: Type.Array(Type.Object({ key: Type.String(), name: Type.String() })), gateways: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
    viewMinutes: Type.Integer(), holdSeconds: Type.Integer(), retentionAtMost: Type.Integer(), buildings: Type.Integer(), may: Type.Object({ view: Type.Boolean(), turn: Type.Boolean(), edit: Type.Boolean(), audit: Type.Boolean() }),
  }),
});
export const readCamera = route({
  name: 'cameras.read', method: 'GET', path: '/api/cameras/:code', who: cameraReaders, summary: 'One camera.', params: Type.Object({ code }), query: Type.Object({ county }, closed), response: CameraView,
});

const text = (most: number) => Type.String({ minLength: 1, maxLength: most });
/** What an edit may say; members that are absent stay as they are. */
export const CameraChange = Type.Object({
  county, version: Type.Integer({ minimum: 1 }), name: Type.Optional(text(100)), lng: Type.Optional(lng), lat: Type.Optional(lat), spot: Type.Optional(nullable(text(200))),
  height: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 300 }))), bearing: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 360 }))), opening: Type.Optional(nullable(Type.Number({ minimum: 1, maximum: 360 }))),
  turning: Type.Optional(Type.Number({ minimum: 0, maximum: 360 })), reach: Type.Optional(Type.Number({ minimum: 1, maximum: 20_000 })), owner: Type.Optional(text(64)), purpose: Type.Optional(text(20)),
  retention: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_650 })), notice: Type.Optional(Type.Boolean()), noticePhoto: Type.Optional(nullable(Type.String({ pattern: '^[0-9a-f]{64}$' }))), ptz: Type.Optional(Type.Boolean()),
  gateway: Type.Optional(nullable(text(64))), stream: Type.Optional(nullable(text(200))), source: Type.Optional(nullable(text(300))), onvif: Type.Optional(nullable(text(300))), off: Type.Optional(Type.Boolean()),
}, closed);
export type CameraChange = Static<typeof CameraChange>;
export const changeCamera = route({
  name: 'cameras.change', method: 'PUT', path: '/api/cameras/:code', who: ['steward'], summary: 'Changes one camera: a new version, unless somebody else made one meanwhile.', params: Type.Object({ code }), body: CameraChange, response: CameraView,
});
export const removeCamera = route({
  name: 'cameras.remove', method: 'DELETE', path: '/api/cameras/:code', who: ['steward'], summary: 'Takes a camera that was taken down off the register; what was recorded of it stays.',
  params: Type.Object({ code }), query: Type.Object({ county }, closed), response: Type.Object({ done: Type.Literal(true) }),
});

const crs = Type.Optional(Type.Union([Type.Literal('wgs84'), Type.Literal('cgcs2000'), Type.Literal('gcj02'), Type.Literal('bd09')]));
export const importCameras = route({
  name: 'cameras.import', method: 'POST', path: '/api/cameras/import', who: ['steward'], consumes: 'bytes', bodyLimit: 32 * 1024 * 1024, perMinute: 20,
  summary: 'Imports cameras (CSV, TSV, XLSX, GeoJSON), whole or not at all; with dryRun they are only checked.',
  query: Type.Object({ county, dryRun: Type.Optional(Type.Boolean()), crs }, closed),
  response: Type.Object({ dryRun: Type.Boolean(), rows: Type.Integer(), added: Type.Integer(), changed: Type.Integer(), digest: Type.String(), ignored: Type.Array(Type.String()) }),
});
export const importBuildings = route({
  name: 'cameras.buildings', method: 'POST', path: '/api/cameras/buildings', who: ['steward'], consumes: 'bytes', bodyLimit: 64 * 1024 * 1024, perMinute: 20,
  summary: 'Replaces the outlines of buildings (GeoJSON polygons, `height` in metres) by which lines of sight are judged.',
  query: Type.Object({ county, dryRun: Type.Optional(Type.Boolean()), crs }, closed), response: Type.Object({ dryRun: Type.Boolean(), rows: Type.Integer(), digest: Type.String() }),
});

export const publicCameras = route({
  name: 'cameras.public', method: 'GET', path: '/api/cameras/public', who: 'anyone', perMinute: 60, produces: 'application/geo+json',
  summary: 'The public register as open data: where cameras are, who owns them, what for, for how many days pictures are kept. GeoJSON or CSV.',
  query: Type.Object({ county, format: Type.Optional(Type.Union([Type.Literal('geojson'), Type.Literal('csv')])) }, closed), response: Type.Unknown(),
});
