import type { CreateIndex, IndexPart } from '../../../operations/indexes.ts';
import type { OperationOf } from '../../../operations/operation.ts';
import { isSignificant, keywordOf, tokensOf } from '../../sql/lexer.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import type { Ask } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { sqliteRules } from '../lexical-rules.ts';
import { literal } from '../literal.ts';
import { quoteColumn, quoteIdentifier, quoteTable } from '../quote.ts';

/** An attached database is named before the index, never before the table. */
export function createIndex(operation: CreateIndex): Statement {
  const { name, table, schema, columns, where } = operation;
  refuse(operation);
  return statement(
    'CREATE',
    operation.unique && 'UNIQUE',
    'INDEX',
    operation.ifNotExists && 'IF NOT EXISTS',
    quoteTable({ schema, name }),
    'ON',
    quoteIdentifier(table),
    `(${columns.map(partText).join(', ')})`,
    where !== undefined && `WHERE ${where}`,
  );
}

function refuse({ name, include = [], method, nullsNotDistinct = false }: CreateIndex): void {
  if (name === '') throw cannot('An index on an expression needs a name.', "Give it one: { name: '…' }.");
  if (include.length > 0) {
    throw cannot(
      'SQLite has no columns in an index beside its key.',
      'Leave out "include", or add them to the columns.',
    );
  }
  if (method !== undefined) throw cannot('SQLite has one kind of index.', 'Leave out "method".');
  if (nullsNotDistinct) {
    throw cannot('On SQLite two NULLs are never equal in a unique index.', "Index an expression: coalesce(…, '').");
  }
}

/** The call of a function needs no parentheses around it. */
const isCall = /^\w+\((?:[^()'"]|'[^']*'|"[^"]*"|\([^()'"]*\))*\)$/;

function partText(part: string | IndexPart): string {
  if (typeof part === 'string') return quoteColumn(part);
  if (part.operatorClass !== undefined || part.nulls !== undefined || part.length !== undefined) {
    throw cannot(
      'An index of SQLite has no operator classes, no NULLS FIRST or LAST and no lengths.',
      'Leave them out; for the first characters of a column index an expression: substr(…).',
    );
  }
  return statement(
    'column' in part
      ? quoteColumn(part.column)
      : isCall.test(part.expression)
        ? part.expression
        : `(${part.expression})`,
    part.collation !== undefined && `COLLATE ${quoteIdentifier(part.collation)}`,
    part.order !== undefined && (part.order === 'desc' ? 'DESC' : 'ASC'),
  ).sql;
}

/** SQLite cannot rename an index: it is created anew from its own text, with the other name in it. */
export async function renameIndex(operation: OperationOf<'renameIndex'>, ask: Ask): Promise<readonly Statement[]> {
  const { from, to, schema } = operation;
  const tables = schema === null ? 'sqlite_schema' : `${quoteIdentifier(schema)}.sqlite_schema`;
  const rows = await ask(
    `SELECT sql FROM ${tables} WHERE type = 'index' AND name = ${literal(from)} COLLATE NOCASE AND sql IS NOT NULL`,
  );
  const sql = rows[0]?.['sql'];
  if (typeof sql !== 'string') {
    throw cannot(
      `There is no index "${from}" that could be renamed.`,
      "The index of a constraint has the constraint's name.",
    );
  }
  return [statement('DROP INDEX', quoteTable({ schema, name: from })), { sql: renamed(sql, schema, to), bindings: [] }];
}

/** `CREATE [UNIQUE] INDEX name ON …`, as SQLite stores it. */
function renamed(sql: string, schema: string | null, to: string): string {
  const tokens = [...tokensOf(sql, sqliteRules)].filter(isSignificant);
  const at = tokens.findIndex((token) => keywordOf(sql, token) === 'INDEX') + 1;
  const name = tokens[at];
  if (name === undefined) throw cannot(`This is no index: ${sql}`, 'Create it anew by hand.');
  return `${sql.slice(0, name.start)}${quoteTable({ schema, name: to })}${sql.slice(name.end)}`;
}
