import type { BackfillRules } from '../backfill-rules.ts';
import { literal } from './literal.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';

/** Every type is read and written as text; a literal takes the type of the column that it is compared with. */
export const backfill: BackfillRules = {
  comparesRows: true,
  async columnsOf(read, table) {
    const rows = await read(
      `SELECT attribute.attname AS name, CASE WHEN attribute.attnotnull THEN 0 ELSE 1 END AS nullable,
              pg_catalog.array_position(entry.indkey::pg_catalog.int2[], attribute.attnum) AS place
       FROM pg_catalog.pg_attribute attribute
       LEFT JOIN pg_catalog.pg_index entry ON entry.indrelid = attribute.attrelid AND entry.indisprimary
       WHERE attribute.attrelid = pg_catalog.to_regclass(${literal(quoteTable(table))})
         AND attribute.attnum > 0 AND NOT attribute.attisdropped
       ORDER BY attribute.attnum`,
    );
    return rows.map(({ name, nullable, place }) => ({
      name: String(name),
      type: '',
      nullable: Number(nullable) === 1,
      place: place === null ? null : Number(place),
    }));
  },
  keyText: ({ name }) => ({ reading: `CAST(${quoteIdentifier(name)} AS text)`, literal }),
  async estimate(read, select) {
    const [row] = await read(`EXPLAIN (FORMAT JSON) ${select}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- PostgreSQL manual 14.1.1, "EXPLAIN Basics"
    const plans = row?.['QUERY PLAN'] as readonly { readonly Plan?: { readonly 'Plan Rows'?: number } }[] | undefined;
    return plans?.[0]?.Plan?.['Plan Rows'] ?? null;
  },
};
