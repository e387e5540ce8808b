import type { RevisionFunction } from '../../environment/revisions/load-revision.ts';
import type { TestFile } from '../../environment/read-test-files.ts';
import type { Revision } from '../../graph/revision.ts';
import type { MigrationPlan, PlanStep } from '../../planner/migration-plan.ts';
import type { RevisionBody } from '../../runtime/revision-body.ts';
import type { EventSink } from '../../runtime/run-event.ts';
import { carryOut } from '../run/carry-out-plan.ts';
import { checksumOf, exactChecksumOf } from '../checksums.ts';
import { withDatabase, withLock } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import { runLimits } from '../run/run-limits.ts';

/** What calls a function of a test file. */
export interface HookCall {
  readonly revision: Revision;
  readonly direction: PlanStep['direction'];
  readonly file: TestFile;
  readonly run: RevisionFunction;
}

/**
 * Calls a function of a test file with the `op` of its revision, as if it were a revision that changes no version row. Throws
 * what such a revision throws, with the place in the test file.
 */
export async function runHook(
  { configuration }: Project,
  { revision, direction, file, run }: HookCall,
  onEvent: EventSink,
  signal: AbortSignal | undefined,
): Promise<void> {
  await withDatabase(configuration, { access: 'write', onEvent, signal }, (opened) =>
    withLock(configuration, opened, { onEvent, signal }, async (database) => {
      const { dialect, lock } = database;
      const step: PlanStep = { direction, revision, versionChange: { remove: [], update: [], insert: [] } };
      const rows = await database.versions.read();
      const plan: MigrationPlan = { headsBefore: rows, headsAfter: rows, steps: [step], warnings: [] };
      const body: RevisionBody = {
        kind: 'code',
        run,
        path: file.path,
        source: file.source,
        limits: { tableLockTimeoutMs: null, statementTimeoutMs: null },
        checksum: checksumOf(file.source, file.path, dialect),
        exactChecksum: exactChecksumOf(file.source),
      };
      const bodyOf = (): RevisionBody => body;
      await carryOut(plan, {
        configuration,
        database,
        lock,
        halfDone: null,
        runUnsettledAgain: false,
        bodyOf,
        limitsOf: runLimits(plan, bodyOf, {}, configuration, dialect).limitsOf,
        transactionMode: 'revision',
        retries: configuration.retries,
        onEvent,
        signal,
      });
    }),
  );
}
