import type { LimitScripts, StatementLimits } from '../limits.ts';

/** Longest lock_wait_timeout, in seconds: a year (MySQL manual, "Server System Variables"). */
const longestLockWait = 31_536_000;

/**
 * Locks on tables are waited for by lock_wait_timeout, locks on rows by innodb_lock_wait_timeout; both count whole
 * seconds, so that a fraction is rounded up. Neither has a LOCAL form: they are session settings, put back afterwards.
 *
 * For statements MariaDB has max_statement_time, in seconds, and MySQL max_execution_time, in milliseconds, which limits
 * SELECT only. Each server reads its own of the two comments: to MySQL the other is a plain one, and MariaDB passes over
 * those for versions 5.7 to 9.9 (MariaDB manual, "Comment Syntax").
 */
export function limitScripts(limits: StatementLimits): LimitScripts {
  const { tableLockTimeoutMs, statementTimeoutMs } = limits;
  const statementsOf = (lockWait: number | 'DEFAULT', seconds: number | 'DEFAULT', ms: number | 'DEFAULT') => [
    ...(tableLockTimeoutMs === null
      ? []
      : [`SET SESSION lock_wait_timeout = ${lockWait}, innodb_lock_wait_timeout = ${lockWait}`]),
    ...(statementTimeoutMs === null
      ? []
      : [`SET SESSION /*M!100101 max_statement_time = ${seconds} *//*!50708 max_execution_time = ${ms} */`]),
  ];
  const ms = statementTimeoutMs ?? 0;
  const set = statementsOf(secondsOf(tableLockTimeoutMs ?? 0), ms / 1000, ms);
  return { beforeBegin: [], afterBegin: set, set, lift: statementsOf('DEFAULT', 'DEFAULT', 'DEFAULT'), warning: null };
}

function secondsOf(lockTimeoutMs: number): number {
  return lockTimeoutMs === 0 ? longestLockWait : Math.min(longestLockWait, Math.ceil(lockTimeoutMs / 1000));
}
