import { dialectOf } from '../../dialects/registry.ts';
import { readTestFiles, type TestFile } from '../../environment/read-test-files.ts';
import { systemClock } from '../../environment/system.ts';
import { flag, optional, options, text } from '../../operations/argument-rules.ts';
import { planUpgrade } from '../../planner/plan-upgrade.ts';
import { interruptionReason, throwIfInterrupted } from '../../runtime/interruption.ts';
import type { EventSink, RunEvent } from '../../runtime/run-event.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { AludelError, isAludelError } from '../../support/aludel-error.ts';
import { requireArguments, stoppableKeys } from '../call-rules.ts';
import { configSource, sinkOf, type Stoppable } from '../invocation.ts';
import { loadBodies, loadBody } from '../run/load-bodies.ts';
import { withDatabase, withLock } from '../open-database.ts';
import { openProject, type ConfigSource, type Project } from '../open-project.ts';
import type { TestedRevision, TestReport } from '../results.ts';
import { applyAgain, roundTrip, type RoundTrip, type TestedStep, type Trial } from './round-trip.ts';
import { withScratch } from '../schema/with-scratch.ts';

export interface TestOptions extends Stoppable {
  /** Whether a revision without a downgrade counts as a failure. */
  readonly strict?: boolean;
}

const signature = {
  config: configSource,
  target: optional(text),
  options: options<TestOptions>({ ...stoppableKeys, strict: flag }),
};

/**
 * Takes every revision that `upgrade` to the target would apply to an empty database up, down and up again, on scratch databases; see
 * {@link roundTrip}. One that fails hides none behind it: the next is tested on a new scratch database. Nothing else is touched.
 *
 * Throws revision.not-loadable, test.invalid-file, schema.no-scratch and target.* before anything is run.
 */
export async function testRevisions(
  config: ConfigSource,
  target = 'heads',
  options: TestOptions = {},
): Promise<TestReport> {
  requireArguments('testRevisions', signature, [config, target, options]);
  const { signal } = options;
  const opened = await openProject(config);
  // The journal of a scratch database has nothing to say about files.
  const project: Project = { ...opened, configuration: { ...opened.configuration, checksums: 'ignore' } };
  const steps = await testedSteps(project, target);
  try {
    const revisions = await testAll(steps, project, { onEvent: sinkOf(options), signal });
    return {
      database: project.configuration.database.display,
      revisions,
      is_ok: revisions.every(
        ({ outcome }) => outcome === 'ok' || (outcome === 'irreversible' && options.strict !== true),
      ),
    };
  } catch (error) {
    if (signal?.aborted !== true || !isAludelError(error) || error.code !== 'migration.interrupted') throw error;
    throw new AludelError('migration.interrupted', `The test was ${interruptionReason(signal)}.`, {
      hint: 'Its scratch database is removed; nothing else was touched.',
      cause: error,
    });
  }
}

/** Everything is loaded before anything runs. */
async function testedSteps({ configuration, graph }: Project, target: string): Promise<readonly TestedStep[]> {
  const dialect = await dialectOf(configuration.database.dialect);
  const plan = planUpgrade(graph, [], [target]);
  const files: ReadonlyMap<string, TestFile> = await readTestFiles(graph.revisions, configuration);
  await loadBodies(plan, configuration, dialect, configuration.transactionMode, new Map());
  const steps: TestedStep[] = [];
  for (const step of plan.steps) {
    const { revision } = step;
    const down = await loadBody({ ...step, direction: 'downgrade' }, configuration, dialect);
    steps.push({ revision, file: files.get(revision.id) ?? null, hasDowngrade: down !== null });
  }
  return steps;
}

/** A revision that is applied on the way, and whether what comes before it in its test file is done again. */
interface Applied {
  readonly step: TestedStep;
  readonly withBefore: boolean;
}

/**
 * Goes on with one scratch database until a revision fails on it, and then with the next. One whose `before` failed was not
 * tried without it: should its upgrade fail there, it is left out from then on.
 */
async function testAll(
  steps: readonly TestedStep[],
  project: Project,
  { onEvent, signal }: Omit<Trial, 'project'>,
): Promise<readonly TestedRevision[]> {
  const tested: TestedRevision[] = [];
  const applied: Applied[] = [];
  const withoutUpgrade = new Set<string>();
  while (tested.length < steps.length) {
    throwIfInterrupted(signal);
    await withScratch(project.configuration, { onEvent, signal }, async (configuration) => {
      const trial: Trial = { project: { ...project, configuration }, onEvent: toldOf(onEvent), signal };
      await ensureOwnTables(trial);
      for (const [index, { step, withBefore }] of applied.entries()) {
        if (await applyAgain(step, withBefore, trial)) continue;
        withoutUpgrade.add(step.revision.id);
        applied.splice(index, 1);
        return;
      }
      let schema: Snapshot | null = null;
      for (const step of steps.slice(tested.length)) {
        const startedAt = systemClock.monotonic();
        const isReached = !needsOf(step, project).some((id) => withoutUpgrade.has(id));
        const trip: RoundTrip = isReached ? await roundTrip(step, schema, trial) : { failure: null, schema };
        schema = trip.schema;
        const result = isReached ? reportOf(step, trip) : notReached(step);
        tested.push(result);
        const at = result.failure?.at;
        if (result.outcome === 'not-reached' || at === 'upgrade') withoutUpgrade.add(step.revision.id);
        else applied.push({ step, withBefore: at !== 'before' });
        onEvent({
          kind: 'revision-tested',
          revision: result.revision,
          message: result.message,
          outcome: result.outcome,
          number: tested.length,
          of: steps.length,
          durationMs: systemClock.monotonic() - startedAt,
        });
        if (result.failure !== null) return;
      }
    });
  }
  return tested;
}

/** The tool makes what it keeps, and its schema, before the first revision: that is no part of what the revision makes. */
async function ensureOwnTables({ project: { configuration }, onEvent, signal }: Trial): Promise<void> {
  await withDatabase(configuration, { access: 'write', onEvent, signal }, (database) =>
    withLock(configuration, database, { onEvent, signal }, () => Promise.resolve()),
  );
}

function reportOf(step: TestedStep, { failure }: RoundTrip): TestedRevision {
  const outcome = failure !== null ? 'failed' : step.hasDowngrade ? 'ok' : 'irreversible';
  return { ...notReached(step), outcome, failure };
}

function notReached({ revision, file }: TestedStep): TestedRevision {
  const { id, message, path } = revision;
  return { revision: id, message, path, test_file: file?.path ?? null, outcome: 'not-reached', failure: null };
}

function needsOf({ revision }: TestedStep, { graph }: Project): readonly string[] {
  const needs = graph.needs[graph.positionOf.get(revision.id) ?? -1] ?? [];
  return needs.flatMap((position) => graph.revisions[position]?.id ?? []);
}

/** What is told of the runs inside: every revision runs three times, and a person reads one line for each. */
function toldOf(onEvent: EventSink): EventSink {
  const told: ReadonlySet<RunEvent['kind']> = new Set([
    'blocked',
    'retrying',
    'interrupted',
    'warning',
    'waiting-for-database',
  ]);
  return (event) => {
    if (told.has(event.kind)) onEvent(event);
  };
}
