/** Reads the JSON schema of an action's input into what a form asks for. Pure. */

/** What is asked and with which control; the pickers look their choices up on the server. */
export type FieldKind = 'line' | 'text' | 'number' | 'yes' | 'choice' | 'code' | 'unit' | 'account' | 'role' | 'place' | 'component' | 'matter' | 'reply' | 'pictures' | 'position' | 'time' | 'limit';

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
  /** Of a position: its members stand beside the other members of the input, not in one of their own. */
  readonly flat: boolean;
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
  readonly pattern?: string;
  /** Which control a page should draw. */
  readonly 'x-picker'?: string;
}

/** Members whose name says what may stand in them. A schema's `x-picker` says it more strongly. */
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
/** What a schema says itself in `x-picker`. */
const byPicker: Readonly<Record<string, FieldKind>> = { text: 'text', line: 'line', photos: 'pictures', unit: 'unit', code: 'code', days: 'number', component: 'component', matter: 'matter', reply: 'reply', account: 'account', role: 'role', place: 'place', time: 'time' };
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
  const picked = byPicker[schema['x-picker'] ?? ''];
  if (picked) return picked;
  if (schema.enum) return 'choice';
  const named = byName[name];
  if (named) return named;
  if (schema.format === 'date-time' || schema.format === 'date') return 'time';
  switch (schema.type) {
    case 'boolean': return 'yes';
    case 'number': case 'integer': return 'number';
    // An id of something that no picker is known for is set by programs, not asked of people.
    case 'string': return schema.pattern ? null : (schema.maxLength ?? 1000) > lineLength ? 'text' : 'line';
    default: return null;
  }
};

/** Members that only the system gives: the clock that ran out. */
const neverAsked = new Set(['clock']);

/** Members that together are a position where they stand beside the others. */
const flatPosition = ['lng', 'lat', 'accuracy'];

const positionField = (members: readonly string[], flat: boolean, name: string, required: boolean): FormField => ({
  name, kind: 'position', many: false, required, minimum: null, maximum: null, whole: false, maxLength: null, options: [], title: null, preset: undefined, positionMembers: members, flat,
});

/** The fields of an input schema, in its order; members that no form can ask for are left out. */
export const fieldsOf = (input: unknown): readonly FormField[] => {
  const schema = plain((input ?? {}) as Schema);
  const properties = schema.properties ?? {};
  const fields: FormField[] = [];
  const stamped = 'lng' in properties && 'lat' in properties ? flatPosition.filter((name) => name in properties) : [];
  if (stamped.length > 0) fields.push(positionField(stamped, true, 'position', false));
  for (const [name, raw] of Object.entries(properties)) {
    if (stamped.includes(name) || neverAsked.has(name)) continue;
    const outer = plain(raw);
    const many = outer.type === 'array';
    const inner = many ? { ...plain(outer.items ?? {}), ...(outer['x-picker'] && { 'x-picker': outer['x-picker'] }) } : outer;
    const kind = kindOf(name, inner);
    if (!kind || outer.const !== undefined) continue;
    const required = schema.required?.includes(name) ?? false;
    if (kind === 'position') {
      fields.push(positionField(Object.keys(inner.properties ?? {}), false, name, required));
      continue;
    }
    fields.push({
      name, kind, many, required,
      minimum: inner.minimum ?? null, maximum: inner.maximum ?? null, whole: inner.type === 'integer',
      maxLength: inner.maxLength ?? null,
      options: inner.enum ?? [],
      title: raw.title ?? null,
      preset: outer.default,
      positionMembers: [], flat: false,
    });
  }
  return fields;
};

/** True for an action that can happen at one press: nothing is required that the device does not stamp by itself. */
export const isInstant = (input: unknown): boolean => {
  const fields = fieldsOf(input);
  const asked = fields.filter((field) => field.kind !== 'position');
  return asked.every((field) => !field.required) && (asked.length < fields.length || asked.every((field) => field.kind !== 'pictures'));
};
