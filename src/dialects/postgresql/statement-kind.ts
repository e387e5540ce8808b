import { calls, firstWords } from '../sql/first-words.ts';
import { isQuery } from '../sql/is-query.ts';
import type { StatementTraits } from '../statement.ts';
import { postgresqlRules } from './lexical-rules.ts';

/** What the runner must know of a statement. O(length of the statement). Throws sql.unterminated. */
export function traitsOf(sql: string): StatementTraits {
  return {
    control: transactionControl(sql),
    outsideTransaction: runsOutsideTransaction(sql),
    implicitCommit: causesImplicitCommit(),
    query: isQuery(sql, postgresqlRules),
    session: changesOnlySession(sql),
    freesLocks: freesLocks(sql),
    locksTables: false,
    temporary: makesTemporary(sql),
    repeatable: isRepeatable(sql),
  };
}

/**
 * Whether a statement begins, ends or nests a transaction. PREPARE TRANSACTION ends the present one; COMMIT PREPARED
 * and ROLLBACK PREPARED concern another one and are no control. Source: PostgreSQL manual, SQL Commands.
 */
export function transactionControl(sql: string): StatementTraits['control'] {
  const [first = '', second = '', third = ''] = firstWords(sql, 3, postgresqlRules);
  switch (first) {
    case 'BEGIN':
      return 'begin';
    case 'START':
      return second === 'TRANSACTION' ? 'begin' : null;
    case 'COMMIT':
      return second === 'PREPARED' ? null : 'commit';
    case 'END':
      return 'commit';
    case 'PREPARE':
      return second === 'TRANSACTION' ? 'commit' : null;
    case 'ROLLBACK':
      if (second === 'PREPARED') return null;
      return second === 'TO' || third === 'TO' ? 'savepoint' : 'rollback';
    case 'ABORT':
      return 'rollback';
    case 'SAVEPOINT':
    case 'RELEASE':
      return 'savepoint';
    default:
      return null;
  }
}

/**
 * Whether the server refuses a statement inside a transaction block (error 25001), by what its text shows.
 *
 * Three go beyond that. ALTER TYPE … ADD VALUE is allowed inside since 12, but the value cannot be used before the
 * commit. CREATE, ALTER and DROP SUBSCRIPTION are refused or not depending on options and on the slot. The text does
 * not show whether REINDEX and CLUSTER name a partitioned table, nor whether a procedure commits; these answer false,
 * and the error of the server tells (`outside-only`). REFRESH MATERIALIZED VIEW CONCURRENTLY is allowed. Source: PostgreSQL manual, the Notes of each command; calls of
 * PreventInTransactionBlock in the server.
 */
export function runsOutsideTransaction(sql: string): boolean {
  const words = firstWords(sql, 8, postgresqlRules);
  const [first = '', second = '', third = ''] = words;
  switch (first) {
    case 'VACUUM':
      return true;
    case 'CREATE':
      if (second === 'DATABASE' || second === 'TABLESPACE' || second === 'SUBSCRIPTION') return true;
      return (second === 'INDEX' && third === 'CONCURRENTLY') || (third === 'INDEX' && words[3] === 'CONCURRENTLY');
    case 'DROP':
      if (second === 'DATABASE' || second === 'TABLESPACE' || second === 'SUBSCRIPTION') return true;
      return second === 'INDEX' && third === 'CONCURRENTLY';
    case 'REINDEX':
      return isReindexOutside(sql);
    case 'CLUSTER':
      return namesNoTable(sql);
    case 'ALTER':
      return isAlterOutside(sql, second);
    case 'COMMIT':
    case 'ROLLBACK':
      return second === 'PREPARED';
    case 'DISCARD':
      return second === 'ALL';
    default:
      return false;
  }
}

/** PostgreSQL never commits by itself: what cannot be rolled back is refused inside a transaction. */
export function causesImplicitCommit(): false {
  return false;
}

