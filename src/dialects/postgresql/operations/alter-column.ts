import type { ChangeTable, ColumnChanges, TableChange } from '../../../operations/table-change.ts';
import { columnType } from '../../operations/column-build.ts';
import { namesIn, type Clauses } from '../../operations/change-clauses.ts';
import { cannot, statement, valueText } from '../../operations/render-parts.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { blockStatement, completedStatement } from './do-block.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

type AlterColumn = Extract<TableChange, { kind: 'alterColumn' }>;

/** The clauses of ALTER TABLE, and the comment, that make a column as asked. */
export function alterColumn(
  change: AlterColumn,
  { table: name, schema }: ChangeTable,
  port: RenderPort,
  clauses: Clauses,
): void {
  const { to } = change;
  if (to.generated != null) {
    throw cannot('PostgreSQL cannot make an ordinary column a generated one.', 'Drop the column and add it anew.');
  }
  const table = quoteTable({ schema, name });
  const column = quoteIdentifier(change.column);
  const identity = identityOf(to);
  const before: string[] = [];
  const after: string[] = [];
  const type = typeOf(to, port);
  // The present default may have no meaning in the new type, so it goes first; the server sets the new one last.
  if (to.default === null || (type !== null && to.default !== undefined)) before.push('DROP DEFAULT');
  if (to.nullable !== undefined) after.push(to.nullable ? 'DROP NOT NULL' : 'SET NOT NULL');
  if (to.default !== undefined && to.default !== null) after.push(`SET DEFAULT ${valueText(to.default, textRules)}`);
  if (to.generated === null) after.push('DROP EXPRESSION');
  if (identity === null) after.push('DROP IDENTITY IF EXISTS');
  const onColumn = (clause: string): string => `ALTER COLUMN ${column} ${clause}`;
  if (type === 'present') {
    const all = [...before, `TYPE ${typeMark}${typeOptions(to)}`, ...after].map(onColumn).join(', ');
    clauses.follow(withPresentType(`ALTER TABLE ${table} ${all}`, table, change.column));
  } else {
    const all = [...before, ...(type === null ? [] : [`TYPE ${type}${typeOptions(to)}`]), ...after];
    if (all.length > 0) clauses.add(namesIn(change), ...all.map(onColumn));
  }
  if (identity != null) clauses.follow(makeIdentity(table, change.column, identity));
  if (to.comment !== undefined) {
    clauses.afterwards(statement('COMMENT ON COLUMN', `${table}.${column}`, 'IS', literal(to.comment)));
  }
}

/** The new type as SQL; `present` when only what goes with it is given, null when nothing is. */
function typeOf({ type, using, collation }: ColumnChanges, port: RenderPort): string | null {
  if (type === undefined) return using === undefined && collation === undefined ? null : 'present';
  return typeof type === 'function' ? columnType(type, port.builder) : type;
}

function typeOptions({ using, collation }: ColumnChanges): string {
  // TYPE without COLLATE gives the collation of the type (PostgreSQL manual, "ALTER TABLE").
  const collated = collation == null ? '' : ` COLLATE ${quoteIdentifier(collation)}`;
  return using === undefined ? collated : `${collated} USING ${using}`;
}

/** Where the type goes: no SQL holds a NUL. */
const typeMark = '\0';

/**
 * TYPE has to name a type. The server puts in the one that the column has by then, which another change of the same batch may
 * have made. Of a column that is not there it says so.
 */
function withPresentType(sql: string, table: string, column: string): Statement {
  const [before = '', after = ''] = sql.split(typeMark);
  const type =
    `coalesce((SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute ` +
    `WHERE ${isColumn(table, column)}), 'text')`;
  return completedStatement(before, type, after);
}

function isColumn(table: string, column: string): string {
  return `attrelid = pg_catalog.to_regclass(${literal(table)}) AND attname = ${literal(column)} AND NOT attisdropped`;
}

/** PostgreSQL's way of numbering is the identity column. Undefined when nothing is asked. */
function identityOf({ identity, autoincrement }: ColumnChanges): 'always' | 'by default' | null | undefined {
  if (identity !== undefined || autoincrement === undefined) return identity;
  return autoincrement ? 'by default' : null;
}

/** A new identity would begin at 1, among the numbers that are there. */
function makeIdentity(table: string, column: string, identity: 'always' | 'by default'): Statement {
  const name = quoteIdentifier(column);
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${name}`;
  const kind = identity.toUpperCase();
  return blockStatement(
    `  IF EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE ${isColumn(table, column)} AND attidentity <> '') THEN`,
    `    ${alter} SET GENERATED ${kind};`,
    '  ELSE',
    `    ${alter} ADD GENERATED ${kind} AS IDENTITY;`,
    `    PERFORM pg_catalog.setval(pg_catalog.pg_get_serial_sequence(${literal(table)}, ${literal(column)}),`,
    `      greatest(max(${name}), 1), count(*) > 0) FROM ${table};`,
    '  END IF;',
  );
}
