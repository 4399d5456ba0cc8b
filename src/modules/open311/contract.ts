import { Type, type Static, type TSchema } from 'typebox';
import { route as declare, type Route } from '../../base/route.ts';

const closed = { additionalProperties: false } as const;
/** What anybody may read, a page of another site may read too; reporting rests on the key in the form. Nothing here depends on a visitor's cookie. */
const route = <P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema>(declared: Route<P, Q, B, R>): Route<P, Q, B, R> => declare({ ...declared, anyOrigin: true });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
/** RFC 3339 with the county's offset. */
const time = Type.String();
const short = Type.Optional(Type.String({ maxLength: 200 }));
const list = Type.Optional(Type.String({ maxLength: 4_000 }));

/** What a county may say about its Open311 end: the member `open311` of its settings; what is absent is as it ships. */
export const Open311Settings = Type.Object({
  /** A name of its own for `jurisdiction_id`, beside the county's code. */
  jurisdiction: Type.Optional(Type.String({ pattern: '^[a-z0-9.-]{2,80}$' })),
  /** Whether reports need an `api_key`; they do where nothing is said. */
  keyRequired: Type.Optional(Type.Boolean()),
  /** Codes of the services that are offered; all that ship and that the county's code table has rows for where absent. */
  services: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), { maxItems: 200 })),
  /** `finished`: the pictures of the finished work are public once the case is closed. None are where absent. */
  pictures: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('finished')])),
  /** `fetch`: the picture that a `media_url` names is fetched, as it is where absent; `words`: the address is kept as words for the desk. */
  mediaUrls: Type.Optional(Type.Union([Type.Literal('fetch'), Type.Literal('words')])),
  /** Hosts, with their port where it is not the usual one, that pictures may be fetched from though they stand inside the town's network or speak plain http on another port. */
  mediaHosts: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Za-z0-9.:\\[\\]-]{1,120}$' }), { maxItems: 40 })),
  zipcode: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
  /** Whom programmers ask; stands in the discovery. */
  contact: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  /** Address of an installation for trying out, such as a demo; stands in the discovery. */
  test: Type.Optional(Type.String({ pattern: '^https?://[^\\s]{3,200}$' })),
}, closed);
export type Open311Settings = Static<typeof Open311Settings>;

/** The suffix of the address says in which form the answer comes: `text/xml` or `application/json`. */
const format = Type.Union([Type.Literal('json'), Type.Literal('xml')]);
export type Format = Static<typeof format>;
const formatParam = Type.Object({ format });
const jurisdiction = { jurisdiction_id: short };
const where = Type.Object(jurisdiction);

export const Discovery = Type.Object({
  changeset: time, contact: Type.String(), key_service: Type.String(),
  endpoints: Type.Array(Type.Object({ specification: Type.String(), url: Type.String(), changeset: time, type: Type.String(), formats: Type.Array(Type.String()) })),
});
export type Discovery = Static<typeof Discovery>;

export const ServiceItem = Type.Object({
  service_code: Type.String(), service_name: Type.String(), description: Type.String(), metadata: Type.Boolean(), type: Type.String(), keywords: Type.String(), group: Type.String(),
});
export type ServiceItem = Static<typeof ServiceItem>;

export const ServiceDefinition = Type.Object({
  service_code: Type.String(),
  attributes: Type.Array(Type.Object({
    variable: Type.Boolean(), code: Type.String(), datatype: Type.String(), required: Type.Boolean(), datatype_description: Type.String(), order: Type.Integer(), description: Type.String(),
    values: Type.Optional(Type.Array(Type.Object({ key: Type.String(), name: Type.String() }))),
  })),
});
export type ServiceDefinition = Static<typeof ServiceDefinition>;

