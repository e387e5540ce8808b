import type { Connection, QueryResult, Row } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { unlimited } from '../../dialects/limits.ts';
import { sessionLock } from '../../dialects/lock.ts';
import { planUpgrade } from '../../planner/plan-upgrade.ts';
import type { MigrationPlan, PlanStep } from '../../planner/migration-plan.ts';
import type { Scratch } from '../../runtime/script/script-parts.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { carryOut } from '../run/carry-out-plan.ts';
import { loadBodies } from '../run/load-bodies.ts';
import { databaseOn } from '../open-database.ts';
import type { Project } from '../open-project.ts';

/** What stands for the database while the steps of a plan are written. */
export interface ScriptScratch {
  before(step: PlanStep): Scratch;
  close(): Promise<void>;
}

/** Tells what the settings tell; where the dialect has a database in memory, what the history makes there as well. */
export function createScratch(project: Project, dialect: Dialect, plan: MigrationPlan): ScriptScratch {
  const { scratch: settings } = dialect.offline;
  if (settings !== null) return createReplay(project, dialect, plan);
  const { database } = project.configuration;
  const scratch: Scratch = {
    async ask(question) {
      const rows = dialect.offline.knownAnswer(question, database);
      return rows === null ? null : answerOf(rows);
    },
    wrote: () => Promise.resolve(),
  };
  return { before: () => scratch, close: () => Promise.resolve() };
}

/**
 * A database in memory, made at the first question: the history from base to where the script starts and the steps that
 * were written are run there, then the statements of the step under way. Those that are written later follow at once.
 */
function createReplay(project: Project, dialect: Dialect, plan: MigrationPlan): ScriptScratch {
  let connection: Connection | null = null;
  let current: PlanStep | null = null;
  let written: string[] = [];
  /** Why the database in memory is no longer what the script makes. */
  let broken: unknown = null;

  async function run(sql: string): Promise<void> {
    try {
      await connection?.script(sql);
    } catch (error) {
      broken ??= error;
    }
  }

  async function replayed(): Promise<Connection> {
    if (connection === null) {
      const done = plan.steps.slice(0, current === null ? 0 : plan.steps.indexOf(current));
      connection = await replay(project, dialect, plan, done);
      for (const sql of written) await run(sql);
    }
    if (broken !== null) throw broken;
    return connection;
  }

  const scratch: Scratch = {
    async ask(question): Promise<QueryResult> {
      const known = dialect.offline.knownAnswer(question, project.configuration.database);
      if (known !== null) return answerOf(known);
      try {
        return await (await replayed()).query(question.sql, question.bindings);
      } catch (error) {
        throw cannotReplay(error);
      }
    },
    async wrote(sql) {
      if (connection === null) written.push(sql);
      else await run(sql);
    },
  };
  return {
    before(step) {
      current = step;
      written = [];
      return scratch;
    },
    close: async () => await connection?.close(),
  };
}

/** Runs the history up to the start of the plan and then these steps of it on an empty database in memory. */
async function replay(
  project: Project,
  dialect: Dialect,
  plan: MigrationPlan,
  steps: readonly PlanStep[],
): Promise<Connection> {
  const settings = dialect.offline.scratch ?? project.configuration.database;
  const configuration = {
    ...project.configuration,
    database: { ...settings, secrets: project.configuration.database.secrets },
  };
  const connection = await dialect.connect(settings, { applicationName: 'aludel', busyTimeoutMs: 0, readOnly: false });
  try {
    const database = databaseOn(connection, dialect, configuration);
    await database.versions.ensure();
    await database.journal.ensure();
    const lock = sessionLock({ lostBecause: () => null, restore: [], release: () => Promise.resolve() });
    const started = planUpgrade(project.graph, [], plan.headsBefore);
    for (const part of [started, { ...plan, steps }]) {
      await carryOut(part, {
        configuration,
        database,
        lock,
        halfDone: null,
        runUnsettledAgain: false,
        bodyOf: await loadBodies(part, configuration, dialect, 'revision', new Map()),
        limitsOf: () => ({ scripts: unlimited, firstLookMs: Number.POSITIVE_INFINITY }),
        transactionMode: 'revision',
        retries: 0,
        onEvent: () => undefined,
        signal: undefined,
      });
    }
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function answerOf(rows: readonly Row[]): QueryResult {
  return { rows, rowCount: rows.length, native: null };
}

function cannotReplay(error: unknown): AludelError {
  return new AludelError(
    'offline.needs-database',
    `This operation has to know the table as it is, and the history up to here cannot be replayed on an empty database in memory: ${messageOf(error)}`,
    {
      hint: 'Make the revisions before it run on an empty database, or write this one with op.execute.',
      cause: error,
    },
  );
}
