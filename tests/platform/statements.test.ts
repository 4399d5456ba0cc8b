import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statementsOf } from '../../src/platform/database/statements.ts';

test.each([
  ['select 1;\nselect 2;', ['select 1', 'select 2']],
  ['-- a comment; with an end\nselect 1;', ['select 1']],
  [`insert into t values ('a;b', 'it''s; so');`, [`insert into t values ('a;b', 'it''s; so')`]],
  ['select ";" from "a;b";', ['select ";" from "a;b"']],
  ['/* one; two */ select 1; -- the end;', ['select 1']],
  ['create function f() returns int as $x$ begin; return 1; end; $x$ language plpgsql;\nselect 2;', ['create function f() returns int as $x$ begin; return 1; end; $x$ language plpgsql', 'select 2']],
  ['create table t (\n  -- what it is; really\n  a text\n);', ['create table t (\n  -- what it is; really\n  a text\n)']],
  [' ;;\n -- nothing\n', []],
  ['select 1', ['select 1']],
])('a migration is cut into its statements: %j', (sql, statements) => {
  expect(statementsOf(sql)).toEqual(statements);
});

test('texts, quoted names and comments never end a statement, whatever they hold', () => {
  const quoted = fc.string().map((text) => `'${text.replaceAll("'", "''")}'`);
  const named = fc.string({ minLength: 1 }).map((text) => `"${text.replaceAll('"', '""')}"`);
  const commented = fc.string().map((text) => `/*${text.replaceAll('*/', '')} */`);
  const statement = fc.array(fc.oneof(quoted, named, commented, fc.constantFrom('select', 'from', 'x')), { minLength: 1 })
    .map((words) => `begin ${words.join(' ')} end`);
  fc.assert(fc.property(fc.array(statement), (statements) => {
    expect(statementsOf(statements.map((each) => `${each};\n`).join(''))).toEqual(statements);
  }));
});
