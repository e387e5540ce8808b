import type { CreateIndex, IndexPart } from '../../../operations/indexes.ts';
import type { OperationOf } from '../../../operations/operation.ts';
import { cannot, statement, words } from '../../operations/render-parts.ts';
import type { Ask } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { ifExists, ifNotExists } from './if-exists.ts';
import { inspector } from '../inspect.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { isMariaDb } from '../server.ts';

/** InnoDB builds an index without keeping writers out, so `concurrently` needs nothing. */
export async function createIndex(operation: CreateIndex, ask: Ask): Promise<readonly Statement[]> {
  const { name, table, schema, columns, unique = false, method } = operation;
  refuse(operation);
  if (columns.some((part) => typeof part !== 'string' && 'expression' in part) && (await isMariaDb(ask))) {
    throw cannot('MariaDB has no indexes on expressions.', 'Index a generated column that holds the expression.');
  }
  const condition = await ifNotExists(operation.ifNotExists ?? false, ask, (look) =>
    inspector(look).hasIndex(table, name, schema === null ? {} : { schema }),
  );
  if (condition === null) return [];
  const kind = method === 'fulltext' || method === 'spatial' ? method.toUpperCase() : null;
  return [
    statement(
      'CREATE',
      kind ?? (unique && 'UNIQUE'),
      'INDEX',
      condition + quoteIdentifier(name),
      method !== undefined && kind === null && `USING ${words(method, 'kind of index')}`,
      'ON',
      quoteTable({ schema, name: table }),
      `(${columns.map(partText).join(', ')})`,
    ),
  ];
}

function refuse(operation: CreateIndex): void {
  if (operation.name === '') throw cannot('An index on an expression needs a name.', "Give it one: { name: '…' }.");
  if (operation.where !== undefined) {
    throw cannot(
      'MySQL and MariaDB have no partial indexes.',
      'Leave out "where", or index a generated column that is NULL where the condition is false.',
    );
  }
  if (operation.include !== undefined && operation.include.length > 0) {
    throw cannot(
      'MySQL has no columns in an index beside its key.',
      'Leave out "include", or add them to the columns.',
    );
  }
  if (operation.nullsNotDistinct === true) {
    throw cannot('On MySQL two NULLs are never equal in a unique index.', 'Index a generated column: coalesce(…).');
  }
}

function partText(part: string | IndexPart): string {
  if (typeof part === 'string') return quoteIdentifier(part);
  if (part.operatorClass !== undefined || part.nulls !== undefined || part.collation !== undefined) {
    throw cannot(
      'On MySQL an index has no operator classes, no NULLS FIRST or LAST and no collation of its own.',
      "Leave them out; NULLs come first there, and the collation is the column's.",
    );
  }
  const length = part.length === undefined ? '' : `(${Math.trunc(part.length)})`;
  return statement(
    'column' in part ? `${quoteIdentifier(part.column)}${length}` : `(${part.expression})`,
    part.order !== undefined && (part.order === 'desc' ? 'DESC' : 'ASC'),
  ).sql;
}

export async function dropIndex(operation: OperationOf<'dropIndex'>, ask: Ask): Promise<readonly Statement[]> {
  const { name, schema } = operation;
  const table = tableOf(operation, name, 'dropIndex');
  const condition = await ifExists(operation.ifExists ?? false, ask, (look) =>
    inspector(look).hasIndex(table, name, schema === null ? {} : { schema }),
  );
  if (condition === null) return [];
  const [quoted, index] = [quoteTable({ schema, name: table }), quoteIdentifier(name)];
  // With its table an index is gone too, which DROP INDEX IF EXISTS does not take for an answer.
  if (condition !== '') return [statement('ALTER TABLE IF EXISTS', quoted, `DROP INDEX ${condition}${index}`)];
  return [statement('DROP INDEX', index, 'ON', quoted)];
}

export function renameIndex(operation: OperationOf<'renameIndex'>): Statement {
  const table = quoteTable({ schema: operation.schema, name: tableOf(operation, operation.from, 'renameIndex') });
  return statement(
    'ALTER TABLE',
    table,
    `RENAME INDEX ${quoteIdentifier(operation.from)} TO ${quoteIdentifier(operation.to)}`,
  );
}

/** MySQL finds an index only through its table. */
function tableOf({ table }: { readonly table?: string }, index: string, call: string): string {
  if (table !== undefined) return table;
  throw cannot(`MySQL needs to know the table of the index "${index}".`, `Write op.${call}(…, { table: '…' }).`);
}
