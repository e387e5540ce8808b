import type { ColumnInfo, IndexInfo, Inspect } from '../../operations/inspect.ts';
import type { TableOptions } from '../../operations/table-options.ts';
import type { Row } from '../connection.ts';
import { textOf, type Ask } from '../operations/render-port.ts';
import { literal } from './literal.ts';
import { quoteTable } from './quote.ts';

/** Answers from information_schema. Without a schema the database of the connection is meant. */
export function inspector(ask: Ask): Inspect {
  const found = async (view: string, conditions: string): Promise<boolean> =>
    (await ask(`SELECT 1 AS found FROM information_schema.${view} WHERE ${conditions} LIMIT 1`)).length > 0;
  const table = (name: string, options: TableOptions | undefined): string =>
    `table_schema = ${schemaOf(options)} AND table_name = ${literal(name)}`;
  return {
    hasTable: (name, options) => found('tables', `${table(name, options)} AND table_type IN (${tableTypes})`),
    hasView: (view, options) => found('tables', `${table(view, options)} AND table_type = 'VIEW'`),
    hasSequence: (name, options) => found('tables', `${table(name, options)} AND table_type = 'SEQUENCE'`),
    hasColumn: (name, column, options) =>
      found('columns', `${table(name, options)} AND column_name = ${literal(column)}`),
    hasIndex: (name, index, options) =>
      found('statistics', `${table(name, options)} AND index_name = ${literal(index)}`),
    hasConstraint: (name, constraint, options) =>
      found('table_constraints', `${table(name, options)} AND constraint_name = ${literal(constraint)}`),
    hasEnum: () => Promise.resolve(false),
    hasTrigger: (name, trigger, options) =>
      found(
        'triggers',
        `event_object_schema = ${schemaOf(options)} AND event_object_table = ${literal(name)} AND trigger_name = ${literal(trigger)}`,
      ),
    hasSchema: (name) => found('schemata', `schema_name = ${literal(name)}`),
    async tables(options) {
      const rows = await ask(
        `SELECT table_name AS name FROM information_schema.tables
         WHERE table_schema = ${schemaOf(options)} AND table_type IN (${tableTypes}) ORDER BY table_name`,
      );
      return rows.map((row) => String(row['name']));
    },
    async columns(name, options) {
      const rows = await ask(
        `SELECT column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS value
         FROM information_schema.columns WHERE ${table(name, options)} ORDER BY ordinal_position`,
      );
      return rows.map(columnInfo);
    },
    async indexes(name, options) {
      const rows = await ask(
        `SELECT index_name AS name, non_unique AS shared, column_name AS part FROM information_schema.statistics
         WHERE ${table(name, options)} ORDER BY index_name, seq_in_index`,
      );
      const indexes = new Map<string, IndexInfo>();
      for (const row of rows) {
        const index = String(row['name']);
        const columns = [...(indexes.get(index)?.columns ?? []), textOf(row['part'])];
        indexes.set(index, { name: index, unique: Number(row['shared']) === 0, columns });
      }
      return [...indexes.values()];
    },
    async rowCount(name, options) {
      const rows = await ask(`SELECT count(*) AS total FROM ${quoteTable({ schema: options?.schema ?? null, name })}`);
      return Number(rows[0]?.['total']);
    },
  };
}

const tableTypes = `'BASE TABLE', 'SYSTEM VERSIONED'`;

function schemaOf(options: TableOptions | undefined): string {
  return options?.schema === undefined ? 'DATABASE()' : literal(options.schema);
}

/** MariaDB writes the default NULL of a column as the word. */
function columnInfo(row: Row): ColumnInfo {
  const value = textOf(row['value']);
  return {
    name: String(row['name']),
    type: String(row['type']),
    nullable: row['nullable'] === 'YES',
    default: value === 'NULL' ? null : value,
  };
}
