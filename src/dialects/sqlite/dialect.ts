import { messageOf } from '../../support/aludel-error.ts';
import type { Dialect, ErrorExplanation } from '../dialect.ts';
import { backfill } from './backfill.ts';
import { blockersOf } from './blockers.ts';
import { changingOneRow, createJournalTable, createVersionTable, homeOf } from './bookkeeping.ts';
import { catalogueState, leftoversOf } from './catalogue.ts';
import { missingNameIn, type MissingWords } from '../sql/missing-name.ts';
import { connectSqlite, isMissingFile } from './driver.ts';
import { complaintOf } from './operations/guards.ts';
import { loadSqliteBuilder } from './knex-client.ts';
import { limitScripts } from './limits.ts';
import { acquireSqliteLock } from './lock.ts';
import { significantText } from './normalise-sql.ts';
import { inspector } from './inspect.ts';
import { inline, literal } from './literal.ts';
import { sqliteRules } from './lexical-rules.ts';
import { offline } from './script/offline.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { render } from './operations/render.ts';
import { schema } from './schema/schema.ts';
import { script } from './script/script.ts';
import { splitStatements } from './split-statements.ts';
import { traitsOf } from './statement-kind.ts';

/** SQLite 3.35 or later: DDL is transactional, one writer at a time, no schemas. */
export const sqlite: Dialect = {
  name: 'sqlite',
  transactionalDdl: true,
  beginStatement: 'BEGIN IMMEDIATE',
  isMissing: isMissingFile,
  connect: connectSqlite,
  // A file is there or it is not, and an open one that cannot be written says so itself.
  mayComeUp: () => false,
  whyReadOnly: () => Promise.resolve(null),
  acquireLock: acquireSqliteLock,
  limitScripts,
  blockersOf,
  splitStatements,
  significantText,
  traitsOf,
  explainError,
  quoteIdentifier,
  quoteTable,
  literal,
  inline,
  aside: (statements) => statements,
  afterInsert: () => [],
  changingOneRow,
  homeOf,
  createVersionTable,
  // VARCHAR(32) is only a word here.
  idWidth: () => Promise.resolve(null),
  createJournalTable,
  catalogueState,
  isSurelyUndone: () => Promise.resolve(false),
  rollbackKeptSome: () => Promise.resolve(false),
  leftoversOf,
  completionOf: () => Promise.resolve([]),
  backfill,
  offline,
  loadBuilder: loadSqliteBuilder,
  render,
  inspector,
  script,
  schema,
};

/** Extended result codes are not used by the sqlite3 package; the message tells the rest (sqlite.org/rescode.html). */
function explainError(error: unknown, sql: string): ErrorExplanation {
  const code = (error as { code?: unknown } | null)?.code;
  const told = messageOf(error).replace(/^SQLITE_[A-Z]+: /, '');
  const complaint = complaintOf(told, sql);
  const missing = missingNameIn(told, sql, missingWords, sqliteRules);
  const message = complaint ?? (code === 'SQLITE_BUSY' ? `${told}: another connection is writing to it` : nicer(told));
  const near = /near "((?:[^"]|"")+)": syntax error/.exec(message)?.[1];
  const found = near === undefined ? -1 : sql.indexOf(near);
  return {
    message,
    code: typeof code === 'string' ? code : null,
    offset: found >= 0 && sql.indexOf(near ?? '', found + 1) < 0 ? found : null,
    unread: near !== undefined,
    missing,
    kind: kindOf(code, message),
  };
}

const missingWords: MissingWords = {
  table: [/^no such table: (.+)$/],
  column: [/^no such column: (.+)$/, /^table .+ has no column named (.+)$/],
};

/** SQLite puts quotes around a name that has its own. */
function nicer(told: string): string {
  return told.replace(/^(no such column: )""(.+)""$/, '$1"$2"');
}

function kindOf(code: unknown, message: string): ErrorExplanation['kind'] {
  if (message.startsWith('no such table: ')) return 'missing-table';
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') return 'busy';
  if (code === 'SQLITE_READONLY') return 'read-only';
  return 'other';
}
