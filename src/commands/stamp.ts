import { flag, options } from '../operations/argument-rules.ts';
import { planStamp } from '../planner/plan-stamp.ts';
import { halfDoneOf } from '../runtime/records/half-done.ts';
import { begin, commitVersions } from '../runtime/transaction.ts';
import { milliseconds, requireArguments, texts, watchedKeys } from './call-rules.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { refuseIdsThatDoNotFit } from './run/fitting-ids.ts';
import { halfDoneFirst } from './run/half-done-first.ts';
import { readRows, withDatabase, withLock } from './open-database.ts';
import { openProject, type ConfigSource, type Project } from './open-project.ts';
import type { StampReport } from './results.ts';

export interface StampOptions extends Watched {
  /** Removes every row first, also those that no file has. */
  readonly purge?: boolean;
  /** How long to wait for the migration lock, in milliseconds; overrides the configuration's. */
  readonly lockTimeoutMs?: number;
}

const signature = {
  config: configSource,
  targets: texts,
  options: options<StampOptions>({ ...watchedKeys, purge: flag, lockTimeoutMs: milliseconds }),
};

/** Writes the version table as if the targets had been applied, without running anything. No targets means base. */
export async function stamp(
  config: ConfigSource,
  targets: readonly string[],
  options: StampOptions = {},
): Promise<StampReport> {
  requireArguments('stamp', signature, [config, targets, options]);
  return await stampProject(await openProject(config), targets, options);
}

/** {@link stamp} for a project that is open. */
export async function stampProject(
  { configuration, graph }: Project,
  targets: readonly string[],
  options: StampOptions,
): Promise<StampReport> {
  const planFrom = (rows: readonly string[]) => planStamp(graph, rows, targets, { purge: options.purge ?? false });
  const onEvent = sinkOf(options);
  planFrom(await readRows(configuration, { onEvent }));
  return await withDatabase(configuration, { access: 'write', onEvent }, (database) =>
    withLock(configuration, database, { lockTimeoutMs: options.lockTimeoutMs, onEvent }, async (locked) => {
      const plan = planFrom(await locked.versions.read());
      const report = { heads_before: plan.headsBefore, heads_after: plan.headsAfter };
      const { remove, update, insert } = plan.versionChange;
      if (remove.length + update.length + insert.length === 0) return report;
      const halfDone = halfDoneOf(await locked.journal.readUnfinished());
      if (halfDone !== null && options.purge !== true) throw halfDoneFirst(halfDone);
      await refuseIdsThatDoNotFit(plan.headsAfter, locked, configuration);
      begin(locked);
      await commitVersions(locked, plan.versionChange, [
        { event: 'stamped', revision: null, direction: null, detail: report },
      ]);
      return report;
    }),
  );
}
