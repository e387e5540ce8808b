import type { CreateView } from '../../../operations/views.ts';
import { nameList, statement } from '../../render-parts.ts';
import { whetherItExists, type Ask } from '../../render-port.ts';
import type { Statement } from '../../statement.ts';
import { inspector } from '../inspect.ts';
import { quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

export async function createView(operation: CreateView, ask: Ask): Promise<readonly Statement[]> {
  const { view, schema, columns, query, orReplace = false, ifNotExists = false } = operation;
  if (ifNotExists && (await inspector(whetherItExists(ask)).hasView(view, schema === null ? {} : { schema })))
    return [];
  const names = columns === undefined ? '' : nameList(columns, textRules);
  return [
    statement('CREATE', orReplace && 'OR REPLACE', 'VIEW', quoteTable({ schema, name: view }), names, 'AS', query),
  ];
}
