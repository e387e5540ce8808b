import type { OperationOf } from '../../../operations/operation.ts';
import type { RowValue } from '../../../operations/sql-value.ts';
import { insertRows } from '../../operations/insert-rows.ts';
import { statement } from '../../operations/render-parts.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

type BulkInsert = OperationOf<'bulkInsert'>;

/** INSERT statements; with `identityInsert` also those that let sequences go on behind the values inserted. */
export async function bulkInsert(insert: BulkInsert, { ask }: RenderPort): Promise<readonly Statement[]> {
  const inserted = await withJsonLists(insert, ask);
  if (!insert.identityInsert) return insertRows(inserted, textRules);
  return [...insertRows(inserted, textRules, { overriding: 'OVERRIDING SYSTEM VALUE' }), ...advanceSequences(insert)];
}

/** The driver makes an array of a list, which a JSON column refuses: there it is written as JSON. */
async function withJsonLists(insert: BulkInsert, ask: RenderPort['ask']): Promise<BulkInsert> {
  if (!insert.rows.some((row) => Object.values(row).some(Array.isArray))) return insert;
  const columns = await ask(
    `SELECT attname::text AS name FROM pg_catalog.pg_attribute
     WHERE attrelid = pg_catalog.to_regclass(${literal(quoteTable({ schema: insert.schema, name: insert.table }))})
       AND atttypid IN ('pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.jsonb'::pg_catalog.regtype)`,
    [],
    {
      instead: "Write a list for a JSON column as JSON.stringify(list), and one for an array column as text: '{1,2}'.",
    },
  );
  const isJson = new Set(columns.map(({ name }) => name));
  const written = (column: string, value: RowValue | undefined): RowValue | undefined =>
    Array.isArray(value) && isJson.has(column) ? JSON.stringify(value) : value;
  const rows = insert.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, written(column, value)])),
  );
  return { ...insert, rows };
}

/**
 * A sequence never goes back: others may have taken values from it. One that counts down is left alone. Whether a column
 * has one the statement finds out by itself: its values are looked at only then, as text, for they may be anything.
 */
function advanceSequences(insert: BulkInsert): readonly Statement[] {
  const table = quoteTable({ schema: insert.schema, name: insert.table });
  const named = [...new Set(insert.rows.flatMap(Object.keys))];
  const numbered = named.filter((column) => insert.rows.every((row) => isWhole(row[column])));
  return numbered.map((column) => {
    const name = quoteIdentifier(column);
    return statement(
      'SELECT pg_catalog.setval(counter.seqrelid, inserted.last) FROM pg_catalog.pg_sequence counter, LATERAL',
      `(SELECT CASE WHEN counter.seqrelid IS NOT NULL THEN (SELECT ${name}::text::bigint FROM ${table}`,
      `WHERE ${name} IS NOT NULL ORDER BY ${name} DESC LIMIT 1) END AS last) inserted`,
      `WHERE counter.seqrelid = pg_catalog.pg_get_serial_sequence(${literal(table)}, ${literal(column)})::pg_catalog.regclass`,
      'AND inserted.last >= coalesce(pg_catalog.pg_sequence_last_value(counter.seqrelid), counter.seqstart)',
    );
  });
}

function isWhole(value: RowValue | undefined): boolean {
  return value === undefined || typeof value === 'bigint' || Number.isInteger(value);
}
