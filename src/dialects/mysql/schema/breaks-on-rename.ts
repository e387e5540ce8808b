import type { SchemaObject, Table } from '../../../schema/snapshot.ts';
import { wordsOf } from '../../sql/statement-words.ts';
import { mysqlRules } from '../lexical-rules.ts';

const rules = mysqlRules();

/** Views and triggers keep the names that they were created with; only the table that a trigger is on goes along. */
export function breaksOnRename(object: SchemaObject, table: Table, column: string | null): boolean {
  if (object.kind !== 'view' && object.kind !== 'trigger') return false;
  const text = object.definition.join(' ');
  const body = object.kind === 'view' ? text : text.replace(/^.*?\bFOR\s+EACH\s+ROW\b/is, '');
  const words = wordsOf(body, rules, Number.MAX_SAFE_INTEGER);
  const names = (name: string): boolean =>
    words.some(({ identifier }) => identifier?.toLowerCase() === name.toLowerCase());
  return (object.owner === table.id || names(table.name)) && names(column ?? table.name);
}
