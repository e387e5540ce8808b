import { firstWords } from '../sql/first-words.ts';
import { isQuery } from '../sql/is-query.ts';
import type { StatementTraits } from '../statement.ts';
import { sqliteRules } from './lexical-rules.ts';

/** What the runner must know of a statement. O(length of the statement). Throws sql.unterminated. */
export function traitsOf(sql: string): StatementTraits {
  const pragma = readPragma(sql);
  const [first = '', second = '', ...rest] = firstWords(sql, 7, sqliteRules);
  return {
    control: transactionControl(sql),
    outsideTransaction: runsOutsideTransaction(sql),
    implicitCommit: causesImplicitCommit(),
    query: pragma === null ? isQuery(sql, sqliteRules) : isReading(pragma),
    session:
      pragma === null ? first === 'ATTACH' || first === 'DETACH' : !isReading(pragma) && !stored.has(pragma.name),
    freesLocks: false,
    locksTables: false,
    temporary: first === 'CREATE' && isTemporary([second, ...rest]),
    repeatable:
      pragma !== null || first === 'REINDEX' || first === 'ANALYZE' || (first === 'VACUUM' && !isVacuumInto(sql)),
  };
}

/** Whether a statement begins, ends or nests a transaction. Source: https://sqlite.org/lang_transaction.html. */
export function transactionControl(sql: string): StatementTraits['control'] {
  const [first = '', second = '', third = ''] = firstWords(sql, 3, sqliteRules);
  switch (first) {
    case 'BEGIN':
      return 'begin';
    case 'COMMIT':
    case 'END':
      return 'commit';
    case 'ROLLBACK':
      return second === 'TO' || third === 'TO' ? 'savepoint' : 'rollback';
    case 'SAVEPOINT':
    case 'RELEASE':
      return 'savepoint';
    default:
      return null;
  }
}

/**
 * Whether SQLite refuses a statement inside a transaction or ignores it there: VACUUM, ATTACH and DETACH, and setting
 * a pragma such as foreign_keys, which is silently a no-op. Reading a pragma is always possible; wal_checkpoint, which
 * takes no value, is refused. ATTACH is refused by old versions only, but a file attached inside a transaction cannot
 * be detached before its end. Source: https://sqlite.org/pragma.html, lang_vacuum.html, lang_attach.html.
 */
export function runsOutsideTransaction(sql: string): boolean {
  const pragma = readPragma(sql);
  if (pragma !== null)
    return pragma.name === 'WAL_CHECKPOINT' || (pragma.sets && ignoredInTransaction.has(pragma.name));
  const [first = ''] = firstWords(sql, 1, sqliteRules);
  return first === 'VACUUM' || first === 'ATTACH' || first === 'DETACH';
}

/** SQLite never commits by itself. */
export function causesImplicitCommit(): false {
  return false;
}

interface Pragma {
  /** In capitals, without its schema. */
  readonly name: string;
  /** It has a value, after `=` or in parentheses. */
  readonly sets: boolean;
}

/** PRAGMA [schema.]name [= value | (value)]; null for any other statement. */
function readPragma(sql: string): Pragma | null {
  const [first, ...words] = firstWords(sql, 5, sqliteRules);
  if (first !== 'PRAGMA') return null;
  const [name = '', next = ''] = words[1] === '.' ? words.slice(2) : words;
  return { name: unquoted(name).toUpperCase(), sets: next === '=' || next === '(' };
}

function unquoted(name: string): string {
  return /^["'`[]/.test(name) ? name.slice(1, -1) : name;
}

/** Pragmas whose argument says what to read, and pragmas without a value that do nothing but answer. */
function isReading(pragma: Pragma): boolean {
  return readers.has(pragma.name) || (!pragma.sets && !workers.has(pragma.name));
}

const ignoredInTransaction = new Set(['FOREIGN_KEYS', 'JOURNAL_MODE', 'SYNCHRONOUS', 'TEMP_STORE', 'AUTO_VACUUM']);
const readers = new Set(
  (
    'TABLE_INFO TABLE_XINFO TABLE_LIST INDEX_LIST INDEX_INFO INDEX_XINFO FOREIGN_KEY_LIST FOREIGN_KEY_CHECK INTEGRITY_CHECK ' +
    'QUICK_CHECK DATABASE_LIST COLLATION_LIST FUNCTION_LIST MODULE_LIST PRAGMA_LIST COMPILE_OPTIONS'
  ).split(' '),
);
const workers = new Set(['OPTIMIZE', 'INCREMENTAL_VACUUM', 'WAL_CHECKPOINT', 'SHRINK_MEMORY']);
/** Kept in the database file, not in the session. */
const stored = new Set(
  (
    'USER_VERSION APPLICATION_ID SCHEMA_VERSION ENCODING AUTO_VACUUM PAGE_SIZE JOURNAL_MODE ' +
    'OPTIMIZE INCREMENTAL_VACUUM WAL_CHECKPOINT SHRINK_MEMORY'
  ).split(' '),
);

/** CREATE TEMP …, or CREATE TABLE [IF NOT EXISTS] temp.name. */
function isTemporary(words: readonly string[]): boolean {
  if (words[0] === 'TEMP' || words[0] === 'TEMPORARY') return true;
  return words.some((word, index) => word === 'TEMP' && words[index + 1] === '.');
}

/** VACUUM [schema] INTO file: the file must not exist. */
function isVacuumInto(sql: string): boolean {
  return firstWords(sql, 3, sqliteRules).includes('INTO');
}
