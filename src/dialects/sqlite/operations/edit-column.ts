import { refused } from './change-errors.ts';
import { primaryKeyOf, rowidAlias, splice, withColumnConstraint, without, withoutInside } from './edit-create-table.ts';
import {
  parseCreateTable,
  sameName,
  type ColumnText,
  type ConstraintText,
  type CreateTable,
} from './parse-create-table.ts';

/*
 * Each edit gives the text of the table after it.
 */

/**
 * The text with another type for a column. An INTEGER PRIMARY KEY keeps its type where the other is one of integers: it
 * is the rowid, which numbers the rows and holds 64 bits, under that name only.
 */
export function withType(table: CreateTable, column: ColumnText, type: string): string {
  if (rowidAlias(table) === column.name && /int/i.test(type)) return table.text;
  if (column.type !== null) return splice(table.text, column.type, type);
  return splice(table.text, { start: column.nameSpan.end, end: column.nameSpan.end }, ` ${type}`);
}

/**
 * The text with this constraint in the place of the one of its kind that the column has, behind the others where it has
 * none; without any for null.
 */
export function withOnly(
  table: CreateTable,
  column: ColumnText,
  kind: ConstraintText['kind'],
  sql: string | null,
): string {
  const old = column.constraints.find((constraint) => constraint.kind === kind);
  if (sql === null) return old === undefined ? table.text : without(table, old);
  return old === undefined ? withColumnConstraint(table, column, sql) : splice(table.text, old.body, sql);
}

/** The text with a column that takes NULL, or does not. */
export function withNullability(table: CreateTable, column: ColumnText, nullable: boolean): string {
  const { constraints } = column;
  const has = constraints.some(({ kind }) => kind === 'notNull');
  if (has !== nullable) return table.text;
  if (!nullable) return withColumnConstraint(table, column, 'NOT NULL');
  const old = constraints.findLast(({ kind }) => kind === 'notNull');
  if (old === undefined) return table.text;
  const after = parseCreateTable(without(table, old));
  const again = after.columns.find(({ name }) => name === column.name) ?? column;
  return withNullability(after, again, nullable);
}

/** True when SQLite's own ALTER COLUMN does to NOT NULL all that there is to do. */
export function hasPlainNullability({ constraints }: ColumnText): boolean {
  const said = constraints.filter(({ kind }) => kind === 'notNull');
  return said.length <= 1 && said.every(({ name, onConflict }) => name === null && onConflict === null);
}

/** The text with AUTOINCREMENT behind the primary key, or without. Throws migration.failed for any other column. */
export function withAutoincrement(
  table: CreateTable,
  column: ColumnText,
  tableName: string,
  autoincrement: boolean,
): string {
  const key = primaryKeyOf(table);
  if (key === null || !key.columns.some((name) => sameName(name, column.name))) {
    throw refused(
      `Column "${column.name}" of table "${tableName}" is not its primary key.`,
      'AUTOINCREMENT stands behind INTEGER PRIMARY KEY only.',
    );
  }
  if (autoincrement === (key.autoincrement !== null)) return table.text;
  if (key.autoincrement !== null) return withoutInside(table, key.autoincrement);
  const inTable = table.constraints.includes(key);
  const end = inTable ? table.text.lastIndexOf(')', (key.onConflict?.start ?? key.body.end) - 1) : key.body.end;
  return splice(table.text, { start: end, end }, ' AUTOINCREMENT');
}
