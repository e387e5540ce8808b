import { basename } from 'node:path';
import type { Dialect } from '../../dialects/dialect.ts';
import { dialectOf } from '../../dialects/registry.ts';
import type { ScriptFrame, ScriptStep } from '../../dialects/script/script-rules.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { containUserCode } from '../../environment/contain-user-code.ts';
import { sha256 } from '../../environment/hash.ts';
import { forgetRevision } from '../../environment/revisions/load-revision.ts';
import { openSpool, type SpoolFile } from '../../environment/spool-file.ts';
import type { MigrationPlan, PlanStep, StampPlan } from '../../planner/migration-plan.ts';
import { createInterruption } from '../../runtime/interruption.ts';
import { createJournalInsertion } from '../../runtime/records/journal-entry.ts';
import type { RevisionBody } from '../../runtime/revision-body.ts';
import type { TransactionMode } from '../../runtime/run-ports.ts';
import { sectionsOf, writeScript, writeVersionScript } from '../../runtime/script/write-script.ts';
import { sinkOf, type Watched } from '../invocation.ts';
import { loadBody, refuseSpanningRun, refuseWhatCannotShare, withoutDowngrade } from '../run/load-bodies.ts';
import { redactor, tableBeside, toolName } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import { limitsOfStep } from '../run/run-limits.ts';
import { scriptHeader } from './script-header.ts';
import type { ScriptScratch } from './script-scratch.ts';

export interface ScriptOptions extends Watched {
  /** Leaves out the revisions that the database has already, instead of stopping there: the script can be run again. */
  readonly idempotent?: boolean;
  /** Overrides the configuration's. */
  readonly transactionMode?: TransactionMode;
  /** In milliseconds; 0 is no limit. Overrides the configuration's. */
  readonly tableLockTimeoutMs?: number;
  /** In milliseconds; 0 is no limit. Overrides the configuration's. */
  readonly statementTimeoutMs?: number;
  /** Stops the writing. A text as its reason is told as "interrupted by …". */
  readonly signal?: AbortSignal;
}

/** What a script is to do. */
export type ScriptTask =
  | { readonly kind: 'run'; readonly plan: MigrationPlan; readonly scratch: ScriptScratch }
  | { readonly kind: 'stamp'; readonly plan: StampPlan }
  /** Only makes the tables of the tool. */
  | { readonly kind: 'prepare' };

export interface WantedScript {
  readonly task: ScriptTask;
  /** "upgrade base:head", for its head. */
  readonly asked: string;
  /** Where it will be placed; null when it is only read. */
  readonly path: string | null;
  /** Name of the file in the head. */
  readonly file?: string;
}

/**
 * Writes a script into a spool file: nobody sees it before all of it is there. A failure leaves nothing.
 *
 * Throws offline.needs-database, revision.not-loadable, revision.no-downgrade, and what a revision throws.
 */
