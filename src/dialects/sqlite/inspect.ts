import type { ColumnInfo, Inspect } from '../../operations/inspect.ts';
import type { TableOptions } from '../../operations/table-options.ts';
import { textOf, type Ask } from '../operations/render-port.ts';
import { wordsOf } from '../sql/statement-words.ts';
import { sqliteRules } from './lexical-rules.ts';
import { literal } from './literal.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';

/** Answers from sqlite_schema and the table-valued pragmas. Names are compared without regard to case, as SQLite does. */
export function inspector(ask: Ask): Inspect {
  const found = async (type: string, name: string, options?: TableOptions, more = ''): Promise<boolean> =>
    (
      await ask(
        `SELECT 1 AS found FROM ${schemaTable(options)} WHERE type = '${type}' AND name = ${literal(name)} COLLATE NOCASE${more}`,
      )
    ).length > 0;
  const ofTable = (table: string): string => ` AND tbl_name = ${literal(table)} COLLATE NOCASE`;
  const columns = async (table: string, options?: TableOptions): Promise<readonly ColumnInfo[]> => {
    // Hidden columns are those of virtual tables; 2 and 3 are generated ones.
    const rows = await ask(
      `SELECT name, type, "notnull" AS required, pk, dflt_value AS value
       FROM pragma_table_xinfo(${literal(table)}${options?.schema === undefined ? '' : `, ${literal(options.schema)}`})
       WHERE hidden <> 1 ORDER BY cid`,
    );
    return rows.map((row) => ({
      name: String(row['name']),
      type: String(row['type']),
      nullable: row['required'] === 0,
      default: textOf(row['value']),
    }));
  };
  return {
    hasTable: (table, options) => found('table', table, options),
    hasView: (view, options) => found('view', view, options),
    hasIndex: (table, index, options) => found('index', index, options, ofTable(table)),
    hasTrigger: (table, trigger, options) => found('trigger', trigger, options, ofTable(table)),
    async hasColumn(table, column, options) {
      return (await columns(table, options)).some(({ name }) => name.toLowerCase() === column.toLowerCase());
    },
    async hasConstraint(table, constraint, options) {
      const rows = await ask(
        `SELECT sql FROM ${schemaTable(options)} WHERE type = 'table' AND name = ${literal(table)} COLLATE NOCASE`,
      );
      return constraintNames(textOf(rows[0]?.['sql']) ?? '').includes(constraint.toLowerCase());
    },
    hasEnum: () => Promise.resolve(false),
    hasSequence: () => Promise.resolve(false),
    async hasSchema(name) {
      const rows = await ask('SELECT name FROM pragma_database_list');
      return rows.some((row) => String(row['name']).toLowerCase() === name.toLowerCase());
    },
    async tables(options) {
      const rows = await ask(
        `SELECT name FROM ${schemaTable(options)} WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      );
      return rows.map((row) => String(row['name']));
    },
    columns,
    async indexes(table, options) {
      const schema = options?.schema === undefined ? '' : `, ${literal(options.schema)}`;
      const rows = await ask(
        `SELECT entry.name AS name, entry."unique" AS is_unique, part.name AS part
         FROM pragma_index_list(${literal(table)}${schema}) entry
         JOIN pragma_index_info(entry.name${schema}) part ORDER BY entry.name, part.seqno`,
      );
      const names = [...new Set(rows.map((row) => String(row['name'])))];
      return names.map((name) => {
        const parts = rows.filter((row) => row['name'] === name);
        return {
          name,
          unique: parts[0]?.['is_unique'] === 1,
          columns: parts.map((row) => textOf(row['part'])),
        };
      });
    },
    async rowCount(table, options) {
      const rows = await ask(
        `SELECT count(*) AS total FROM ${quoteTable({ schema: options?.schema ?? null, name: table })}`,
      );
      return Number(rows[0]?.['total']);
    },
  };
}

function schemaTable(options: TableOptions | undefined): string {
  return options?.schema === undefined ? 'sqlite_schema' : `${quoteIdentifier(options.schema)}.sqlite_schema`;
}

/** What stands behind each CONSTRAINT in the text of a table, in small letters: SQLite keeps the names nowhere else. */
function constraintNames(sql: string): readonly string[] {
  const words = wordsOf(sql, sqliteRules, Number.POSITIVE_INFINITY);
  return words.flatMap(({ keyword, quoted }, at) =>
    keyword === 'CONSTRAINT' && !quoted ? [words[at + 1]?.identifier?.toLowerCase() ?? ''] : [],
  );
}
