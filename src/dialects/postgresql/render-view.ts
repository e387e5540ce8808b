import type { Inspect } from '../../operations/inspect.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { CreateView } from '../../operations/views.ts';
import { nameList, statement } from '../render-parts.ts';
import type { Statement } from '../statement.ts';
import { quoteTable } from './quote.ts';
import { textRules } from './text-rules.ts';

export async function createView(operation: CreateView, inspect: Inspect): Promise<readonly Statement[]> {
  const { view, schema, columns, query, orReplace = false, ifNotExists = false } = operation;
  if (ifNotExists && (await inspect.hasView(view, schema === null ? {} : { schema }))) return [];
  const names = columns === undefined ? '' : nameList(columns, textRules);
  return [
    statement('CREATE', orReplace && 'OR REPLACE', 'VIEW', quoteTable({ schema, name: view }), names, 'AS', query),
  ];
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
