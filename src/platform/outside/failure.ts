import { say, type Language } from '../../base/text/language.ts';
import { textsOf } from '../texts.ts';

/** How a call to a peer failed before it had an answer. */
export type PeerFailure = 'timeout' | 'no_name' | 'not_listening' | 'unreachable' | 'cut' | 'redirect' | 'no_http' | 'no_tls' | 'certificate_expired' | 'certificate_name' | 'certificate_untrusted';

/** Codes of Node, OpenSSL and undici, in the order in which they are looked for. */
const codes: readonly (readonly [RegExp, PeerFailure])[] = [
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, 'certificate_expired'],
  [/^ERR_TLS_CERT_ALTNAME/, 'certificate_name'],
  [/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER|GET_CRL|DECODE)|INVALID_CA|PATH_LENGTH/, 'certificate_untrusted'],
  [/^(EPROTO$|ERR_SSL|ERR_TLS)/, 'no_tls'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'no_name'],
  [/^ECONNREFUSED$/, 'not_listening'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_CLOSED)$/, 'cut'],
  [/HEADERS_OVERFLOW/, 'no_http'],
  [/TIMEOUT|ETIMEDOUT/, 'timeout'],
];

/** What `fetch` with `redirect: 'error'` and a time limit threw, as what was wrong with the peer. */
export const failureOf = (error: unknown): PeerFailure => {
  if (!(error instanceof Error)) return 'unreachable';
  if (error.name === 'TimeoutError') return 'timeout';
  if (error.name === 'HTTPParserError') return 'no_http';
  const { code } = error as { code?: unknown };
  const known = typeof code === 'string' ? codes.find(([pattern]) => pattern.test(code))?.[1] : undefined;
  if (known) return known;
  if (/redirect/.test(error.message)) return 'redirect';
  const inner = error instanceof AggregateError ? error.errors[0] as unknown : error.cause;
  return inner === undefined ? (error.message === 'terminated' ? 'cut' : 'unreachable') : failureOf(inner);
};

/** Failures after which it is certain that nothing of the request has reached the peer. */
const before: ReadonlySet<string> = new Set<PeerFailure>(['no_name', 'not_listening', 'no_tls', 'certificate_expired', 'certificate_name', 'certificate_untrusted']);
export const nothingSent = (code: string): boolean => before.has(code);

/** A failure, or `http_` and a status, in words for whoever looks after the connection; undefined for another code. */
export const failureWords = (code: string, language: Language): string | undefined => {
  const texts = textsOf('peers');
  const status = /^http_(\d{3})$/.exec(code)?.[1];
  if (status !== undefined) return say(texts, language, [`http_${status}`, `http_${status[0]}xx`].find((key) => key in texts) ?? 'http', { status });
  return code in texts ? say(texts, language, code) : undefined;
};
