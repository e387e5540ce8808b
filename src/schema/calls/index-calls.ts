import type { SchemaObject, Snapshot, Table, TableItem, Written } from '../snapshot.ts';
import { optionsOf } from './options.ts';
import { fields, opCall, textOf, textsOf, type Argument, type Call } from '../../support/typescript-text.ts';
import { NoPlainCall, partsOf, sqlCursor, withoutParentheses } from './sql-cursor.ts';

/** `op.createIndex` for an index that is an object of its own: on PostgreSQL and SQLite. */
export function createIndexCall(index: Written, table: SchemaObject | null, dialect: Snapshot['dialect']): Call {
  const [sql = '', ...more] = index.definition;
  if (table === null || more.length > 0) throw new NoPlainCall('an index with settings');
  const cursor = sqlCursor(sql);
  cursor.expect('CREATE');
  const unique = cursor.accept('UNIQUE') ? 'true' : undefined;
  cursor.expect('INDEX');
  cursor.accept('IF', 'NOT', 'EXISTS');
  cursor.qualified();
  cursor.expect('ON');
  cursor.accept('ONLY');
  cursor.qualified();
  const method = cursor.accept('USING') ? cursor.name() : 'btree';
  const parts = partsOf(cursor.inside()).map((part) => partOf(part, dialect));
  const include = cursor.accept('INCLUDE') ? textsOf(cursor.names()) : undefined;
  const nullsNotDistinct = cursor.accept('NULLS', 'NOT', 'DISTINCT') ? 'true' : undefined;
  const where = cursor.accept('WHERE') ? textOf(withoutParentheses(cursor.rest())) : undefined;
  cursor.end();
  return opCall(
    'createIndex',
    textOf(table.name),
    parts,
    optionsOf(index.schema, {
      name: textOf(index.name),
      unique,
      method: method === 'btree' ? undefined : textOf(method),
      include,
      nullsNotDistinct,
      where,
    }),
  );
}

/** One that is a part of its table on MySQL. */
export function createKeyCall(table: Table, { name, kind, definition }: TableItem): Call {
  const cursor = sqlCursor(definition);
  const method = ['FULLTEXT', 'SPATIAL'].find((word) => cursor.accept(word));
  if (kind === 'unique') cursor.expect('UNIQUE');
  cursor.expect('KEY');
  cursor.name();
  const parts = partsOf(cursor.inside()).map((part) => partOf(part, 'mysql'));
  const using = cursor.accept('USING') ? cursor.name() : method;
  cursor.end();
  return opCall(
    'createIndex',
    textOf(table.name),
    parts,
    fields({
      name: textOf(name ?? ''),
      unique: kind === 'unique' ? 'true' : undefined,
      method: using === undefined ? undefined : textOf(using.toLowerCase()),
    }),
  );
}

/** A key of whole columns, with nothing more to it. */
export function isPlainKey({ definition }: TableItem, dialect: Snapshot['dialect']): boolean {
  const form =
    dialect === 'mysql'
      ? /^(?:PRIMARY KEY|UNIQUE KEY `[^`]+`|KEY `[^`]+`) \((?:`[^`]+`,?)+\)$/
      : /^CONSTRAINT "[^"]+" (?:PRIMARY KEY|UNIQUE) \([^()]+\)$/;
  return form.test(definition);
}

/** A column by its name, or an expression, with what says how it is sorted. */
function partOf(text: string, dialect: Snapshot['dialect']): Argument {
  const cursor = sqlCursor(text);
  const column = cursor.next() === '(' ? null : cursor.qualified();
  const isCall = column !== null && dialect !== 'mysql' && cursor.next() === '(';
  if (column === null || isCall) cursor.inside();
  const expression = column === null || isCall ? textOf(withoutParentheses(cursor.taken())) : undefined;
  if (expression === undefined && column?.schema !== null) throw new NoPlainCall('a part of an index');
  const length = expression === undefined && cursor.next() === '(' ? cursor.inside() : undefined;
  const collation = cursor.accept('COLLATE') ? collationOf(cursor.qualified()) : undefined;
  const hasClass = !['', 'ASC', 'DESC', 'NULLS'].includes(cursor.next());
  const operatorClass = hasClass ? textOf(cursor.name()) : undefined;
  const order = cursor.accept('DESC') ? `'desc'` : cursor.accept('ASC') ? `'asc'` : undefined;
  const nulls = cursor.accept('NULLS', 'LAST') ? `'last'` : cursor.accept('NULLS', 'FIRST') ? `'first'` : undefined;
  cursor.end();
  const more = { length, collation, operatorClass, order, nulls };
  const name = textOf(column?.name ?? '');
  if (expression !== undefined) return fields({ expression, ...more });
  return Object.values(more).every((value) => value === undefined) ? name : fields({ column: name, ...more });
}

function collationOf({ schema, name }: { readonly schema: string | null; readonly name: string }): string {
  if (schema !== null && schema !== 'pg_catalog') throw new NoPlainCall('a collation');
  return textOf(name);
}
