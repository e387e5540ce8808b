import type { BackfillRules } from '../backfill-rules.ts';
import { literal } from './literal.ts';
import { quoteIdentifier } from './quote.ts';

/** Values are read as the literals SQLite writes itself (sqlite.org/lang_corefunc.html, "quote"): each keeps its storage class. */
export const backfill: BackfillRules = {
  comparesRows: true,
  async columnsOf(read, { name, schema }) {
    const place = [name, ...(schema === null ? [] : [schema])].map(literal).join(', ');
    const rows = await read(`SELECT name, "notnull" AS not_null, pk FROM pragma_table_info(${place})`);
    return rows.map((row) => ({
      name: String(row['name']),
      type: '',
      // A primary key may hold NULLs unless it is the rowid (sqlite.org/lang_createtable.html), which is soon found out.
      nullable: Number(row['not_null']) === 0,
      place: Number(row['pk']) === 0 ? null : Number(row['pk']),
    }));
  },
  keyText: ({ name }) => ({ reading: `quote(${quoteIdentifier(name)})`, literal: ownLiteral }),
  async estimate(read, select) {
    const [row] = await read(`SELECT count(*) AS n FROM (${select})`);
    return Number(row?.['n']);
  },
};

const literalOfQuote = /^(?:'(?:[^']|'')*'|X'[0-9A-F]*'|-?[0-9][0-9.e+-]*)$/i;

function ownLiteral(text: string): string {
  if (!literalOfQuote.test(text)) throw new Error(`not a literal of SQLite's: ${text}`);
  return text;
}
