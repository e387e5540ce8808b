import type { Connection, QueryResult } from '../dialects/connection.ts';
import type { Dialect, ErrorExplanation } from '../dialects/dialect.ts';
import { prepareBackfill, wholeBackfill } from '../dialects/backfill.ts';
import { blockerInWords } from '../dialects/blocker.ts';
import type { LimitScripts } from '../dialects/limits.ts';
import type { HeldLock } from '../dialects/lock.ts';
import type { Statement, StatementTraits } from '../dialects/statement.ts';
import type { Backfill } from '../operations/backfill.ts';
import { isAludelError } from '../support/aludel-error.ts';
import { listed } from '../support/text.ts';
import { joinStatements } from '../dialects/waiting-text.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import { checkpointDetail, runBackfill, type Checkpoint } from './backfill.ts';
import type { BlockerWatch } from './blocker-watch.ts';
import type { HalfDone, RecordedStatement } from './half-done.ts';
import type { Interruption } from './interruption.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { keptAnswer } from './kept-answer.ts';
import type { Retries } from './retries.ts';
import type { EventSink } from './run-event.ts';
import {
  backfillInsideUnit,
  cannotLeaveTransaction,
  changedBefore,
  ddlInsideUnit,
  inDoubtError,
  misplaced,
  runStopped,
  sessionIsShared,
  temporaryIsGone,
} from './statement-errors.ts';
import { begin, lift, record, rollBack } from './transaction.ts';

/** Where a statement comes from. */
export interface StatementOrigin {
  /** A stack from the call in the user's code; null when there is none. */
  readonly caller: Error | null;
  /** 1-based line of the file, for a statement of a SQL section. */
  readonly line?: number;
}

/** A statement that the database refused. */
export interface StatementFailure extends StatementOrigin {
  readonly statement: Statement;
  /** From 1, counting the statements of this revision. */
  readonly number: number;
  readonly error: unknown;
  /** The database's words, taken at once: knex writes the SQL into the message of an error that passes through it. */
  readonly explained: ErrorExplanation;
}

export interface RunnerPorts {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly lock: HeldLock;
  readonly journal: Journal;
  readonly interruption: Interruption;
  readonly step: PlanStep;
  /** What an earlier run left of this very step; null when it starts from nothing. */
  readonly halfDone: HalfDone | null;
  /** Runs a statement again that the catalogue cannot settle: somebody said that it did not take effect. */
  readonly runUnsettledAgain: boolean;
  /** Whether a transaction may be ended and begun half-way: no when it spans the whole run. */
  readonly mayCommit: boolean;
  readonly onEvent: EventSink;
  readonly hash: (text: string) => string;
  readonly redact: (text: string) => string;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Waits so many milliseconds, less when the run is asked to stop meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
  /** Of the statements of this revision. */
  readonly limits: LimitScripts;
  readonly watch: BlockerWatch;
  /** How long a statement may run before somebody asks whom it waits for, in milliseconds. */
  readonly firstLookMs: number;
  readonly retries: Retries;
}

/**
 * The one way from a revision to its database. Each statement takes one of three ways:
 *
 * - *inside the transaction* of the revision: rolled back with it, so nothing is written about it;
 * - *recorded*: in a small transaction of its own together with its `done` row, so that it counts once or never;
 * - *announced*: where it cannot share a transaction with anything, an `intent` row before it and a `done` row after.
 *
 * A backfill counts as one statement. It leaves the transaction, unless that spans the run, and each of its batches is
 * recorded with a checkpoint behind which the next run goes on.
 *
 * A step that an earlier run left half-done is replayed: statements already done are skipped and answer as they did,
 * queries too, because a query asked again would see what came after it; one in doubt is settled by comparing the
 * catalogue with what it showed before the statement.
 */
export interface StatementRunner {
  readonly dialect: Dialect;
  run(statement: Statement, origin: StatementOrigin): Promise<QueryResult>;
  /** Answers how many rows were changed, in all batches, also those of earlier runs. */
  backfill(backfill: Backfill, origin: StatementOrigin): Promise<number>;
  /** Commits what ran so far; the statements that follow run outside a transaction. */
  leaveTransaction(): Promise<void>;
  enterTransaction(): Promise<void>;
  /** No longer as soon as its COMMIT is on the way. */
  isInsideTransaction(): boolean;
  /** Statements that took effect for good: a failure now cannot take them back. */
  lasting(): number;
  /** True when some of them stay and one made a temporary object: what follows can run in this session only. */
  isBoundToSession(): boolean;
  lastFailure(): StatementFailure | null;
  /** Checks, when the body has run, that it still holds every statement an earlier run carried out. */
  finishReplay(): void;
}

