import type { ScriptFrame, ScriptPart, ScriptRules, ScriptSection } from '../../script/script-rules.ts';
import { isNotDone } from '../../script/script-stops.ts';
import { commentLines, linesOf, shellWord, skippableNumbers } from '../../script/script-text.ts';
import { literal } from '../literal.ts';
import { clientStatements, statementsIn } from './client-text.ts';
import { variableOf } from './settling.ts';
import { quoteTable } from '../quote.ts';
import { checkAfter, checkBefore, rowsAre } from './script-checks.ts';
import { transactionControl } from '../statement-kind.ts';

/**
 * Scripts for the clients mariadb and mysql, which end with status 1 at the first error when they read from a file.
 *
 * Neither has control flow of its own, and routines may not be created everywhere: what depends on something is a text that
 * is chosen and prepared. MariaDB prepares nearly every statement; MySQL no CREATE TRIGGER, PROCEDURE, FUNCTION or EVENT, and
 * an idempotent script that holds one stops there with its error.
 */
export const script: ScriptRules = {
  now: "CONCAT(LEFT(DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')",
  // A variable of the session: in another one, which a client might open behind our back, it is NULL, which the journal refuses.
  actor: '@aludel_actor',
  howToRun: (file) => [
    `mariadb --binary-mode --comments DATABASE < ${shellWord(file)}`,
    `mysql --binary-mode --comments DATABASE < ${shellWord(file)}`,
    // Without them the clients change line ends in strings and leave the comments out of routines.
    'Keep the switches; no --force, and not the command source, which go on after an error.',
  ],
  opening,
  section,
  closing,
};

function opening(frame: ScriptFrame, prepare: readonly string[]): string {
  return linesOf([
    // As the driver of a live run sets them: routines and views keep these settings.
    'SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;',
    "SET SESSION sql_mode = CONCAT(@@sql_mode, ',IGNORE_SPACE');",
    'SET autocommit = 1;',
    ...frame.session.flatMap(clientStatements),
    '',
    '-- Takes the migration lock, and stops unless this is the place to begin. Until then the session cannot write: a client',
    '-- that goes on after an error changes nothing either.',
    ...checkBefore(frame),
    "SET @aludel_actor = LEFT(CONCAT(USER(), ' mysql'), 255);",
    '',
    ...prepare.flatMap(clientStatements),
  ]);
}

function section({ revision, direction, rowsBefore, parts }: ScriptSection, frame: ScriptFrame): string {
  if (!frame.idempotent) return linesOf(['', ...parts.flatMap(linesOfPart)]);
  const journal = quoteTable(frame.tables.journal);
  const answers = skippableNumbers(parts).map((number) => {
    const isOpen = isNotDone(journal, literal(revision), literal(direction), number);
    return `SET ${variableOf(number)} = @aludel_run AND ${isOpen};`;
  });
  return linesOf([
    '',
    `SET @aludel_run = (SELECT ${rowsAre(rowsBefore)} FROM ${quoteTable(frame.tables.versions)});`,
    ...answers,
    ...conditionalParts(parts),
  ]);
}

function linesOfPart(part: ScriptPart): readonly string[] {
  return part.kind === 'comment' ? [commentLines(part.text)] : clientStatements(part.sql);
}

/**
 * Each statement runs when its variable says so. One that asks for the ROW_COUNT() of the statement before is prepared before
 * that one runs: what would stand between the two would be counted instead.
 */
function conditionalParts(parts: readonly ScriptPart[]): readonly string[] {
  const lines: string[] = [];
  let prepared = 0;
  const execute = (): void => {
    for (let number = 1; number <= prepared; number++) lines.push(`EXECUTE aludel_${number};`);
    prepared = 0;
  };
  for (const part of parts) {
    if (part.kind === 'comment') {
      execute();
      lines.push(commentLines(part.text));
      continue;
    }
    for (const sql of statementsIn(part.sql)) {
      if (!asksForStatementBefore(sql)) execute();
      if (transactionControl(sql) !== null) {
        // Around nothing it does nothing, and MySQL does not prepare all of them.
        lines.push(`${sql};`);
        continue;
      }
      prepared++;
      const runs = part.unlessDone === null ? '@aludel_run' : variableOf(part.unlessDone);
      const condition = part.when === undefined ? runs : `${runs} AND ${part.when}`;
      lines.push(
        `SET @aludel_sql = IF(${condition}, ${literal(sql)}, 'DO 0');`,
        `PREPARE aludel_${prepared} FROM @aludel_sql;`,
      );
    }
  }
  execute();
  return lines;
}

function asksForStatementBefore(sql: string): boolean {
  return /\b(?:ROW_COUNT|FOUND_ROWS)\s*\(/i.test(sql);
}

function closing(frame: ScriptFrame): string {
  return linesOf(['', ...(frame.idempotent ? checkAfter(frame) : []), `DO RELEASE_LOCK(@aludel_lock);`]);
}
