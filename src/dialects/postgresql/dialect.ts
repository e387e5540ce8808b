import { messageOf } from '../../support/aludel-error.ts';
import type { Dialect, ErrorExplanation } from '../dialect.ts';
import { firstWords } from '../sql/first-words.ts';
import { tokensOf } from '../sql/lexer.ts';
import { missingNameIn, type MissingWords } from '../sql/missing-name.ts';
import { backfill } from './backfill.ts';
import { blockersOf } from './blockers.ts';
import { changingOneRow, createJournalTable, createVersionTable, homeOf, idWidth } from './bookkeeping.ts';
import { catalogueState, leftoversOf } from './catalogue.ts';
import { mayComeUp } from './connect-failure.ts';
import { connectPostgresql } from './driver.ts';
import { loadPostgresqlBuilder } from './knex-client.ts';
import { limitScripts } from './limits.ts';
import { acquirePostgresqlLock } from './lock.ts';
import { significantText } from './normalise-sql.ts';
import { completionOf } from './interrupted-work.ts';
import { postgresqlRules } from './lexical-rules.ts';
import { inspector } from './inspect.ts';
import { inline, literal } from './literal.ts';
import { offline } from './script/offline.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { render } from './operations/render.ts';
import { whyReadOnly } from './replica.ts';
import { schema } from './schema/schema.ts';
import { script } from './script/script.ts';
import { splitStatements } from './split-statements.ts';
import { traitsOf } from './statement-kind.ts';
import { isSurelyUndone } from './surely-undone.ts';

/** PostgreSQL 12 and later: DDL is transactional but for a few statements. */
export const postgresql: Dialect = {
  name: 'postgresql',
  transactionalDdl: true,
  beginStatement: 'BEGIN',
  isMissing: () => false,
  connect: connectPostgresql,
  mayComeUp,
  whyReadOnly,
  acquireLock: acquirePostgresqlLock,
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
  idWidth,
  createJournalTable,
  catalogueState,
  isSurelyUndone,
  rollbackKeptSome: () => Promise.resolve(false),
  leftoversOf,
  completionOf,
  backfill,
  offline,
  loadBuilder: loadPostgresqlBuilder,
  render,
  inspector,
  script,
  schema,
};

/** Fields of a PostgreSQL error (manual, "Error and Notice Message Fields"). */
interface ServerError {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
}

function explainError(error: unknown, sql: string): ErrorExplanation {
  const { code, detail, hint, position, where = '' } = (error ?? {}) as ServerError;
  const inBlock = position === undefined ? offsetInBlock(where, sql) : null;
  // The innermost comes first. The line of a DO block is marked in the statement itself.
  const routine = /^PL\/pgSQL function (?!inline_code_block ).+ line \d+ at .+$/m.exec(where)?.[0];
  const told = [
    messageOf(error),
    routine === undefined ? undefined : `In ${routine}`,
    detail,
    hint === undefined ? undefined : `Hint: ${hint}`,
  ];
  return {
    message: told.filter((part) => part !== undefined && part !== '').join('. '),
    code: code ?? null,
    offset: position === undefined ? inBlock : utf16Offset(sql, Number(position)),
    unread: position !== undefined,
    // With a hint the server has said it itself.
    missing: hint === undefined ? missingNameIn(messageOf(error), sql, missingWords, postgresqlRules) : null,
    kind: refusesTransaction(code, sql) ? 'outside-only' : kindOf(code),
  };
}

const missingWords: MissingWords = {
  table: [/^(?:relation|table) "(.+)" does not exist$/],
  column: [/^column "(.+)" of relation ".+" does not exist$/, /^column "?(.+?)"? does not exist$/],
};

/** The server counts characters from 1; JavaScript counts UTF-16 units from 0. */
function utf16Offset(sql: string, position: number): number {
  return Array.from(sql)
    .slice(0, position - 1)
    .join('').length;
}

/** Where a DO block failed: its lines count from the one in which the text of its body begins. */
function offsetInBlock(where: string, sql: string): number | null {
  const line = /^PL\/pgSQL function inline_code_block line (\d+) at /m.exec(where)?.[1];
  if (line === undefined || firstWords(sql, 1, postgresqlRules)[0] !== 'DO') return null;
  for (const { kind, start } of tokensOf(sql, postgresqlRules)) {
    if (kind !== 'string') continue;
    let offset = start;
    for (let lines = 1; lines < Number(line) && offset !== -1; lines++) offset = sql.indexOf('\n', offset) + 1 || -1;
    return offset === -1 ? null : offset + (/^[ \t]*/.exec(sql.slice(offset))?.[0].length ?? 0);
  }
  return null;
}

/**
 * 25001 is also what SET TRANSACTION meets when it comes too late. 2D000 is a COMMIT in a routine: outside a transaction
 * it may be had by CALL and by DO, and by nothing else (manual, "Transaction Management" of PL/pgSQL).
 */
function refusesTransaction(code: string | undefined, sql: string): boolean {
  if (code !== '25001' && code !== '2D000') return false;
  const [first] = firstWords(sql, 1, postgresqlRules);
  return code === '25001' ? first !== 'SET' : first === 'CALL' || first === 'DO';
}

function kindOf(code: string | undefined): ErrorExplanation['kind'] {
  switch (code) {
    case '42P01':
    case '3F000':
      return 'missing-table';
    case '55P03':
      return 'busy';
    case '40P01':
      return 'deadlock';
    case '40001':
      return 'serialisation';
    case '57014':
      return 'interrupted';
    case '25P02':
      return 'aborted';
    case '25006':
      return 'read-only';
    case '42501':
      return 'denied';
    case '57P01':
    case '57P02':
    case '57P03':
    case 'ECONNRESET':
    case 'EPIPE':
      return 'connection-lost';
    default:
      return 'other';
  }
}
