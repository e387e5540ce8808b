import type { ChangeTable, ColumnChanges, TableChange } from '../../operations/table-change.ts';
import { columnType } from '../column-build.ts';
import { namesIn, type Clauses } from '../change-clauses.ts';
import { cannot, statement, valueText } from '../render-parts.ts';
import type { Ask, RenderPort } from '../render-port.ts';
import type { Statement } from '../statement.ts';
import { inspector } from './inspect.ts';
import { literal } from './literal.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { textRules } from './text-rules.ts';

type AlterColumn = Extract<TableChange, { kind: 'alterColumn' }>;

/** The clauses of ALTER TABLE, and the comment, that make a column as asked. */
export async function alterColumn(
  change: AlterColumn,
  operation: ChangeTable,
  port: RenderPort,
  clauses: Clauses,
): Promise<void> {
  const { to } = change;
  const column = quoteIdentifier(change.column);
  const alter: string[] = [];
  const typed = await typeClause(change, operation, port);
  // The present default may have no meaning in the new type, so it goes first; the server sets the new one last.
  if (typed !== null && to.default !== undefined && to.default !== null) alter.push('DROP DEFAULT');
  if (to.default === null) alter.push('DROP DEFAULT');
  if (typed !== null) alter.push(typed);
  if (to.nullable !== undefined) alter.push(to.nullable ? 'DROP NOT NULL' : 'SET NOT NULL');
  if (to.default !== undefined && to.default !== null) alter.push(`SET DEFAULT ${valueText(to.default, textRules)}`);
  if (to.generated === null) alter.push('DROP EXPRESSION');
  if (to.generated != null) {
    throw cannot('PostgreSQL cannot make an ordinary column a generated one.', 'Drop the column and add it anew.');
  }
  const identity = identityOf(to);
  const added = identity === undefined ? false : await alterIdentity(change, identity, operation, port.ask, alter);
  if (alter.length > 0) clauses.add(namesIn(change), ...alter.map((clause) => `ALTER COLUMN ${column} ${clause}`));
  const table = quoteTable({ schema: operation.schema, name: operation.table });
  if (added) clauses.afterwards(continueNumbers(table, change.column));
  if (to.comment !== undefined) {
    clauses.afterwards(statement('COMMENT ON COLUMN', `${table}.${column}`, 'IS', literal(to.comment)));
  }
}

async function typeClause(change: AlterColumn, operation: ChangeTable, port: RenderPort): Promise<string | null> {
  const { type, using, collation } = change.to;
  if (type === undefined && using === undefined && collation === undefined) return null;
  const wanted = typeof type === 'function' ? columnType(type, port.builder) : type;
  return statement(
    'TYPE',
    wanted ?? (await presentType(change.column, operation, port.ask)),
    collation !== undefined && `COLLATE ${quoteIdentifier(collation)}`,
    using !== undefined && `USING ${using}`,
  ).sql;
}

async function presentType(column: string, { table, schema }: ChangeTable, ask: Ask): Promise<string> {
  const columns = await inspector(ask).columns(table, schema === null ? {} : { schema });
  const found = columns.find(({ name }) => name === column);
  if (found === undefined) throw cannot(`The table "${table}" has no column "${column}".`, 'Name one that it has.');
  return found.type;
}

/** PostgreSQL's way of numbering is the identity column. Undefined when nothing is asked. */
function identityOf({ identity, autoincrement }: ColumnChanges): 'always' | 'by default' | null | undefined {
  if (identity !== undefined || autoincrement === undefined) return identity;
  return autoincrement ? 'by default' : null;
}

/** True when the column becomes an identity that it was not. */
async function alterIdentity(
  { column }: AlterColumn,
  identity: 'always' | 'by default' | null,
  { table, schema }: ChangeTable,
  ask: Ask,
  alter: string[],
): Promise<boolean> {
  if (identity === null) {
    alter.push('DROP IDENTITY IF EXISTS');
    return false;
  }
  const kind = identity === 'always' ? 'ALWAYS' : 'BY DEFAULT';
  const rows = await ask(
    `SELECT attidentity AS identity FROM pg_catalog.pg_attribute
     WHERE attrelid = pg_catalog.to_regclass(${literal(quoteTable({ schema, name: table }))}) AND attname = ${literal(column)}`,
  );
  const isOne = (rows[0]?.['identity'] ?? '') !== '';
  alter.push(isOne ? `SET GENERATED ${kind}` : `ADD GENERATED ${kind} AS IDENTITY`);
  return !isOne;
}

/** A new identity would begin at 1, among the numbers that are there. */
function continueNumbers(table: string, column: string): Statement {
  const name = quoteIdentifier(column);
  return statement(
    `SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(${literal(table)}, ${literal(column)}),`,
    `greatest(max(${name}), 1), count(*) > 0) FROM ${table}`,
  );
}
