import type { ScriptFrame, ScriptPart, ScriptRules, ScriptSection } from '../../script/script-rules.ts';
import { isNotDone } from '../../script/script-stops.ts';
import { commentLines, linesOf, shellWord, skippableNumbers } from '../../script/script-text.ts';
import { literal } from '../literal.ts';
import { applicationPrefix, lockKey } from '../lock.ts';
import { quoteTable } from '../quote.ts';
import { checkBefore, checkAfter, rowsAre } from './script-checks.ts';
import { clientStatements } from './client-text.ts';

/**
 * Scripts for psql 10 and later. With ON_ERROR_STOP it ends with status 3 at the first error, and `\gset` and `\if` are all
 * that an idempotent script needs.
 */
export const script: ScriptRules = {
  now: `pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  actor: "current_user || '@' || coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), 'localhost') || ' psql'",
  howToRun: (file) => [
    `psql -X -d DATABASE -f ${shellWord(file)}`,
    'Without -1, and not through a connection pooler: the migration lock belongs to the session.',
  ],
  opening,
  section,
  closing,
};

/** sqlite3 would go on after errors. Comments nest here but not there, so for it the first line is all of a comment. */
const stopsOtherClients = [
  '-- sqlite3 stops here; without this it would go on after errors.',
  '/* /* */',
  '.bail on',
  '*/ -- This script is for psql.',
];

function opening(frame: ScriptFrame, prepare: readonly string[]): string {
  return linesOf([
    ...stopsOtherClients,
    String.raw`\set ON_ERROR_STOP on`,
    String.raw`\set ON_ERROR_ROLLBACK off`,
    String.raw`\set AUTOCOMMIT on`,
    String.raw`\set QUIET on`,
    String.raw`\encoding UTF8`,
    ...frame.session.flatMap(clientStatements),
    `SET application_name = ${literal(`${applicationPrefix}psql`)};`,
    '',
    '-- Takes the migration lock, and stops unless this is the place to begin.',
    // An error's message is enough; the line of the block below that raised it helps nobody.
    String.raw`\set SHOW_CONTEXT never`,
    ...checkBefore(frame),
    String.raw`\set SHOW_CONTEXT errors`,
    '',
    'BEGIN;',
    // What is there already is no news.
    'SET LOCAL client_min_messages = warning;',
    ...prepare.flatMap(clientStatements),
    'COMMIT;',
  ]);
}

function section({ revision, direction, rowsBefore, parts }: ScriptSection, frame: ScriptFrame): string {
  if (!frame.idempotent) return linesOf(['', ...parts.flatMap(linesOfPart)]);
  const journal = quoteTable(frame.tables.journal);
  const answers = skippableNumbers(parts).map(
    (number) => `  ${isNotDone(journal, literal(revision), literal(direction), number)} AS ${variableOf(number)}`,
  );
  const run = `SELECT ${rowsAre(frame, rowsBefore)} AS aludel_run`;
  return linesOf([
    '',
    [run, ...answers].join(',\n') + String.raw` \gset`,
    String.raw`\if :aludel_run`,
    ...withSkips(parts),
    String.raw`\endif`,
  ]);
}

/** The parts with `\if` around each run of those that are skipped together. */
function withSkips(parts: readonly ScriptPart[]): readonly string[] {
  const lines: string[] = [];
  let open: number | null = null;
  const turnTo = (number: number | null): void => {
    if (number === open) return;
    if (open !== null) lines.push(String.raw`\endif`);
    if (number !== null) lines.push(String.raw`\if :` + variableOf(number));
    open = number;
  };
  for (const part of parts) {
    if (part.kind === 'statement') turnTo(part.unlessDone);
    lines.push(...linesOfPart(part));
  }
  turnTo(null);
  return lines;
}

function variableOf(number: number): string {
  return `aludel_do_${number}`;
}

function linesOfPart(part: ScriptPart): readonly string[] {
  return part.kind === 'comment' ? [commentLines(part.text)] : clientStatements(part.sql);
}

function closing(frame: ScriptFrame): string {
  return linesOf([
    '',
    ...(frame.idempotent ? checkAfter(frame) : []),
    `SELECT pg_catalog.pg_advisory_unlock(${lockKey(frame.tables.versions)}) AS aludel_unlocked ${String.raw`\gset`}`,
  ]);
}
