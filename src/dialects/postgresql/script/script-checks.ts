import type { TableName } from '../../connection.ts';
import type { ScriptFrame } from '../../script/script-rules.ts';
import { firstUnfinished, isDone, noRevision, startsOf, stopped, stopsOf } from '../../script/script-stops.ts';
import { doBlock } from '../operations/do-block.ts';
import { literal } from '../literal.ts';
import { lockHolders, lockKey } from '../lock.ts';
import { quoteTable } from '../quote.ts';

/** SQL for the rows of the version table, which exists, as an array in code point order. */
function rowsIn(frame: ScriptFrame): string {
  const rows = `pg_catalog.array_agg(version_num::text ORDER BY version_num COLLATE "C")`;
  return `SELECT coalesce(${rows}, '{}') FROM ${quoteTable(frame.tables.versions)}`;
}

/** SQL that is true when these are the rows of the version table, which exists. */
export function rowsAre(frame: ScriptFrame, rows: readonly string[]): string {
  return `(${rowsIn(frame)}) = ${arrayOf(rows)}`;
}

function arrayOf(rows: readonly string[]): string {
  return `ARRAY[${rows.map(literal).join(', ')}]::text[]`;
}

/**
 * Takes the lock and raises an error unless the script may begin. What may not be there is read by EXECUTE. The lock is given
 * back with the error: in a session that goes on, it would stay.
 */
export function checkBefore(frame: ScriptFrame): readonly string[] {
  const { versions, lock } = frame.tables;
  const stops = stopsOf(frame);
  const block = doBlock([
    'DECLARE',
    '  keys record;',
    "  present text[] := '{}';",
    '  holder text;',
    '  step text;',
    '  half_done text;',
    ...(frame.passedOver === null ? [] : ['  passed boolean := false;']),
    'BEGIN',
    '  IF pg_catalog.now() <> pg_catalog.statement_timestamp() THEN',
    `    ${raise(literal(`${stopped}a transaction is open, as with psql -1; run the script without one`))}`,
    '  END IF;',
    `  SELECT given.class, given.hash INTO keys FROM (VALUES (${lockKey(versions)})) AS given (class, hash);`,
    `  IF NOT pg_catalog.pg_try_advisory_lock(${keys}) THEN`,
    "    SELECT pg_catalog.format('%s (server process %s of database user %s)',",
    '      activity.application_name, activity.pid, activity.usename) INTO holder',
    `     ${lockHolders(keys)};`,
    `    ${raise(`${literal(stops.locked)} || coalesce(holder, 'another session')`)}`,
    '  END IF;',
    '  BEGIN',
    ...checkLease(lock, stops.locked),
    ...(frame.from === null ? [] : checkRows(frame, frame.from)),
    '  EXCEPTION WHEN OTHERS THEN',
    `    PERFORM pg_catalog.pg_advisory_unlock(${keys});`,
    '    RAISE;',
    '  END;',
    'END',
  ]);
  return [`${block};`];
}

/** The keys of the lock, once they are worked out. */
const keys = 'keys.class, keys.hash';

/** A lease that has expired is taken from its holder, who could otherwise come back and write. */
function checkLease(lock: TableName, locked: string): readonly string[] {
  const table = quoteTable(lock);
  const held = `SELECT owner || ' (by lease)' FROM ${table} WHERE expires > pg_catalog.clock_timestamp() LIMIT 1`;
  const free =
    `UPDATE ${table} SET token = token + 1, owner = NULL, session = NULL, expires = NULL ` +
    'WHERE expires IS NOT NULL';
  return [
    `    IF ${exists(lock)} THEN`,
    `      EXECUTE ${literal(held)} INTO holder;`,
    `      IF holder IS NOT NULL THEN ${raise(`${literal(locked)} || holder`)} END IF;`,
    `      EXECUTE ${literal(free)};`,
    '    END IF;',
  ];
}

function checkRows(frame: ScriptFrame, from: readonly string[]): readonly string[] {
  const { versions, journal } = frame.tables;
  const stops = stopsOf(frame);
  const unfinished = `SELECT begun.direction || ' ' || begun.revision ${firstUnfinished(quoteTable(journal))}`;
  const shown = `coalesce(nullif(pg_catalog.array_to_string(present, ', '), ''), ${literal(noRevision)})`;
  const starts = startsOf(frame, from).map(({ rows, step }) => `      (${arrayOf(rows)}, ${literal(step)})`);
  const unless = frame.passedOver === null ? '' : ' AND NOT passed';
  return [
    `    IF ${exists(versions)} THEN`,
    `      EXECUTE ${literal(rowsIn(frame))} INTO present;`,
    '    END IF;',
    ...(frame.idempotent
      ? []
      : [`    IF present = ${arrayOf(frame.to)} THEN ${raise(literal(stops.ranAlready))} END IF;`]),
    '    SELECT start.step INTO step FROM (VALUES',
    starts.join(',\n'),
    '    ) AS start (rows, step) WHERE start.rows = present;',
    ...(frame.passedOver === null
      ? []
      : [
          `    IF ${exists(journal)} THEN`,
          `      EXECUTE ${literal(`SELECT ${isDone(quoteTable(journal), frame.passedOver, literal)}`)} INTO passed;`,
          '    END IF;',
        ]),
    `    IF step IS NULL${unless} THEN ${raise(`${literal(stops.found)} || ${shown} || ${literal(stops.expected)}`)} END IF;`,
    `    IF ${exists(journal)} THEN`,
    `      EXECUTE ${literal(unfinished)} INTO half_done;`,
    `      IF half_done <> step${unless} THEN`,
    `        ${raise(`${literal(stops.halfDone)} || half_done || ${literal(stops.goOn)}`)}`,
    '      END IF;',
    '    END IF;',
  ];
}

/** Raises an error unless the rows are those the script ends with. */
export function checkAfter(frame: ScriptFrame): readonly string[] {
  const block = doBlock([
    'BEGIN',
    `  IF NOT (${rowsAre(frame, frame.to)})${unlessPassed(frame)} THEN`,
    `    ${raise(literal(stopsOf(frame).unfinished))}`,
    '  END IF;',
    'END',
  ]);
  return [`${block};`];
}

function unlessPassed({ passedOver, tables }: ScriptFrame): string {
  return passedOver === null ? '' : ` AND NOT ${isDone(quoteTable(tables.journal), passedOver, literal)}`;
}

function exists(table: TableName): string {
  return `pg_catalog.to_regclass(${literal(quoteTable(table))}) IS NOT NULL`;
}

function raise(message: string): string {
  return `RAISE EXCEPTION USING MESSAGE = ${message};`;
}