export function createStatementRunner(ports: RunnerPorts, startsInside: boolean): StatementRunner {
  const { dialect, connection, lock, journal, step, halfDone } = ports;
  const revision = step.revision.id;
  let inside = startsInside;
  /** `done` rows owed for the transaction that is open, should it be committed before the revision is finished: rarely. */
  let owed: (() => JournalEntry)[] = [];
  /** Savepoint of `op.knex.transaction()` that opened a transaction where none was. */
  let unit: string | null = null;
  let count = 0;
  let lasting = 0;
  let madeTemporary = false;
  let failure: StatementFailure | null = null;

  const place = (number: number, statement: Statement) => ({
    revision,
    statement: number,
    sql: ports.redact(statement.sql),
  });
  const entry = (
    event: JournalEntry['event'],
    number: number,
    statement: Statement,
    more: Partial<JournalEntry> = {},
  ) => ({
    event,
    revision,
    direction: step.direction,
    statement: number,
    sql: ports.redact(statement.sql),
    sqlHash: ports.hash(statement.sql),
    ...more,
  });

  async function run(statement: Statement, origin: StatementOrigin): Promise<QueryResult> {
    refuseToGoOn();
    const traits = dialect.traitsOf(statement.sql);
    if (traits.control === 'savepoint') return await runSavepoint(statement);
    const wrongPlace = misplaced(traits, inside);
    if (wrongPlace !== null) throw fail(wrongPlace, statement, origin, count + 1);
    if (traits.session) {
      if (lock.pooled && !inside) throw fail(sessionIsShared(), statement, origin, count + 1);
      return await attempt(statement, origin, count);
    }
    const number = ++count;
    if (traits.temporary) madeTemporary = true;
    const before = halfDone?.statements.get(number);
    if (before !== undefined && (await settle(before, number, statement, traits))) {
      ports.onEvent({ kind: 'statement-skipped', ...place(number, statement) });
      // An answer that was not kept can only be asked for again.
      if (traits.query && before.answer.rows.length !== before.answer.rowCount)
        return await attempt(statement, origin, number);
      return { ...before.answer, native: null };
    }
    if (inside) return await runInside(number, statement, origin, traits);
    if (traits.outsideTransaction || traits.implicitCommit)
      return await untilItPasses(() => runAnnounced(number, statement, origin, traits));
    return await untilItPasses(() => runRecorded(number, statement, origin, traits));
  }

  /** Throws when the run has to stop before its next statement. */
  function refuseToGoOn(): void {
    const lost = lock.lostBecause() ?? connection.lostBecause();
    if (lost !== null) throw runStopped(lost);
    ports.interruption.check();
  }

  /** Runs a statement that leaves nothing behind when it fails; again, while it fails for a reason that passes. */
  async function untilItPasses<T>(runOnce: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await runOnce();
        ports.retries.succeeded();
        return result;
      } catch (error) {
        if (!(await ports.retries.again(error, step))) throw error;
        refuseToGoOn();
      }
    }
  }

  async function attempt(statement: Statement, origin: StatementOrigin, number: number): Promise<QueryResult> {
    ports.onEvent({ kind: 'statement-started', ...place(number, statement) });
    try {
      const result = await ports.watch.during(
        () => connection.query(statement.sql, statement.bindings),
        ports.firstLookMs,
        (blockers) => {
          const words = ports.redact(listed(blockers.map(blockerInWords)));
          ports.onEvent({ kind: 'blocked', blockers: words, ...place(number, statement) });
        },
      );
      ports.onEvent({ kind: 'statement-executed', ...place(number, statement) });
      return result;
    } catch (error) {
      await ports.interruption.settled();
      throw (await lock.loss()) ?? fail(error, statement, origin, number);
    }
  }

  /** Outside a transaction the limits go ahead in a message of their own: some statements must be alone in theirs. */
  async function limited(work: () => Promise<QueryResult>): Promise<QueryResult> {
    const { set } = ports.limits;
    // Behind a pooler the next client would get them with the session.
    if (set.length === 0 || lock.pooled) return await work();
    await connection.script(joinStatements(set));
    try {
      return await work();
    } finally {
      lift(ports, ports.limits);
    }
  }

  /** Remembers what was refused, so that the error of the step can name it. */
  function fail(error: unknown, statement: Statement, origin: StatementOrigin, number: number): unknown {
    failure = { ...origin, statement, number, error, explained: dialect.explainError(error, statement.sql) };
    return error;
  }

  async function runInside(
    number: number,
    statement: Statement,
    origin: StatementOrigin,
    traits: StatementTraits,
  ): Promise<QueryResult> {
    if (unit !== null && traits.implicitCommit) throw ddlInsideUnit();
    const result = await attempt(statement, origin, number);
    // Cancelled, some statements answer as if all were well: SLEEP() of MySQL with 1.
    ports.interruption.check();
    if (ports.mayCommit) owed.push(() => entry('done', number, statement, keptAnswer(result, traits, ports.redact)));
    return result;
  }

  async function runRecorded(
    number: number,
    statement: Statement,
    origin: StatementOrigin,
    traits: StatementTraits,
  ): Promise<QueryResult> {
    const result = await recorded(
      () => attempt(statement, origin, number),
      (answer, durationMs) =>
        entry('done', number, statement, { durationMs, ...keptAnswer(answer, traits, ports.redact) }),
    );
    lasting++;
    ports.onEvent({ kind: 'statement-recorded', ...place(number, statement) });
    return result;
  }

  /** Carries out `work` in a transaction of its own, together with the journal row that `rowOf` makes of its answer. */
  async function recorded<T>(
    work: () => Promise<T>,
    rowOf: (answer: T, durationMs: number) => JournalEntry,
  ): Promise<T> {
    const startedAt = ports.now();
    begin(ports, ports.limits);
    try {
      const answer = await work();
      ports.interruption.check();
      const row = rowOf(answer, ports.now() - startedAt);
      lift(ports, ports.limits);
      await connection.script(joinStatements([...journal.insertion([row]), ...lock.commit]));
      return answer;
    } catch (error) {
      await rollBack(connection);
      lift(ports, ports.limits);
      throw error;
    }
  }

  async function backfill(wanted: Backfill, origin: StatementOrigin): Promise<number> {
    refuseToGoOn();
    const number = ++count;
    const whole: Statement = { sql: wholeBackfill(wanted, dialect), bindings: [] };
    if (unit !== null) throw fail(backfillInsideUnit(), whole, origin, number);
    const leaves = inside && ports.mayCommit;
    if (leaves) await leaveTransaction();
    const before = halfDone?.statements.get(number);
    const isDone = before !== undefined && (await settle(before, number, whole, dialect.traitsOf(whole.sql)));
    if (isDone) ports.onEvent({ kind: 'statement-skipped', ...place(number, whole) });
    const rows = isDone
      ? before.answer.rowCount
      : await carryOut(wanted, before?.checkpoint ?? null, whole, origin, number);
    if (leaves) await enterTransaction();
    return rows;
  }

  async function carryOut(
    wanted: Backfill,
    from: Checkpoint | null,
    whole: Statement,
    origin: StatementOrigin,
    number: number,
  ): Promise<number> {
    const ask = (sql: string): Promise<QueryResult> => attempt({ sql, bindings: [] }, origin, number);
    const read = async (sql: string): Promise<QueryResult['rows']> => (await ask(sql)).rows;
    const statements = await prepareBackfill(wanted, dialect, read).catch((error: unknown) => {
      throw isAludelError(error) ? fail(error, whole, origin, number) : error;
    });
    const rowOf = (checkpoint: Checkpoint, durationMs: number): JournalEntry =>
      entry(checkpoint.after === null ? 'done' : 'progress', number, whole, {
        durationMs,
        detail: checkpointDetail(checkpoint, ports.redact),
      });
    let lasts = from !== null;
    const rows = await runBackfill(wanted, from, {
      statements,
      now: ports.now,
      update: async (sql) => (await ask(sql)).rowCount,
      async commit(batch) {
        if (inside) return await batch();
        const checkpoint = await untilItPasses(() => recorded(batch, rowOf));
        if (!lasts) lasting++;
        lasts = true;
        return checkpoint;
      },
      tookTooLong: (error) =>
        !ports.interruption.isAsked() && dialect.explainError(error, '').kind === 'interrupted' && !inside,
      onProgress: (changed, total) =>
        ports.onEvent({ kind: 'backfill-progress', rows: changed, total, ...place(number, whole) }),
      async pause(ms) {
        // What is locked stays locked until the transaction ends: no rest makes that better.
        if (!inside) await ports.pause(ms);
        refuseToGoOn();
      },
    });
    if (!inside) ports.onEvent({ kind: 'statement-recorded', ...place(number, whole) });
    return rows;
  }

  async function runAnnounced(
    number: number,
    statement: Statement,
    origin: StatementOrigin,
    traits: StatementTraits,
  ): Promise<QueryResult> {
    const clearLeftovers = async (): Promise<void> => {
      for (const sql of await dialect.leftoversOf(connection, statement.sql))
        await limited(() => connection.query(sql));
    };
    // Nothing keeps the lock while the statement runs: make sure of it at the last moment.
    await record(ports, []);
    await clearLeftovers();
    const before = traits.repeatable ? null : await dialect.catalogueState(connection, statement.sql);
    const startedAt = ports.now();
    await record(ports, [entry('intent', number, statement, { detail: { before } })]);
    ports.onEvent({ kind: 'statement-announced', ...place(number, statement) });
    let result: QueryResult;
    try {
      result = await limited(() => attempt(statement, origin, number));
    } catch (error) {
      if (connection.lostBecause() === null) {
        // Whoever holds the table holds this up too: the next try begins with it, and a run that is to stop does not wait.
        if (!ports.interruption.isAsked()) await clearLeftovers().catch(() => undefined);
        // Cancelled half-way, it may have had a part of its effect: then it stays in doubt, and the next run settles it.
        const isAsItWas =
          !(ports.interruption.isAsked() || dialect.explainError(error, statement.sql).kind === 'interrupted') ||
          traits.repeatable ||
          (before !== null && before === (await dialect.catalogueState(connection, statement.sql)));
        if (isAsItWas) await record(ports, [entry('refused', number, statement)]);
        else lasting++;
      }
      throw error;
    }
    const durationMs = ports.now() - startedAt;
    await record(ports, [
      entry('done', number, statement, { durationMs, ...keptAnswer(result, traits, ports.redact) }),
    ]);
    lasting++;
    ports.onEvent({ kind: 'statement-recorded', ...place(number, statement) });
    return result;
  }

  /** True when an earlier run carried the statement out, so that it must not run again. */
  async function settle(
    before: RecordedStatement,
    number: number,
    statement: Statement,
    traits: StatementTraits,
  ): Promise<boolean> {
    if (before.state === 'refused') return false;
    if (before.sqlHash !== ports.hash(statement.sql))
      throw changedBefore(step, number, before, ports.redact(statement.sql));
    if (before.state === 'in-progress') {
      if (before.checkpoint === null) throw inDoubtError(step, number, before);
      lasting++;
      return false;
    }
    if (before.state === 'done') {
      if (before.temporary) throw temporaryIsGone(step, number, before);
      lasting++;
      return true;
    }
    if (traits.repeatable) return false;
    const now = await dialect.catalogueState(connection, statement.sql);
    if (before.before === null || now === null) {
      if (ports.runUnsettledAgain) return false;
      throw inDoubtError(step, number, before);
    }
    if (now === before.before) return false;
    await record(ports, [entry('done', number, statement, { detail: { settled: 'by the catalogue' } })]);
    lasting++;
    return true;
  }

  /** knex nests transactions by savepoint. Where no transaction is open, the outermost one becomes a transaction. */
  async function runSavepoint(statement: Statement): Promise<QueryResult> {
    const nothing: QueryResult = { rows: [], rowCount: 0, native: null };
    const [, verb = '', name = ''] = /^\s*(SAVEPOINT|RELEASE|ROLLBACK)\b.*?(\S+)\s*$/is.exec(statement.sql) ?? [];
    if (!inside && verb.toUpperCase() === 'SAVEPOINT') {
      begin(ports, ports.limits);
      inside = true;
      unit = name;
      return nothing;
    }
    if (unit === null || unit !== name) return await connection.query(statement.sql);
    if (verb.toUpperCase() === 'RELEASE') {
      await payOwed();
      inside = false;
      await connection.script(joinStatements(lock.commit));
    } else {
      owed = [];
      await connection.script('ROLLBACK');
      lift(ports, ports.limits);
    }
    inside = false;
    unit = null;
    return nothing;
  }

  async function leaveTransaction(): Promise<void> {
    if (!inside) return;
    if (!ports.mayCommit) throw cannotLeaveTransaction();
    await payOwed();
    ports.onEvent({ kind: 'committing', revision });
    inside = false;
    await connection.script(joinStatements(lock.commit));
    ports.onEvent({ kind: 'committed', revision });
  }

  async function enterTransaction(): Promise<void> {
    if (inside || !startsInside) return;
    begin(ports, ports.limits);
    inside = true;
  }

  async function payOwed(): Promise<void> {
    lift(ports, ports.limits);
    await journal.append(owed.map((entryOf) => entryOf()));
    lasting += owed.length;
    owed = [];
  }

  return {
    dialect,
    run,
    backfill,
    isInsideTransaction: () => inside,
    lasting: () => lasting,
    isBoundToSession: () => lasting > 0 && madeTemporary,
    lastFailure: () => failure,
    leaveTransaction,
    enterTransaction,
    finishReplay() {
      const missing = [...(halfDone?.statements ?? [])].find(
        ([number, { state }]) => (state === 'done' || state === 'in-progress') && number > count,
      );
      if (missing !== undefined) throw changedBefore(step, missing[0], missing[1], null);
    },
  };
}
