import { isRawSql, type ValueOrSql } from '../../../operations/sql-value.ts';
import { renamedIn, splice } from './edit-create-table.ts';
import { literal } from '../literal.ts';
import { parseCreateTable, sameName } from './parse-create-table.ts';
import { quoteIdentifier } from '../quote.ts';

/**
 * The definition of a new column under the name it has in the text, with the names that other columns have there in its
 * CHECK and AS.
 */
export function definitionAs(definition: string, name: string, names: ReadonlyMap<string, string>): string {
  const opening = 'CREATE TABLE t (';
  const { text, columns } = parseCreateTable(`${opening}${definition})`);
  const [column] = columns;
  if (column === undefined || names.size === 0) return definition;
  const expressions = column.constraints.flatMap(({ kind, expression }) =>
    expression !== null && kind !== 'default' ? [expression] : [],
  );
  const renamed = expressions
    .toReversed()
    .reduce((left, span) => splice(left, span, renamedIn(text.slice(span.start, span.end), names)), text);
  const own = sameName(column.name, name) ? renamed : splice(renamed, column.nameSpan, quoteIdentifier(name));
  return own.slice(opening.length, -1);
}

/** A constraint that came with new columns, the same way. */
export function constraintAs(sql: string, names: ReadonlyMap<string, string>): string {
  const references = /\breferences\b/i.exec(sql)?.index ?? sql.length;
  return renamedIn(sql.slice(0, references), names) + sql.slice(references);
}

/** What stands behind DEFAULT: an expression in parentheses, except the times that SQLite has words for. */
export function defaultSql(value: ValueOrSql): string {
  if (!isRawSql(value)) return literal(value);
  return /^\s*CURRENT_(?:TIME|DATE|TIMESTAMP)\s*$/i.test(value.sql) ? value.sql : `(${value.sql})`;
}

export function generatedSql(expression: string, { stored = false }: { readonly stored?: boolean }): string {
  return `GENERATED ALWAYS AS (${expression})${stored ? ' STORED' : ''}`;
}
