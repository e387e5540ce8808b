import type { CreateView } from '../../../operations/views.ts';
import { nameList, statement } from '../../operations/render-parts.ts';
import type { Ask } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { ifNotExists } from './if-exists.ts';
import { inspector } from '../inspect.ts';
import { quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

export async function createView(operation: CreateView, ask: Ask): Promise<readonly Statement[]> {
  const { view, schema, columns, query, orReplace = false } = operation;
  const condition = await ifNotExists(operation.ifNotExists ?? false, ask, (look) =>
    inspector(look).hasView(view, schema === null ? {} : { schema }),
  );
  if (condition === null) return [];
  // What is only made where there is none replaces nothing.
  const replaces = orReplace && condition === '' && 'OR REPLACE';
  const names = columns === undefined ? '' : nameList(columns, textRules);
  return [statement('CREATE', replaces, 'VIEW', condition + quoteTable({ schema, name: view }), names, 'AS', query)];
}
