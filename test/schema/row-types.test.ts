import ts from 'typescript';
import { expect, test } from 'vitest';
import { textLiteral, type Relation } from '../../src/schema/relation.ts';
import { rowTypes } from '../../src/schema/row-types.ts';

test('a row has every column, and an insert those that the database takes', () => {
  const users = relation('users', {
    columns: [
      { name: 'id', read: 'number', write: 'number', isOptional: true },
      { name: 'name', read: 'string', write: 'string', isOptional: false },
      { name: 'length', read: 'number | null', write: null, isOptional: true },
    ],
  });

  const { text } = rowTypes([users], []);

  expect(text).toBe(`// Written by \`aludel types\`: do not edit, write it anew when the schema changes.
import type { Knex } from 'knex';

export interface UsersRow {
  id: number;
  name: string;
  length: number | null;
}

export interface UsersInsert {
  id?: number;
  name: string;
}

declare module 'knex/types/tables.js' {
  interface Tables {
    users: Knex.CompositeTableType<UsersRow, UsersInsert>;
  }
}
`);
});

test('the order in which a database names its tables makes no difference', () => {
  const names = ['b', 'a-b', 'a', 'a_b'].map((name) => relation(name));

  expect(rowTypes(names.toReversed(), []).text).toBe(rowTypes(names, []).text);
});

test('two tables never have the same interface', () => {
  const { text } = rowTypes(
    ['user_roles', 'user-roles', '1', '', 'Über_Größe'].map((name) => relation(name)),
    [],
  );

  expect(text.match(/(?<=interface )\S+(?=Row)/g)).toEqual([
    'Table',
    'Table1',
    'UserRoles',
    'UserRoles_2',
    'ÜberGröße',
  ]);
});

test('a table goes by its name alone where a session finds it, and by that of its schema elsewhere', () => {
  const tables = [
    relation('users', { schema: 'public' }),
    relation('users', { schema: 'app' }),
    relation('posts', { schema: 'public' }),
    relation('posts', { schema: 'other' }),
  ];

  expect(keysIn(rowTypes(tables, ['public']).text)).toEqual(["'app.users'", "'other.posts'", 'posts', 'users']);
  expect(keysIn(rowTypes(tables, ['app', 'public']).text)).toEqual([
    "'other.posts'",
    'posts',
    "'public.users'",
    'users',
  ]);
});

test('a table with a dot in its name is left out, and named', () => {
  const { text, leftOut } = rowTypes([relation('a.b'), relation('c')], []);

  expect(keysIn(text)).toEqual(['c']);
  expect(leftOut).toEqual(['table a.b']);
});

test('a text comes out of TypeScript as it went in', () => {
  for (const value of ["it's", 'say "x"', `'"`, '\\"', "\\'", 'a\nb', '\u2028', '']) {
    expect(valueOf(textLiteral(value))).toBe(value);
  }
});

function relation(name: string, given: Partial<Relation> = {}): Relation {
  return { id: `table ${name}`, schema: null, name, isWritable: true, columns: [], ...given };
}

/** Of a literal, as the compiler reads it. */
function valueOf(literal: string): string | null {
  const [statement] = ts.createSourceFile('literal.ts', literal, ts.ScriptTarget.ES2023).statements;
  if (statement === undefined || !ts.isExpressionStatement(statement)) return null;
  return ts.isStringLiteral(statement.expression) ? statement.expression.text : null;
}

function keysIn(text: string): readonly string[] {
  return [...text.matchAll(/^ {4}(.+): Knex/gm)].map(([, key = '']) => key);
}
