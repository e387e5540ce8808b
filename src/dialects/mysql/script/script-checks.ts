import type { TableName } from '../../connection.ts';
import type { ScriptFrame } from '../../script/script-rules.ts';
import { firstUnfinished, isDone, noRevision, startsOf, stopped, stopsOf } from '../../script/script-stops.ts';
import { sessionName } from '../lease-rules.ts';
import { literal } from '../literal.ts';
import { lockName } from '../lock.ts';
import { quoteTable } from '../quote.ts';

/** SQL, over the version table, that is true when these are its rows. Bytes are compared, whatever collation the table has. */
export function rowsAre(rows: readonly string[]): string {
  if (rows.length === 0) return 'COUNT(*) = 0';
  const listed = rows.map((row) => literal(row)).join(', ');
  const found = `COALESCE(SUM(CONVERT(version_num USING utf8mb4) COLLATE utf8mb4_bin IN (${listed})), 0)`;
  return `COUNT(*) = ${rows.length} AND ${found} = ${rows.length}`;
}

/**
 * Takes the lock and stops unless the script may begin. The reason is gathered in a variable and then raised by naming a
 * column that is not there: the one error with a text of our own that both servers give outside of a routine. What may not be
 * there is read by a statement chosen at that moment.
 *
 * Up to its end the session is read-only.
 */
export function checkBefore(frame: ScriptFrame): readonly string[] {
  const { versions, lock } = frame.tables;
  const { locked } = stopsOf(frame);
  return [
    'SET SESSION TRANSACTION READ ONLY;',
    `SET @aludel_problem = IF(DATABASE() IS NULL, ${literal(`${stopped}no database is selected`)}, NULL);`,
    `SET @aludel_lock = ${lockName(versions)};`,
    'SET @aludel_has_lock = GET_LOCK(@aludel_lock, 0);',
    "SET @aludel_holder = (SELECT CONCAT('server connection ', ID, ' of database user ', USER, ' at ', HOST)",
    '  FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(@aludel_lock));',
    'SET @aludel_owner = NULL, @aludel_lease = NULL;',
    ...readIfThere(
      lock,
      `SELECT MAX(CASE WHEN session IN (SELECT ${sessionName} FROM information_schema.PROCESSLIST ` +
        'WHERE ID = IS_USED_LOCK(@aludel_lock)) THEN owner END), ' +
        'MAX(CASE WHEN expires > UTC_TIMESTAMP(6) THEN owner END) ' +
        `INTO @aludel_owner, @aludel_lease FROM ${quoteTable(lock)}`,
    ),
    ...problemWhen(
      'COALESCE(@aludel_has_lock, 0) <> 1',
      `CONCAT_WS(', ', CONCAT(${literal(locked)}, COALESCE(@aludel_owner, 'another session')), @aludel_holder)`,
    ),
    ...problemWhen('@aludel_lease IS NOT NULL', `CONCAT(${literal(locked)}, @aludel_lease, ' (by lease)')`),
    ...takeExpiredLease(lock),
    ...(frame.from === null ? [] : checkRows(frame, frame.from)),
    `SET @aludel_sql = IF(@aludel_problem IS NULL, 'SET SESSION TRANSACTION READ WRITE', ${asError});`,
    ...run,
  ];
}

const run = ['PREPARE aludel FROM @aludel_sql;', 'EXECUTE aludel;'];

/**
 * A statement that fails with the problem in its error. Both servers show 192 bytes of it. A name has no characters beyond the
 * basic plane: they become question marks.
 */
const asError = "CONCAT('SELECT `', REPLACE(CONVERT(@aludel_problem USING utf8mb3), '`', ''''), '`')";

/** The same with a text that is known when the script is written. */
export function namingError(text: string): string {
  return `SELECT \`${text.replaceAll('`', "'").replaceAll(/[^\0-\uFFFF]/gu, '?')}\``;
}

