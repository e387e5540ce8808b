import type { ScriptFrame, ScriptPart, ScriptRules, ScriptSection } from '../../script/script-rules.ts';
import { isNotDone } from '../../script/script-stops.ts';
import { commentLines, linesOf, shellWord, skippableNumbers } from '../../script/script-text.ts';
import { literal } from '../literal.ts';
import { quoteTable } from '../quote.ts';
import { checkAfter, checkBefore, checkWriter, makeStops, removeStops, rowsAre } from './script-checks.ts';
import { clientStatements } from './client-text.ts';

/**
 * Scripts for the sqlite3 shell, which ends with status 1 at the first error after `.bail on`.
 *
 * It has no control flow, and no statement of SQLite's can be chosen at run time. So an idempotent script writes each section
 * into a file, or nothing when it is to be skipped, and lets the shell read that.
 */
export const script: ScriptRules = {
  now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
  // SQLite knows no users.
  actor: "'sqlite3 ' || sqlite_version()",
  howToRun: (file) => [`sqlite3 DATABASE < ${shellWord(file)}`],
  opening,
  section,
  closing,
};

/** How long a statement waits for another connection that writes, in milliseconds: as the tool itself does unless configured. */
const busyTimeoutMs = 10_000;

/** What an idempotent script writes the section into that comes next, in the shell's directory. It is left empty. */
const sectionFile = 'aludel-next-section.sql';

function opening(frame: ScriptFrame, prepare: readonly string[]): string {
  return linesOf([
    // The shell looks at the number alone. psql, which would go on after errors, knows its own command and stops at the first one.
    '-- psql stops here; without this it would go on after errors.',
    String.raw`.timeout 0 \set ON_ERROR_STOP on`,
    '.bail on',
    '',
    '-- Takes the migration lock. "database is locked" here says that another migration is running.',
    ...takeLock,
    `.timeout ${busyTimeoutMs}`,
    ...frame.session.flatMap(clientStatements),
    '',
    '-- Stops unless this is the place to begin; then all of this transaction is rolled back.',
    ...(frame.idempotent
      ? [`-- What is still to be run goes through the file ${sectionFile} in the present directory.`]
      : []),
    ...makeStops(frame),
    'BEGIN IMMEDIATE;',
    ...prepare.flatMap(clientStatements),
    ...(frame.from === null ? [] : checkBefore(frame, frame.from)),
    'COMMIT;',
  ]);
}

/**
 * The lock of lock.ts: a write lock on the file beside the database. In this mode it is not given back with the transaction,
 * but with the file, and so at the latest with the shell.
 */
const takeLock = [
  "ATTACH (SELECT CASE file WHEN '' THEN ':memory:' ELSE file || '-aludel-lock' END",
  "  FROM pragma_database_list WHERE name = 'main') AS aludel_lock;",
  'PRAGMA aludel_lock.locking_mode = EXCLUSIVE;',
  'CREATE TABLE IF NOT EXISTS aludel_lock.lock_holder (only INTEGER PRIMARY KEY CHECK (only = 1), owner TEXT, since TEXT);',
  `INSERT OR REPLACE INTO aludel_lock.lock_holder VALUES (1, 'sqlite3', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));`,
];

function section(written: ScriptSection, frame: ScriptFrame): string {
  const { parts } = written;
  return linesOf(['', ...(frame.idempotent ? throughFile(written, frame) : parts.flatMap(linesOfPart))]);
}

function throughFile({ revision, direction, rowsBefore, parts }: ScriptSection, frame: ScriptFrame): readonly string[] {
  const journal = quoteTable(frame.tables.journal);
  const answers = skippableNumbers(parts).map(
    (number) => `${isNotDone(journal, literal(revision), literal(direction), number)} AS do_${number}`,
  );
  const condition = [`${rowsAre(frame, rowsBefore)} AS run`, ...answers].join(',\n  ');
  return [
    `WITH decided AS (SELECT ${condition})`,
    `SELECT 'aludel: ${sectionFile} cannot be written' FROM decided`,
    `WHERE writefile('${sectionFile}', CASE WHEN run THEN (`,
    "  SELECT group_concat(text, '') FROM (SELECT column3 AS text FROM (VALUES",
    [
      `  (0, 1, ${checkWriter})`,
      ...pieces(parts).map(
        ({ number, text }, index) =>
          `  (${index + 1}, ${number === null ? '1' : `do_${number}`}, ${literal(`\n${text}`)})`,
      ),
    ].join(',\n'),
    "  ) WHERE column2 ORDER BY column1)) ELSE '' END) IS NULL;",
    `.read ${sectionFile}`,
  ];
}

interface Piece {
  readonly number: number | null;
  readonly text: string;
}

/** The text of the parts, those together that are skipped together. */
function pieces(parts: readonly ScriptPart[]): readonly Piece[] {
  const found: Piece[] = [];
  for (const part of parts) {
    const number = part.kind === 'statement' ? part.unlessDone : null;
    const text = linesOf(linesOfPart(part));
    const last = found.at(-1);
    if (last?.number === number) found[found.length - 1] = { number, text: last.text + text };
    else found.push({ number, text });
  }
  return found;
}

function linesOfPart(part: ScriptPart): readonly string[] {
  return part.kind === 'comment' ? [commentLines(part.text)] : clientStatements(part.sql);
}

function closing(frame: ScriptFrame): string {
  return linesOf([
    '',
    ...(frame.idempotent ? [`SELECT 1 WHERE writefile('${sectionFile}', '') IS NULL;`, ...checkAfter(frame)] : []),
    ...removeStops(frame),
    'DETACH aludel_lock;',
  ]);
}