export async function spoolScript(
  project: Pick<Project, 'configuration'>,
  wanted: WantedScript,
  options: ScriptOptions,
): Promise<SpoolFile> {
  const { configuration } = project;
  const dialect = await dialectOf(configuration.database.dialect);
  const { script } = dialect;
  const { task } = wanted;
  const file = wanted.file ?? (wanted.path === null ? 'script.sql' : basename(wanted.path));
  const transactionMode = options.transactionMode ?? configuration.transactionMode;
  const idempotent = options.idempotent ?? false;
  const [only, ...others] = stepsOfTask(task);
  const frame: ScriptFrame = {
    tables: {
      versions: configuration.versionTable,
      journal: tableBeside(configuration, 'log'),
      lock: tableBeside(configuration, 'lock'),
    },
    session: dialect.offline.sessionOf(configuration.database),
    from: task.kind === 'prepare' ? null : task.plan.headsBefore,
    to: task.kind === 'prepare' ? [] : task.plan.headsAfter,
    steps: sectionsOfTask(task, transactionMode),
    idempotent,
    passedOver: only !== undefined && others.length === 0 && idempotent ? only : null,
  };
  const title = {
    tool: toolName(),
    asked: wanted.asked,
    dialect: configuration.database.isMariaDb === true ? 'mariadb' : dialect.name,
    from: frame.from,
    to: frame.to,
    steps: task.kind === 'run' ? task.plan.steps : [],
    idempotent,
    file,
    howToRun: script.howToRun(file),
  };
  const redact = redactor(configuration);
  const insertion = createJournalInsertion(dialect, frame.tables.journal, {
    // The same script has the same name wherever and whenever it was written.
    runId: `script-${sha256(JSON.stringify([title.asked, frame, title.steps.map((step) => step.revision.id)])).slice(7, 39)}`,
    actor: { sql: script.actor },
    tool: title.tool,
    timestamp: () => ({ sql: script.now }),
    redact,
  });
  const shared = { dialect, versionTable: configuration.versionTable, frame, insertion };
  const spool = openSpool(wanted.path, configuration.workingDirectory, (checksum) => scriptHeader(title, checksum));
  const warned = new Set<string>();
  const interruption = createInterruption(options.signal, () => Promise.resolve(), sinkOf(options));
  try {
    if (task.kind === 'prepare') for (const text of writeVersionScript(null, null, shared)) spool.append(text);
    if (task.kind === 'stamp') {
      const { headsBefore, headsAfter, versionChange } = task.plan;
      const detail = { heads_before: headsBefore, heads_after: headsAfter };
      const entry = { event: 'stamped', revision: null, direction: null, detail } as const;
      for (const text of writeVersionScript(versionChange, entry, shared)) spool.append(text);
    }
    if (task.kind === 'run') {
      if (transactionMode === 'all') refuseSpanningRun(task.plan, dialect);
      const paths = task.plan.steps.map(({ revision }) => revision.path);
      const pieces = writeScript(task.plan, {
        ...shared,
        transactionMode,
        bodyOf: (step) => bodyOf(step, task.plan, configuration, dialect, transactionMode),
        release: (step) => forgetRevision(step.revision, configuration.workingDirectory),
        limitsOf: (body) => limitsOf(body),
        restoringSession: dialect.offline.restoringSession(configuration.database),
        scratchFor: (step) => task.scratch.before(step),
        x: configuration.x,
        contain: (work, stop) => containUserCode(work, stop, paths),
        stop: interruption.asked,
        hash: sha256,
        redact,
      });
      for await (const piece of pieces) {
        interruption.check();
        spool.append(piece);
      }
    }
    spool.finish();
    return spool;
  } catch (error) {
    spool.discard();
    throw error;
  } finally {
    interruption.dispose();
  }

  function limitsOf(body: RevisionBody) {
    const { scripts } = limitsOfStep(body, options, configuration, dialect);
    if (scripts.warning !== null && !warned.has(scripts.warning)) {
      warned.add(scripts.warning);
      sinkOf(options)({ kind: 'warning', text: scripts.warning });
    }
    return scripts;
  }
}

function stepsOfTask(task: ScriptTask): readonly NonNullable<ScriptFrame['passedOver']>[] {
  if (task.kind !== 'run') return [];
  return task.plan.steps.map(({ revision, direction }) => ({ revision: revision.id, direction }));
}

function sectionsOfTask(task: ScriptTask, transactionMode: TransactionMode): readonly ScriptStep[] {
  if (task.kind === 'run') return sectionsOf(task.plan, transactionMode);
  if (task.kind === 'prepare') return [];
  const { headsBefore: rowsBefore, headsAfter: rowsAfter } = task.plan;
  return [{ revision: '', direction: 'upgrade', rowsBefore, rowsAfter }];
}

/** Loads what a step runs; a downgrade that is missing is told together with the others of the plan. */
async function bodyOf(
  step: PlanStep,
  plan: MigrationPlan,
  configuration: Configuration,
  dialect: Dialect,
  transactionMode: TransactionMode,
): Promise<RevisionBody> {
  const body = await loadBody(step, configuration, dialect);
  if (body === null) {
    const irreversible = [step];
    for (const later of plan.steps.slice(plan.steps.indexOf(step) + 1)) {
      if ((await loadBody(later, configuration, dialect)) === null) irreversible.push(later);
    }
    throw withoutDowngrade(irreversible);
  }
  if (transactionMode === 'all') refuseWhatCannotShare([[step, body]]);
  return body;
}
