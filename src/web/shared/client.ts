import { withoutHidden } from '../../base/text/hidden.ts';
import type { Route, ParamsOf, QueryOf, BodyOf, ResponseOf } from '../../base/route.ts';

/** What a route is called with; parts that the route does not declare are left out. */
export interface Input<R> {
  readonly params?: ParamsOf<R>;
  readonly query?: QueryOf<R>;
  readonly body?: BodyOf<R>;
  readonly signal?: AbortSignal;
}

/** One thing that is wrong with one value of a form; `path` is a JSON pointer. */
export interface ProblemField {
  readonly path: string;
  readonly message: string;
}

/** An RFC 9457 problem document, or a network that gave no answer (`status` 0, reason `network`). */
export class Problem extends Error {
  readonly status: number;
  readonly reason: string;
  readonly title: string;
  readonly errors: readonly ProblemField[];
  constructor(status: number, reason: string, title: string, detail: string, errors: readonly ProblemField[] = []) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.reason = reason;
    this.title = title;
    this.errors = errors;
  }
  /** Nothing was decided: the same request, with the same `op`, may be sent again. */
  get undecided(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** A body as it travels: of what people typed or pasted, only what they see. */
const written = (body: unknown): string => JSON.stringify(body, (_name, value: unknown) => (typeof value === 'string' ? withoutHidden(value) : value));

/** A fresh operation id: one for each thing that a person means to do, kept through all retries. */
export const newOp = (): string => {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** The address of a route with its parameters put in; undefined query members are left out. */
export const addressOf = (route: Route, params: unknown, query: unknown): string => {
  const path = route.path.replace(/:(\w+)|\{(\w+)\}/g, (_whole, colon?: string, brace?: string) => encodeURIComponent(String((params as Record<string, unknown>)[colon ?? brace!])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) if (value !== undefined && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
};

const readProblem = async (response: Response): Promise<Problem> => {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { title?: string; detail?: string; reason?: string; errors?: ProblemField[] };
    return new Problem(response.status, body.reason ?? `http.${response.status}`, body.title ?? '', body.detail ?? body.title ?? '', body.errors ?? []);
  } catch {
    return new Problem(response.status, `http.${response.status}`, response.statusText, '');
  }
};

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

const listeners = new Set<() => void>();
/** Calls back when the server says that the session has ended. Returns what takes the callback away. */
export const onSessionEnd = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const hearers = new Set<(response: Response, sentAt: number) => void>();
/** Calls back with every answer of the server, and when it was asked (milliseconds since 1970 by this device). Returns what takes the callback away. */
export const onAnswer = (listener: (response: Response, sentAt: number) => void): (() => void) => {
  hearers.add(listener);
  return () => hearers.delete(listener);
};

/** Sends once; a network without an answer is a Problem of status 0. */
const sendOnce = async (route: Route, address: string, init: RequestInit): Promise<Response> => {
  try {
    const sentAt = Date.now();
    const response = await fetch(address, { ...init, method: route.method, credentials: 'same-origin' });
    for (const listener of hearers) listener(response, sentAt);
    return response;
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Problem(0, 'network', '', '');
  }
};

/** Pauses between tries of a request that may be sent again, in milliseconds. */
const retries = [300, 1200];

/**
 * Calls a route. What may safely be sent again (reads, and bodies that carry an `op`) is sent again
 * while the network or the server gives no answer, always with the same `op`.
 * @throws Problem with the server's words in the caller's language.
 */
export const call = async <R extends Route>(route: R, input: Input<R> = {}): Promise<ResponseOf<R>> => {
  const address = addressOf(route, input.params, input.query);
  const body = input.body as unknown;
  const again = route.method === 'GET' || (typeof body === 'object' && body !== null && 'op' in body);
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': document.documentElement.lang };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { headers, ...(body !== undefined && { body: written(body) }), ...(input.signal && { signal: input.signal }) };
  for (let turn = 0; ; turn++) {
    let problem: Problem;
    try {
      const response = await sendOnce(route, address, init);
      if (response.ok) return (response.status === 204 ? undefined : await response.json()) as ResponseOf<R>;
      problem = await readProblem(response);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem = error;
    }
    if (problem.status === 401) for (const listener of listeners) listener();
    if (!again || !problem.undecided || turn >= retries.length) throw problem;
    await pause(retries[turn]!, input.signal);
  }
};

/** Sends a file, or a piece of one, as it is and gives the answer of the route; for `POST /api/blobs` and imports. */
export const upload = async <T>(path: string, file: Blob, type = file.type, method: 'POST' | 'PUT' = 'POST'): Promise<T> => {
  let response: Response;
  try {
    response = await fetch(path, { method, body: file, credentials: 'same-origin', headers: { 'content-type': type || 'application/octet-stream', 'accept-language': document.documentElement.lang } });
  } catch {
    throw new Problem(0, 'network', '', '');
  }
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as T;
};

/**
 * Calls a route that answers with lines of JSON, telling of each as it comes. Sent once: what to do after a cut is the caller's to decide.
 * @throws Problem where it is refused, and of status 0 where the network breaks off in between.
 */
export const callLines = async <T>(route: Route, body: unknown, hear: (line: T) => void, signal?: AbortSignal): Promise<void> => {
  const response = await sendOnce(route, addressOf(route, {}, {}), {
    body: written(body), headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang }, ...(signal && { signal }),
  });
  if (!response.ok) throw await readProblem(response);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      if (signal?.aborted) throw cause;
      throw new Problem(0, 'network', '', '');
    });
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : lines.pop()!;
    for (const line of lines) if (line !== '') hear(JSON.parse(line) as T);
    if (done) return;
  }
};
