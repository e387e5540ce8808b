import type { CreateIndex, IndexPart } from '../../../operations/indexes.ts';
import type { OperationOf } from '../../../operations/operation.ts';
import { cannot, nameList, statement } from '../../operations/render-parts.ts';
import type { Statement } from '../../statement.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

export function createIndex(operation: CreateIndex): Statement {
  const { name, table, schema, columns, include = [], where, method } = operation;
  if (name === '') throw cannot('An index on an expression needs a name.', "Give it one: { name: '…' }.");
  if (method === 'fulltext' || method === 'spatial') {
    throw cannot(`PostgreSQL has no ${method} indexes.`, "Use { method: 'gin' } on to_tsvector(…), or 'gist'.");
  }
  return statement(
    'CREATE',
    operation.unique && 'UNIQUE',
    'INDEX',
    operation.concurrently && 'CONCURRENTLY',
    operation.ifNotExists && 'IF NOT EXISTS',
    quoteIdentifier(name),
    'ON',
    quoteTable({ schema, name: table }),
    method !== undefined && `USING ${quoteIdentifier(method)}`,
    `(${columns.map(partText).join(', ')})`,
    include.length > 0 && `INCLUDE ${nameList(include, textRules)}`,
    operation.nullsNotDistinct && 'NULLS NOT DISTINCT',
    where !== undefined && `WHERE ${where}`,
  );
}

/** PostgreSQL manual, CREATE INDEX: `{ column | (expression) } [COLLATE c] [opclass] [ASC | DESC] [NULLS FIRST | LAST]`. */
function partText(part: string | IndexPart): string {
  if (typeof part === 'string') return quoteIdentifier(part);
  if (part.length !== undefined) {
    throw cannot('PostgreSQL has no indexes on the first characters of a column.', 'Index an expression: left(…).');
  }
  return statement(
    'column' in part ? quoteIdentifier(part.column) : `(${part.expression})`,
    part.collation !== undefined && `COLLATE ${quoteIdentifier(part.collation)}`,
    part.operatorClass !== undefined && quoteIdentifier(part.operatorClass),
    part.order !== undefined && (part.order === 'desc' ? 'DESC' : 'ASC'),
    part.nulls !== undefined && (part.nulls === 'first' ? 'NULLS FIRST' : 'NULLS LAST'),
  ).sql;
}

export function dropIndex(operation: OperationOf<'dropIndex'>): Statement {
  return statement(
    'DROP INDEX',
    operation.concurrently && 'CONCURRENTLY',
    operation.ifExists && 'IF EXISTS',
    quoteTable(operation),
    operation.cascade && 'CASCADE',
  );
}
