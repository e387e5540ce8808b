import type { TableItem } from '../snapshot.ts';
import { schemaOption } from './options.ts';
import { fields, textOf, textsOf, type Argument, type Fields } from '../../support/typescript-text.ts';
import { NoPlainCall, partsOf, sqlCursor, withoutParentheses, type SqlCursor } from './sql-cursor.ts';

/**
 * What `op.addConstraint` is told of a constraint; `sql` is all that stands behind its name, which is null for none, and
 * `columns` what it stands behind. Undefined for the key of MySQL, which needs no name.
 */
export function constraintFields(
  name: string | null | undefined,
  sql: string,
  columns: readonly string[] = [],
): Fields {
  const cursor = sqlCursor(sql);
  const named = { name: name === undefined ? undefined : name === null ? 'null' : textOf(name) };
  const finished = (entries: Readonly<Record<string, Argument | undefined>>): Fields => {
    cursor.end();
    return fields(entries);
  };
  // What stands behind a column of SQLite names it nowhere.
  const keyColumns = (): Argument => textsOf(columns.length > 0 && cursor.next() !== '(' ? columns : cursor.names());
  if (cursor.accept('PRIMARY', 'KEY')) {
    return finished({ kind: `'primaryKey'`, ...named, columns: keyColumns(), ...deferral(cursor) });
  }
  if (cursor.accept('UNIQUE')) {
    const nullsNotDistinct = cursor.accept('NULLS', 'NOT', 'DISTINCT') ? 'true' : undefined;
    return finished({ kind: `'unique'`, ...named, columns: keyColumns(), nullsNotDistinct, ...deferral(cursor) });
  }
  if (cursor.accept('CHECK')) {
    const expression = textOf(withoutParentheses(cursor.inside()));
    const notValid = cursor.accept('NOT', 'VALID') ? 'true' : undefined;
    return finished({ kind: `'check'`, ...named, expression, notValid });
  }
  if (cursor.accept('EXCLUDE', 'USING')) {
    const method = textOf(cursor.name());
    const elements = partsOf(cursor.inside()).map(exclusionElement);
    const where = cursor.accept('WHERE') ? textOf(withoutParentheses(cursor.inside())) : undefined;
    return finished({ kind: `'exclusion'`, ...named, method, elements, where, ...deferral(cursor) });
  }
  const own = cursor.accept('FOREIGN', 'KEY') ? keyColumns() : textsOf(columns);
  cursor.expect('REFERENCES');
  const target = cursor.qualified();
  const references = fields({
    table: textOf(target.name),
    schema: schemaOption(target.schema),
    columns: cursor.next() === '(' ? keyColumns() : undefined,
  });
  const actions = actionsOf(cursor);
  const moment = deferral(cursor);
  const notValid = cursor.accept('NOT', 'VALID') ? 'true' : undefined;
  return finished({ kind: `'foreignKey'`, ...named, columns: own, references, ...actions, ...moment, notValid });
}

/** The same of an item of a table. SQLite's are read as they were written. */
export function itemFields(item: TableItem): Fields {
  if (item.written !== undefined) return constraintFields(item.name, item.written.text, columnOf(item));
  const cursor = sqlCursor(item.definition);
  if (cursor.accept('CONSTRAINT')) {
    cursor.name();
    return constraintFields(item.name, cursor.rest());
  }
  // MySQL writes UNIQUE KEY with its name behind it.
  const key =
    item.kind === 'unique' ? item.definition.replace(/^UNIQUE KEY `(?:[^`]|``)+`/, 'UNIQUE') : item.definition;
  return constraintFields(item.kind === 'primaryKey' ? undefined : item.name, key);
}

function columnOf({ written }: TableItem): readonly string[] {
  return written?.column == null ? [] : [written.column];
}

function actionsOf(cursor: SqlCursor): Readonly<Record<string, string>> {
  const actions: Record<string, string> = {};
  while (cursor.accept('ON')) {
    const moment = cursor.accept('DELETE') ? 'onDelete' : 'onUpdate';
    if (moment === 'onUpdate') cursor.expect('UPDATE');
    const action = ['no action', 'restrict', 'cascade', 'set null', 'set default'].find((words) =>
      cursor.accept(...words.toUpperCase().split(' ')),
    );
    if (action === undefined) throw new NoPlainCall('an action');
    actions[moment] = textOf(action);
  }
  return actions;
}

function deferral(cursor: SqlCursor): Readonly<Record<string, string>> {
  if (!cursor.accept('DEFERRABLE')) return {};
  if (cursor.accept('INITIALLY', 'DEFERRED')) return { initiallyDeferred: 'true' };
  return { deferrable: 'true' };
}

function exclusionElement(text: string): Argument {
  const at = text.lastIndexOf(' WITH ');
  const [what, operator] = [text.slice(0, at), textOf(text.slice(at + 6).trim())];
  if (/^\w+$/.test(what)) return fields({ column: textOf(what), operator });
  if (/^\(.*\)$/s.test(what)) return fields({ expression: textOf(withoutParentheses(what)), operator });
  throw new NoPlainCall('an element');
}
