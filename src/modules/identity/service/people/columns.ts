import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Field } from '../../../../platform/tables/records.ts';

const listed = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../../data/people/columns.json'), 'utf8')) as
  Readonly<Record<'people' | 'units' | 'said', Readonly<Record<string, readonly string[]>>>>;

const fieldsOf = (table: 'people' | 'units', required: readonly string[]): readonly Field[] =>
  Object.entries(listed[table]).map(([name, titles]) => ({ name, titles, required: required.includes(name) }));

/** Columns of a file of people, and what files call them. */
export const peopleFields = fieldsOf('people', ['login', 'name', 'role']);
/** Columns of a file of units. */
export const unitFields = fieldsOf('units', ['id', 'name', 'kind']);
/** What tables write for yes and for no, in small letters. */
export const said = { yes: new Set(listed.said['yes']), no: new Set(listed.said['no']) } as const;