export const ServiceRequest = Type.Object({
  service_request_id: Type.String(), status: Type.String(), status_notes: Type.String(), service_name: Type.String(), service_code: Type.String(),
  /** The title of the case: what is wrong with what. Never the words of whoever reported it. */
  description: Type.String(),
  agency_responsible: Type.Optional(Type.String()), service_notice: Type.Optional(Type.String()),
  requested_datetime: time, updated_datetime: time, expected_datetime: Type.Optional(time),
  address: Type.String(), address_id: nullable(Type.String()), zipcode: nullable(Type.String()),
  /** WGS-84 degrees. */
  lat: nullable(Type.Number()), long: nullable(Type.Number()), media_url: nullable(Type.String()),
  /** With `extensions=true`. */
  extended_attributes: Type.Optional(Type.Object({ county: Type.String(), place: Type.Array(Type.String()), component: nullable(Type.String()), distance: Type.Optional(Type.Integer()), /** Address of the report in the system that it was made in first, where that is another. */ origin: Type.Optional(Type.String()) })),
});
export type ServiceRequest = Static<typeof ServiceRequest>;

const Created = Type.Object({ service_request_id: Type.String(), service_notice: Type.Optional(Type.String()) });
export type Created = Static<typeof Created>;
const Token = Type.Object({ service_request_id: Type.String(), token: Type.String() });
export type Token = Static<typeof Token>;

const discoveryParts = { method: 'GET', who: 'anyone', params: formatParam, response: Discovery, summary: 'Open311 discovery: where the GeoReport v2 end is and who answers for it, as JSON or XML.' } as const;
export const discovery = route({ ...discoveryParts, name: 'open311.discovery', path: '/open311/discovery.:format' });
export const discoveryOfEnd = route({ ...discoveryParts, name: 'open311.discovery_of_end', path: '/open311/v2/discovery.:format' });
const frontParts = { method: 'GET', who: 'anyone', response: Discovery, summary: 'The discovery as JSON, for whoever opens the bare address.' } as const;
export const front = route({ ...frontParts, name: 'open311.front', path: '/open311/v2/' });
export const frontOfEndpoint = route({ ...frontParts, name: 'open311.front_of_endpoint', path: '/open311/v2' });

export const listServices = route({
  name: 'open311.services', method: 'GET', path: '/open311/v2/services.:format', who: 'anyone', params: formatParam, query: where, response: Type.Array(ServiceItem),
  summary: 'Open311: the services of a county, as JSON or XML.',
});

export const readService = route({
  name: 'open311.service', method: 'GET', path: '/open311/v2/services/:code.:format', who: 'anyone', params: Type.Object({ code: Type.String({ maxLength: 60 }), format }), query: where, response: ServiceDefinition,
  summary: 'Open311: the questions of a service, as JSON or XML.',
});

/** The form of a report. Answers come as `attribute[code]`, several of one question as `attribute[code][]`. */
const RequestForm = Type.Object({
  ...jurisdiction, service_code: Type.String(), api_key: short,
  lat: Type.Optional(Type.Number()), long: Type.Optional(Type.Number()), address_string: short, address_id: short,
  description: Type.Optional(Type.String({ maxLength: 4_000 })), media_url: Type.Optional(Type.String({ maxLength: 1_000 })),
  email: short, device_id: short, account_id: short, first_name: short, last_name: short, phone: short,
});

export const makeRequest = route({
  name: 'open311.make_request', method: 'POST', path: '/open311/v2/requests.:format', who: 'anyone', status: 201, params: formatParam, query: Type.Object({ ...jurisdiction, api_key: short }),
  consumes: 'form', body: RequestForm, bodyLimit: 32 * 1024 * 1024, perMinute: 600, response: Type.Array(Created),
  summary: 'Open311: reports something, as a case. The same Idempotency-Key gets the same answer. Pictures may come as files named `media`.',
});

