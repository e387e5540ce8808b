import type { ScriptFrame } from '../../script/script-rules.ts';
import { firstUnfinished, isDone, noRevision, startsOf, stopsOf } from '../../script/script-stops.ts';
import { literal } from '../literal.ts';
import { quoteTable } from '../quote.ts';

/** SQL for the rows of the version table as a JSON array in code point order. */
function rowsIn(frame: ScriptFrame): string {
  const table = quoteTable(frame.tables.versions);
  return `(SELECT json_group_array(version_num) FROM (SELECT version_num FROM ${table} ORDER BY version_num COLLATE BINARY))`;
}

function arrayOf(rows: readonly string[]): string {
  return `json_array(${rows.map(literal).join(', ')})`;
}

/** SQL that is true when these are the rows of the version table. */
export function rowsAre(frame: ScriptFrame, rows: readonly string[]): string {
  return `(${rowsIn(frame)} = ${arrayOf(rows)})`;
}

/**
 * What a script stops with: a row put into a table whose triggers raise an error. Its text is fixed when a trigger is made, so
 * what only the database knows is printed first. These tables are temporary ones, and go with the shell at the latest.
 */
export function makeStops(frame: ScriptFrame): readonly string[] {
  const stops = stopsOf(frame);
  const problems = {
    ...(frame.idempotent ? {} : { ran: stops.ranAlready }),
    elsewhere: `${stops.found}something else${stops.expected}`,
    half_done: `${stops.halfDone}a revision${stops.goOn}`,
    ...(frame.idempotent
      ? {
          unfinished: stops.unfinished,
          foreign: 'aludel stopped: another script writes its sections into the same file',
        }
      : {}),
  };
  return [
    'CREATE TEMP TABLE aludel_stop (problem TEXT);',
    ...Object.entries(problems).flatMap(([problem, text]) => [
      `CREATE TEMP TRIGGER aludel_stop_${problem} BEFORE INSERT ON aludel_stop WHEN NEW.problem = '${problem}' BEGIN`,
      `  SELECT RAISE(ABORT, ${literal(text)});`,
      'END;',
    ]),
    ...(frame.idempotent ? ['CREATE TEMP TABLE aludel_writer AS SELECT lower(hex(randomblob(16))) AS token;'] : []),
  ];
}

/** Stops unless the script may begin. */
export function checkBefore(frame: ScriptFrame, from: readonly string[]): readonly string[] {
  const starts = startsOf(frame, from).map(({ rows, step }) => `  (${arrayOf(rows)}, ${literal(step)})`);
  const halfDone = `SELECT begun.direction || ' ' || begun.revision ${firstUnfinished(quoteTable(frame.tables.journal))}`;
  const shown = `coalesce((SELECT group_concat(value, ', ') FROM json_each(found)), ${literal(noRevision)})`;
  const isElsewhere = `found NOT IN (SELECT rows FROM aludel_start)${unlessPassed(frame)}`;
  const isHalfDone = `half_done <> (SELECT step FROM aludel_start WHERE rows = found)${unlessPassed(frame)}`;
  return [
    'CREATE TEMP TABLE aludel_start (rows TEXT, step TEXT);',
    'INSERT INTO temp.aludel_start VALUES',
    `${starts.join(',\n')};`,
    `CREATE TEMP TABLE aludel_state AS SELECT ${rowsIn(frame)} AS found, (${halfDone}) AS half_done;`,
    ...(frame.idempotent ? [] : [stopWhen('ran', `found = ${arrayOf(frame.to)}`)]),
    `SELECT 'aludel: the version table holds ' || ${shown} FROM temp.aludel_state WHERE ${isElsewhere};`,
    stopWhen('elsewhere', isElsewhere),
    `SELECT 'aludel: ' || half_done || ' is half done' FROM temp.aludel_state WHERE ${isHalfDone};`,
    stopWhen('half_done', isHalfDone),
    'DROP TABLE temp.aludel_state;',
    'DROP TABLE temp.aludel_start;',
  ];
}

/** Stops an idempotent script unless the rows are those it ends with. */
export function checkAfter(frame: ScriptFrame): readonly string[] {
  const isUnfinished = `NOT ${rowsAre(frame, frame.to)}${unlessPassed(frame)}`;
  return [`INSERT INTO temp.aludel_stop SELECT 'unfinished' WHERE ${isUnfinished};`];
}

function unlessPassed({ passedOver, tables }: ScriptFrame): string {
  return passedOver === null ? '' : ` AND NOT ${isDone(quoteTable(tables.journal), passedOver, literal)}`;
}

export function removeStops({ idempotent }: ScriptFrame): readonly string[] {
  return ['DROP TABLE temp.aludel_stop;', ...(idempotent ? ['DROP TABLE temp.aludel_writer;'] : [])];
}

/**
 * SQL for the first statement of a section in a file: it stops unless this shell wrote the file. Two shells in one directory
 * could otherwise run each other's sections.
 */
export const checkWriter =
  `${literal("INSERT INTO temp.aludel_stop SELECT 'foreign' FROM temp.aludel_writer WHERE token <> '")} ` +
  `|| (SELECT token FROM temp.aludel_writer) || ${literal("';\n")}`;

function stopWhen(problem: string, condition: string): string {
  return `INSERT INTO temp.aludel_stop SELECT '${problem}' FROM temp.aludel_state WHERE ${condition};`;
}
