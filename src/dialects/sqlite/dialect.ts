import { messageOf } from '../../support/aludel-error.ts';
import { compileTable } from '../compile-table.ts';
import type { Dialect, ErrorExplanation } from '../dialect.ts';
import { renderOperation, type TextRules } from '../render-operation.ts';
import { changingOneRow, createJournalTable, createVersionTable } from './bookkeeping.ts';
import { catalogueState, leftoversOf } from './catalogue.ts';
import { connectSqlite, isMissingFile } from './driver.ts';
import { loadSqliteBuilder, rebuildRefused } from './knex-client.ts';
import { acquireSqliteLock } from './lock.ts';
import { significantText } from './normalise-sql.ts';
import { literal, quoteIdentifier, quoteTable } from './quote.ts';
import { splitStatements } from './split-statements.ts';
import { traitsOf } from './statement-kind.ts';

/** SQLite 3.35 or later: DDL is transactional, one writer at a time, no schemas. */
export const sqlite: Dialect = {
  name: 'sqlite',
  transactionalDdl: true,
  beginStatement: 'BEGIN IMMEDIATE',
  isMissing: isMissingFile,
  connect: connectSqlite,
  acquireLock: acquireSqliteLock,
  splitStatements,
  significantText,
  traitsOf,
  explainError,
  quoteIdentifier,
  quoteTable,
  literal,
  changingOneRow,
  createVersionTable,
  createJournalTable,
  catalogueState,
  leftoversOf,
  loadBuilder: loadSqliteBuilder,
  render: (operation, builder) =>
    operation.kind === 'createTable' || operation.kind === 'alterTable'
      ? compileTable(operation, builder, rebuildRefused)
      : renderOperation(operation, textRules),
};

const textRules: TextRules = {
  quoteIdentifier,
  quoteTable,
  placeholder: () => '?',
  // SQLITE_MAX_VARIABLE_NUMBER is 32,766 since 3.32 (sqlite.org/limits.html).
  maxBindings: 32_766,
};

/** Extended result codes are not used by the sqlite3 package; the message tells the rest (sqlite.org/rescode.html). */
function explainError(error: unknown, sql: string): ErrorExplanation {
  const code = (error as { code?: unknown } | null)?.code;
  const message = messageOf(error).replace(/^SQLITE_[A-Z]+: /, '');
  const near = /near "((?:[^"]|"")+)": syntax error/.exec(message)?.[1];
  const found = near === undefined ? -1 : sql.indexOf(near);
  return {
    message,
    code: typeof code === 'string' ? code : null,
    offset: found >= 0 && sql.indexOf(near ?? '', found + 1) < 0 ? found : null,
    kind: kindOf(code, message),
  };
}

function kindOf(code: unknown, message: string): ErrorExplanation['kind'] {
  if (message.startsWith('no such table: ')) return 'missing-table';
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') return 'busy';
  if (code === 'SQLITE_READONLY') return 'read-only';
  return 'other';
}