function problemWhen(condition: string, message: string): readonly string[] {
  return [`SET @aludel_problem = COALESCE(@aludel_problem, IF(${condition}, ${message}, NULL));`];
}

function readIfThere({ schema, name }: TableName, sql: string): readonly string[] {
  return [
    'SET @aludel_sql = IF(@aludel_problem IS NULL AND EXISTS (SELECT 1 FROM information_schema.TABLES',
    `  WHERE TABLE_SCHEMA = ${schema === null ? 'DATABASE()' : literal(schema)} AND TABLE_NAME = ${literal(name)}),`,
    `  ${literal(sql)}, 'DO 0');`,
    ...run,
  ];
}

/** It is taken from its holder, who could otherwise come back and write. */
function takeExpiredLease(lock: TableName): readonly string[] {
  const free =
    `UPDATE ${quoteTable(lock)} SET token = token + 1, owner = NULL, session = NULL, expires = NULL ` +
    'WHERE expires IS NOT NULL';
  return ['START TRANSACTION READ WRITE;', ...readIfThere(lock, free), 'COMMIT;'];
}

function checkRows(frame: ScriptFrame, from: readonly string[]): readonly string[] {
  const { tables, to, idempotent } = frame;
  const { versions, journal } = tables;
  const stops = stopsOf(frame);
  const starts = startsOf(frame, from);
  const step = starts.map((start) => `WHEN ${rowsAre(start.rows)} THEN ${literal(start.step)}`);
  const unless = frame.passedOver === null ? '' : ' AND NOT @aludel_passed';
  const withoutTable = starts.find(({ rows }) => rows.length === 0);
  const shown = `COALESCE(@aludel_found, ${literal(noRevision)})`;
  return [
    `SET @aludel_found = NULL, @aludel_ended = ${to.length === 0 ? 1 : 0};`,
    `SET @aludel_step = ${withoutTable === undefined ? 'NULL' : literal(withoutTable.step)};`,
    ...readIfThere(
      versions,
      `SELECT GROUP_CONCAT(version_num ORDER BY version_num SEPARATOR ', '), ${rowsAre(to)}, CASE ${step.join(' ')} END ` +
        `INTO @aludel_found, @aludel_ended, @aludel_step FROM ${quoteTable(versions)}`,
    ),
    ...(idempotent ? [] : problemWhen('@aludel_ended', literal(stops.ranAlready))),
    ...(frame.passedOver === null
      ? []
      : [
          'SET @aludel_passed = 0;',
          ...readIfThere(
            journal,
            `SELECT ${isDone(quoteTable(journal), frame.passedOver, literal)} INTO @aludel_passed`,
          ),
        ]),
    ...problemWhen(
      `@aludel_step IS NULL${unless}`,
      `CONCAT(${literal(stops.found)}, ${shown}, ${literal(stops.expected)})`,
    ),
    'SET @aludel_half_done = NULL;',
    ...readIfThere(
      journal,
      `SELECT CONCAT(begun.direction, ' ', begun.revision) INTO @aludel_half_done ${firstUnfinished(quoteTable(journal))}`,
    ),
    ...problemWhen(
      `@aludel_half_done <> @aludel_step${unless}`,
      `CONCAT(${literal(stops.halfDone)}, @aludel_half_done, ${literal(stops.goOn)})`,
    ),
  ];
}

/** Stops unless the rows are those the script ends with. */
export function checkAfter(frame: ScriptFrame): readonly string[] {
  const message = literal(namingError(stopsOf(frame).unfinished));
  const { passedOver, tables } = frame;
  const passed = passedOver === null ? '' : ` OR ${isDone(quoteTable(tables.journal), passedOver, literal)}`;
  const rows = `(SELECT ${rowsAre(frame.to)} FROM ${quoteTable(tables.versions)})${passed}`;
  return [`SET @aludel_sql = IF(${rows}, 'DO 0', ${message});`, ...run];
}
