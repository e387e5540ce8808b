import type { OperationOf } from '../../operations/operation.ts';
import type { RowValue } from '../../operations/sql-value.ts';
import { insertRows } from '../insert-rows.ts';
import type { RenderPort } from '../render-port.ts';
import type { Statement } from '../statement.ts';
import { literal } from './literal.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { textRules } from './text-rules.ts';

type BulkInsert = OperationOf<'bulkInsert'>;

/** INSERT statements; with `identityInsert` also those that let sequences go on behind the values inserted. */
export async function bulkInsert(insert: BulkInsert, { ask }: RenderPort): Promise<readonly Statement[]> {
  const inserted = await withJsonLists(insert, ask);
  if (!insert.identityInsert) return insertRows(inserted, textRules);
  return [
    ...insertRows(inserted, textRules, { overriding: 'OVERRIDING SYSTEM VALUE' }),
    ...(await advanceSequences(insert, ask)),
  ];
}

/** The driver makes an array of a list, which a JSON column refuses: there it is written as JSON. */
async function withJsonLists(insert: BulkInsert, ask: RenderPort['ask']): Promise<BulkInsert> {
  if (!insert.rows.some((row) => Object.values(row).some(Array.isArray))) return insert;
  const columns = await ask(
    `SELECT attname::text AS name FROM pg_catalog.pg_attribute
     WHERE attrelid = pg_catalog.to_regclass(${literal(quoteTable({ schema: insert.schema, name: insert.table }))})
       AND atttypid IN ('pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.jsonb'::pg_catalog.regtype)`,
  );
  const isJson = new Set(columns.map(({ name }) => name));
  const written = (column: string, value: RowValue | undefined): RowValue | undefined =>
    Array.isArray(value) && isJson.has(column) ? JSON.stringify(value) : value;
  const rows = insert.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, written(column, value)])),
  );
  return { ...insert, rows };
}

/** A sequence never goes back: others may have taken values from it. One that counts down is left alone. */
async function advanceSequences(insert: BulkInsert, ask: RenderPort['ask']): Promise<readonly Statement[]> {
  const table = quoteTable({ schema: insert.schema, name: insert.table });
  const sequences = await ask(
    `SELECT attribute.attname::text AS name,
            pg_catalog.pg_get_serial_sequence(${literal(table)}, attribute.attname::text) AS sequence
     FROM pg_catalog.pg_attribute attribute
     WHERE attribute.attrelid = pg_catalog.to_regclass(${literal(table)})
       AND attribute.attnum > 0 AND NOT attribute.attisdropped
       AND pg_catalog.pg_get_serial_sequence(${literal(table)}, attribute.attname::text) IS NOT NULL
     ORDER BY attribute.attnum`,
  );
  const named = new Set(insert.rows.flatMap(Object.keys));
  return sequences
    .filter(({ name }) => named.has(String(name)))
    .map(({ name, sequence }) => ({
      sql:
        `SELECT pg_catalog.setval(${literal(String(sequence))}, inserted.last) FROM ` +
        `(SELECT max(${quoteIdentifier(String(name))}) AS last FROM ${table}) inserted, ${String(sequence)} counter ` +
        `WHERE inserted.last >= counter.last_value`,
      bindings: [],
    }));
}
