import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { FieldError, Result } from '../../../base/result.ts';
import { wrongValues } from '../problem.ts';

/** Checks a value against a schema: the value, or a refusal 422 that lists what is wrong where. */
export type Check = (value: unknown) => Result<unknown>;

type Wrong = ReturnType<ReturnType<typeof Compile>['Errors']>[number];

const one = (error: Wrong, part: string): readonly FieldError[] => {
  const path = `${part}${error.instancePath}`;
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({ path: `${path}/${name}`, reason: 'value.required' }));
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => ({ path: `${path}/${name}`, reason: 'value.unknown' }));
    case 'type':
      return [{ path, reason: 'value.type', params: { type: String(error.params.type) } }];
    case 'minLength': case 'maxLength': case 'minItems': case 'maxItems':
      return [{ path, reason: `value.${error.keyword}`, params: { limit: error.params.limit } }];
    case 'minimum': case 'maximum': case 'exclusiveMinimum': case 'exclusiveMaximum':
      return [{ path, reason: `value.${error.keyword}`, params: { limit: Number(error.params.limit) } }];
    case 'format':
      return [{ path, reason: 'value.format', params: { format: error.params.format } }];
    case 'pattern': case 'multipleOf': case 'uniqueItems': case 'const': case 'enum': case 'anyOf':
      return [{ path, reason: `value.${error.keyword === 'enum' || error.keyword === 'anyOf' ? 'const' : error.keyword}` }];
    case 'boolean':
      return []; // Beside it stands `additionalProperties`, which says more.
    default:
      return [{ path, reason: 'value.wrong' }];
  }
};

const listed = (errors: readonly Wrong[], part: string): FieldError[] => {
  const seen = new Set<string>();
  const all = errors.flatMap((error) => one(error, part)).filter(({ path, reason }) => !seen.has(`${path} ${reason}`) && seen.add(`${path} ${reason}`));
  return all.length > 0 ? all.slice(0, 20) : [{ path: part, reason: 'value.wrong' }];
};

/** For bodies: nothing is turned into anything else, `"1"` is no number. */
export const bodyCheck = (schema: TSchema): Check => {
  const compiled = Compile(schema);
  return (value) => (compiled.Check(value) ? value : wrongValues(listed(compiled.Errors(value), '')));
};

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
}

/** A text of an address as its schema wants it; what cannot be read exactly stays a text, for the check to refuse. */
const readAs = (shape: Shape, value: unknown): unknown => {
  if (shape.type === 'array') return (Array.isArray(value) ? value : [value]).map((item) => readAs(shape.items ?? {}, item));
  if (typeof value !== 'string') return value;
  if (shape.type === 'integer' || shape.type === 'number') return /^-?\d{1,17}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (shape.type === 'boolean') return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
  for (const one of shape.anyOf ?? []) {
    const read = readAs(one, value);
    if (read !== value && (one.const === undefined || one.const === read)) return read;
  }
  return value;
};

/**
 * For what stands in an address, where everything is text: numbers, booleans and single items of a list are read as the schema
 * wants them; a member that is empty counts as absent; defaults are put in.
 * @param part `query` or `params`: first token of the paths in errors.
 */
export const addressCheck = (schema: TSchema, part: 'query' | 'params'): Check => {
  const compiled = Compile(schema);
  const { properties = {} } = schema as Shape;
  return (value) => {
    const given: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value as Record<string, unknown>))
      if (member !== '') given[name] = readAs(properties[name] ?? {}, member);
    const read = compiled.Default(given);
    return compiled.Check(read) ? read : wrongValues(listed(compiled.Errors(read), `/${part}`));
  };
};
