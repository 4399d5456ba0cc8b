import type { Json } from '../../../base/canonical.ts';
import { say, type Catalogue, type Language } from '../../../base/text/language.ts';
import type { Difference } from './difference.ts';
import { isTree } from './tree.ts';

/** A JSON Schema as far as words for it are looked up. */
export interface SchemaShape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaShape>>;
  readonly patternProperties?: Readonly<Record<string, SchemaShape>>;
  readonly additionalProperties?: boolean | SchemaShape;
  readonly items?: SchemaShape | readonly SchemaShape[];
  readonly anyOf?: readonly SchemaShape[];
  readonly enum?: readonly Json[];
  readonly const?: Json;
  /** How a page asks for the value and a difference says it: `minutes` after midnight. */
  readonly 'x-control'?: string;
  readonly [keyword: string]: unknown;
}

const languageNames = ['zh-Hans', 'zh-Hant', 'en'] as const;
/** True for a text in three languages: one field with three lines. */
export const isWords = ({ properties }: SchemaShape): boolean => properties !== undefined && languageNames.every((name) => name in properties) && Object.keys(properties).length === 3;
/** True for a limit: an amount and its unit. */
export const isLimit = ({ properties }: SchemaShape): boolean => properties !== undefined && 'amount' in properties && 'unit' in properties && Object.keys(properties).length === 2;

/** The schema of a record's values. */
const valueOf = (schema: SchemaShape): SchemaShape | undefined =>
  Object.values(schema.patternProperties ?? {})[0] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
const itemOf = ({ items }: SchemaShape): SchemaShape | undefined => (Array.isArray(items) ? undefined : (items as SchemaShape | undefined));

/** The keys under which words for the members of an area are looked up, in the order of the schema: for a test that none is missing. */
export const labelKeys = (schema: SchemaShape, key: string): readonly string[] => [
  ...(schema.properties && !isWords(schema) && !isLimit(schema) ? Object.entries(schema.properties).flatMap(([name, member]) => [`${key}.${name}`, ...labelKeys(member, `${key}.${name}`)]) : []),
  ...(valueOf(schema) ? labelKeys(valueOf(schema)!, key) : []),
  ...(itemOf(schema) ? labelKeys(itemOf(schema)!, key) : []),
  ...optionsOf(schema).flatMap((option) => (isLimit(schema) ? [] : [optionKey(schema, key, option)])),
];

/** Where the words of a choice stand: under the member, or under a heading that several members share (`x-words`). */
const optionKey = (schema: SchemaShape, key: string, option: string | number): string => `${typeof schema['x-words'] === 'string' ? schema['x-words'] : `${key}.option`}.${option}`;

/** Values of a choice among constants. */
export const optionsOf = (schema: SchemaShape): readonly (string | number)[] =>
  (schema.enum ?? (schema.const !== undefined ? [schema.const] : schema.anyOf?.every((part) => part.const !== undefined) ? schema.anyOf.map((part) => part.const!) : [])).filter((value) => typeof value === 'string' || typeof value === 'number');

/** The schema with titles, hints and the words of its choices in a language, for a form to be made of. */
export const localized = (schema: SchemaShape, key: string, texts: Catalogue, language: Language): SchemaShape => {
  const words = (under: string): string | undefined => texts[under]?.[language];
  const title = words(key);
  const hint = words(`${key}.help`);
  const options = optionsOf(schema);
  const value = valueOf(schema);
  const item = itemOf(schema);
  const plain = isWords(schema) || isLimit(schema);
  return {
    ...schema, ...(title !== undefined && { title }), ...(hint !== undefined && { description: hint }),
    ...(typeof schema['x-words'] === 'string' && options.length === 0 && { 'x-said': saidUnder(schema['x-words'], texts, language) }),
    ...(options.length > 0 && { 'x-options': options.map((option) => ({ value: option, words: words(optionKey(schema, key, option)) ?? words(`unit.${option}`) ?? String(option) })) }),
    ...(schema.properties && !plain && { properties: Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, localized(member, `${key}.${name}`, texts, language)])) }),
    ...(value && { 'x-value': localized(value, key, texts, language) }),
    ...(item && { items: { ...localized(item, key, texts, language), title: words(`${key}.item`) ?? title ?? '' } }),
  };
};

