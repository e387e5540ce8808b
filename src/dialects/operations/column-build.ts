import type { Knex } from 'knex';
import type { SchemaBuilder } from '../../operations/schema-builder.ts';
import type { ColumnBuild, TableChange } from '../../operations/table-change.ts';
import { AludelError } from '../../support/aludel-error.ts';

/** Internals of knex's table builder that hold what a build function asked for. knex's types leave them out. */
interface BuilderInternals {
  _statements: readonly BuilderStatement[];
  readonly client: KnexInternals;
}

type BuilderStatement =
  | { readonly grouping: 'columns'; readonly builder: { readonly _args: readonly unknown[] } }
  | { readonly grouping: 'alterTable'; readonly method: string; readonly args: readonly unknown[] };

interface KnexInternals {
  tableBuilder(method: string, table: string, like: null, build: (table: unknown) => void): object;
  tableCompiler(table: object): object;
  columnCompiler(table: object, column: object): { getColumnType(): string };
}

/** Names of the columns a build function describes, in its order. */
export function columnNames(build: ColumnBuild, builder: SchemaBuilder): readonly string[] {
  return columnBuilders(build, builder).map(({ _args }) => String(_args[0]));
}

/** The SQL type of the one column a build function describes; everything else it says is left aside. */
export function columnType(build: ColumnBuild, builder: SchemaBuilder): string {
  const columns = columnBuilders(build, builder);
  const [column] = columns;
  if (column === undefined || columns.length > 1) {
    throw new AludelError('migration.failed', `The type was described with ${columns.length} columns.`, {
      hint: `Describe one: { type: (t) => t.string('name', 20) }.`,
    });
  }
  const client = clientOf(builder);
  const table = client.tableBuilder('create', 'type', null, () => undefined);
  const type = client.columnCompiler(client.tableCompiler(table), column).getColumnType();
  if (!/ check \(/i.test(type)) return type;
  throw new AludelError('migration.failed', 'knex makes a check constraint of this type.', {
    hint: "Give the type as text, { type: 'text' }, and add the check with op.addConstraint.",
  });
}

/** The build function of a change that adds columns; with `ifNotExists` without those that are there. */
export async function missingColumns(
  { build, ifNotExists }: Extract<TableChange, { kind: 'addColumn' }>,
  builder: SchemaBuilder,
  isThere: (column: string) => Promise<boolean>,
): Promise<ColumnBuild> {
  const present = new Set<string>();
  if (ifNotExists) {
    for (const column of columnNames(build, builder)) if (await isThere(column)) present.add(column);
  }
  return withoutColumns(build, present);
}

/** The build function without the columns it shall leave out, and without what it says of them alone. */
function withoutColumns(build: ColumnBuild, left: ReadonlySet<string>): ColumnBuild {
  return (table) => {
    build(table);
    const internals = table as unknown as BuilderInternals;
    internals._statements = internals._statements.filter((statement) => {
      if (statement.grouping === 'columns') return !left.has(String(statement.builder._args[0]));
      const columns = columnsNamedBy(statement.args[0]);
      return columns.length === 0 || columns.some((column) => !left.has(column));
    });
  };
}

function columnBuilders(build: ColumnBuild, builder: SchemaBuilder): readonly { readonly _args: readonly unknown[] }[] {
  const table = clientOf(builder).tableBuilder('create', 'columns', null, () => undefined);
  build(table as Knex.AlterTableBuilder);
  return (table as BuilderInternals)._statements.flatMap((statement) =>
    statement.grouping === 'columns' ? [statement.builder] : [],
  );
}

function clientOf(builder: SchemaBuilder): KnexInternals {
  return (builder.knex as unknown as { readonly client: KnexInternals }).client;
}

/** `index('a')`, `unique(['a', 'b'])` and `foreign({ column })`. */
function columnsNamedBy(argument: unknown): readonly string[] {
  if (typeof argument === 'string') return [argument];
  if (Array.isArray(argument)) return argument.map(String);
  const { column } = (argument ?? {}) as { readonly column?: unknown };
  return column === undefined ? [] : columnsNamedBy(column);
}
