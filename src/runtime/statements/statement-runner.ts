import { wholeBackfill } from '../../dialects/backfill.ts';
import type { QueryResult } from '../../dialects/connection.ts';
import type { Statement } from '../../dialects/statement.ts';
import { joinStatements } from '../../dialects/waiting-text.ts';
import type { Backfill } from '../../operations/backfill.ts';
import type { AludelError } from '../../support/aludel-error.ts';
import { runAnnounced } from './announced-statement.ts';
import { runBackfillStatement, type BackfillStatementPorts } from './backfill-statement.ts';
import type { RecordedStatement } from '../records/half-done.ts';
import type { JournalEntry } from '../records/journal-entry.ts';
import { keptAnswer } from './kept-answer.ts';
import { createNestedTransactions, savepointIn } from '../nested-transactions.ts';
import type { RevisionRunner, StatementOrigin } from '../revision-runner.ts';
import { settle, type SettlePorts } from './settle-statement.ts';
import { createStatementAttempts, type PlacedStatement, type StatementFailure } from './statement-attempt.ts';
import {
  answerIsLost,
  backfillInsideUnit,
  cannotLeaveTransaction,
  changedBefore,
  couldNotLeaveTransaction,
  ddlInsideUnit,
  misplaced,
  sessionIsShared,
} from '../statement-errors.ts';
import { begin, lift, record } from '../transaction.ts';
import { unbindable } from '../unbindable.ts';

