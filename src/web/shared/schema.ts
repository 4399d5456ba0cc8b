/** Reads the JSON schema of an action's input into what a form asks for. Pure. */

/** What is asked and with which control; the pickers look their choices up on the server. */
export type FieldKind = 'line' | 'text' | 'number' | 'yes' | 'choice' | 'code' | 'unit' | 'account' | 'place' | 'component' | 'matter' | 'pictures' | 'position' | 'time' | 'limit';

export interface FormField {
  /** Member of the input. */
  readonly name: string;
  readonly kind: FieldKind;
  /** A list of what `kind` says. */
  readonly many: boolean;
  readonly required: boolean;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly whole: boolean;
  readonly maxLength: number | null;
  /** Values of a choice. */
  readonly options: readonly (string | number)[];
  /** The schema's own words for it, where it has any. */
  readonly title: string | null;
  readonly preset: unknown;
  /** Of a position: which members it has. */
  readonly positionMembers: readonly string[];
}

interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
  readonly format?: string;
}

/** Members whose name says what may stand in them. A schema's `format` says it more strongly. */
const byName: Readonly<Record<string, FieldKind>> = {
  code: 'code', row: 'code', standard: 'code',
  unit: 'unit', leadUnit: 'unit', lead: 'unit', assist: 'unit', assisting: 'unit', units: 'unit', toUnit: 'unit',
  account: 'account', handler: 'account', person: 'account', assignee: 'account',
  place: 'place', component: 'component',
  matter: 'matter', into: 'matter', duplicateOf: 'matter', mergeInto: 'matter',
  photos: 'pictures', photo: 'pictures', files: 'pictures', blobs: 'pictures', pictures: 'pictures', before: 'pictures', after: 'pictures',
  position: 'position', point: 'position', at: 'position',
  limit: 'limit',
};
const kinds: ReadonlySet<string> = new Set<FieldKind>(['line', 'text', 'number', 'yes', 'choice', 'code', 'unit', 'account', 'place', 'component', 'matter', 'pictures', 'position', 'time', 'limit']);
/** Longer texts get more than one line. */
const lineLength = 120;

/** The one schema that counts: a union with null is the other part; a union of constants is a choice. */
const plain = (schema: Schema): Schema => {
  if (!schema.anyOf) return schema;
  const parts = schema.anyOf.filter((part) => part.type !== 'null');
  if (parts.length === 1) return { ...schema, ...plain(parts[0]!) };
  if (parts.every((part) => part.const !== undefined)) return { ...schema, enum: parts.map((part) => part.const!) };
  return { ...schema, ...parts[0] };
};

const kindOf = (name: string, schema: Schema): FieldKind | null => {
  if (schema.format && kinds.has(schema.format)) return schema.format as FieldKind;
  const named = byName[name];
  if (named && !schema.enum) return named;
  if (schema.enum) return 'choice';
  if (schema.format === 'date-time' || schema.format === 'date') return 'time';
  switch (schema.type) {
    case 'boolean': return 'yes';
    case 'number': case 'integer': return 'number';
    case 'string': return (schema.maxLength ?? 1000) > lineLength ? 'text' : 'line';
    default: return null;
  }
};

/** The fields of an input schema, in its order; members that no form can ask for are left out. */
export const fieldsOf = (input: unknown): readonly FormField[] => {
  const schema = plain((input ?? {}) as Schema);
  const fields: FormField[] = [];
  for (const [name, raw] of Object.entries(schema.properties ?? {})) {
    const outer = plain(raw);
    const many = outer.type === 'array';
    const inner = many ? plain(outer.items ?? {}) : outer;
    const kind = kindOf(name, many && outer.format ? { ...inner, format: outer.format } : inner);
    if (!kind || outer.const !== undefined) continue;
    fields.push({
      name, kind, many,
      required: schema.required?.includes(name) ?? false,
      minimum: inner.minimum ?? null, maximum: inner.maximum ?? null, whole: inner.type === 'integer',
      maxLength: inner.maxLength ?? null,
      options: inner.enum ?? [],
      title: raw.title ?? null,
      preset: outer.default,
      positionMembers: kind === 'position' ? Object.keys(inner.properties ?? {}) : [],
    });
  }
  return fields;
};

/** Fields that must be answered by a person: what the device can stamp by itself is not among them. */
export const asked = (fields: readonly FormField[]): readonly FormField[] => fields.filter((field) => field.kind !== 'position');
