import { AludelError } from '../../support/aludel-error.ts';
import type { BackfillRules, KeyText, Read, TableColumn } from '../backfill-rules.ts';
import type { TableName } from '../connection.ts';
import { hexOf } from '../sql/literal-text.ts';
import { literal } from './literal.ts';
import { quoteIdentifier } from './quote.ts';

/** Types whose literals are bare digits: beside a text the server would compare both as floating-point numbers. */
const numbers = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'integer', 'bigint', 'decimal', 'numeric', 'year']);
const texts = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext']);
/** Types of the server that a text becomes when it is compared with one. */
const readAsText = new Set(['date', 'datetime', 'time', 'uuid', 'inet4', 'inet6']);
const bytes = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);

/**
 * Left out are types that are ordered in one way and compared in another (ENUM, SET), not told exactly (FLOAT, DOUBLE),
 * or told differently in another time zone (TIMESTAMP).
 */
export const backfill: BackfillRules = {
  // MySQL manual 10.2.1.22, "Row Constructor Expression Optimization": ranges are made of the form without rows only.
  comparesRows: false,
  async columnsOf(read, table) {
    await refuseEngineWithoutTransactions(read, table);
    const rows = await read(
      `SELECT definition.COLUMN_NAME AS name, LOWER(definition.DATA_TYPE) AS type, definition.IS_NULLABLE AS nullable,
              entry.SEQ_IN_INDEX AS place
       FROM information_schema.COLUMNS definition
       LEFT JOIN information_schema.STATISTICS entry
         ON entry.TABLE_SCHEMA = definition.TABLE_SCHEMA AND entry.TABLE_NAME = definition.TABLE_NAME
         AND entry.COLUMN_NAME = definition.COLUMN_NAME AND entry.INDEX_NAME = 'PRIMARY'
       WHERE ${isTable('definition', table)} ORDER BY definition.ORDINAL_POSITION`,
    );
    return rows.map(({ name, type, nullable, place }) => ({
      name: String(name),
      type: String(type),
      nullable: nullable === 'YES',
      place: place === null ? null : Number(place),
    }));
  },
  keyText,
  async estimate(read, select) {
    const [plan] = await read(`EXPLAIN ${select}`);
    // MariaDB shows no "filtered" here.
    return Math.round((Number(plan?.['rows'] ?? 0) * Number(plan?.['filtered'] ?? 100)) / 100);
  },
};

function keyText({ name, type }: TableColumn): KeyText | null {
  const column = quoteIdentifier(name);
  if (numbers.has(type)) return { reading: `CAST(${column} AS CHAR)`, literal: digits };
  if (texts.has(type)) return { reading: column, literal: textLiteral };
  if (readAsText.has(type)) return { reading: `CAST(${column} AS CHAR)`, literal };
  if (bytes.has(type)) return { reading: `HEX(${column})`, literal: hexadecimal };
  return null;
}

function digits(text: string): string {
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw new Error(`not a number of MySQL's: ${text}`);
  return text;
}

function hexadecimal(text: string): string {
  if (!/^[0-9a-f]*$/i.test(text)) throw new Error(`not hexadecimal: ${text}`);
  return `X'${text}'`;
}

/**
 * A literal with a character set yields to the collation of the column; the value of a function, of which `literal`
 * makes use for backslashes, would not (MySQL manual 12.8.4, "Collation Coercibility in Expressions").
 */
function textLiteral(text: string): string {
  return text.includes('\\') ? `_utf8mb4 X'${hexOf(new TextEncoder().encode(text))}'` : literal(text);
}

function isTable(alias: string, { schema, name }: TableName): string {
  const database = schema === null ? 'DATABASE()' : literal(schema);
  return `${alias}.TABLE_SCHEMA = ${database} AND ${alias}.TABLE_NAME = ${literal(name)}`;
}

async function refuseEngineWithoutTransactions(read: Read, table: TableName): Promise<void> {
  const [row] = await read(
    `SELECT stored.ENGINE AS engine FROM information_schema.TABLES stored
     JOIN information_schema.ENGINES engine ON engine.ENGINE = stored.ENGINE
     WHERE ${isTable('stored', table)} AND COALESCE(engine.TRANSACTIONS, 'NO') <> 'YES'`,
  );
  if (row === undefined) return;
  throw new AludelError(
    'migration.failed',
    `Table ${table.name} is kept by ${String(row['engine'])}, which has no transactions: a batch that is killed could change rows twice.`,
    { hint: `Change it first: ALTER TABLE ${table.name} ENGINE = InnoDB.` },
  );
}
