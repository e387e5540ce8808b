import type { CreateView } from '../../../operations/views.ts';
import { nameList, statement } from '../../operations/render-parts.ts';
import type { Statement } from '../../statement.ts';
import { quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

/** SQLite has no OR REPLACE: the view is dropped and created in one transaction. Its triggers go with it. */
export function createView(operation: CreateView): readonly Statement[] {
  const { view, schema, columns, query, orReplace = false, ifNotExists = false } = operation;
  const name = quoteTable({ schema, name: view });
  const names = columns === undefined ? '' : nameList(columns, textRules);
  return [
    ...(orReplace ? [statement('DROP VIEW IF EXISTS', name)] : []),
    statement('CREATE VIEW', ifNotExists && 'IF NOT EXISTS', name, names, 'AS', query),
  ];
}
