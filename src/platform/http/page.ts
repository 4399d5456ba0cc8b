import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import type { Language } from '../../base/text/language.ts';
import type { Refusal } from '../../base/result.ts';
import type { Route } from '../../base/route.ts';
import type { Form } from './handler.ts';

export type { Form };

/** One visit of a page. */
export interface Visit {
  readonly params: Readonly<Record<string, string>>;
  /** The first value of each. */
  readonly query: Readonly<Record<string, string>>;
  /** Empty for GET. */
  readonly form: Form;
  /** `anonymous` where nobody is signed in. */
  readonly actor: Actor;
  readonly language: Language;
  readonly ip: string;
  /** For `<style nonce>` and `<script nonce>` of this answer; nothing inline works without it. */
  readonly nonce: string;
  /** Path with query, for links that lead back here. */
  readonly path: string;
  readonly cookie: (name: string) => string | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface CookieToSet {
  readonly name: string;
  readonly value: string;
  /** Seconds; 0 removes it, absent ends it with the browser. */
  readonly maxAge?: number;
  /** Hidden from scripts, which is the default. */
  readonly httpOnly?: boolean;
  readonly path?: string;
}

/** What a page answers with. Cookies are SameSite=Lax, and Secure where the public address is https. */
export type PageAnswer =
  | {
      readonly html: string | Buffer;
      readonly status?: number;
      /** `text/html; charset=utf-8` unless said. */
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cookies?: readonly CookieToSet[];
    }
  | {
      /** A path of ours. After a form that is 303, so that a reload asks nothing twice. */
      readonly redirect: `/${string}`;
      readonly status?: 302 | 303 | 307;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cookies?: readonly CookieToSet[];
    };

/** A page made on the server; `mountPages` puts it on one. */
export interface Page {
  /** `module.page_name`, of the same space as routes' names. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** `/f/{token}`: parameters stand in braces. */
  readonly path: `/${string}`;
  readonly who: Route['who'];
  readonly perMinute?: number;
  /** Bytes that a form may have with its files; 1 MiB where absent. */
  readonly bodyLimit?: number;
  /** A Refusal becomes a page that says what happened and what to do. */
  readonly answer: (visit: Visit) => Promise<PageAnswer | Refusal>;
}
