import type { Connection } from '../connection.ts';
import { wordsOf } from '../sql/statement-words.ts';
import { catalogueState, concurrentIndex, droppedIndexes } from './catalogue.ts';
import { postgresqlRules } from './lexical-rules.ts';
import { concurrentDetach } from './interrupted-work.ts';
import { literal } from './literal.ts';

/** An index that is to be built concurrently is not there, or not valid; one that is to be dropped is; so with databases. */
export async function isSurelyUndone(connection: Connection, sql: string): Promise<boolean> {
  const words = wordsOf(sql, postgresqlRules, 16);
  const created = concurrentIndex(words);
  if (created !== null) {
    if (created.name === null) return false;
    const { rows } = await connection.query(
      `SELECT 1 FROM pg_catalog.pg_index entry JOIN pg_catalog.pg_class relation ON relation.oid = entry.indexrelid
       WHERE entry.indrelid = pg_catalog.to_regclass(${literal(created.table)}) AND relation.relname = ${literal(created.name)}
         AND entry.indisvalid`,
    );
    return rows.length === 0;
  }
  const present = await catalogueState(connection, sql);
  if (droppedIndexes(words) !== null) return present === '[true]';
  if (concurrentDetach(words) !== null) return present === 'attached';
  return present === (words[0]?.keyword === 'DROP' ? 'present' : 'absent');
}
