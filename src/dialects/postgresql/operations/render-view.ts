import type { OperationOf } from '../../../operations/operation.ts';
import type { CreateView } from '../../../operations/views.ts';
import { nameList, statement } from '../../operations/render-parts.ts';
import type { Statement } from '../../statement.ts';
import { unlessThere } from './do-block.ts';
import { quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

export async function createView(operation: CreateView): Promise<readonly Statement[]> {
  const { view, schema, columns, query, orReplace = false, ifNotExists = false } = operation;
  const names = columns === undefined ? '' : nameList(columns, textRules);
  const name = quoteTable({ schema, name: view });
  const create = statement('CREATE', orReplace && 'OR REPLACE', 'VIEW', name, names, 'AS', query);
  if (!ifNotExists) return [create];
  return [await unlessThere((inspect) => inspect.hasView(view, schema === null ? {} : { schema }), [create])];
}

export function createMaterializedView(operation: OperationOf<'createMaterializedView'>): Statement {
  const { view, schema, columns, query, ifNotExists = false, withData = true } = operation;
  return statement(
    'CREATE MATERIALIZED VIEW',
    ifNotExists && 'IF NOT EXISTS',
    quoteTable({ schema, name: view }),
    columns !== undefined && nameList(columns, textRules),
    'AS',
    query,
    !withData && 'WITH NO DATA',
  );
}

export function refreshMaterializedView(operation: OperationOf<'refreshMaterializedView'>): Statement {
  const { view, schema, concurrently = false, withData = true } = operation;
  const name = quoteTable({ schema, name: view });
  return statement('REFRESH MATERIALIZED VIEW', concurrently && 'CONCURRENTLY', name, !withData && 'WITH NO DATA');
}
