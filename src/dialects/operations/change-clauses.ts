import type { SchemaBuilder } from '../../operations/schema-builder.ts';
import type { ColumnBuild, TableChange } from '../../operations/table-change.ts';
import { assertNever } from '../../support/assert-never.ts';
import { columnNames } from './column-build.ts';
import { compileTable, needsAnswer } from './compile-table.ts';
import { statement } from './render-parts.ts';
import type { Statement } from '../statement.ts';

/** The statements of a changeTable, growing: clauses that can share one ALTER TABLE are gathered into it. */
export interface Clauses {
  /**
   * Adds a clause of ALTER TABLE that is about `names`. When a clause that is gathered already is about one of them, that
   * one comes first in a statement of its own: inside one ALTER TABLE the server keeps an order of its own.
   */
  add(names: readonly string[], ...clauses: readonly string[]): void;
  /** Adds a statement that comes after all clauses so far. */
  follow(...statements: readonly Statement[]): void;
  /** Adds a statement that comes after the ALTER TABLE that is being gathered, whatever else goes into that one. */
  afterwards(...statements: readonly Statement[]): void;
  finished(): readonly Statement[];
}

/** `table` is quoted. */
export function gatherClauses(table: string): Clauses {
  const statements: Statement[] = [];
  let gathered: string[] = [];
  let after: Statement[] = [];
  let touched = new Set<string>();
  const flush = (): void => {
    if (gathered.length > 0) statements.push(statement('ALTER TABLE', table, gathered.join(', ')));
    statements.push(...after);
    gathered = [];
    after = [];
    touched = new Set();
  };
  return {
    add(names, ...clauses) {
      if (names.some((name) => touched.has(name))) flush();
      for (const name of names) touched.add(name);
      gathered.push(...clauses);
    },
    follow(...more) {
      flush();
      statements.push(...more);
    },
    afterwards: (...more) => void after.push(...more),
    finished() {
      flush();
      return statements;
    },
  };
}

/** The columns that knex's builder describes, as clauses; its indexes and comments as statements that come after. */
export function addColumns(
  build: ColumnBuild,
  target: { readonly table: string; readonly schema: string | null; readonly quoted: string },
  builder: SchemaBuilder,
  clauses: Clauses,
): void {
  const { table, schema, quoted } = target;
  const prefix = `alter table ${quoted} `;
  const compiled = compileTable(
    { kind: 'alterTable', table, schema, build: (t) => void build(t) },
    builder,
    needsAnswer,
  );
  const own = compiled.filter(({ sql }) => sql.startsWith(prefix));
  const rest = compiled.filter(({ sql }) => !sql.startsWith(prefix));
  if (own.length > 0) clauses.add(columnNames(build, builder), ...own.map(({ sql }) => sql.slice(prefix.length)));
  clauses.afterwards(...rest);
}

/** Columns and constraints a change is about, for {@link Clauses.add}. */
export function namesIn(change: Exclude<TableChange, { kind: 'addColumn' }>): readonly string[] {
  switch (change.kind) {
    case 'dropColumn':
    case 'alterColumn':
      return [change.column];
    case 'renameColumn':
    case 'renameConstraint':
      return [change.from, change.to];
    case 'addConstraint':
      return change.constraint.name === null ? [] : [change.constraint.name];
    case 'dropConstraint':
      return [change.name];
    default:
      return assertNever(change);
  }
}
