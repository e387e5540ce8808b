import type { LimitScripts, StatementLimits } from '../limits.ts';

/**
 * lock_timeout and statement_timeout, both in milliseconds with 0 for none (manual, "Client Connection Defaults"). Within
 * a transaction they are LOCAL: they end with it, also behind a pooler that gives the session to someone else.
 */
export function limitScripts(limits: StatementLimits): LimitScripts {
  const settings = settingsOf(limits);
  return {
    beforeBegin: [],
    afterBegin: settings.map(([name, value]) => `SET LOCAL ${name} = ${value}`),
    set: settings.map(([name, value]) => `SET ${name} = ${value}`),
    warning: null,
    lift: settings.map(([name]) => `RESET ${name}`),
  };
}

function settingsOf({
  tableLockTimeoutMs,
  statementTimeoutMs,
}: StatementLimits): readonly (readonly [string, number])[] {
  return [
    ...(tableLockTimeoutMs === null ? [] : [['lock_timeout', tableLockTimeoutMs] as const]),
    ...(statementTimeoutMs === null ? [] : [['statement_timeout', statementTimeoutMs] as const]),
  ];
}
