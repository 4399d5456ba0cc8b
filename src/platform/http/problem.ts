import { type Catalogue, type Language, say } from '../../base/text/language.ts';
import { type FieldError, refuse, type Refusal } from '../../base/result.ts';
import { textsOf } from '../texts.ts';

/** A problem document (RFC 9457), with our stable code and what is wrong with which value. */
export interface Problem {
  readonly type: string;
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** What happened, to what, what to do next, in the caller's language. */
  readonly detail: string;
  readonly reason: string;
  readonly errors?: readonly { readonly path: string; readonly reason: string; readonly message: string }[];
  /** The request's id, to be told to whoever keeps the server. */
  readonly request: string;
}

/** Seconds to wait that go with a 503 and a 429 that says nothing better. */
const patience = 5;

/** A refusal, or with status 500 an error of ours. */
export type Told = Omit<Refusal, 'status' | 'refused'> & { readonly status: Refusal['status'] | 500 };

/** Writes a refusal out for people. `base` is the public address. */
export const problemOf = (refusal: Told, language: Language, base: string, request: string): Problem => {
  const reasons: Catalogue = textsOf('reasons');
  return {
    type: `${base}/api/#${refusal.reason}`,
    title: say(reasons, language, `http.status_${refusal.status}`),
    status: refusal.status,
    detail: say(reasons, language, refusal.reason, refusal.params),
    reason: refusal.reason,
    ...(refusal.errors && {
      errors: refusal.errors.map(({ path, reason, params }) => ({ path, reason, message: say(reasons, language, reason, params) })),
    }),
    request,
  };
};

/** Seconds for the header Retry-After of a refusal, where it has one. */
export const retryAfter = (refusal: Told): number | undefined => {
  if (refusal.status !== 429 && refusal.status !== 503) return undefined;
  const seconds = refusal.params?.['seconds'];
  return typeof seconds === 'number' ? seconds : patience;
};

/** A refusal thrown where no value can be returned, such as inside a body parser. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

const databaseAway = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN',
  // Shutting down, crashed, starting up; too many connections; disk full.
  '57P01', '57P02', '57P03', '53300', '53100', '25006',
]);
const connectionWords = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after)/;

/** True where the database is away or cannot work for now: the same request may succeed later. */
export const isDatabaseAway = (error: unknown): boolean => {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && (databaseAway.has(code) || code.startsWith('08'))) return true;
  return (code === 'ENOENT' && syscall === 'connect') || connectionWords.test(error.message) || (error.cause !== undefined && isDatabaseAway(error.cause));
};

const ofFastify: Readonly<Record<string, readonly [Refusal['status'], string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'http.too_large'],
  FST_REQ_FILE_TOO_LARGE: [413, 'http.too_large'],
  FST_FILES_LIMIT: [413, 'http.too_many_files'],
  FST_PARTS_LIMIT: [413, 'http.too_many_files'],
  FST_FIELDS_LIMIT: [413, 'http.too_many_files'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'http.media_type'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: [415, 'http.media_type'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'http.json_broken'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'http.cut_off'],
  FST_ERR_BAD_URL: [400, 'http.address'],
  FST_ERR_ASYNC_CONSTRAINT: [400, 'http.address'],
  FST_PROTO_VIOLATION: [400, 'http.json_proto'],
  FST_INVALID_JSON_FIELD_ERROR: [400, 'http.json_broken'],
  FST_MP_PREMATURE_CLOSE: [400, 'http.cut_off'],
  ECONNRESET: [400, 'http.cut_off'],
  ERR_STREAM_PREMATURE_CLOSE: [400, 'http.cut_off'],
};

/**
 * The refusal behind an error, or undefined for an error of ours.
 * @param limit bytes that the body might have had.
 */
export const refusalBehind = (error: Error, limit: number): Refusal | undefined => {
  if (error instanceof Refused) return error.refusal;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const known = code === undefined ? undefined : ofFastify[code];
  // ECONNRESET of the database carries a syscall of its own; that of a request says 'aborted'.
  if (known && !(code === 'ECONNRESET' && error.message !== 'aborted')) return refuse(known[0], known[1], { limit: Math.floor(limit / 1024) });
  if (isDatabaseAway(error)) return refuse(503, 'http.database_away', { seconds: patience });
  // What the multipart reader throws without a code.
  if (/unexpected end of multipart data|^Multipart: Boundary not found/i.test(error.message)) return refuse(400, 'http.cut_off');
  // A file outside the folder that is served: whether it exists is nobody's business.
  if (statusCode === 403 || statusCode === 404) return refuse(404, 'http.not_found');
  return statusCode === 400 ? refuse(400, 'http.not_understood') : undefined;
};

/** A refusal that lists what is wrong with which value. */
export const wrongValues = (errors: readonly FieldError[]): Refusal => refuse(422, 'http.values', undefined, errors);
