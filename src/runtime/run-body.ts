import type { Dialect } from '../dialects/dialect.ts';
import { createOperations } from '../operations/operations.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import type { JournalEntry } from './records/journal-entry.ts';
import type { RevisionBody } from './revision-body.ts';
import type { RevisionRunner } from './revision-runner.ts';
import { openRevisionSession, type RevisionSession } from './revision-session.ts';

/** knex for a whole run; what it compiles goes to the revision that is running. */
export interface KnexOfRun {
  readonly builder: SchemaBuilder;
  current: RevisionSession | null;
}

/** Calls a function of a revision and waits for it, for as long as there is something to wait for. */
export type CallUserCode = (userCode: () => unknown) => Promise<void>;

export interface BodyPorts {
  readonly dialect: Dialect;
  readonly x: Readonly<Record<string, string>>;
  /** Does `work` so that the user code it calls cannot end the process under a run. */
  readonly contain: <T>(work: (call: CallUserCode) => Promise<T>, stop: Promise<never>) => Promise<T>;
  /** Rejects when the run must stop. */
  readonly stop: Promise<never>;
  /** Whether the statements are written into a script. */
  readonly offline: boolean;
}

/** Loads knex for a run: it costs more than a small run takes, so only when there is a code revision. */
export async function loadKnex(dialect: Dialect): Promise<KnexOfRun> {
  const builder = await dialect.loadBuilder(async (statement, builtAt) => {
    if (loaded.current === null) throw new Error('op.knex was used outside its revision');
    return await loaded.current.runFromKnex(statement, builtAt);
  });
  const loaded: KnexOfRun = { builder, current: null };
  return loaded;
}

/** Runs one direction of a revision: every statement goes to `runner`. Throws what the revision throws. */
export async function runBody(
  body: RevisionBody,
  step: PlanStep,
  runner: RevisionRunner,
  knexOfRun: KnexOfRun | null,
  ports: BodyPorts,
): Promise<void> {
  if (body.kind === 'sql') {
    for (const part of ports.dialect.splitStatements(body.text)) {
      const line = body.firstLine + part.line - 1;
      await runner.run({ sql: part.sql, bindings: [] }, { caller: null, line });
    }
    return;
  }
  if (knexOfRun === null) throw new Error('knex was not loaded for a code revision');
  const session = openRevisionSession(runner, knexOfRun.builder);
  const context = {
    dialect: ports.dialect.name,
    revision: step.revision.id,
    direction: step.direction,
    offline: ports.offline,
    x: ports.x,
  };
  knexOfRun.current = session;
  await ports.contain(async (call) => {
    try {
      await call(() => body.run(createOperations({ ...session.port, context })));
      await session.finish();
    } finally {
      // A function that was left behind, or that failed, may have a statement under way.
      await session.close();
      knexOfRun.current = null;
    }
  }, ports.stop);
}

/** The journal row of a revision that ran to its end. */
export function finishedEntry(
  step: PlanStep,
  body: RevisionBody,
  more: { readonly durationMs?: number; readonly source: boolean },
): JournalEntry {
  const { remove, update, insert } = step.versionChange;
  return {
    event: step.direction === 'upgrade' ? 'applied' : 'reverted',
    revision: step.revision.id,
    direction: step.direction,
    message: step.revision.message,
    checksum: body.checksum,
    exactChecksum: body.exactChecksum,
    ...(more.durationMs === undefined ? {} : { durationMs: more.durationMs }),
    detail: {
      rows_removed: [...remove, ...update.map(({ from }) => from)],
      rows_added: [...update.map(({ to }) => to), ...insert],
      // Enough to take it down when its file is gone.
      ...(more.source && step.direction === 'upgrade' ? { file: step.revision.path, source: body.source } : {}),
    },
  };
}