/** REINDEX [(options)] { INDEX | TABLE | SCHEMA | DATABASE | SYSTEM } [CONCURRENTLY] name. */
function isReindexOutside(sql: string): boolean {
  const words = firstWords(sql, Number.POSITIVE_INFINITY, postgresqlRules);
  const target = words[1] === '(' ? words[words.indexOf(')') + 1] : words[1];
  return words.includes('CONCURRENTLY') || ['SCHEMA', 'DATABASE', 'SYSTEM'].includes(target ?? '');
}

/** CLUSTER, CLUSTER VERBOSE and CLUSTER (options) take every table that was clustered before. */
function namesNoTable(sql: string): boolean {
  const words = firstWords(sql, Number.POSITIVE_INFINITY, postgresqlRules);
  const afterOptions = words[1] === '(' ? words.indexOf(')') + 1 : words[1] === 'VERBOSE' ? 2 : 1;
  return words.length === afterOptions;
}

function isAlterOutside(sql: string, kind: string): boolean {
  if (kind === 'SYSTEM') return true;
  if (kind !== 'TYPE' && kind !== 'TABLE' && kind !== 'DATABASE' && kind !== 'SUBSCRIPTION') return false;
  const words = firstWords(sql, Number.POSITIVE_INFINITY, postgresqlRules);
  if (kind === 'TYPE') return hasPair(words, 'ADD', 'VALUE');
  // CONCURRENTLY is no name of a column or table unless it is quoted.
  if (kind === 'TABLE') return hasPair(words, 'DETACH', 'PARTITION') && words.includes('CONCURRENTLY');
  if (kind === 'DATABASE') return hasPair(words, 'SET', 'TABLESPACE');
  return (
    words.includes('PUBLICATION') ||
    words.includes('REFRESH') ||
    words.includes('TWO_PHASE') ||
    words.includes('FAILOVER')
  );
}

function hasPair(words: readonly string[], first: string, second: string): boolean {
  return words.some((word, index) => word === first && words[index + 1] === second);
}

/** SET and its like. A prepared statement counts, PREPARE TRANSACTION does not. */
function changesOnlySession(sql: string): boolean {
  const [first = '', second = ''] = firstWords(sql, 2, postgresqlRules);
  if (first === 'PREPARE') return second !== 'TRANSACTION';
  return ['SET', 'RESET', 'DISCARD', 'LISTEN', 'UNLISTEN', 'LOAD', 'DEALLOCATE'].includes(first);
}

/** What a routine or a DO block calls is not seen. */
function freesLocks(sql: string): boolean {
  const [first, second] = firstWords(sql, 2, postgresqlRules);
  return (first === 'DISCARD' && second === 'ALL') || calls(sql, 'PG_ADVISORY_UNLOCK_ALL', postgresqlRules);
}

/** CREATE … TEMP, a name in pg_temp, and SELECT … INTO TEMP. */
function makesTemporary(sql: string): boolean {
  const words = firstWords(sql, 10, postgresqlRules);
  if (words[0] === 'CREATE') {
    if (words.slice(1, 5).some((word) => word === 'TEMP' || word === 'TEMPORARY')) return true;
    return words.some((word, index) => word === 'PG_TEMP' && words[index + 1] === '.');
  }
  if (words[0] !== 'SELECT') return false;
  const all = firstWords(sql, Number.POSITIVE_INFINITY, postgresqlRules);
  return hasPair(all, 'INTO', 'TEMP') || hasPair(all, 'INTO', 'TEMPORARY');
}

/** Only what may run outside a transaction is ever in doubt; of these, what does no harm a second time. */
function isRepeatable(sql: string): boolean {
  const [first = '', second = ''] = firstWords(sql, 2, postgresqlRules);
  if (['VACUUM', 'ANALYZE', 'ANALYSE', 'REINDEX', 'CLUSTER', 'REFRESH', 'DISCARD', 'CHECKPOINT'].includes(first))
    return true;
  if (first !== 'DROP' && first !== 'ALTER') return false;
  const words = firstWords(sql, Number.POSITIVE_INFINITY, postgresqlRules);
  if (first === 'DROP') return hasPair(words, 'IF', 'EXISTS');
  if (second === 'TYPE') return hasPair(words, 'VALUE', 'IF');
  return second === 'SYSTEM' || (second === 'DATABASE' && hasPair(words, 'SET', 'TABLESPACE'));
}
