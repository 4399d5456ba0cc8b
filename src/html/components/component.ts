import type { Markup } from '../markup.ts';

/**
 * What every component's file exports beside its template: its style, examples as data (rendered by the gallery test
 * in both versions and checked by axe) and what one must know to use it accessibly.
 */
export interface Component {
  readonly name: string;
  /** CSS that needs nothing but the tokens and layout.ts. */
  readonly style: string;
  readonly notes: string;
  readonly examples: Readonly<Record<string, Markup>>;
}
