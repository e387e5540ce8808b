import type { ChangeTable, TableChange } from '../../../operations/table-change.ts';
import { isRawSql, type ValueOrSql } from '../../../operations/sql-value.ts';
import { columnType } from '../../operations/column-build.ts';
import { cannot, words } from '../../operations/render-parts.ts';
import type { RenderPort, Unanswered } from '../../operations/render-port.ts';
import { definitionText, type ColumnDefinition } from './column-definition.ts';
import type { ColumnDrafts } from './column-drafts.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier } from '../quote.ts';
import { keptInComment } from '../server.ts';

type AlterColumn = Extract<TableChange, { kind: 'alterColumn' }>;

/** The MODIFY COLUMN that changes what is named and repeats the rest of the definition as it is by then. */
export async function alterColumn(
  change: AlterColumn,
  { table }: ChangeTable,
  port: RenderPort,
  drafts: ColumnDrafts,
): Promise<string> {
  const present = await drafts.definitionOf(change.column, unanswered(change));
  if (present === null) {
    throw cannot(`The table "${table}" has no column "${change.column}".`, 'Name one that it has.');
  }
  const next = changed(present, change, port);
  drafts.altered(change.column, next);
  return `MODIFY COLUMN ${quoteIdentifier(change.column)} ${definitionText(next)}`;
}

/** Offline, a change that says all there is to say of a column needs no present definition. */
function unanswered({ column, to }: AlterColumn): Unanswered {
  const { type, nullable, default: value, comment, collation } = to;
  const numbered = to.autoincrement ?? to.identity;
  const isWhole =
    typeof type === 'string' &&
    [nullable, value, comment].every((part) => part !== undefined) &&
    (numbered !== undefined || !isNumber(type)) &&
    (collation !== undefined || !isText(type) || namesCollation(type));
  // No option says ON UPDATE, which a time may have.
  const isTime = typeof type === 'string' && /^(?:timestamp|datetime)/i.test(type);
  return {
    instead: `Give op.alterColumn all of the definition of "${column}", null or false for none: type (as text), nullable, default, comment, autoincrement of a number, collation of a text. For a timestamp or a datetime, which may have ON UPDATE as well, write ALTER TABLE … MODIFY COLUMN with op.execute.`,
    ...(isWhole && !isTime
      ? { assume: [{ 'Create Table': `CREATE TABLE t (${quoteIdentifier(column)} ${type})` }] }
      : {}),
  };
}

/** Of the types that AUTO_INCREMENT may number. */
function isNumber(type: string): boolean {
  return /^(?:tiny|small|medium|big)?int|^serial|^float|^double|^real/i.test(type);
}

function isText(type: string): boolean {
  return /^(?:national\s+)?(?:var)?char|^(?:tiny|medium|long)?text|^enum|^set/i.test(type);
}

function namesCollation(type: string): boolean {
  return /\b(?:collate|character\s+set|charset)\b/i.test(type);
}

function changed(present: ColumnDefinition, change: AlterColumn, port: RenderPort): ColumnDefinition {
  const { to } = change;
  if (to.using !== undefined) {
    throw cannot(
      'MySQL converts the values of a column by its own rules.',
      'Leave out "using", and update the rows before.',
    );
  }
  let next = { ...present };
  if (to.type !== undefined) {
    const type = typeof to.type === 'function' ? columnType(to.type, port.builder) : to.type;
    next = withType(next, type, change.column);
  }
  if (to.collation !== undefined) {
    const { charset: _, ...rest } = next;
    next = rest;
    if (to.collation === null) delete next.collation;
    else next.collation = `COLLATE ${words(to.collation, 'collation').toLowerCase()}`;
  }
  if (to.generated !== undefined) {
    const { default: _, ...rest } = next;
    next = { ...rest, generated: '' };
    if (to.generated === null) delete next.generated;
    else
      next.generated = `GENERATED ALWAYS AS (${to.generated.expression}) ${to.generated.stored === true ? 'STORED' : 'VIRTUAL'}`;
  }
  if (to.nullable !== undefined) next.null = to.nullable ? 'NULL' : 'NOT NULL';
  // The server writes DEFAULT NULL where nothing else is, which NOT NULL contradicts.
  if (next.null === 'NOT NULL' && next.default === 'DEFAULT NULL') delete next.default;
  if (to.default === null) delete next.default;
  else if (to.default !== undefined) next.default = `DEFAULT ${defaultText(to.default, next.type ?? '')}`;
  if (to.identity === 'always') {
    throw cannot('MySQL always lets a row bring its own number.', "Write { identity: 'by default' }.");
  }
  const numbered = to.autoincrement ?? (to.identity === undefined ? undefined : to.identity !== null);
  if (numbered === true) {
    next.autoIncrement = 'AUTO_INCREMENT';
    delete next.default;
  } else if (numbered === false) delete next.autoIncrement;
  if (to.comment === null) delete next.comment;
  else if (to.comment !== undefined) next.comment = `COMMENT ${literal(keptInComment(to.comment))}`;
  return next;
}

/** A text keeps its character set and collation when it stays a text. JSON of MariaDB is a text with a check of its own. */
function withType(present: ColumnDefinition, type: string, column: string): ColumnDefinition {
  const { charset, collation, check, ...rest } = present;
  const keepsCollation = isText(type) && !namesCollation(type);
  const isJson = check?.toLowerCase() === `check (json_valid(${quoteIdentifier(column).toLowerCase()}))`;
  return {
    ...rest,
    type,
    ...(keepsCollation && !isJson && charset !== undefined ? { charset } : {}),
    ...(keepsCollation && !isJson && collation !== undefined ? { collation } : {}),
    ...(check !== undefined && !isJson ? { check } : {}),
  };
}

/**
 * An expression stands in parentheses but for CURRENT_TIMESTAMP, and so does every default of a type that has no plain
 * ones (MySQL 8 manual, "Data Type Default Values").
 */
function defaultText(value: ValueOrSql, type: string): string {
  if (isRawSql(value)) return /^(?:current_timestamp|now)\b[^a-z]*$/i.test(value.sql) ? value.sql : `(${value.sql})`;
  const text = literal(value);
  return /text|blob|json|geometry|point|polygon|linestring/i.test(type) ? `(${text})` : text;
}
