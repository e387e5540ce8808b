import type { Connection } from '../connection.ts';
import { nameAt, skip, wordsOf, type Word } from '../sql/statement-words.ts';
import { postgresqlRules } from './lexical-rules.ts';
import { literal } from './literal.ts';
import { quoteTable } from './quote.ts';
import { regclassOf } from './regclass.ts';

/**
 * The session that may be building the index of a pg_index row `entry`; NULL when none is. Of sessions of other roles the
 * server may not tell which index, and of a REINDEX it tells one of several: then it may be any of the table.
 */
export const builderOfEntry = `(
  SELECT min(building.pid) FROM pg_catalog.pg_stat_progress_create_index building
  JOIN pg_catalog.pg_locks held USING (pid)
  WHERE held.relation = entry.indrelid AND held.granted AND building.datname = pg_catalog.current_database()
    AND building.command IS DISTINCT FROM 'CREATE INDEX'
    AND (building.command IS DISTINCT FROM 'CREATE INDEX CONCURRENTLY'
      OR building.index_relid IS NULL OR building.index_relid IN (0, entry.indexrelid)))`;

/** Statements that drop the invalid copies which an interrupted REINDEX CONCURRENTLY left; none for other statements. */
export async function leftoversOfReindex(connection: Connection, words: readonly Word[]): Promise<readonly string[]> {
  const tables = tablesOfReindex(words);
  if (tables === null) return [];
  // The names are the server's (manual, "Rebuilding Indexes Concurrently"). A copy that a session is making is at work.
  const { rows } = await connection.query(
    `SELECT space.nspname AS schema, copy.relname AS name
     FROM pg_catalog.pg_index entry
     JOIN pg_catalog.pg_class copy ON copy.oid = entry.indexrelid
     JOIN pg_catalog.pg_namespace space ON space.oid = copy.relnamespace
     WHERE NOT entry.indisvalid AND copy.relname ~ '_cc(new|old)[0-9]*$'
       AND entry.indrelid IN (
         WITH named AS (${tables})
         SELECT oid FROM named
         UNION SELECT reltoastrelid FROM pg_catalog.pg_class JOIN named USING (oid))
       AND ${builderOfEntry} IS NULL
     ORDER BY copy.relname`,
  );
  return rows.map(
    (row) =>
      `DROP INDEX CONCURRENTLY IF EXISTS ${quoteTable({ schema: String(row['schema']), name: String(row['name']) })}`,
  );
}

/**
 * A query of the tables whose indexes `REINDEX [(options)] {INDEX | TABLE | SCHEMA | DATABASE} [CONCURRENTLY] name` makes
 * anew beside the old ones; null for any other statement.
 */
function tablesOfReindex(words: readonly Word[]): string | null {
  if (skip(words, 0, 'REINDEX') === 0 || !words.some(({ keyword }) => keyword === 'CONCURRENTLY')) return null;
  const kindAt = words[1]?.keyword === '(' ? words.findIndex(({ keyword }) => keyword === ')') + 1 : 1;
  const name = nameAt(words, skip(words, kindAt + 1, 'CONCURRENTLY'));
  const named = name === null ? 'NULL' : literal(regclassOf(name.schema, name.name));
  // Of a partitioned table or index, which a plain one has none of.
  const tree = `SELECT pg_catalog.to_regclass(${named})::oid AS oid
    UNION SELECT relid::oid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(${named}))`;
  switch (words[kindAt]?.keyword) {
    case 'TABLE':
      return tree;
    case 'INDEX':
      return `SELECT indrelid AS oid FROM pg_catalog.pg_index WHERE indexrelid IN (${tree})`;
    case 'SCHEMA':
      return `SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.to_regnamespace(${named})`;
    case 'DATABASE':
      return 'SELECT oid FROM pg_catalog.pg_class';
    default:
      return null;
  }
}

interface ConcurrentDetach {
  /** Both as regclass input. */
  readonly table: string;
  readonly partition: string;
}

/** `ALTER TABLE [IF EXISTS] name DETACH PARTITION name CONCURRENTLY`; null for any other statement. */
export function concurrentDetach(words: readonly Word[]): ConcurrentDetach | null {
  const at = skip(words, 0, 'ALTER', 'TABLE');
  const table = at === 0 ? null : nameAt(words, skip(words, at, 'IF', 'EXISTS'));
  if (table === null) return null;
  const behind = skip(words, table.next, 'DETACH', 'PARTITION');
  const partition = behind === table.next ? null : nameAt(words, behind);
  if (partition === null || skip(words, partition.next, 'CONCURRENTLY') === partition.next) return null;
  return {
    table: regclassOf(table.schema, table.name),
    partition: regclassOf(partition.schema, partition.name),
  };
}

/** It takes two transactions; between them the detaching is `pending`, and cannot be begun again. */
export async function stateOfDetach(
  connection: Connection,
  { table, partition }: ConcurrentDetach,
): Promise<'attached' | 'pending' | 'detached'> {
  const { rows } = await connection.query(
    // By way of JSON, because PostgreSQL before 14, which cannot detach concurrently, has no such column.
    `SELECT to_jsonb(entry)->>'inhdetachpending' AS pending FROM pg_catalog.pg_inherits entry
     WHERE inhparent = pg_catalog.to_regclass(${literal(table)}) AND inhrelid = pg_catalog.to_regclass(${literal(partition)})`,
  );
  const [entry] = rows;
  if (entry === undefined) return 'detached';
  return entry['pending'] === 'true' ? 'pending' : 'attached';
}

export async function completionOf(connection: Connection, sql: string): Promise<readonly string[]> {
  const detach = concurrentDetach(wordsOf(sql, postgresqlRules, 16));
  if (detach === null || (await stateOfDetach(connection, detach)) !== 'pending') return [];
  return [`ALTER TABLE ${detach.table} DETACH PARTITION ${detach.partition} FINALIZE`];
}