export const RequestsQuery = Type.Object({
  ...jurisdiction, api_key: short, service_request_id: Type.Optional(Type.String({ maxLength: 16_000 })), service_code: list, start_date: short, end_date: short, status: short, extensions: short,
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })), page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  /** From the Link header of the page before. */
  after: short,
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })), long: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  /** Code of a village or community: what was reported there. An extension. */
  address_id: Type.Optional(Type.String({ pattern: '^\\d{12}$' })),
  /** Metres. */
  radius: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
});
export type RequestsQuery = Static<typeof RequestsQuery>;

export const listRequests = route({
  name: 'open311.requests', method: 'GET', path: '/open311/v2/requests.:format', who: 'anyone', params: formatParam, query: RequestsQuery, response: Type.Array(ServiceRequest),
  summary: 'Open311: what was reported, newest first, at most 90 days and 1,000 at once; with lat and long what is open nearby, nearest first.',
});

export const readRequest = route({
  name: 'open311.request', method: 'GET', path: '/open311/v2/requests/:id.:format', who: 'anyone', params: Type.Object({ id: Type.String({ maxLength: 300, description: 'A number, or several with commas between them.' }), format }),
  query: Type.Object({ ...jurisdiction, api_key: short, extensions: short }), response: Type.Array(ServiceRequest), summary: 'Open311: how a report stands.',
});

export const readToken = route({
  name: 'open311.token', method: 'GET', path: '/open311/v2/tokens/:token.:format', who: 'anyone', params: Type.Object({ token: Type.String({ maxLength: 200 }), format }),
  query: Type.Object({ ...jurisdiction, api_key: short }), response: Type.Array(Token), perMinute: 600,
  summary: 'Open311: the number of a report by the Idempotency-Key under which it was sent.',
});

export const readMedia = route({
  name: 'open311.media', method: 'GET', path: '/open311/v2/media/:id/:digest.jpg', who: 'anyone', produces: 'image/jpeg',
  params: Type.Object({ id: Type.String({ maxLength: 60 }), digest: Type.String({ pattern: '^[0-9a-f]{64}$' }) }), query: where, response: Type.String(),
  summary: 'Open311: a picture of the finished work, where the county makes them public.',
});

export const RequestUpdate = Type.Object({
  /** Place of the change in the county's ledger: greater ones came later. */
  update_id: Type.String(), service_request_id: Type.String(), status: Type.String(), updated_datetime: time, description: Type.String(), media_url: nullable(Type.String()),
});
export type RequestUpdate = Static<typeof RequestUpdate>;

export const UpdatesQuery = Type.Object({
  ...jurisdiction, start_date: short, end_date: short, page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  /** An `update_id`: what came after it, in order. */
  after: short,
});
export type UpdatesQuery = Static<typeof UpdatesQuery>;

export const listUpdates = route({
  name: 'open311.updates', method: 'GET', path: '/open311/v2/servicerequestupdates.:format', who: 'anyone', params: formatParam, query: UpdatesQuery, response: Type.Array(RequestUpdate),
  summary: 'Open311 extension: how requests went on, in order; with `after` from an update_id on.',
});

export const makeUpdate = route({
  name: 'open311.make_update', method: 'POST', path: '/open311/v2/servicerequestupdates.:format', who: 'anyone', status: 201, params: formatParam, query: Type.Object({ ...jurisdiction, api_key: short }),
  consumes: 'form', perMinute: 600,
  body: Type.Object({ ...jurisdiction, api_key: short, service_request_id: Type.String(), update_id: short, status: short, updated_datetime: short, description: Type.String({ maxLength: 2_000 }) }),
  response: Type.Array(Type.Object({ update_id: Type.String() })),
  summary: 'Open311 extension: adds a note to a report that the program sent, or asks that it be opened again. The same update_id is taken once.',
});

export const unknownAddress = route({
  name: 'open311.unknown', method: 'GET', path: '/open311/*', who: 'anyone', params: Type.Object({ '*': Type.String() }), response: Type.Array(Type.Unknown()),
  summary: 'Open311: an address that there is not, refused as Open311 says errors.',
});
