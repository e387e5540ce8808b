import type { Connection, Row } from '../connection.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { nameAt, skip, wordsOf, type Word } from '../sql/statement-words.ts';
import { builderOfEntry, concurrentDetach, leftoversOfReindex, stateOfDetach } from './interrupted-work.ts';
import { postgresqlRules } from './lexical-rules.ts';
import { literal } from './literal.ts';
import { quoteTable } from './quote.ts';
import { folded, regclassOf } from './regclass.ts';

/**
 * Only the few statements that PostgreSQL refuses inside a transaction are ever in doubt. For an index built or dropped
 * concurrently the valid indexes of its table tell; for a value added to an enum its labels; for a partition detached
 * concurrently whether it still is one; for a database, a tablespace or a subscription, whether it exists.
 */
export async function catalogueState(connection: Connection, sql: string): Promise<string | null> {
  const words = wordsOf(sql, postgresqlRules, 16);
  const created = concurrentIndex(words);
  if (created !== null) {
    const indexes = await indexesOf(connection, created.table);
    return JSON.stringify(indexes.filter(({ valid }) => valid).map(({ definition }) => definition));
  }
  const dropped = droppedIndexes(words);
  if (dropped !== null) {
    const found = await Promise.all(dropped.map((index) => exists(connection, `to_regclass(${literal(index)})`)));
    return JSON.stringify(found);
  }
  const altered = typeWithNewValue(words);
  if (altered !== null) {
    const { rows } = await connection.query(
      `SELECT enumlabel AS label FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(${literal(altered)})
       ORDER BY enumsortorder`,
    );
    return JSON.stringify(rows.map((row) => row['label']));
  }
  const detach = concurrentDetach(words);
  if (detach !== null) return await stateOfDetach(connection, detach);
  const at = words[0]?.keyword === 'CREATE' || words[0]?.keyword === 'DROP' ? 1 : -1;
  const catalogue = sharedCatalogues[words[at]?.keyword ?? ''];
  const name = nameAt(words, skip(words, at + 1, 'IF', 'EXISTS'));
  if (catalogue === undefined || name === null) return null;
  const { rows } = await connection.query(
    `SELECT 1 FROM pg_catalog.${catalogue.table} WHERE ${catalogue.column} = ${literal(folded(name.name))}`,
  );
  return rows.length > 0 ? 'present' : 'absent';
}

const sharedCatalogues: Readonly<Record<string, { readonly table: string; readonly column: string }>> = {
  DATABASE: { table: 'pg_database', column: 'datname' },
  TABLESPACE: { table: 'pg_tablespace', column: 'spcname' },
  SUBSCRIPTION: { table: 'pg_subscription', column: 'subname' },
};

/**
 * A CREATE INDEX CONCURRENTLY that fails leaves an invalid index: it slows every write, is never used, and makes
 * IF NOT EXISTS skip the real one. It is dropped before the statement runs again. Invalid indexes of other names are
 * somebody else's, unless the statement leaves the name to the server. So it is with the copies of a REINDEX CONCURRENTLY.
 * What another session is building right now is no leftover: throws migration.failed where it has the very name.
 */
export async function leftoversOf(connection: Connection, sql: string): Promise<readonly string[]> {
  const words = wordsOf(sql, postgresqlRules, 16);
  const created = concurrentIndex(words);
  if (created === null) return await leftoversOfReindex(connection, words);
  const indexes = await indexesOf(connection, created.table);
  const invalid = indexes.filter(({ valid, name }) => !valid && (created.name === null || name === created.name));
  const built = invalid.find(({ builder }) => builder !== null);
  if (built !== undefined && created.name !== null) throw beingBuilt(built);
  return invalid
    .filter(({ builder }) => builder === null)
    .map(({ schema, name }) => `DROP INDEX CONCURRENTLY IF EXISTS ${quoteTable({ schema, name })}`);
}

function beingBuilt({ schema, name, builder }: TableIndex): AludelError {
  return new AludelError(
    'migration.failed',
    `Index ${quoteTable({ schema, name })} is not finished, and session ${builder} is building indexes of its table`,
    {
      hint: 'Wait until that session is done, pg_stat_progress_create_index shows how far it is, then run the same command again.',
      facts: { session: builder },
    },
  );
}

