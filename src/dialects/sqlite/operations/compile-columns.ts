import type { Knex } from 'knex';
import type { ColumnBuild, ChangeTable } from '../../../operations/table-change.ts';
import { compileTable } from '../../operations/compile-table.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { rebuildRefused } from '../knex-client.ts';
import { edited, without, withColumnConstraint } from './edit-create-table.ts';
import { parseCreateTable, type ColumnText, type ConstraintText, type CreateTable } from './parse-create-table.ts';
import { quoteTable } from '../quote.ts';

/** Columns that knex describes, as texts that stand in a CREATE TABLE. */
export interface CompiledColumns {
  readonly columns: readonly CompiledColumn[];
  /** Constraints of the table that belong to the columns. */
  readonly constraints: readonly string[];
  /** Indexes and the like, which come after. */
  readonly afterwards: readonly Statement[];
}

export interface CompiledColumn {
  readonly name: string;
  readonly definition: string;
  /** ALTER TABLE … ADD COLUMN takes it. Source: sqlite.org/lang_altertable.html#altertabaddcol. */
  readonly native: boolean;
  /** Null for a column without a declared type. */
  readonly type: string | null;
}

/**
 * What a knex builder says of columns to add. knex compiles it as the CREATE TABLE of a table that has no others,
 * because its ALTER TABLE makes of a foreign key a rebuild of its own. A foreign key of one column becomes part of it.
 */
export function compileColumns(
  { table, schema }: Pick<ChangeTable, 'table' | 'schema'>,
  build: ColumnBuild,
  { builder }: RenderPort,
): CompiledColumns {
  const operation = { kind: 'createTable', table, schema, ifNotExists: false } as const;
  const describe = (t: Knex.CreateTableBuilder): void => void build(t);
  const compiled = compileTable({ ...operation, build: describe }, builder, rebuildRefused);
  const [created, ...afterwards] = compiled;
  if (created === undefined) return { columns: [], constraints: [], afterwards };
  const inlined = inlineForeignKeys(parseCreateTable(created.sql));
  return {
    columns: inlined.columns.map((column) => compiledColumn(inlined, column)),
    constraints: inlined.constraints.map(({ span }) => inlined.text.slice(span.start, span.end)),
    afterwards,
  };
}

/** The statement that adds a column by itself. */
export function addColumnStatement({ table, schema }: ChangeTable, { definition }: CompiledColumn): Statement {
  return { sql: `ALTER TABLE ${quoteTable({ schema, name: table })} ADD COLUMN ${definition}`, bindings: [] };
}

function inlineForeignKeys(table: CreateTable): CreateTable {
  const found = table.constraints.find(({ kind, columns }) => kind === 'foreignKey' && columns.length === 1);
  const column = table.columns.find(({ name }) => name === found?.columns[0]);
  if (found?.references == null || column === undefined) return table;
  const name =
    found.nameSpan === null ? '' : `CONSTRAINT ${table.text.slice(found.nameSpan.start, found.nameSpan.end)} `;
  const references = table.text.slice(found.references.start, found.references.end);
  const inlined = edited(without(table, found), (rest) => {
    const target = rest.columns.find((candidate) => candidate.name === column.name) ?? column;
    return withColumnConstraint(rest, target, name + references);
  });
  return inlineForeignKeys(parseCreateTable(inlined));
}

function compiledColumn(table: CreateTable, column: ColumnText): CompiledColumn {
  const textOf = ({ start, end }: { readonly start: number; readonly end: number }): string =>
    table.text.slice(start, end);
  const inTable = table.constraints.some(({ columns }) => columns.includes(column.name));
  return {
    name: column.name,
    definition: textOf(column.span),
    native: !inTable && column.constraints.every((constraint) => canBeAdded(constraint, textOf(constraint.body))),
    type: column.type === null ? null : textOf(column.type),
  };
}

function canBeAdded(constraint: ConstraintText, body: string): boolean {
  switch (constraint.kind) {
    case 'primaryKey':
    case 'unique':
      return false;
    case 'generated':
      return !constraint.stored;
    case 'default':
      // CURRENT_TIME, CURRENT_DATE, CURRENT_TIMESTAMP.
      return constraint.expression === null && !/^DEFAULT\s+CURRENT_/i.test(body);
    default:
      return true;
  }
}

/** True when every constraint of the builder is one of a column. */
export function isPlain({ constraints }: CompiledColumns): boolean {
  return constraints.length === 0;
}
