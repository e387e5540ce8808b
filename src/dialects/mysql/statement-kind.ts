import { calls, firstWords } from '../sql/first-words.ts';
import { isQuery } from '../sql/is-query.ts';
import type { StatementTraits } from '../statement.ts';
import { mysqlRules } from './lexical-rules.ts';

const rules = mysqlRules();

/** What the runner must know of a statement. O(length of the statement). Throws sql.unterminated. */
export function traitsOf(sql: string): StatementTraits {
  return {
    control: transactionControl(sql),
    outsideTransaction: runsOutsideTransaction(),
    implicitCommit: causesImplicitCommit(sql),
    query: isQuery(sql, rules),
    session: changesOnlySession(sql),
    freesLocks: calls(sql, 'RELEASE_ALL_LOCKS', rules),
    locksTables: locksTables(sql),
    temporary: makesTemporary(firstWords(sql, 4, rules)),
    repeatable: isRepeatable(sql),
  };
}

/**
 * Whether a statement begins, ends or nests a transaction. BEGIN NOT ATOMIC opens a block of MariaDB and is none.
 * Turning autocommit off counts as `begin`: from then on every statement stands in a transaction nobody ends. Source:
 * MySQL manual 15.3.1 (START TRANSACTION, COMMIT, ROLLBACK), 15.3.4 (SAVEPOINT), 15.3.8 (XA).
 */
export function transactionControl(sql: string): StatementTraits['control'] {
  const [first = '', second = '', third = ''] = firstWords(sql, 3, rules);
  switch (first) {
    case 'BEGIN':
      return second === 'NOT' ? null : 'begin';
    case 'START':
      return second === 'TRANSACTION' ? 'begin' : null;
    case 'COMMIT':
      return 'commit';
    case 'ROLLBACK':
      return second === 'TO' || third === 'TO' ? 'savepoint' : 'rollback';
    case 'SAVEPOINT':
      return 'savepoint';
    case 'RELEASE':
      return second === 'SAVEPOINT' ? 'savepoint' : null;
    case 'XA':
      if (second === 'START' || second === 'BEGIN') return 'begin';
      if (second === 'COMMIT' || second === 'PREPARE') return 'commit';
      return second === 'ROLLBACK' ? 'rollback' : null;
    case 'SET':
      return autocommitOf(sql) === 'off' ? 'begin' : null;
    default:
      return null;
  }
}

/** No statement is refused inside a transaction; what would not roll back commits it instead. */
export function runsOutsideTransaction(): false {
  return false;
}

/**
 * Whether a statement commits the open transaction, before it runs and after.
 *
 * Also true for what may do so without showing it: CALL, EXECUTE and MariaDB's compound statements run statements that
 * are not in this text. CREATE and DROP TEMPORARY TABLE do not commit; ALTER TABLE and CREATE INDEX on a temporary
 * table do. Source: MySQL manual 15.3.3 (Statements That Cause an Implicit Commit); MariaDB, "SQL statements That Cause
 * an Implicit Commit".
 */
export function causesImplicitCommit(sql: string): boolean {
  const words = firstWords(sql, 5, rules);
  const [first = '', second = '', third = ''] = words;
  switch (first) {
    case 'ALTER':
    case 'RENAME':
    case 'TRUNCATE':
    case 'GRANT':
    case 'REVOKE':
    case 'INSTALL':
    case 'UNINSTALL':
    case 'FLUSH':
    case 'OPTIMIZE':
    case 'REPAIR':
      return true;
    case 'CREATE':
      return !makesTemporary(words);
    case 'DROP':
      return second !== 'TEMPORARY' && second !== 'PREPARE';
    case 'LOCK':
      // LOCK INSTANCE FOR BACKUP leaves the transaction alone; MariaDB also reads LOCK TABLE.
      return second === 'TABLES' || second === 'TABLE';
    case 'UNLOCK':
      return second === 'TABLES' || second === 'TABLE';
    case 'ANALYZE':
      // MariaDB's ANALYZE SELECT … is a kind of EXPLAIN.
      return second === 'TABLE' || third === 'TABLE';
    case 'CHECK':
      return second === 'TABLE' || second === 'TABLES' || second === 'VIEW';
    case 'CACHE':
    case 'LOAD':
      return second === 'INDEX';
    case 'RESET':
      return second !== 'PERSIST';
    case 'START':
      return true;
    case 'STOP':
    case 'CHANGE':
      return ['REPLICA', 'SLAVE', 'REPLICATION', 'MASTER', 'ALL'].includes(second);
    case 'SET':
      return second === 'PASSWORD' || autocommitOf(sql) === 'on';
    default:
      return othersRun.has(first);
  }
}

