import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';
import { Severity } from './settings.ts';

const closed = { additionalProperties: false } as const;
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const code = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' });
const word = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
const lng = Type.Number({ minimum: -180, maximum: 180 });
const lat = Type.Number({ minimum: -90, maximum: 90 });
const moment = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)$' });
const codeParam = Type.Object({ code });
const readers = ['intake', 'dispatcher', 'unithandler', 'head', 'gridchief', 'commander', 'supervisor', 'steward', 'auditor'];
const stewards = ['steward'];

const state = Type.Union([Type.Literal('active'), Type.Literal('resting'), Type.Literal('retired')]);

/** What is said of a device when it is registered. Where it stands comes from its component unless it is said. */
export const DeviceInput = Type.Object({
  code, kind: word, name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })), component: Type.Optional(nullable(Type.String({ maxLength: 20 }))),
  lng: Type.Optional(lng), lat: Type.Optional(lat), unit: Type.Optional(nullable(Type.String({ maxLength: 40 }))),
}, closed);
export type DeviceInput = Static<typeof DeviceInput>;

export const DeviceChange = Type.Object({
  county, name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })), component: Type.Optional(nullable(Type.String({ maxLength: 20 }))),
  lng: Type.Optional(lng), lat: Type.Optional(lat), unit: Type.Optional(nullable(Type.String({ maxLength: 40 }))), state: Type.Optional(state),
}, closed);
export type DeviceChange = Static<typeof DeviceChange>;

const labelled = Type.Object({ code: Type.String(), name: Type.String() });
const SeriesNow = Type.Object({ measure: Type.String(), name: Type.String(), unit: Type.String(), value: Type.Number(), at: Type.String() });

/** A device in a list. */
export const DeviceItem = Type.Object({
  code: Type.String(), kind: labelled, name: Type.String(), component: nullable(Type.String()), lng: Type.Number(), lat: Type.Number(), placeNames: Type.Array(Type.String()), unit: nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  state, demo: Type.Boolean(), hasKey: Type.Boolean(), seenAt: nullable(Type.String()), now: Type.Array(SeriesNow),
  /** Open alarms; silent where one of them says so; flapping where there were too many of late. */
  alarms: Type.Integer(), silent: Type.Boolean(), flapping: Type.Boolean(),
  /** Readings that came too close upon each other, and lines that were refused, since it is there. */
  thinned: Type.Integer(), faults: Type.Integer(), fault: nullable(Type.String()), faultWords: nullable(Type.String()), faultAt: nullable(Type.String()),
});
export type DeviceItem = Static<typeof DeviceItem>;

const CalibrationView = Type.Object({ measure: Type.String(), name: Type.String(), unit: Type.String(), from: Type.String(), scale: Type.Number(), shift: Type.Number(), by: nullable(Type.String()) });

export const DeviceView = Type.Object({
  ...DeviceItem.properties, componentName: nullable(Type.String()), keyAt: nullable(Type.String()), keyBeforeUntil: nullable(Type.String()), willAt: nullable(Type.String()), madeAt: Type.String(), mayEdit: Type.Boolean(),
  measures: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), unit: Type.String(), low: Type.Number(), high: Type.Number() })), calibrations: Type.Array(CalibrationView),
  rules: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), measure: Type.String(), limit: nullable(Type.Number()) })),
});
export type DeviceView = Static<typeof DeviceView>;

const box = Type.Union([Type.Literal('all'), Type.Literal('alarm'), Type.Literal('silent'), Type.Literal('flapping'), Type.Literal('faulty'), Type.Literal('never'), Type.Literal('resting')]);
export type DeviceBox = Static<typeof box>;
const deviceFilter = { county, box: Type.Optional(box), kind: Type.Optional(word), place: Type.Optional(Type.String({ maxLength: 30 })), q: Type.Optional(Type.String({ maxLength: 80 })) };

