import type { MigrationPlan, VersionChange } from '../../src/planner/migration-plan.ts';

/** The ids of the steps in one line. */
export function idsOf(plan: MigrationPlan): string {
  return plan.steps.map((step) => step.revision.id).join(' ');
}

/** A change of rows as signs: `-a` removed, `+b` inserted, `a>b` updated. */
export function drawnChange({ remove, update, insert }: VersionChange): string {
  return [
    ...remove.map((id) => `-${id}`),
    ...update.map(({ from, to }) => `${from}>${to}`),
    ...insert.map((id) => `+${id}`),
  ].join(' ');
}

/** The changes of rows of each step, as {@link drawnChange}. */
export function changesOf(plan: MigrationPlan): readonly string[] {
  return plan.steps.map((step) => drawnChange(step.versionChange));
}