export interface RunnerPorts extends SettlePorts, BackfillStatementPorts {
  /** Whether a transaction may be ended and begun half-way: no when it spans the whole run. */
  readonly mayCommit: boolean;
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
export interface StatementRunner extends RevisionRunner {
  /** Statements that took effect for good, or may have: a failure now cannot take them back. */
  lasting(): number;
  /** Those of them of which nobody knows. */
  inDoubt(): number;
  /** True when some of them stay and one made a temporary object: what follows can run in this session only. */
  isBoundToSession(): boolean;
  lastFailure(): StatementFailure | null;
  /** Checks, when the body has run, that no part of it is lost and that it still holds every statement of an earlier run. */
  finishReplay(): void;
}

export function createStatementRunner(ports: RunnerPorts, startsInside: boolean): StatementRunner {
  const { dialect, connection, lock, journal, step, halfDone } = ports;
  const revision = step.revision.id;
  const attempts = createStatementAttempts(ports);
  const { attempt, entry, fail, place, recorded, refuseToGoOn, untilItPasses } = attempts;
  let inside = startsInside;
  /** `done` rows owed for the transaction that is open, should it be committed before the revision is finished: rarely. */
  let owed: (() => JournalEntry)[] = [];
  /** Savepoint of `op.knex.transaction()` that opened a transaction where none was. */
  let unit: string | null = null;
  /** Why a COMMIT half-way failed: what it was to keep is lost, and the revision cannot go on without it. */
  let notCommitted: AludelError | null = null;
  const nested = createNestedTransactions();
  let count = 0;
  let lasting = 0;
  let inDoubt = 0;
  let madeTemporary = false;
  let tookNoTableLock = false;

  async function run(statement: Statement, origin: StatementOrigin, looks = false): Promise<QueryResult> {
    refuseToGoOn();
    refuseWithoutPart();
    const traits = dialect.traitsOf(statement.sql);
    if (traits.control === 'savepoint') return await runSavepoint(statement);
    const wrong = misplaced(traits, inside) ?? unbindable(statement);
    if (wrong !== null) throw fail(wrong, statement, origin, count + 1);
    if (traits.locksTables) return passOver();
    if (traits.session) {
      if (lock.pooled && !inside) throw fail(sessionIsShared(), statement, origin, count + 1);
      return await attempt(statement, origin, count);
    }
    const number = ++count;
    if (traits.temporary) madeTemporary = true;
    const placed: PlacedStatement = { statement, origin, number, traits, looks };
    const before = await doneBefore(placed);
    if (before !== null) {
      ports.onEvent({ kind: 'statement-skipped', ...place(number, statement) });
      // An answer that was not kept can only be asked for again.
      if (traits.query && before.answer.rows.length !== before.answer.rowCount)
        return await attempt(statement, origin, number);
      if (before.answerIsLost) throw fail(answerIsLost(step, number, before), statement, origin, number);
      const { insertId } = before.answer;
      if (insertId !== undefined) for (const sql of dialect.afterInsert(insertId)) connection.sendWithNext(sql);
      return { ...before.answer, native: null };
    }
    if (inside) return await runInside(placed);
    const announced = traits.outsideTransaction || traits.implicitCommit;
    const lastingBefore = lasting;
    return await untilItPasses(
      () => (announced ? announce(placed) : runRecorded(placed)),
      () => lasting === lastingBefore,
    );
  }

  function refuseWithoutPart(): void {
    // The loss of a connection says more.
    if (notCommitted !== null && connection.lostBecause() === null) throw notCommitted;
  }

  /** Locked tables would shut us out of our own. A dump locks only to be quicker, so that it is read all the same. */
  function passOver(): QueryResult {
    if (!tookNoTableLock) {
      const text = `LOCK TABLES and UNLOCK TABLES of revision ${revision} are passed over: the journal must stay writable.`;
      ports.onEvent({ kind: 'warning', text });
    }
    tookNoTableLock = true;
    return { rows: [], rowCount: 0, native: null };
  }

  /** What an earlier run did of a statement that must not run again; null when it runs, or goes on. */
  async function doneBefore(placed: PlacedStatement): Promise<RecordedStatement | null> {
    const before = halfDone?.statements.get(placed.number);
    if (before === undefined) return null;
    const outcome = await settle(before, placed, ports, attempts).catch((error: unknown) => {
      throw fail(error, placed.statement, placed.origin, placed.number);
    });
    if (outcome !== 'runs' && !before.looks) stays();
    return outcome === 'done' ? before : null;
  }

  /** A statement took effect for good. */
  function stays(): void {
    lasting++;
  }

  /** A statement that failed may have taken effect for good. */
  function mayStay(): void {
    stays();
    inDoubt++;
  }

  async function runInside(placed: PlacedStatement): Promise<QueryResult> {
    const { statement, origin, number, traits } = placed;
    if (unit !== null && traits.implicitCommit) throw ddlInsideUnit();
    const result = await attempt(statement, origin, number);
    // Cancelled, some statements answer as if all were well: SLEEP() of MySQL with 1.
    ports.interruption.check();
    if (ports.mayCommit) owed.push(() => entry('done', number, statement, keptAnswer(result, placed, ports.redact)));
    return result;
  }

  async function announce(placed: PlacedStatement): Promise<QueryResult> {
    return await runAnnounced(placed, ports, attempts, stays, mayStay);
  }

  /** What only the server knew to need no transaction, such as a procedure that commits, was rolled back: announce it. */
  async function runRecorded(placed: PlacedStatement): Promise<QueryResult> {
    try {
      return await runTogether(placed);
    } catch (error) {
      const { kind } = dialect.explainError(error, placed.statement.sql);
      if (kind !== 'outside-only') throw error;
      refuseToGoOn();
      return await announce(placed);
    }
  }

  async function runTogether(placed: PlacedStatement): Promise<QueryResult> {
    const { statement, origin, number, looks } = placed;
    const result = await recorded(
      () => attempt(statement, origin, number),
      (answer, durationMs) =>
        entry('done', number, statement, { durationMs, ...keptAnswer(answer, placed, ports.redact) }),
      async () => {
        await record(ports, [entry('intent', number, statement)]);
        mayStay();
      },
    );
    if (!looks) stays();
    ports.onEvent({ kind: 'statement-recorded', ...place(number, statement) });
    return result;
  }

  async function backfill(wanted: Backfill, origin: StatementOrigin): Promise<number> {
    refuseToGoOn();
    refuseWithoutPart();
    const number = ++count;
    const whole: Statement = { sql: wholeBackfill(wanted, dialect), bindings: [] };
    if (unit !== null) throw fail(backfillInsideUnit(), whole, origin, number);
    const leaves = inside && ports.mayCommit;
    if (leaves) await leaveTransaction();
    const traits = dialect.traitsOf(whole.sql);
    const placed: PlacedStatement = { statement: whole, origin, number, traits, looks: false };
    const before = await doneBefore(placed);
    if (before !== null) ports.onEvent({ kind: 'statement-skipped', ...place(number, whole) });
    const from = halfDone?.statements.get(number)?.checkpoint ?? null;
    const rows =
      before?.answer.rowCount ?? (await runBackfillStatement(wanted, from, placed, inside, ports, attempts, stays));
    if (leaves) await enterTransaction();
    return rows;
  }

  /** knex nests transactions by savepoint. Where no transaction is open, the outermost one becomes a transaction. */
  async function runSavepoint(statement: Statement): Promise<QueryResult> {
    const nothing: QueryResult = { rows: [], rowCount: 0, native: null };
    const savepoint = savepointIn(statement.sql);
    if (savepoint === null) return await connection.query(statement.sql);
    const { verb, name } = savepoint;
    nested.note(savepoint);
    if (!inside && verb === 'SAVEPOINT') {
      begin(ports, ports.limits);
      inside = true;
      unit = name;
      return nothing;
    }
    if (unit === null || unit !== name) return await connection.query(statement.sql);
    if (verb === 'RELEASE') {
      await payOwed();
      inside = false;
      await connection.script(joinStatements(lock.commit));
      keepPaid();
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
    nested.refuseToCommit();
    await payOwed();
    ports.onEvent({ kind: 'committing', revision });
    inside = false;
    try {
      await connection.script(joinStatements(lock.commit));
    } catch (error) {
      notCommitted = couldNotLeaveTransaction(error);
      throw error;
    }
    keepPaid();
    ports.onEvent({ kind: 'committed', revision });
  }

  async function enterTransaction(): Promise<void> {
    if (inside || !startsInside || notCommitted !== null) return;
    begin(ports, ports.limits);
    inside = true;
  }

  async function payOwed(): Promise<void> {
    lift(ports, ports.limits);
    await journal.append(owed.map((entryOf) => entryOf()));
  }

  /** What was paid is committed. */
  function keepPaid(): void {
    lasting += owed.length;
    owed = [];
  }

  return {
    dialect,
    run: (statement, origin) => run(statement, origin),
    execute: async (statement, origin) => (await run(statement, origin)).rows,
    ask: (statement, about, origin) => run(statement, origin, about !== 'rows'),
    backfill,
    isInsideTransaction: () => inside,
    lasting: () => lasting,
    inDoubt: () => inDoubt,
    isBoundToSession: () => lasting > 0 && madeTemporary,
    lastFailure: attempts.lastFailure,
    leaveTransaction,
    enterTransaction,
    finishReplay() {
      refuseWithoutPart();
      const missing = [...(halfDone?.statements ?? [])].find(
        ([number, { state }]) => state !== 'refused' && number > count,
      );
      if (missing !== undefined) throw changedBefore(step, missing[0], missing[1], null);
    },
  };
}
