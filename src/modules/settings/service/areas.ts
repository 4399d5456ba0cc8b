import type { TSchema } from 'typebox';
import type { Json } from '../../../base/canonical.ts';
import type { Language, Params } from '../../../base/text/language.ts';
import type { Result } from '../../../base/result.ts';

/** A counted effect of a change: a key of `data/texts/settings` with what fills it; a value `@key` is another text of it. */
export interface Effect {
  readonly words: string;
  readonly params?: Params;
  readonly tone?: 'plain' | 'warn' | 'late' | 'done';
}

/**
 * What a county may set in one part of the system. Its owner declares it; the page, the command, versions, entries and the
 * way back come from the declaration. Words are in `data/texts/settings`: `area.{name}` and `area.{name}.about`, then
 * `{name}.{member}` for every member of the schema, `….help` for a hint, `….option.{value}` for a choice.
 */
export interface Area {
  /** Lower case, `-` between words; stands in addresses and entries. */
  readonly name: string;
  /** Where the county's own document stands in `county.settings`; an area may stand below another one. */
  readonly path: readonly string[];
  /** Of the county's own document, in which everything may be left out that ships. */
  readonly schema: TSchema;
  /** What counts where the county's own says nothing; for the page, which shows it beside. */
  readonly shipped?: (county: string) => Json | Promise<Json>;
  /** Permissions of `data/roles.json`; one of them is enough to change the area. */
  readonly edit: readonly string[];
  /** Name of an editor of the console that is made for this area; a form made from the schema where absent. */
  readonly editor?: string;
  /** Judges beyond the schema. Errors have JSON pointers into the document. */
  readonly check?: (county: string, document: Json) => Result<unknown> | Promise<Result<unknown>>;
  /** What a change would do, counted, before it is made. Documents are the county's own; null is none. */
  readonly preview?: (county: string, before: Json, after: Json) => Promise<readonly Effect[]>;
  /** After a change was committed in this process: forgets what was remembered. @returns what there is to say about it */
  readonly changed?: (county: string) => Promise<readonly Effect[] | void> | void;
  /** What the area's editor needs beside its document. */
  readonly beside?: (county: string, language: Language) => Promise<Json> | Json;
}

/** A document that has lost everything is no document. */
export const bare = (document: Json | undefined): Json => {
  if (document === undefined || document === null) return null;
  if (typeof document !== 'object' || Array.isArray(document)) return document;
  return Object.values(document).every((member) => member === undefined) ? null : document;
};