/** Whether a statement runs others, which its text need not show, and may fail when some of them have taken effect. */
export function runsOtherStatements(sql: string): boolean {
  const [first = ''] = firstWords(sql, 1, rules);
  return othersRun.has(first);
}

const othersRun = new Set(['CALL', 'EXECUTE', 'BEGIN', 'IF', 'CASE', 'LOOP', 'WHILE', 'REPEAT', 'FOR']);

/** What a SET statement makes of autocommit, where it names it: SET [SESSION] [@@[session.]]autocommit = value. */
function autocommitOf(sql: string): 'on' | 'off' | null {
  const words = firstWords(sql, Number.POSITIVE_INFINITY, rules);
  const index = words.findIndex((word, at) => word === 'AUTOCOMMIT' && isSystemVariable(words, at));
  if (index === -1) return null;
  const value = words[index + 1] === ':' ? words[index + 3] : words[index + 2];
  return ['0', 'OFF', 'FALSE', "'OFF'", '"OFF"', "'off'", '"off"'].includes(value ?? '') ? 'off' : 'on';
}

/** `@autocommit` is a variable of the user's. */
function isSystemVariable(words: readonly string[], at: number): boolean {
  const next = words[at + 1];
  if (next !== '=' && next !== ':') return false;
  const before = words[at - 1] ?? '';
  return before !== '@' || words[at - 2] === '@';
}

/**
 * SET of anything but what outlives the session; USE; prepared statements; SELECT … INTO @variable, whose value a later
 * SET or EXECUTE of the same revision reads.
 */
function changesOnlySession(sql: string): boolean {
  const [first = '', second = ''] = firstWords(sql, 2, rules);
  switch (first) {
    case 'USE':
    case 'PREPARE':
    case 'DEALLOCATE':
      return true;
    case 'DROP':
      return second === 'PREPARE';
    case 'SET':
      return second !== 'PASSWORD' && second !== 'DEFAULT' && !hasWord(sql, setsServer);
    case 'SELECT':
      return assignsVariable(sql);
    default:
      return false;
  }
}

const setsServer = new Set(['GLOBAL', 'PERSIST', 'PERSIST_ONLY']);

function hasWord(sql: string, wanted: ReadonlySet<string>): boolean {
  return firstWords(sql, Number.POSITIVE_INFINITY, rules).some((word) => wanted.has(word));
}

/** MariaDB also reads LOCK TABLE. */
function locksTables(sql: string): boolean {
  const [first, second] = firstWords(sql, 2, rules);
  return (first === 'LOCK' || first === 'UNLOCK') && (second === 'TABLES' || second === 'TABLE');
}

function assignsVariable(sql: string): boolean {
  const words = firstWords(sql, Number.POSITIVE_INFINITY, rules);
  return words.some((word, index) => word === 'INTO' && words[index + 1] === '@');
}

/** CREATE [OR REPLACE] TEMPORARY TABLE or SEQUENCE. */
function makesTemporary([first, second, third, fourth]: readonly string[]): boolean {
  if (first !== 'CREATE') return false;
  return second === 'TEMPORARY' || (second === 'OR' && third === 'REPLACE' && fourth === 'TEMPORARY');
}

/** What does no harm when it runs a second time right after the first. */
function isRepeatable(sql: string): boolean {
  const words = firstWords(sql, 8, rules);
  const [first = '', second = '', third = ''] = words;
  if (['ANALYZE', 'OPTIMIZE', 'CHECK', 'REPAIR', 'FLUSH', 'CACHE', 'GRANT', 'UNLOCK', 'LOCK'].includes(first))
    return true;
  if (first === 'LOAD') return second === 'INDEX';
  if (first === 'DROP') return words.some((word, index) => word === 'IF' && words[index + 1] === 'EXISTS');
  // A table or sequence made anew loses what was in it, by the hand of another connection for instance.
  return (
    first === 'CREATE' &&
    second === 'OR' &&
    third === 'REPLACE' &&
    !words.includes('TABLE') &&
    !words.includes('SEQUENCE')
  );
}
