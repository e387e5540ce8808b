import type { Knex } from 'knex';
import type { Connection, DialectName } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { columnType } from '../../environment/models/column-type.ts';
import type { Field, FieldDefault, Model, Reference } from '../../environment/models/model.ts';
import { columnOperations } from '../../operations/columns.ts';
import type { Constraint } from '../../operations/constraint.ts';
import type { Operation } from '../../operations/operation.ts';
import { tableOperations } from '../../operations/tables.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { withoutFullStop } from '../../support/text.ts';

/** Makes the tables of models in an empty database. Throws schema.unreadable for what the database refuses, with its place. */
export async function buildModels(models: readonly Model[], connection: Connection, dialect: Dialect): Promise<void> {
  await dialect.schema.prepare(connection);
  const builder = await dialect.loadBuilder(({ sql, bindings }) => connection.query(sql, bindings));
  const ask = async (sql: string, bindings?: readonly unknown[]) => (await connection.query(sql, bindings)).rows;
  const perform = async (operation: Operation): Promise<void> => {
    for (const { sql, bindings } of await dialect.render(operation, { builder, ask })) {
      await connection.query(sql, bindings);
    }
  };
  const tables = tableOperations(perform);
  const columns = columnOperations(perform);
  const isSqlite = dialect.name === 'sqlite';
  for (const model of models) {
    await tables.createTable(model.table, describe(model, dialect.name, builder.knex)).catch((error: unknown) => {
      throw refused(model, error);
    });
  }
  // The others refer only to what is there. SQLite does not mind, and a table there has its references from the beginning.
  for (const model of isSqlite ? [] : models) {
    for (const reference of model.references) {
      await columns.addConstraint(model.table, foreignKeyOf(reference)).catch((error: unknown) => {
        throw refused(model, error);
      });
    }
  }
}

function foreignKeyOf({ field, name, table, to, onDelete, onUpdate }: Reference): Constraint {
  return {
    kind: 'foreignKey',
    columns: [field],
    references: { table, columns: [to] },
    ...(name === null ? {} : { name }),
    ...(onDelete === null ? {} : { onDelete }),
    ...(onUpdate === null ? {} : { onUpdate }),
  };
}

/** Comments are left out where the database has none, and references where they are added later. */
function describe(model: Model, dialect: DialectName, knex: Knex): (table: Knex.CreateTableBuilder) => void {
  const primary = model.fields.filter(({ isPrimary }) => isPrimary).map(({ name }) => name);
  const isSqlite = dialect === 'sqlite';
  return (table) => {
    for (const field of model.fields) {
      const column = columnOf(field, primary.length === 1, dialect, table);
      if (field.isRequired) column.notNullable();
      if (field.default !== null) column.defaultTo(defaultOf(field.default, knex));
      if (field.description !== null && !isSqlite) column.comment(field.description);
    }
    if (primary.length > 1) table.primary(primary);
    for (const { kind, name, fields } of model.keys) {
      if (kind === 'unique') table.unique([...fields], name === null ? {} : { indexName: name });
      else table.index([...fields], name ?? undefined);
    }
    for (const { field, name, table: other, to, onDelete, onUpdate } of isSqlite ? model.references : []) {
      const reference = table
        .foreign(field, name ?? undefined)
        .references(to)
        .inTable(other);
      if (onDelete !== null) reference.onDelete(onDelete);
      if (onUpdate !== null) reference.onUpdate(onUpdate);
    }
    if (model.description !== null && !isSqlite) table.comment(model.description);
  };
}

function columnOf(
  field: Field,
  isKeyAlone: boolean,
  dialect: DialectName,
  table: Knex.CreateTableBuilder,
): Knex.ColumnBuilder {
  const type = columnType(field, dialect);
  if (type === null) return table.enu(field.name, [...field.values]);
  // With the column, because MySQL numbers rows only by what is a key when it is made.
  return table.specificType(field.name, field.isPrimary && isKeyAlone ? `${type} primary key` : type);
}

function defaultOf(value: FieldDefault, knex: Knex): Knex.Value {
  if (typeof value !== 'object') return value;
  return knex.raw(value.sql.replaceAll('?', String.raw`\?`));
}

function refused({ name, where }: Model, error: unknown): AludelError {
  return new AludelError(
    'schema.unreadable',
    `The database refuses the model ${name}: ${withoutFullStop(messageOf(error))}.`,
    {
      where,
      hint: 'Every model is made on an empty database; docs/models.md has the type that each database gets.',
      cause: error,
    },
  );
}
