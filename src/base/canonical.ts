/** What RFC 8785 can write: no undefined, no functions, no non-finite numbers. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** What JSON writes as it stands: quoting it is adding the marks. Most of what is written is such. */
const plain = /^[ !#-[\]-~]*$/u;

const quoted = (text: string): string => {
  if (plain.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new RangeError('canonical: a lone surrogate');
  return JSON.stringify(text);
};

/**
 * The canonical text of a value (RFC 8785): members sorted by UTF-16 code units, no white space,
 * numbers and strings as ECMAScript writes them. Members that are undefined are left out.
 * Throws on a non-finite number and on a lone surrogate.
 */
export const canonical = (value: Json): string => {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('canonical: a number that is not finite');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  const object = value as { readonly [key: string]: Json | undefined };
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member === undefined) continue;
    text += `${text ? ',' : ''}${quoted(key)}:${canonical(member)}`;
  }
  return `{${text}}`;
};
