import type { Connection, QueryResult } from '../dialects/connection.ts';
import type { Dialect, ErrorExplanation } from '../dialects/dialect.ts';
import type { HeldLock } from '../dialects/lock.ts';
import type { Statement, StatementTraits } from '../dialects/statement.ts';
import { joinStatements } from '../dialects/waiting-text.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import type { HalfDone, RecordedStatement } from './half-done.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { keptAnswer } from './kept-answer.ts';
import type { EventSink } from './run-event.ts';
import {
  cannotLeaveTransaction,
  changedBefore,
  ddlInsideUnit,
  inDoubtError,
  misplaced,
  runStopped,
  temporaryIsGone,
} from './statement-errors.ts';
import { begin, rollBack } from './transaction.ts';

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
}

/**
 * The one way from a revision to its database. Each statement takes one of three ways:
 *
 * - *inside the transaction* of the revision: rolled back with it, so nothing is written about it;
 * - *recorded*: in a small transaction of its own together with its `done` row, so that it counts once or never;
 * - *announced*: where it cannot share a transaction with anything, an `intent` row before it and a `done` row after.
 *
 * A step that an earlier run left half-done is replayed: statements already done are skipped and answer as they did,
 * queries too, because a query asked again would see what came after it; one in doubt is settled by comparing the
 * catalogue with what it showed before the statement.
 */
export interface StatementRunner {
  readonly dialect: Dialect;
  run(statement: Statement, origin: StatementOrigin): Promise<QueryResult>;
  /** Commits what ran so far; the statements that follow run outside a transaction. */
  leaveTransaction(): Promise<void>;
  enterTransaction(): Promise<void>;
  isInsideTransaction(): boolean;
  /** Statements that took effect for good: a failure now cannot take them back. */
  lasting(): number;
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
    const lost = lock.lostBecause() ?? connection.lostBecause();
    if (lost !== null) throw runStopped(lost);
    const traits = dialect.traitsOf(statement.sql);
    if (traits.control === 'savepoint') return await runSavepoint(statement);
    const wrongPlace = misplaced(traits, inside);
    if (wrongPlace !== null) throw fail(wrongPlace, statement, origin, count + 1);
    if (traits.session) return await attempt(statement, origin, count);
    const number = ++count;
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
      return await runAnnounced(number, statement, origin, traits);
    return await runRecorded(number, statement, origin, traits);
  }

  async function attempt(statement: Statement, origin: StatementOrigin, number: number): Promise<QueryResult> {
    ports.onEvent({ kind: 'statement-started', ...place(number, statement) });
    try {
      const result = await connection.query(statement.sql, statement.bindings);
      ports.onEvent({ kind: 'statement-executed', ...place(number, statement) });
      return result;
    } catch (error) {
      throw fail(error, statement, origin, number);
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
    if (ports.mayCommit) owed.push(() => entry('done', number, statement, keptAnswer(result, traits)));
    return result;
  }

  async function runRecorded(
    number: number,
    statement: Statement,
    origin: StatementOrigin,
    traits: StatementTraits,
  ): Promise<QueryResult> {
    const startedAt = ports.now();
    begin(ports);
    try {
      const result = await attempt(statement, origin, number);
      const durationMs = ports.now() - startedAt;
      const done = entry('done', number, statement, { durationMs, ...keptAnswer(result, traits) });
      await connection.script(joinStatements([...journal.insertion([done]), 'COMMIT']));
      lasting++;
      ports.onEvent({ kind: 'statement-recorded', ...place(number, statement) });
      return result;
    } catch (error) {
      await rollBack(connection);
      throw error;
    }
  }

  async function runAnnounced(
    number: number,
    statement: Statement,
    origin: StatementOrigin,
    traits: StatementTraits,
  ): Promise<QueryResult> {
    const clearLeftovers = async (): Promise<void> => {
      for (const sql of await dialect.leftoversOf(connection, statement.sql)) await connection.query(sql);
    };
    await clearLeftovers();
    const before = traits.repeatable ? null : await dialect.catalogueState(connection, statement.sql);
    const startedAt = ports.now();
    await journal.append([entry('intent', number, statement, { detail: { before } })]);
    ports.onEvent({ kind: 'statement-announced', ...place(number, statement) });
    let result: QueryResult;
    try {
      result = await attempt(statement, origin, number);
    } catch (error) {
      if (connection.lostBecause() === null) {
        await clearLeftovers();
        await journal.append([entry('refused', number, statement)]);
      }
      throw error;
    }
    const durationMs = ports.now() - startedAt;
    await journal.append([entry('done', number, statement, { durationMs, ...keptAnswer(result, traits) })]);
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
    await journal.append([entry('done', number, statement, { detail: { settled: 'by the catalogue' } })]);
    lasting++;
    return true;
  }

  /** knex nests transactions by savepoint. Where no transaction is open, the outermost one becomes a transaction. */
  async function runSavepoint(statement: Statement): Promise<QueryResult> {
    const nothing: QueryResult = { rows: [], rowCount: 0, native: null };
    const [, verb = '', name = ''] = /^\s*(SAVEPOINT|RELEASE|ROLLBACK)\b.*?(\S+)\s*$/is.exec(statement.sql) ?? [];
    if (!inside && verb.toUpperCase() === 'SAVEPOINT') {
      begin(ports);
      inside = true;
      unit = name;
      return nothing;
    }
    if (unit === null || unit !== name) return await connection.query(statement.sql);
    if (verb.toUpperCase() === 'RELEASE') {
      await payOwed();
      await connection.script('COMMIT');
    } else {
      owed = [];
      await connection.script('ROLLBACK');
    }
    inside = false;
    unit = null;
    return nothing;
  }

  async function payOwed(): Promise<void> {
    await journal.append(owed.map((entryOf) => entryOf()));
    lasting += owed.length;
    owed = [];
  }

  return {
    dialect,
    run,
    isInsideTransaction: () => inside,
    lasting: () => lasting,
    lastFailure: () => failure,
    async leaveTransaction() {
      if (!inside) return;
      if (!ports.mayCommit) throw cannotLeaveTransaction();
      await payOwed();
      ports.onEvent({ kind: 'committing', revision });
      await connection.script('COMMIT');
      ports.onEvent({ kind: 'committed', revision });
      inside = false;
    },
    async enterTransaction() {
      if (inside || !startsInside) return;
      begin(ports);
      inside = true;
    },
    finishReplay() {
      const missing = [...(halfDone?.statements ?? [])].find(
        ([number, { state }]) => state === 'done' && number > count,
      );
      if (missing !== undefined) throw changedBefore(step, missing[0], missing[1], null);
    },
  };
}
