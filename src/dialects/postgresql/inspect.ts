import type { ColumnInfo, IndexInfo, Inspect } from '../../operations/inspect.ts';
import type { TableOptions } from '../../operations/table-options.ts';
import type { Row } from '../connection.ts';
import { textOf, type Ask } from '../operations/render-port.ts';
import { literal } from './literal.ts';
import { quoteTable } from './quote.ts';

/** Answers from pg_catalog. Without a schema an object counts when the search_path finds it. */
export function inspector(ask: Ask): Inspect {
  const found = async (sql: string): Promise<boolean> => (await ask(`${sql} LIMIT 1`)).length > 0;
  const relation = (kinds: string, name: string, options: TableOptions | undefined): string =>
    `SELECT 1 AS found FROM pg_catalog.pg_class relation
     JOIN pg_catalog.pg_namespace space ON space.oid = relation.relnamespace
     WHERE relation.relname = ${literal(name)} AND relation.relkind IN (${kinds})
       AND ${inSchema(options, 'pg_catalog.pg_table_is_visible(relation.oid)')}`;
  return {
    hasTable: (table, options) => found(relation(`'r', 'p', 'f'`, table, options)),
    hasView: (view, options) => found(relation(`'v', 'm'`, view, options)),
    hasSequence: (name, options) => found(relation(`'S'`, name, options)),
    hasColumn: (table, column, options) =>
      found(
        `SELECT 1 AS found FROM pg_catalog.pg_attribute
         WHERE attrelid = ${regclass(table, options)} AND attname = ${literal(column)} AND attnum > 0 AND NOT attisdropped`,
      ),
    hasIndex: (table, index, options) =>
      found(
        `SELECT 1 AS found FROM pg_catalog.pg_index entry
         JOIN pg_catalog.pg_class relation ON relation.oid = entry.indexrelid
         WHERE entry.indrelid = ${regclass(table, options)} AND relation.relname = ${literal(index)} AND entry.indisvalid`,
      ),
    hasConstraint: (table, constraint, options) =>
      found(
        `SELECT 1 AS found FROM pg_catalog.pg_constraint
         WHERE conrelid = ${regclass(table, options)} AND conname = ${literal(constraint)}`,
      ),
    hasEnum: (name, options) =>
      found(
        `SELECT 1 AS found FROM pg_catalog.pg_type enum JOIN pg_catalog.pg_namespace space ON space.oid = enum.typnamespace
         WHERE enum.typname = ${literal(name)} AND enum.typtype = 'e'
           AND ${inSchema(options, 'pg_catalog.pg_type_is_visible(enum.oid)')}`,
      ),
    hasTrigger: (table, trigger, options) =>
      found(
        `SELECT 1 AS found FROM pg_catalog.pg_trigger
         WHERE tgrelid = ${regclass(table, options)} AND tgname = ${literal(trigger)} AND NOT tgisinternal`,
      ),
    hasSchema: (name) => found(`SELECT 1 AS found FROM pg_catalog.pg_namespace WHERE nspname = ${literal(name)}`),
    async tables(options) {
      const rows = await ask(
        `SELECT relation.relname AS name FROM pg_catalog.pg_class relation
         JOIN pg_catalog.pg_namespace space ON space.oid = relation.relnamespace
         WHERE relation.relkind IN ('r', 'p', 'f')
           AND ${inSchema(options, 'space.nspname = pg_catalog.current_schema()')}
         ORDER BY relation.relname`,
      );
      return rows.map((row) => String(row['name']));
    },
    async columns(table, options) {
      const rows = await ask(
        `SELECT attribute.attname AS name, pg_catalog.format_type(attribute.atttypid, attribute.atttypmod) AS type,
                NOT attribute.attnotnull AS nullable, pg_catalog.pg_get_expr(value.adbin, value.adrelid) AS default
         FROM pg_catalog.pg_attribute attribute
         LEFT JOIN pg_catalog.pg_attrdef value
           ON value.adrelid = attribute.attrelid AND value.adnum = attribute.attnum AND attribute.attgenerated = ''
         WHERE attribute.attrelid = ${regclass(table, options)} AND attribute.attnum > 0 AND NOT attribute.attisdropped
         ORDER BY attribute.attnum`,
      );
      return rows.map(columnInfo);
    },
    async indexes(table, options) {
      const rows = await ask(
        `SELECT relation.relname AS name, entry.indisunique AS unique,
                pg_catalog.to_json(ARRAY(
                  SELECT attribute.attname FROM pg_catalog.generate_series(0, entry.indnkeyatts - 1) AS part
                  LEFT JOIN pg_catalog.pg_attribute attribute
                    ON attribute.attrelid = entry.indrelid AND attribute.attnum = entry.indkey[part] AND attribute.attnum > 0
                  ORDER BY part))::text AS columns
         FROM pg_catalog.pg_index entry
         JOIN pg_catalog.pg_class relation ON relation.oid = entry.indexrelid
         WHERE entry.indrelid = ${regclass(table, options)} AND entry.indisvalid
         ORDER BY relation.relname`,
      );
      return rows.map(indexInfo);
    },
    async rowCount(table, options) {
      const name = quoteTable({ schema: options?.schema ?? null, name: table });
      return Number((await ask(`SELECT count(*) AS rows FROM ${name}`))[0]?.['rows']);
    },
  };
}

function inSchema(options: TableOptions | undefined, visible: string): string {
  return options?.schema === undefined ? visible : `space.nspname = ${literal(options.schema)}`;
}

function regclass(table: string, options: TableOptions | undefined): string {
  return `pg_catalog.to_regclass(${literal(quoteTable({ schema: options?.schema ?? null, name: table }))})`;
}

function columnInfo(row: Row): ColumnInfo {
  return {
    name: String(row['name']),
    type: String(row['type']),
    nullable: row['nullable'] === true,
    default: textOf(row['default']),
  };
}

function indexInfo(row: Row): IndexInfo {
  return {
    name: String(row['name']),
    unique: row['unique'] === true,
    columns: JSON.parse(String(row['columns'])) as readonly (string | null)[],
  };
}