/** {@link leftoversOf} as a statement that looks for itself. It keeps others out of the table for a moment. */
export function clearingOf(sql: string): readonly string[] {
  const created = concurrentIndex(wordsOf(sql, postgresqlRules, 16));
  if (created === null || created.name === null) return [];
  const block = `DECLARE leftover regclass;
BEGIN
  SELECT made.indexrelid INTO leftover
    FROM pg_catalog.pg_index made JOIN pg_catalog.pg_class relation ON relation.oid = made.indexrelid
    WHERE NOT made.indisvalid AND relation.relname = ${literal(created.name)}
      AND made.indrelid = pg_catalog.to_regclass(${literal(created.table)});
  IF EXISTS (SELECT 1 FROM pg_catalog.pg_index entry WHERE entry.indexrelid = leftover AND ${builderOfEntry} IS NOT NULL) THEN
    RAISE EXCEPTION 'Index % is not finished, and another session is building indexes of its table.', leftover
      USING HINT = 'Wait until that session is done, then run the script again.';
  END IF;
  IF leftover IS NOT NULL THEN EXECUTE 'DROP INDEX ' || leftover::text; END IF;
END`;
  return [`DO ${literal(block)}`];
}

interface ConcurrentIndex {
  /** Null when the server chooses. */
  readonly name: string | null;
  /** As regclass input. */
  readonly table: string;
}

/** `CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table`; null for any other statement. */
export function concurrentIndex(words: readonly Word[]): ConcurrentIndex | null {
  let at = skip(words, skip(words, skip(words, 0, 'CREATE'), 'UNIQUE'), 'INDEX', 'CONCURRENTLY');
  if (words[at - 1]?.keyword !== 'CONCURRENTLY') return null;
  at = skip(words, at, 'IF', 'NOT', 'EXISTS');
  const named = words[at]?.keyword === 'ON' && words[at]?.quoted === false ? null : nameAt(words, at);
  const table = nameAt(words, skip(words, skip(words, named?.next ?? at, 'ON'), 'ONLY'));
  return table === null
    ? null
    : { name: named === null ? null : folded(named.name), table: regclassOf(table.schema, table.name) };
}

/** `DROP INDEX CONCURRENTLY [IF EXISTS] name`, which takes one name only. */
export function droppedIndexes(words: readonly Word[]): readonly string[] | null {
  const at = skip(words, 0, 'DROP', 'INDEX', 'CONCURRENTLY');
  if (at === 0) return null;
  const name = nameAt(words, skip(words, at, 'IF', 'EXISTS'));
  return name === null ? null : [regclassOf(name.schema, name.name)];
}

/** `ALTER TYPE name ADD VALUE …`; null for any other statement. */
function typeWithNewValue(words: readonly Word[]): string | null {
  const at = skip(words, 0, 'ALTER', 'TYPE');
  const name = at === 0 ? null : nameAt(words, at);
  if (name === null || skip(words, name.next, 'ADD', 'VALUE') === name.next) return null;
  return regclassOf(name.schema, name.name);
}

interface TableIndex {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly valid: boolean;
  /** The session that may be at work on it; null for a valid one. */
  readonly builder: number | null;
}

async function indexesOf(connection: Connection, table: string): Promise<readonly TableIndex[]> {
  const { rows } = await connection.query(
    `SELECT space.nspname AS schema, relation.relname AS name, pg_catalog.pg_get_indexdef(relation.oid) AS definition,
            entry.indisvalid AS valid, CASE WHEN NOT entry.indisvalid THEN ${builderOfEntry} END AS builder
     FROM pg_catalog.pg_index entry
     JOIN pg_catalog.pg_class relation ON relation.oid = entry.indexrelid
     JOIN pg_catalog.pg_namespace space ON space.oid = relation.relnamespace
     WHERE entry.indrelid = pg_catalog.to_regclass(${literal(table)})
     ORDER BY relation.relname`,
  );
  return rows.map((row: Row) => ({
    schema: String(row['schema']),
    name: String(row['name']),
    definition: String(row['definition']),
    valid: row['valid'] === true,
    builder: row['builder'] === null ? null : Number(row['builder']),
  }));
}

async function exists(connection: Connection, expression: string): Promise<boolean> {
  const { rows } = await connection.query(`SELECT pg_catalog.${expression} IS NOT NULL AS found`);
  return rows[0]?.['found'] === true;
}
