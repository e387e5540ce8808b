import type { Operation } from '../operations/operation.ts';
import { assertNever } from '../support/assert-never.ts';
import type { TableName } from './connection.ts';
import type { Statement } from './statement.ts';

/** How a dialect writes names and placeholders. */
export interface TextRules {
  readonly quoteIdentifier: (name: string) => string;
  readonly quoteTable: (table: TableName) => string;
  /** The placeholder of the n-th binding, from 1. */
  readonly placeholder: (position: number) => string;
  /** Most bindings one statement may have. */
  readonly maxBindings: number;
}

type BuiltByKnex = 'createTable' | 'alterTable';

/** The statements of every operation that is plain text, the same on all dialects but for quoting. */
export function renderOperation(
  operation: Exclude<Operation, { kind: BuiltByKnex }>,
  rules: TextRules,
): readonly Statement[] {
  const { quoteIdentifier: quote, quoteTable } = rules;
  switch (operation.kind) {
    case 'dropColumn': {
      const table = quoteTable({ schema: operation.schema, name: operation.table });
      return [text(`ALTER TABLE ${table} DROP COLUMN ${quote(operation.column)}`)];
    }
    case 'dropTable': {
      const table = quoteTable({ schema: operation.schema, name: operation.table });
      return [text(`DROP TABLE ${operation.ifExists ? 'IF EXISTS ' : ''}${table}`)];
    }
    case 'renameTable':
      return [
        text(
          `ALTER TABLE ${quoteTable({ schema: operation.schema, name: operation.from })} RENAME TO ${quote(operation.to)}`,
        ),
      ];
    case 'createIndex':
      return [text(createIndex(operation, rules))];
    case 'dropIndex': {
      const index = quoteTable({ schema: operation.schema, name: operation.name });
      return [text(`DROP INDEX ${operation.ifExists ? 'IF EXISTS ' : ''}${index}`)];
    }
    case 'bulkInsert':
      return insertStatements(operation, rules);
    default:
      return assertNever(operation);
  }
}

type CreateIndex = Extract<Operation, { kind: 'createIndex' }>;
type BulkInsert = Extract<Operation, { kind: 'bulkInsert' }>;

function createIndex(operation: CreateIndex, { quoteIdentifier: quote, quoteTable }: TextRules): string {
  const suffix = operation.unique ? 'unique' : 'index';
  const name = operation.name ?? `${operation.table}_${operation.columns.join('_')}_${suffix}`;
  const kind = operation.unique ? 'UNIQUE INDEX' : 'INDEX';
  const guard = operation.ifNotExists ? 'IF NOT EXISTS ' : '';
  const table = quoteTable({ schema: operation.schema, name: operation.table });
  const where = operation.where === null ? '' : ` WHERE ${operation.where}`;
  return `CREATE ${kind} ${guard}${quote(name)} ON ${table} (${operation.columns.map(quote).join(', ')})${where}`;
}

/**
 * One INSERT for each run of rows that name the same columns, cut where a statement would have too many bindings. A
 * column that a row leaves out is left out of its INSERT, so that it gets its default and not NULL.
 */
function insertStatements(operation: BulkInsert, rules: TextRules): readonly Statement[] {
  const table = rules.quoteTable({ schema: operation.schema, name: operation.table });
  const statements: Statement[] = [];
  let columns: readonly string[] = [];
  let rows: unknown[][] = [];
  const flush = (): void => {
    if (rows.length > 0) statements.push(insert(table, columns, rows, rules));
    rows = [];
  };
  for (const row of operation.rows) {
    const named = Object.keys(row).filter((column) => row[column] !== undefined);
    const sameColumns = named.length === columns.length && named.every((column, i) => column === columns[i]);
    if (!sameColumns || (rows.length + 1) * Math.max(1, columns.length) > rules.maxBindings) flush();
    columns = named;
    rows.push(named.map((column) => row[column]));
  }
  flush();
  return statements;
}

function insert(table: string, columns: readonly string[], rows: readonly unknown[][], rules: TextRules): Statement {
  let position = 0;
  const tuples = rows.map((row) => `(${row.map(() => rules.placeholder(++position)).join(', ')})`);
  const names = columns.map(rules.quoteIdentifier).join(', ');
  return { sql: `INSERT INTO ${table} (${names}) VALUES ${tuples.join(', ')}`, bindings: rows.flat() };
}

function text(sql: string): Statement {
  return { sql, bindings: [] };
}
