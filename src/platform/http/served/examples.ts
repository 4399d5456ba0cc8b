import type { TSchema } from 'typebox';
import type { Route } from '../../../base/route.ts';

/** What is read of a schema to make a value of it. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape | readonly Shape[];
  readonly prefixItems?: readonly Shape[];
  readonly minItems?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const moment = Date.UTC(2026, 10, 23, 1, 20);
const uuid = '0193591c-5a80-7c3e-9b1d-3f2a5c7e9d10';

/** What a member of such a name holds as a rule: the first that the schema allows is shown. No value is anybody's. */
const byName: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/^(county|jurisdiction_id)$/i, ['330281']],
  [/^(lng|long|west|east)$/i, [121.0521]],
  [/^(lat|south|north)$/i, [30.1547]],
  [/^(place|village|path|address_id)$/i, ['330281103203', '330281']],
  [/phone/i, ['13900000000', '139****0000']],
  [/^(service_code|category)$/i, ['streetlight']],
  [/^service_request_id$|number$/i, ['330281-2611-000042-7']],
  [/component/i, ['330281103203-LD-0003']],
  [/^(language|lang)$/i, ['zh-Hans']],
  [/_datetime$|_date$/i, ['2026-11-23T09:20:00+08:00']],
  [/(At|Until|From|^at|^from|^until|^to)$/, [moment, '2026-11-23T01:20:00Z', '2026-11-23T09:20:00+08:00']],
  [/url|link|address$/i, ['https://city.example/hooks']],
  [/email/i, ['clerk@city.example']],
  [/^format$/, ['json']],
  [/^(text|description|words|reason|note|body)$/i, ['The lamp at 3 Guangming Road is dark']],
  [/^(name|title|label)$/i, ['Lamp at 3 Guangming Road']],
  [/^state$/i, ['filed']],
  [/^code$/i, ['C0101']],
  [/^kind$/i, ['case']],
];

/** What satisfies a pattern that no name speaks for. */
const spellings: readonly string[] = [
  uuid, 'a'.repeat(64), 'case', 'C0101', '330281', '330281103203', '330281/330281103/', '2026-11-23', '2026-11-23T01:20:00Z', '2026-11', '2026-11-23T09:20', '2026', '08:30', '42', '1', 'a', 'A', 'Ab0123456789', 'https://city.example/hooks', 'clerk@city.example', 'city.example', 'all',
  'due', 'account:0193591c5a807c3e', '0'.repeat(16), '33028100001320000001', 'a'.repeat(43), 'a'.repeat(32), 'a'.repeat(22), 'a'.repeat(20), 'a'.repeat(36), 'a'.repeat(40), '121.0521,30.1547', '121.05,30.15,121.06,30.16', '-1', 'a:0123456789abcdef', 'AB', 'ABCD', '13900000000', 'case.filed', 'streetlight', 'E0101',
];

const fits = (value: string, { pattern, minLength = 0, maxLength = Infinity }: Shape): boolean =>
  value.length >= minLength && value.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(value));

const stringOf = (schema: Shape, name: string): string => {
  const named = byName.flatMap(([pattern, values]) => (pattern.test(name) ? values : [])).filter((value) => typeof value === 'string');
  const found = [...named, ...(/(^id|Id|^op|^matter)$/.test(name) ? [uuid] : []), ...(schema.pattern === undefined ? ['string'] : []), ...spellings].find((value) => fits(value, schema));
  return found ?? 'a'.repeat(schema.minLength ?? 1);
};

const numberOf = ({ minimum = -Infinity, maximum = Infinity, type }: Shape, name: string): number => {
  const named = byName.flatMap(([pattern, values]) => (pattern.test(name) ? values : [])).find((value) => typeof value === 'number');
  const wanted = typeof named === 'number' && (type === 'number' || Number.isInteger(named)) ? named : 1;
  return Math.min(Math.max(wanted, minimum), maximum);
};

/** A value that a schema allows: what it names itself as an example, else one made of its parts; the same each time. */
export const exampleOf = (schema: TSchema | Shape, name = ''): unknown => {
  const shape = schema as Shape;
  if (shape.examples?.[0] !== undefined) return shape.examples[0];
  if (shape.const !== undefined) return shape.const;
  if (shape.default !== undefined) return shape.default;
  if (shape.enum) return shape.enum[0];
  if (shape.anyOf) return exampleOf(shape.anyOf.find(({ type }) => type !== 'null') ?? shape.anyOf[0]!, name);
  if (shape.allOf) return Object.assign({}, ...shape.allOf.map((part) => exampleOf(part, name))) as unknown;
  switch (shape.type) {
    case 'string': return stringOf(shape, name);
    case 'integer': case 'number': return numberOf(shape, name);
    case 'boolean': return true;
    case 'null': return null;
    case 'array': {
      const each = shape.prefixItems ?? (Array.isArray(shape.items) ? (shape.items as readonly Shape[]) : undefined);
      if (each) return each.map((one) => exampleOf(one, name));
      return Array.from({ length: Math.max(1, shape.minItems ?? 0) }, () => exampleOf((shape.items ?? {}) as Shape, name.replace(/s$/, '')));
    }
    case 'object': {
      if (shape.properties) return Object.fromEntries(Object.entries(shape.properties).map(([member, one]) => [member, exampleOf(one, member)]));
      return Object.fromEntries(Object.entries(shape.patternProperties ?? {}).map(([pattern, one]) => [stringOf({ pattern }, 'code'), exampleOf(one)]));
    }
    default: return {};
  }
};

/** Examples of what a route takes and gives, of each part that it has. */
export const examplesOf = (route: Route): { readonly body?: unknown; readonly response?: unknown } => ({
  ...(route.body && { body: exampleOf(route.body) }),
  ...(route.produces === undefined && route.status !== 204 && { response: exampleOf(route.response) }),
});
