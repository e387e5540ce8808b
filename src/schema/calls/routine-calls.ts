import type { SchemaObject, Snapshot, Written } from '../snapshot.ts';
import { optionsOf } from './options.ts';
import { opCall, textOf, type Argument, type Call } from '../../support/typescript-text.ts';
import { NoPlainCall, onOneLine, partsOf, sqlCursor, withoutParentheses } from './sql-cursor.ts';

/** `op.createFunction` or `op.createProcedure`, or in place of the one that is there. */
export function createRoutineCall({ kind, name, schema, definition }: Written, orReplace: boolean): Call {
  const [sql = '', ...more] = definition;
  if (more.length > 0) throw new NoPlainCall('a routine with a mode of its own');
  const cursor = sqlCursor(sql);
  cursor.expect('CREATE');
  cursor.accept('OR', 'REPLACE');
  const words = kind === 'function' ? 'FUNCTION' : 'PROCEDURE';
  cursor.expect(words);
  cursor.qualified();
  const parameters = cursor.inside();
  return opCall(
    kind === 'function' ? 'createFunction' : 'createProcedure',
    textOf(name),
    textOf(routineText(cursor.rest())),
    optionsOf(schema, {
      parameters: parameters === '' ? undefined : textOf(parameters),
      orReplace: orReplace ? 'true' : undefined,
    }),
  );
}

/** What PostgreSQL writes before the body, one attribute a line, goes on one line. */
function routineText(definition: string): string {
  const [, head = '', body = ''] = /^([\s\S]*?\bAS )(\$\w*\$[\s\S]*)$/.exec(definition) ?? [];
  return body === '' ? definition : `${onOneLine(head)} ${body}`;
}

/** PostgreSQL tells routines of one name apart by their parameters. */
export function dropRoutineCall({ kind, name, schema, removal }: Written, dialect: Snapshot['dialect']): Call {
  const cursor = sqlCursor(removal[0] ?? '');
  cursor.expect('DROP', kind === 'function' ? 'FUNCTION' : 'PROCEDURE');
  cursor.qualified();
  const parameters = dialect === 'postgresql' ? textOf(cursor.inside()) : undefined;
  return opCall(
    kind === 'function' ? 'dropFunction' : 'dropProcedure',
    textOf(name),
    optionsOf(schema, { parameters }),
  );
}

/** `op.createTrigger`. */
export function createTriggerCall(
  { name, schema, definition }: Written,
  table: SchemaObject | null,
  dialect: Snapshot['dialect'],
): Call {
  const [sql = '', ...more] = definition;
  if (table === null || more.length > 0) throw new NoPlainCall('a trigger that is switched off');
  const cursor = sqlCursor(sql);
  cursor.expect('CREATE', 'TRIGGER');
  cursor.accept('IF', 'NOT', 'EXISTS');
  cursor.qualified();
  const timing = ['before', 'after', 'instead of'].find((words) => cursor.accept(...words.toUpperCase().split(' ')));
  if (timing === undefined) throw new NoPlainCall('a moment');
  const events = [eventOf(cursor)];
  while (cursor.accept('OR')) events.push(eventOf(cursor));
  cursor.expect('ON');
  cursor.qualified();
  const forEach = cursor.accept('FOR', 'EACH', 'STATEMENT') ? `'statement'` : undefined;
  if (forEach === undefined && !cursor.accept('FOR', 'EACH', 'ROW') && dialect !== 'sqlite')
    throw new NoPlainCall('what it is for');
  const when = cursor.accept('WHEN') ? conditionOf(cursor, dialect) : undefined;
  return opCall(
    'createTrigger',
    textOf(name),
    textOf(table.name),
    optionsOf(schema, {
      timing: textOf(timing),
      events,
      forEach,
      when,
      body: textOf(cursor.rest()),
    }),
  );
}

function eventOf(cursor: ReturnType<typeof sqlCursor>): Argument {
  const event = cursor.name().toLowerCase();
  if (event !== 'update' || !cursor.accept('OF')) return textOf(event);
  const columns = [cursor.name()];
  while (cursor.accept(',')) columns.push(cursor.name());
  if (columns.some((column) => partsOf(column).length > 1)) throw new NoPlainCall('a column with a comma');
  return textOf(`update of ${columns.join(', ')}`);
}

/** In parentheses on PostgreSQL; on SQLite up to BEGIN, where parentheses are not needed. */
function conditionOf(cursor: ReturnType<typeof sqlCursor>, dialect: Snapshot['dialect']): Argument {
  return textOf(withoutParentheses(dialect === 'sqlite' ? cursor.upTo('BEGIN') : cursor.inside()));
}
