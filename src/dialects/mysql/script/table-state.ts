import { wordsOf } from '../../sql/statement-words.ts';
import { objectsOf, type NamedObject } from '../catalogue.ts';
import { mysqlRules } from '../lexical-rules.ts';
import { literal } from '../literal.ts';

/**
 * SQL for a text that changes with the tables that this ALTER TABLE or RENAME TABLE changes, and with nothing else; null for any other
 * statement. Either takes effect as a whole, so the same text before and now says that it did not.
 */
export function stateOf(sql: string): string | null {
  const words = wordsOf(sql, mysqlRules(), 4096);
  if (words[0]?.keyword !== 'ALTER' && words[0]?.keyword !== 'RENAME') return null;
  const objects = objectsOf(words);
  if (objects === null || objects.some(({ kind }) => kind !== 'TABLE')) return null;
  return `CONCAT_WS(' ', ${objects.flatMap((object) => views.map((view) => digestOf(view, object))).join(', ')})`;
}

interface View {
  readonly name: string;
  /** Those of its columns that both servers have, and that no row of the table changes. */
  readonly columns: readonly string[];
}

const views: readonly View[] = [
  { name: 'TABLES', columns: ['ENGINE', 'ROW_FORMAT', 'TABLE_COLLATION', 'CREATE_OPTIONS', 'TABLE_COMMENT'] },
  {
    name: 'COLUMNS',
    columns: [
      'ORDINAL_POSITION',
      'COLUMN_NAME',
      'COLUMN_TYPE',
      'IS_NULLABLE',
      'COLUMN_DEFAULT',
      'COLLATION_NAME',
      'EXTRA',
      'GENERATION_EXPRESSION',
      'COLUMN_COMMENT',
    ],
  },
  {
    name: 'STATISTICS',
    columns: ['INDEX_NAME', 'SEQ_IN_INDEX', 'COLUMN_NAME', 'NON_UNIQUE', 'SUB_PART', 'COLLATION', 'INDEX_TYPE'],
  },
  { name: 'TABLE_CONSTRAINTS', columns: ['CONSTRAINT_NAME', 'CONSTRAINT_TYPE'] },
  {
    name: 'PARTITIONS',
    columns: [
      'PARTITION_NAME',
      'SUBPARTITION_NAME',
      'PARTITION_METHOD',
      'PARTITION_EXPRESSION',
      'PARTITION_DESCRIPTION',
    ],
  },
];

/** A sum and not a list, which group_concat_max_len would cut. */
function digestOf({ name, columns }: View, { schema, name: table }: NamedObject): string {
  const row = columns.map((column) => `QUOTE(${column})`).join(', ');
  const number = `CAST(CONV(LEFT(MD5(CONCAT_WS(',', ${row})), 15), 16, 10) AS UNSIGNED)`;
  return (
    `(SELECT CONCAT(COUNT(*), ':', COALESCE(SUM(${number}), 0)) ` +
    `FROM information_schema.${name} WHERE TABLE_SCHEMA = ${schema === null ? 'DATABASE()' : literal(schema)} ` +
    `AND TABLE_NAME = ${literal(table)})`
  );
}
