import type { Snapshot, Written } from '../snapshot.ts';
import { optionsOf } from './options.ts';
import { opCall, textOf, textsOf, type Call } from '../../support/typescript-text.ts';
import { NoPlainCall, onOneLine, sqlCursor } from './sql-cursor.ts';

/** Longest query that is written on one line. */
const shortQuery = 100;

/** `op.createView`, or in place of the view that is there. */
export function createViewCall(view: Written, orReplace: boolean, dialect: Snapshot['dialect']): Call {
  const [sql = '', ...more] = view.definition;
  if (more.length > 0) throw new NoPlainCall('defaults of a view');
  const cursor = sqlCursor(sql);
  cursor.expect('CREATE');
  // As MySQL makes every view that does not say otherwise.
  cursor.accept('ALGORITHM', '=', 'UNDEFINED');
  cursor.accept('SQL', 'SECURITY', 'DEFINER');
  const isMaterialized = cursor.accept('MATERIALIZED');
  cursor.expect('VIEW');
  cursor.accept('IF', 'NOT', 'EXISTS');
  cursor.qualified();
  const columns = cursor.next() === '(' ? textsOf(cursor.names()) : undefined;
  cursor.expect('AS');
  const query = cursor.rest();
  // What a server has written may be written on one line, what a person has stays.
  const short = dialect === 'sqlite' ? query : onOneLine(query);
  return opCall(
    isMaterialized ? 'createMaterializedView' : 'createView',
    textOf(view.name),
    textOf(short.length <= shortQuery ? short : query),
    optionsOf(view.schema, { columns, orReplace: orReplace ? 'true' : undefined }),
  );
}
