import type { Dialect } from '../../dialects/dialect.ts';
import { unlimited, type StatementLimits } from '../../dialects/limits.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import type { MigrationPlan, PlanStep } from '../../planner/migration-plan.ts';
import type { RevisionBody } from '../../runtime/revision-body.ts';
import type { LimitsOfStep } from '../../runtime/run-ports.ts';

/** When somebody first asks whom a statement waits for, unless it may wait for less. In milliseconds. */
const usualFirstLookMs = 1000;

/** The limits of every step, and what the database cannot limit, in sentences. */
export interface RunLimits {
  readonly limitsOf: (step: PlanStep) => LimitsOfStep;
  readonly warnings: readonly string[];
}

export function runLimits(
  plan: MigrationPlan,
  bodyOf: (step: PlanStep) => RevisionBody,
  asked: Partial<StatementLimits>,
  configuration: Configuration,
  dialect: Dialect,
): RunLimits {
  const limits = new Map(plan.steps.map((step) => [step, limitsOfStep(bodyOf(step), asked, configuration, dialect)]));
  const warnings = new Set([...limits.values()].map(({ scripts }) => scripts.warning));
  return {
    limitsOf: (step) => limits.get(step) ?? { scripts: unlimited, firstLookMs: usualFirstLookMs },
    warnings: [...warnings].filter((warning) => warning !== null),
  };
}

/** What a revision sets comes before what the caller asks for, and this before the configuration. */
export function limitsOfStep(
  { limits: own }: RevisionBody,
  asked: Partial<StatementLimits>,
  configuration: Configuration,
  dialect: Dialect,
): LimitsOfStep {
  const tableLockTimeoutMs = own.tableLockTimeoutMs ?? asked.tableLockTimeoutMs ?? configuration.tableLockTimeoutMs;
  const statementTimeoutMs = own.statementTimeoutMs ?? asked.statementTimeoutMs ?? configuration.statementTimeoutMs;
  return {
    scripts: dialect.limitScripts({ tableLockTimeoutMs, statementTimeoutMs }, configuration.busyTimeoutMs),
    // Half of the time that a statement waits at all leaves the other half for asking.
    firstLookMs: Math.min(usualFirstLookMs, (tableLockTimeoutMs || Infinity) / 2),
  };
}
