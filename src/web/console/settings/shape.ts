/** A JSON Schema with titles, as the server sends it for a form. Pure. */
export interface Shape {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly 'x-control'?: string;
  readonly 'x-options'?: readonly Option[];
  /** Words of values that have some, where others may be entered too. */
  readonly 'x-said'?: Readonly<Record<string, string>>;
  /** Of a record: what each of its values is. */
  readonly 'x-value'?: Shape;
}

export interface Option { readonly value: string | number; readonly words: string }

/** A value of a document. */
export type Value = unknown;
export type Members = Readonly<Record<string, Value>>;

const three = ['zh-Hans', 'zh-Hant', 'en'];
export const isMembers = (value: Value): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A text in three languages. */
export const isWords = ({ properties }: Shape): boolean => properties !== undefined && Object.keys(properties).length === 3 && three.every((name) => name in properties);
/** A limit: an amount and its unit. */
export const isLimit = ({ properties }: Shape): boolean => properties !== undefined && Object.keys(properties).length === 2 && 'amount' in properties && 'unit' in properties;

/** An object with another member, or without it where the value is undefined; undefined where nothing is left. */
export const withMember = (members: Members | undefined, name: string, value: Value): Members | undefined => {
  const { [name]: _, ...others } = members ?? {};
  const next = value === undefined ? others : { ...others, [name]: value };
  return Object.keys(next).length === 0 ? undefined : next;
};

/** What a new item of a list begins with: every member that must be there, empty. */
export const blankOf = (shape: Shape): Value => {
  if (isWords(shape)) return { 'zh-Hans': '', 'zh-Hant': '', en: '' };
  if (isLimit(shape)) return { amount: 1, unit: 'workingDay' };
  if (shape.type === 'object' || shape.properties) return Object.fromEntries((shape.required ?? []).map((name) => [name, blankOf(shape.properties?.[name] ?? {})]));
  if (shape.type === 'array') return [];
  if (shape['x-options']?.[0]) return shape['x-options'][0].value;
  return shape.type === 'boolean' ? false : shape.type === 'integer' || shape.type === 'number' ? (shape.minimum ?? 0) : '';
};

/**
 * A document as it is sent: a text whose other languages were left empty says there what was written, and lines at whose ends
 * nothing but blanks stand lose them.
 */
export const finished = (shape: Shape, value: Value): Value => {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map((item) => finished(shape.items ?? {}, item));
  if (!isMembers(value)) return value;
  if (isWords(shape)) {
    const own = three.map((name) => String(value[name] ?? '').trim()).find((text) => text !== '') ?? '';
    return Object.fromEntries(three.map((name) => [name, String(value[name] ?? '').trim() || own]));
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, finished(shape.properties?.[name] ?? shape['x-value'] ?? {}, member)]));
};

/** Whether two documents say the same, whatever the order of their members. */
export const sameValue = (a: Value, b: Value): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => sameValue(item, b[at]));
  if (isMembers(a) && isMembers(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameValue(a[name], b[name]));
  return Object.is(a, b);
};
