import { unlimited, type LimitScripts, type StatementLimits } from '../limits.ts';

/** Longest busy timeout: the pragma takes a 32-bit number of milliseconds (sqlite.org/pragma.html). */
const longestBusyTimeout = 2_147_483_647;

/**
 * The busy timeout is the only limit SQLite has: whoever begins to write waits so long for another writer. A statement
 * cannot be limited.
 */
export function limitScripts(
  { tableLockTimeoutMs, statementTimeoutMs }: StatementLimits,
  usualBusyTimeoutMs: number,
): LimitScripts {
  const warning =
    (statementTimeoutMs ?? 0) > 0 ? 'SQLite has no limit for statements: statement_timeout does nothing.' : null;
  if (tableLockTimeoutMs === null) return { ...unlimited, warning };
  const timeout = tableLockTimeoutMs === 0 ? longestBusyTimeout : Math.min(longestBusyTimeout, tableLockTimeoutMs);
  const set = [`PRAGMA busy_timeout = ${timeout}`];
  return { beforeBegin: set, afterBegin: [], set, lift: [`PRAGMA busy_timeout = ${usualBusyTimeoutMs}`], warning };
}
