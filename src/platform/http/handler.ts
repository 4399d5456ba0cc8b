import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import type { Language } from '../../base/language.ts';
import type { Result } from '../../base/result.ts';
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, Route } from '../../base/route.ts';

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
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A route with its answer; `mount` puts it on a server. */
export interface Mounted {
  readonly route: Route;
  readonly answer: (call: Call<Route>) => Promise<Result<unknown>>;
}

/** Binds an answer to a route. A Refusal becomes an RFC 9457 problem in the caller's language. */
export const handle = <R extends Route>(route: R, answer: (call: Call<R>) => Promise<Result<ResponseOf<R>>>): Mounted => ({
  route,
  answer: answer as unknown as Mounted['answer'],
});