export const listDevices = route({
  name: 'sensing.devices', method: 'GET', path: '/api/devices', who: readers, summary: 'Devices and how they stand, by code; silent, flapping and faulty ones apart.',
  query: Type.Object({ ...deviceFilter, after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }, closed),
  response: Type.Object({
    items: Type.Array(DeviceItem), next: nullable(Type.String()), kinds: Type.Array(labelled), mayEdit: Type.Boolean(),
    counts: Type.Object({ all: Type.Integer(), alarm: Type.Integer(), silent: Type.Integer(), flapping: Type.Integer(), faulty: Type.Integer(), never: Type.Integer(), resting: Type.Integer() }),
  }),
});
export const exportDevices = route({
  name: 'sensing.export_devices', method: 'GET', path: '/api/devices/export', who: readers, perMinute: 20, summary: 'Devices as a table, CSV or XLSX. Who exported them is traced.',
  query: Type.Object({ ...deviceFilter, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});
export const registerDevices = route({
  name: 'sensing.register', method: 'POST', path: '/api/devices', who: stewards, status: 201, summary: 'Registers devices, all or none. With `keys`, each gets a key, which is told this once.',
  body: Type.Object({ county, keys: Type.Optional(Type.Boolean()), devices: Type.Array(DeviceInput, { minItems: 1, maxItems: 2_000 }) }, closed),
  response: Type.Object({ items: Type.Array(Type.Object({ code: Type.String(), key: nullable(Type.String()) })) }),
});
export const readDevice = route({
  name: 'sensing.device', method: 'GET', path: '/api/devices/:code', who: readers, summary: 'A device: how it stands, its calibration, its rules.', params: codeParam, query: Type.Object({ county }, closed), response: DeviceView,
});
export const changeDevice = route({
  name: 'sensing.change', method: 'PUT', path: '/api/devices/:code', who: stewards, summary: 'Changes a device, lets it rest, wakes it or retires it. One that rests or is retired has no alarms, and its readings are refused.', params: codeParam, body: DeviceChange, response: DeviceView,
});
export const rotateKey = route({
  name: 'sensing.key', method: 'POST', path: '/api/devices/:code/key', who: stewards, summary: 'Gives a device a new key, which is told this once. The one before holds for some hours more; `revoke` ends it at once, as after a theft; `none` leaves the device without any.',
  params: codeParam, body: Type.Object({ county, how: Type.Union([Type.Literal('rotate'), Type.Literal('revoke'), Type.Literal('none')]) }, closed), response: Type.Object({ key: nullable(Type.String()), beforeUntil: nullable(Type.String()) }),
});
export const calibrate = route({
  name: 'sensing.calibrate', method: 'POST', path: '/api/devices/:code/calibration', who: stewards, summary: 'Says how raw values of a measure count from a moment on: value = raw × scale + shift. What is there stays as it was counted.',
  params: codeParam, body: Type.Object({ county, measure: word, scale: Type.Number({ minimum: -1e6, maximum: 1e6 }), shift: Type.Number({ minimum: -1e9, maximum: 1e9 }), from: Type.Optional(moment) }, closed), response: DeviceView,
});

const SeriesPoint = Type.Object({ at: Type.String(), value: Type.Number(), low: Type.Number(), high: Type.Number(), count: Type.Integer(), marks: Type.Integer() });
const span = Type.Union([Type.Literal('6h'), Type.Literal('day'), Type.Literal('week'), Type.Literal('month'), Type.Literal('year')]);
export type SeriesSpan = Static<typeof span>;
const seriesAsk = { county, measure: Type.Optional(word), span: Type.Optional(span), until: Type.Optional(moment) };
export const SeriesView = Type.Object({
  measure: Type.String(), unit: Type.String(), from: Type.String(), to: Type.String(), grain: Type.Union([Type.Literal('reading'), Type.Literal('minute'), Type.Literal('hour'), Type.Literal('day')]), points: Type.Array(SeriesPoint),
  /** More were there than are shown. */
  cut: Type.Boolean(),
});
export type SeriesView = Static<typeof SeriesView>;
export const readSeries = route({
  name: 'sensing.series', method: 'GET', path: '/api/devices/:code/series', who: readers, summary: 'What a device measured: its readings for hours, minutes for a day or a week, hours for a month, days for a year.', params: codeParam, query: Type.Object(seriesAsk, closed), response: SeriesView,
});
export const exportSeries = route({
  name: 'sensing.export_series', method: 'GET', path: '/api/devices/:code/series/export', who: readers, perMinute: 20, summary: 'The same as a table. Who exported it is traced.', params: codeParam,
  query: Type.Object({ ...seriesAsk, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});

export const AlarmItem = Type.Object({
  id: Type.String(), device: Type.Object({ code: Type.String(), name: Type.String() }), kind: labelled, rule: labelled, severity: Severity, value: nullable(Type.Number()), unit: Type.String(), placeNames: Type.Array(Type.String()),
  openedAt: Type.String(), endedAt: nullable(Type.String()), outcome: nullable(Type.String()), outcomeWords: nullable(Type.String()), matter: nullable(Type.Object({ id: Type.String(), number: nullable(Type.String()), title: nullable(Type.String()) })),
  event: nullable(Type.Object({ id: Type.String(), parts: Type.Integer() })),
});
export type AlarmItem = Static<typeof AlarmItem>;
const alarmBox = Type.Union([Type.Literal('open'), Type.Literal('ended'), Type.Literal('all')]);
export type AlarmBox = Static<typeof alarmBox>;
const alarmFilter = { county, box: Type.Optional(alarmBox), kind: Type.Optional(word), severity: Type.Optional(Severity), device: Type.Optional(code), event: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })), matter: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })) };
export const listAlarms = route({
  name: 'sensing.alarms', method: 'GET', path: '/api/alarms', who: readers, summary: 'Alarms of devices, the newest first, with what came of each.',
  query: Type.Object({ ...alarmFilter, after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }, closed),
  response: Type.Object({ items: Type.Array(AlarmItem), next: nullable(Type.String()), kinds: Type.Array(labelled) }),
});
export const exportAlarms = route({
  name: 'sensing.export_alarms', method: 'GET', path: '/api/alarms/export', who: readers, perMinute: 20, summary: 'Alarms as a table. Who exported them is traced.',
  query: Type.Object({ ...alarmFilter, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});
