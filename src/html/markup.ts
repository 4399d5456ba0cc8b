import { html as escape } from 'ghtml';

/**
 * A piece of finished HTML. Only `markup` makes one, so what a template puts in without escaping
 * is known to the type checker and not to a mark in the text.
 */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What may stand in a template. `false`, null and undefined leave nothing; a list is joined. */
export type Part = Markup | string | number | false | null | undefined | readonly Part[];

const written = (part: Part): string => {
  if (part === false || part === null || part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escape`${part}`;
  return part.map(written).join('');
};

/** Template of HTML: every string is escaped (ghtml), every Markup stands as it is. */
export const markup = (literals: TemplateStringsArray, ...parts: readonly Part[]): Markup => {
  let text = literals[0]!;
  for (const [at, part] of parts.entries()) text += written(part) + literals[at + 1]!;
  return new Markup(text);
};

export const nothing = new Markup('');

/** Attributes by name; false, null and undefined leave one out, true writes its name alone. */
export const attributes = (values: Readonly<Record<string, string | number | boolean | null | undefined>>): Markup => {
  let text = '';
  for (const [name, value] of Object.entries(values)) {
    if (value === false || value === null || value === undefined) continue;
    text += value === true ? ` ${name}` : ` ${name}="${escape`${String(value)}`}"`;
  }
  return new Markup(text);
};
