import { describe, expect, test } from 'vitest';
import { readModels } from '../../src/environment/models/read-models.ts';
import type { Model } from '../../src/environment/models/model.ts';
import { AludelError } from '../../src/support/aludel-error.ts';

const read = (files: Readonly<Record<string, string>>): Promise<readonly Model[]> =>
  readModels(Object.entries(files).map(([path, text]) => ({ path, text })));

/** The mistakes as they are told, without the line that counts them. */
async function mistakesIn(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const error: unknown = await read(files).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AludelError);
  expect(error).toMatchObject({ code: 'schema.unreadable' });
  return error instanceof AludelError ? error.message.split('\n  ').slice(1) : [];
}

const id = 'fields: { id: { type: integer, primary: true } }';

describe('a model file', () => {
  test('may hold several models, in any order of what they refer to', async () => {
    const models = await read({
      'a.yaml': `table: posts
fields:
  id: { type: integer, primary: true }
  author: { type: integer, references: users }
  parent: { type: integer, references: { table: posts, field: id, on_delete: cascade } }
---
table: users
fields: { id: { type: integer, primary: true }, favourite: { type: integer, references: posts.id } }
`,
    });

    expect(
      models.map(({ table, references }) => [table, references.map((one) => `${one.field}>${one.table}.${one.to}`)]),
    ).toEqual([
      ['posts', ['author>users.id', 'parent>posts.id']],
      ['users', ['favourite>posts.id']],
    ]);
  });

  test('numbers a whole number that is the primary key alone, unless told otherwise', async () => {
    const models = await read({
      'a.yaml': `{ table: a, ${id} }`,
      'b.yaml': '{ table: b, fields: { id: { type: bigint, primary: true, auto_increment: false } } }',
      'c.yaml': '{ table: c, fields: { x: { type: integer, primary: true }, y: { type: integer, primary: true } } }',
      'd.yaml': '{ table: d, fields: { id: { type: integer, primary: true, references: a } } }',
      'e.yaml': '{ table: e, fields: { id: { type: uuid, primary: true } } }',
    });

    expect(models.map(({ table, fields }) => `${table} ${fields.some(({ isNumbered }) => isNumbered)}`)).toEqual([
      'a true',
      'b false',
      'c false',
      'd false',
      'e false',
    ]);
  });

  test('has the columns of timestamps, soft_delete and a many_to_one', async () => {
    const [, posts] = await read({
      'user.yaml': 'name: User\ntable: users\nfields: { id: { type: uuid, primary: true } }',
      'post.yaml': `name: Post
table: posts
${id}
timestamps: true
soft_delete: true
relations:
  - { type: many_to_one, target: User, back_populates: posts }
  - { type: one_to_many, target: Comment }
`,
    });

    expect(posts?.fields.map(({ name, type, isRequired }) => `${name} ${type} ${isRequired}`)).toEqual([
      'id integer true',
      'created_at datetime true',
      'updated_at datetime true',
      'deleted_at datetime false',
      'user_id uuid false',
    ]);
    expect(posts?.references).toMatchObject([{ field: 'user_id', table: 'users', to: 'id' }]);
  });

  test('tells every mistake of every file with its line and the word that was meant', async () => {
    const mistakes = await mistakesIn({
      'user.yaml': `name: User
tabel: users
fields:
  id: { type: uid, primary: true }
  email:
    type: string
    requred: true
    maxLength: 3
    max_length: many
`,
      'post.yaml': `table: posts
fields:
  id: { type: integer, primary: true }
  both: { type: text, max_length: 3, required: true, nullable: true }
  kind: { type: enum }
  price: { type: integer, scale: 2 }
  number: { type: integer, auto_increment: true }
indexes:
  - [title]
`,
      'broken.yaml': 'table: x\nfields: {\n',
      'words.yaml': 'only words',
    });

    expect(mistakes).toEqual([
      'user.yaml:2: tabel is not a key; did you mean table?',
      'user.yaml:7: fields.email.requred is not a key; did you mean required?',
      'user.yaml:8: fields.email.maxLength is not a key; did you mean max_length?',
      'user.yaml:1: table is missing',
      'user.yaml:4: fields.id.type is no type: uid; did you mean uuid?',
      'user.yaml:9: fields.email.max_length must be a number',
      'post.yaml:4: fields.both.nullable must not be true: the field is required',
      'post.yaml:4: fields.both.max_length is only for the type string',
      'post.yaml:5: fields.kind needs values, as an enum',
      'post.yaml:6: fields.price.scale is only for the type decimal',
      'post.yaml:7: fields.number.auto_increment is only for a whole number that is the primary key alone',
      'post.yaml:9: indexes[0] names title, which is no field',
      expect.stringMatching(/^broken\.yaml:\d: Flow map/),
      'words.yaml:1: must be an object with table and fields',
    ]);
  });

  test('with an alias or a merge that leads nowhere or grows without end is told with its line', async () => {
    const tenOf = (anchor: string): string => `[${Array.from({ length: 10 }, () => `*${anchor}`).join(', ')}]`;
    const mistakes = await mistakesIn({
      'a.yaml': `table: tags\nfields:\n  id: &id { type: integer }\n  other: *id\n  more: *idd\n`,
      'b.yaml': `# merged\ntable: tags\n<<: 5\n`,
      'c.yaml': `a: &a ${tenOf('z').replaceAll('*z', '1')}\nb: &b ${tenOf('a')}\nc: &c ${tenOf('b')}\nd: ${tenOf('c')}\n`,
    });

    expect(mistakes).toEqual([
      'a.yaml:5: Unresolved alias (the anchor must be set before the alias): idd',
      'b.yaml:2: Merge sources must be maps or map aliases',
      'c.yaml:2: Excessive alias count indicates a resource exhaustion attack',
    ]);
  });

  test('has one foreign key where a field and a many_to_one say the same, that of the field', async () => {
    const [posts] = await read({
      'post.yaml': `table: posts
fields:
  id: { type: integer, primary: true }
  user_id: { type: integer, required: true, references: { table: users, on_delete: cascade } }
relations:
  - { type: many_to_one, target: User }
`,
      'user.yaml': `name: User\ntable: users\n${id}\n`,
    });

    expect(posts?.fields.map(({ name }) => name)).toEqual(['id', 'user_id']);
    expect(posts?.references).toEqual([
      { field: 'user_id', table: 'users', to: 'id', name: null, onDelete: 'cascade', onUpdate: null },
    ]);
  });

  test('refuses relations that would give a field a second meaning, and names that can be read in two ways', async () => {
    const linked = await mistakesIn({
      'user.yaml': `name: User\ntable: users\n${id}\n`,
      'twice.yaml': `table: twice
${id}
relations:
  - { type: many_to_one, target: User }
  - { type: many_to_one, target: User }
`,
      'other.yaml': `table: other
fields: { id: { type: integer, primary: true }, user_id: { type: integer, references: twice } }
relations:
  - { type: many_to_one, target: User }
`,
    });
    const written = await mistakesIn({
      'app.yaml': `table: app
fields:
  users: { type: integer, primary: true }
  one: { type: integer, references: app.users.id }
relations:
  - { type: many_to_one, target: app, foreign_key: app.users.id }
`,
    });

    expect(linked).toEqual([
      'twice.yaml:5: relations[1] is the field user_id, as another relation is: write one of them as a field',
      'other.yaml:4: relations[0] refers to users.id, and the field user_id to twice.id',
    ]);
    expect(written).toEqual([
      'app.yaml:4: fields.one.references must be table or table.field; where the name of the table has a dot, { table, field }',
      'app.yaml:6: relations[0].foreign_key must be table.field',
    ]);
  });

  test('refers only to tables, fields and models that are there', async () => {
    const mistakes = await mistakesIn({
      'a.yaml': `name: User
table: users
fields:
  id: { type: integer, primary: true }
  one: { type: integer, references: user.id }
  two: { type: integer, references: { table: users, field: idd } }
  three: { type: integer, references: pairs }
relations:
  - { type: many_to_one, target: Usr }
`,
      'b.yaml': '{ table: pairs, fields: { x: { type: text, primary: true }, y: { type: text, primary: true } } }',
      'c.yaml': `{ table: pairs, ${id} }`,
    });

    expect(mistakes).toEqual([
      'c.yaml:1: table is pairs, as in b.yaml:1',
      'a.yaml:5: fields.one.references names the table user, which no model has; did you mean users?',
      'a.yaml:6: fields.two.references names users.idd, which is no field; did you mean id?',
      'a.yaml:9: relations[0].target is Usr, the name of no model; did you mean User?',
    ]);
  });

  test('is refused when there is no model in any of them: no table at all is never what was meant', async () => {
    expect(await mistakesIn({ 'a.yaml': '# nothing yet\n' })).toEqual([
      'a.yaml:1: there is no model, which would mean no table at all',
    ]);
  });
});