/** Words of the values that stand under a heading, where others may be entered too. */
const saidUnder = (heading: string, texts: Catalogue, language: Language): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).flatMap(([key, words]) => (key.startsWith(`${heading}.`) && !key.slice(heading.length + 1).includes('.') ? [[key.slice(heading.length + 1), words[language]]] : [])));

const two = (value: number): string => String(value).padStart(2, '0');
/** `HH:MM` of minutes after midnight. */
export const clockTime = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

/** A value as people say it. */
export const valueWords = (schema: SchemaShape | undefined, key: string, value: Json, texts: Catalogue, language: Language): string => {
  if (typeof value === 'boolean') return say(texts, language, value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return schema?.['x-control'] === 'minutes' ? clockTime(value) : String(value);
  if (typeof value === 'string') return texts[optionKey(schema ?? {}, key, value)]?.[language] ?? value;
  if (value === null) return say(texts, language, 'value.none');
  if (Array.isArray(value)) return value.length === 0 ? say(texts, language, 'value.empty') : (value as Json[]).map((item) => (Array.isArray(item) ? item.join('–') : valueWords(schema && itemOf(schema), key, item, texts, language))).join('、');
  const tree = value as Readonly<Record<string, Json>>;
  if ('amount' in tree && 'unit' in tree) return say(texts, language, 'value.limit', { amount: String(tree['amount']), unit: say(texts, language, `unit.${String(tree['unit'])}`) });
  if (languageNames.every((name) => typeof tree[name] === 'string')) return tree[language] as string;
  return Object.entries(tree).map(([name, member]) => {
    const below = schema?.properties?.[name] ?? (schema && valueOf(schema));
    const under = schema?.properties?.[name] ? `${key}.${name}` : key;
    return `${texts[under]?.[language] && under !== key ? texts[under]![language] : name} ${valueWords(below, under, member, texts, language)}`;
  }).join('，');
};

/** A difference as people read it: where it is, what stood there, what stands there. */
export interface SaidChange {
  readonly path: string;
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Says a difference in a language; what no catalogue knows keeps its name. */
export const changeWords = (schema: SchemaShape, area: string, { path, before, after }: Difference, texts: Catalogue, language: Language): SaidChange => {
  let shape: SchemaShape | undefined = schema;
  let key = area;
  const labels: string[] = [];
  for (const name of path) {
    const member: SchemaShape | undefined = shape?.properties?.[name];
    if (member) {
      key = `${key}.${name}`;
      labels.push(texts[key]?.[language] ?? name);
      shape = member;
    } else {
      shape = shape && (valueOf(shape) ?? itemOf(shape));
      labels.push(texts[`${key}.name.${name}`]?.[language] ?? name);
    }
  }
  const words = (value: Json | undefined): string | null => (value === undefined ? null : valueWords(shape, key, value, texts, language));
  return { path: path.join('/'), label: labels.join(' · ') || (texts[`area.${area}`]?.[language] ?? area), before: words(before), after: words(after) };
};

/** A deep merge for previews: the county's own over what ships, members of objects one by one, lists whole. */
export const over = (shipped: Json, own: Json): Json => {
  if (own === null) return shipped;
  if (!isTree(shipped) || !isTree(own)) return own;
  return Object.fromEntries([...new Set([...Object.keys(shipped), ...Object.keys(own)])].map((name) => [name, own[name] === undefined ? shipped[name]! : shipped[name] === undefined ? own[name] : over(shipped[name]!, own[name]!)])) as Json;
};
