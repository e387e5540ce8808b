import { messageOf } from '../../support/aludel-error.ts';
import type { Dialect, ErrorExplanation } from '../dialect.ts';
import { missingNameIn, type MissingWords } from '../sql/missing-name.ts';
import { backfill } from './backfill.ts';
import { blockersOf } from './blockers.ts';
import { aside, changingOneRow, createJournalTable, createVersionTable, homeOf, idWidth } from './bookkeeping.ts';
import { catalogueState, leftoversOf } from './catalogue.ts';
import { mayComeUp } from './connect-failure.ts';
import { connectMysql } from './driver.ts';
import { loadMysqlBuilder } from './knex-client.ts';
import { limitScripts } from './limits.ts';
import { acquireMysqlLock } from './lock.ts';
import { significantText } from './normalise-sql.ts';
import { inspector } from './inspect.ts';
import { mysqlRules } from './lexical-rules.ts';
import { inline, literal } from './literal.ts';
import { offline } from './script/offline.ts';
import { isSurelyUndone } from './script/outcome.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { render } from './operations/render.ts';
import { whyReadOnly } from './replica.ts';
import { rollbackKeptSome } from './rollback-kept-some.ts';
import { schema } from './schema/schema.ts';
import { script } from './script/script.ts';
import { splitStatements } from './split-statements.ts';
import { runsOtherStatements, traitsOf } from './statement-kind.ts';

/** MySQL 8 and MariaDB 10.5 and later: every DDL statement commits by itself. */
export const mysql: Dialect = {
  name: 'mysql',
  transactionalDdl: false,
  beginStatement: 'START TRANSACTION',
  isMissing: () => false,
  connect: connectMysql,
  mayComeUp,
  whyReadOnly,
  acquireLock: acquireMysqlLock,
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
  aside,
  afterInsert: (insertId) => [`DO LAST_INSERT_ID(${insertId})`],
  changingOneRow,
  homeOf,
  createVersionTable,
  idWidth,
  createJournalTable,
  catalogueState,
  isSurelyUndone,
  rollbackKeptSome,
  leftoversOf,
  completionOf: () => Promise.resolve([]),
  backfill,
  offline,
  loadBuilder: loadMysqlBuilder,
  render,
  inspector,
  script,
  schema,
};

function explainError(error: unknown, sql: string): ErrorExplanation {
  const { code, errno } = (error ?? {}) as { readonly code?: unknown; readonly errno?: unknown };
  const wanted = localFile.exec(messageOf(error))?.[1];
  const message =
    wanted === undefined ? messageOf(error) : `the server asks for the file ${wanted} of the client, and is sent none`;
  const near = /right syntax to use near '([\s\S]*)' at line \d+$/.exec(message)?.[1];
  return {
    message,
    // mysql2 has no name for some errors of MariaDB.
    code: typeof code === 'string' ? code : typeof errno === 'number' ? String(errno) : null,
    offset: near === undefined ? null : offsetOf(near, sql),
    unread: near !== undefined && !runsOtherStatements(sql),
    missing: missingNameIn(message, sql, missingWords, mysqlRules()),
    kind: wanted === undefined ? kindOf(code, errno, sql) : 'local-file',
  };
}

/** mysql2's own words, which tell its caller to give it the file. */
const localFile = /^As a result of LOCAL INFILE command server wants to read ([\s\S]+) file, but /;

/** The server quotes what is left of the statement, 80 characters at most, so that its end is told by nothing. */
function offsetOf(near: string, sql: string): number | null {
  if (sql.endsWith(near)) return sql.length - near.length;
  const found = sql.indexOf(near);
  return found >= 0 ? found : null;
}

const missingWords: MissingWords = {
  table: [/^Table '(.+)' doesn't exist$/, /^Unknown table '(.+)'$/],
  column: [
    /^Unknown column '(.+?)' in /,
    /^Key column '(.+)' doesn't exist in table$/,
    /^Can't DROP COLUMN [`'](.+)[`']; check that /,
  ],
};

/** ER_STATEMENT_TIMEOUT of MariaDB (MariaDB manual, "Error Codes"). */
const maxStatementTimeExceeded = 1969;

function kindOf(code: unknown, errno: unknown, sql: string): ErrorExplanation['kind'] {
  if (errno === maxStatementTimeExceeded) return 'interrupted';
  switch (code) {
    case 'ER_NO_SUCH_TABLE':
      return 'missing-table';
    case 'ER_BAD_DB_ERROR':
      return 'missing-database';
    case 'ER_CLIENT_LOCAL_FILES_DISABLED':
      return 'local-file';
    // MariaDB, and MySQL before 8, say it of other commands too.
    case 'ER_NOT_ALLOWED_COMMAND':
      return /\blocal\s+infile\b/i.test(sql) ? 'local-file' : 'other';
    case 'ER_LOCK_WAIT_TIMEOUT':
    case 'ER_LOCK_NOWAIT':
      return 'busy';
    case 'ER_LOCK_DEADLOCK':
      return 'deadlock';
    case 'ER_CHECKREAD':
      return 'serialisation';
    case 'ER_QUERY_TIMEOUT':
    case 'ER_QUERY_INTERRUPTED':
      return 'interrupted';
    case 'ER_OPTION_PREVENTS_STATEMENT':
      return 'read-only';
    case 'ER_DBACCESS_DENIED_ERROR':
    case 'ER_TABLEACCESS_DENIED_ERROR':
      return 'denied';
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ER_SERVER_SHUTDOWN':
      return 'connection-lost';
    default:
      return 'other';
  }
}
