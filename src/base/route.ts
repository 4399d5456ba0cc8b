import type { Static, TSchema } from 'typebox';

/**
 * A route as one value: validation, response filtering, OpenAPI and the web client's types come from it.
 * Declared in a module's contract.ts, answered in its routes.ts.
 */
export interface Route<
  P extends TSchema = TSchema,
  Q extends TSchema = TSchema,
  B extends TSchema = TSchema,
  R extends TSchema = TSchema,
> {
  /** `module.verb`: key of the permission matrix, OpenAPI operation id. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
  readonly summary: string;
  /** `anyone` needs no session; `session` needs any; a list needs a grant in one of these roles. */
  readonly who: 'anyone' | 'session' | readonly string[];
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly response: R;
  /** Status of success, 200 unless said. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Requests a minute of one account or address; the server's default where absent. */
  readonly perMinute?: number;
  /** Bytes that a body may have; 1 MiB where absent. */
  readonly bodyLimit?: number;
  /**
   * `bytes`: the body is a file, raw or in a multipart form, read by `call.upload()`. `form`: it is a form, urlencoded or
   * multipart, read by `call.form()`; `body` then only describes it. JSON where absent.
   */
  readonly consumes?: 'bytes' | 'form';
  /**
   * Pages of any other site may call it and read the answer: it rests on a key of the request itself and on no cookie.
   * The door then asks for no origin, every answer may be read, and a browser's question beforehand (OPTIONS) is answered.
   */
  readonly anyOrigin?: true;
  /** Content type of an answer that is not JSON, such as `text/event-stream`. */
  readonly produces?: string;
}

export const route = <P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema>(
  declared: Route<P, Q, B, R>,
): Route<P, Q, B, R> => declared;

export type ParamsOf<T> = T extends Route<infer P, TSchema, TSchema, TSchema> ? Static<P> : never;
export type QueryOf<T> = T extends Route<TSchema, infer Q, TSchema, TSchema> ? Static<Q> : never;
export type BodyOf<T> = T extends Route<TSchema, TSchema, infer B, TSchema> ? Static<B> : never;
export type ResponseOf<T> = T extends Route<TSchema, TSchema, TSchema, infer R> ? Static<R> : never;
