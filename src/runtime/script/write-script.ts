import type { TableName } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { LimitScripts } from '../../dialects/limits.ts';
import type { ScriptFrame, ScriptPart, ScriptStep } from '../../dialects/script/script-rules.ts';
import type { MigrationPlan, PlanStep, VersionChange } from '../../planner/migration-plan.ts';
import { byCodePoint } from '../../support/text.ts';
import type { JournalEntry } from '../records/journal-entry.ts';
import type { RevisionBody } from '../revision-body.ts';
import { finishedEntry, loadKnex, runBody, type BodyPorts, type KnexOfRun } from '../run-body.ts';
import type { TransactionMode } from '../run-ports.ts';
import { scriptFailed } from './script-failed.ts';
import type { Scratch } from './script-parts.ts';
import { createStatementWriter, type StatementWriter } from './statement-writer.ts';
import { versionStatements } from '../records/version-statements.ts';

export interface ScriptPorts extends Omit<BodyPorts, 'offline'> {
  readonly versionTable: TableName;
  readonly frame: ScriptFrame;
  readonly insertion: (entries: readonly JournalEntry[]) => readonly string[];
  readonly transactionMode: TransactionMode;
  /** Loads what a step runs, when its turn has come. */
  readonly bodyOf: (step: PlanStep) => Promise<RevisionBody>;
  /** Lets go what {@link bodyOf} has loaded. */
  readonly release: (step: PlanStep) => void;
  readonly limitsOf: (body: RevisionBody) => LimitScripts;
  /** Put the session back behind a revision that has set something for it. */
  readonly restoringSession: readonly string[];
  /** Called before each step: what stands for the database while it is written. */
  readonly scratchFor: (step: PlanStep) => Scratch;
  readonly hash: (text: string) => string;
  readonly redact: (text: string) => string;
}

/**
 * Writes a plan as text, piece by piece: the opening, a section for each step, the closing. The steps go through what a
 * live run puts them through, with a writer in the place of the runner, and have the transactions that they have live.
 *
 * With one transaction around everything there is one section, which is kept whole. Throws offline.needs-database, and
 * whatever a revision throws, with its file and line.
 */
export async function* writeScript(plan: MigrationPlan, ports: ScriptPorts): AsyncGenerator<string, void, undefined> {
  const { dialect, frame } = ports;
  const { script } = dialect;
  yield openingText(dialect, frame);
  let knexOfRun: KnexOfRun | null = null;
  const together: ScriptPart[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const body = await ports.bodyOf(step);
    if (body.kind === 'code') knexOfRun ??= await loadKnex(dialect);
    const parts = await writeStep(plan, step, body, knexOfRun, ports);
    ports.release(step);
    const place = frame.steps[index];
    if (ports.transactionMode === 'all') together.push(...parts);
    else if (place !== undefined) yield script.section({ ...place, parts }, frame);
  }
  const [whole] = frame.steps;
  if (whole !== undefined && together.length > 0) yield script.section({ ...whole, parts: together }, frame);
  yield script.closing(frame);
}

/** The sections of a plan's script: one for each step; one for all when a transaction spans them. */
export function sectionsOf(plan: MigrationPlan, transactionMode: TransactionMode): readonly ScriptStep[] {
  let rows = plan.headsBefore;
  const steps = plan.steps.map(({ revision, direction, versionChange }) => {
    const rowsBefore = rows;
    rows = rowsBehind(rows, versionChange);
    return { revision: revision.id, direction, rowsBefore, rowsAfter: rows };
  });
  const last = steps.at(-1);
  if (transactionMode !== 'all' || last === undefined) return steps;
  return [{ ...last, rowsBefore: plan.headsBefore }];
}

/** A script that changes the rows of the version table and nothing else; without a change it only makes our tables. */
export function writeVersionScript(
  change: VersionChange | null,
  entry: JournalEntry | null,
  { dialect, versionTable, frame, insertion }: Pick<ScriptPorts, 'dialect' | 'versionTable' | 'frame' | 'insertion'>,
): readonly string[] {
  const { script } = dialect;
  if (change === null) return [openingText(dialect, frame), script.closing(frame)];
  const statements = [
    dialect.beginStatement,
    ...versionStatements(dialect, versionTable, change),
    ...insertion(entry === null ? [] : [entry]),
    'COMMIT',
  ];
  const parts = statements.map((sql) => ({ kind: 'statement', sql, unlessDone: null }) as const);
  const sections = frame.steps.map((place) => script.section({ ...place, parts }, frame));
  return [openingText(dialect, frame), ...sections, script.closing(frame)];
}

function openingText(dialect: Dialect, frame: ScriptFrame): string {
  const { versions, journal } = frame.tables;
  return dialect.script.opening(frame, [
    ...dialect.createVersionTable(versions),
    ...dialect.createJournalTable(journal),
  ]);
}

async function writeStep(
  plan: MigrationPlan,
  step: PlanStep,
  body: RevisionBody,
  knexOfRun: KnexOfRun | null,
  ports: ScriptPorts,
): Promise<readonly ScriptPart[]> {
  const { dialect, transactionMode } = ports;
  const limits = ports.limitsOf(body);
  const inOne = transactionMode === 'all';
  const own = transactionMode === 'revision' && dialect.transactionalDdl && (body.kind === 'code' || body.transaction);
  const writer = createStatementWriter(
    {
      ...ports,
      step,
      limits,
      scratch: ports.scratchFor(step),
      mayCommit: !inOne,
      idempotent: ports.frame.idempotent,
      journal: ports.frame.tables.journal,
    },
    own || inOne,
  );
  writer.comment(titleOf(step));
  if (own || (inOne && step === plan.steps[0])) await writer.begin();
  else if (inOne) addAll(writer, limits.set);
  try {
    await runBody(body, step, writer, knexOfRun, { ...ports, offline: true });
  } catch (thrown) {
    throw scriptFailed(step, body, writer.refusal(), thrown, ports.redact);
  }
  const refusal = writer.refusal();
  if (refusal !== null) throw scriptFailed(step, body, refusal, refusal.error, ports.redact);
  if (writer.hasSetSession()) addAll(writer, ports.restoringSession);
  const isOpen = writer.isInsideTransaction();
  if (isOpen) addAll(writer, limits.lift);
  else writer.add(dialect.beginStatement);
  addAll(writer, versionStatements(dialect, ports.versionTable, step.versionChange));
  addAll(writer, ports.insertion([finishedEntry(step, body, { source: false })]));
  // A transaction of our own rows alone is none of what stands for the database.
  if (!isOpen) writer.add('COMMIT');
  else if (!inOne || step === plan.steps.at(-1)) await writer.commit();
  return writer.take();
}

function addAll(writer: StatementWriter, statements: readonly string[]): void {
  for (const sql of statements) writer.add(sql);
}

function titleOf({ direction, revision: { id, message } }: PlanStep): string {
  return `${direction} ${id}${message === '' ? '' : `: ${message}`}`;
}

function rowsBehind(rows: readonly string[], { remove, update, insert }: VersionChange): readonly string[] {
  const gone = new Set([...remove, ...update.map(({ from }) => from)]);
  return [...rows.filter((row) => !gone.has(row)), ...update.map(({ to }) => to), ...insert].toSorted(byCodePoint);
}
