import type { MigrationPlan } from './migration-plan.ts';
import { differenceOf } from './version-rows.ts';

/** The plan that takes back what another one does: the same steps the other way round and from last to first. */
export function reversePlan(plan: MigrationPlan): MigrationPlan {
  const steps = plan.steps.toReversed().map(({ direction, revision, versionChange: { remove, update, insert } }) => ({
    direction: direction === 'upgrade' ? ('downgrade' as const) : ('upgrade' as const),
    revision,
    versionChange: differenceOf(
      [...update.map(({ to }) => to), ...insert],
      [...remove, ...update.map(({ from }) => from)],
    ),
  }));
  return { headsBefore: plan.headsAfter, headsAfter: plan.headsBefore, steps, warnings: [] };
}
