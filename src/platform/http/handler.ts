import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import type { Language } from '../../base/text/language.ts';
import type { Result } from '../../base/result.ts';
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, Route } from '../../base/route.ts';
import type { Problem } from './problem.ts';

/** A file as it came in, whole and in memory, no larger than the route's `bodyLimit`. */
export interface Upload {
  /** Name of the form's field; `file` for a raw body. */
  readonly field: string;
  /** As the sender called it: for people to read, never a path. Null for a raw body. */
  readonly filename: string | null;
  /** Content type as the sender declared it: not to be believed. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** What a form posted: text fields, each may come more than once, and files. Texts have been checked for hidden signs. */
export interface Form {
  /** The first value of a field, as typed; undefined where it did not come. */
  get(name: string): string | undefined;
  /** Every value of a field, in order. */
  all(name: string): readonly string[];
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Files that hold at least a byte: browsers send an empty one where nothing was chosen. */
  readonly files: readonly Upload[];
}

/** One request, validated. */
export interface Call<R> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  /** `anonymous` where the route is open and nobody is signed in. */
  readonly actor: Actor;
  readonly language: Language;
  /** The caller's address, after trusted proxies. */
  readonly ip: string;
  /**
   * Of a route that `consumes` bytes: the raw body, or the first file of a multipart form. May be asked once.
   * Refusals: 400 `http.no_file`, 413 `http.too_large`.
   */
  readonly upload: () => Promise<Result<Upload>>;
  /** Of a route that `consumes` a form: its fields and files. Refusals: 413 `http.too_large`, 422 `http.hidden_signs`. */
  readonly form: () => Promise<Result<Form>>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A refusal as a foreign standard wants it said. */
export interface Said {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** How the routes of a foreign standard say a refusal, whoever refuses. */
export type SayRefusal = (problem: Problem, request: FastifyRequest) => Said;

/** A route with its answer; `mount` puts it on a server. */
export interface Mounted {
  readonly route: Route;
  /** A problem document where absent. */
  readonly refused?: SayRefusal;
  readonly answer: (call: Call<Route>) => Promise<Result<unknown>>;
}

/**
 * Binds an answer to a route. A Refusal becomes an RFC 9457 problem in the caller's language.
 * A route that `produces` something else than JSON sends it through `call.reply` or a stream of stream.ts
 * and answers with undefined.
 */
export const handle = <R extends Route>(route: R, answer: (call: Call<R>) => Promise<Result<ResponseOf<R>>>, refused?: SayRefusal): Mounted => ({
  route,
  answer: answer as unknown as Mounted['answer'],
  ...(refused && { refused }),
});
