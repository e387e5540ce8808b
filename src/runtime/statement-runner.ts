import type { Connection, QueryResult } from '../dialects/connection.ts';
import type { Dialect, ErrorExplanation } from '../dialects/dialect.ts';
import type { HeldLock } from '../dialects/lock.ts';
import type { Statement, StatementTraits } from '../dialects/statement.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { HalfDone, RecordedStatement } from './half-done.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { EventSink } from './run-event.ts';

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
  /** `done` rows owed for the transaction that is open, should it be committed before the revision is finished. */
  let owed: JournalEntry[] = [];
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
    refuseWhatBreaksTheTransaction(traits, inside, (error) => fail(error, statement, origin, count + 1));
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
    if (ports.mayCommit) owed.push(entry('done', number, statement, detailOf(result, traits)));
    return result;
  }

  async function runRecorded(
    number: number,
    statement: Statement,
    origin: StatementOrigin,
    traits: StatementTraits,
  ): Promise<QueryResult> {
    const startedAt = ports.now();
    await connection.script(dialect.beginStatement);
    try {
      const result = await attempt(statement, origin, number);
      const durationMs = ports.now() - startedAt;
      await journal.appendAndCommit([entry('done', number, statement, { durationMs, ...detailOf(result, traits) })]);
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
    await journal.append([entry('done', number, statement, { durationMs, ...detailOf(result, traits) })]);
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
      await connection.script(dialect.beginStatement);
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
    await journal.append(owed);
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
      await connection.script(dialect.beginStatement);
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

/** Ends whatever transaction is open. The error that led here matters more than one from the rollback. */
export async function rollBack(connection: Connection): Promise<void> {
  try {
    await connection.script('ROLLBACK');
  } catch {
    // The database ended the transaction with the error, or the connection is gone and did so.
  }
}

/** Rows kept in the journal are given again when the statement is skipped; large answers are not worth keeping. */
const keptRowsLimit = 64 * 1024;
const keptRowsCount = 1000;

/** Dates and bytes would come back from JSON as something else. */
function isKeepable(rows: QueryResult['rows']): boolean {
  const faithful = (value: unknown): boolean =>
    value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  if (rows.length > keptRowsCount || !rows.every((row) => Object.values(row).every(faithful))) return false;
  return JSON.stringify(rows).length <= keptRowsLimit;
}

function detailOf({ rows, rowCount, insertId }: QueryResult, traits: StatementTraits): Partial<JournalEntry> {
  const kept = isKeepable(rows) ? rows : [];
  const given = kept.length === 0 ? {} : { rows: kept };
  const counted = rowCount === kept.length ? {} : { row_count: rowCount };
  const inserted = insertId === undefined || insertId === 0 ? {} : { insert_id: insertId };
  const detail = { ...given, ...counted, ...inserted, ...(traits.temporary ? { temporary: true } : {}) };
  return Object.keys(detail).length === 0 ? {} : { detail };
}

function refuseWhatBreaksTheTransaction(
  traits: StatementTraits,
  inside: boolean,
  failed: (error: AludelError) => unknown,
): void {
  if (traits.control !== null) {
    throw failed(
      new AludelError('migration.failed', 'A revision may not begin or end a transaction itself', {
        hint: 'Each revision runs in a transaction of its own. What must run outside one goes into op.autocommit(async () => …), or into a SQL section that says "-- migrate:up transaction:false".',
      }),
    );
  }
  if (traits.outsideTransaction && inside) {
    throw failed(
      new AludelError('migration.failed', 'This statement cannot run inside a transaction', {
        hint: 'Put it into op.autocommit(async () => …), or into a SQL section that says "-- migrate:up transaction:false".',
      }),
    );
  }
}

function cannotLeaveTransaction(): AludelError {
  return new AludelError('migration.failed', 'op.autocommit cannot leave a transaction that spans the whole run', {
    hint: 'Run with --transaction-mode revision.',
  });
}

function ddlInsideUnit(): AludelError {
  return new AludelError('migration.failed', 'This statement would commit the transaction of op.knex.transaction()', {
    hint: 'Move it out of op.knex.transaction(): on MySQL it commits by itself.',
  });
}

function runStopped(reason: string): AludelError {
  return new AludelError('database.failed', `The run was stopped before its next statement: ${reason}`, {
    hint: 'Run the same command again once the database can be reached.',
  });
}

function changedBefore(step: PlanStep, number: number, before: RecordedStatement, now: string | null): AludelError {
  return new AludelError(
    'migration.changed',
    `Statement ${number} of the half-done revision ${step.revision.id} is not the one that ran on ${before.at}`,
    {
      hint: `It was: ${before.sql}\nIt is now: ${now ?? '(no such statement)'}\nPut the file back as it was up to this statement and run the command again, or finish by hand and say so: aludel repair.`,
      facts: { statement: number, ran: before.sql, now },
    },
  );
}

function temporaryIsGone(step: PlanStep, number: number, before: RecordedStatement): AludelError {
  return new AludelError(
    'migration.in-doubt',
    `Revision ${step.revision.id} was interrupted after statement ${number} had made a temporary object, which is gone`,
    {
      hint: `The statement was: ${before.sql}\nFinish the revision by hand and then say so: aludel repair --mark-applied, or --mark-reverted if you undid it.`,
      facts: { statement: number, sql: before.sql },
    },
  );
}

function inDoubtError(step: PlanStep, number: number, before: RecordedStatement): AludelError {
  return new AludelError(
    'migration.in-doubt',
    `Did statement ${number} of revision ${step.revision.id} take effect? The run of ${before.at} ended while it was under way, and the database's catalogue cannot tell`,
    {
      hint: `The statement is: ${before.sql}\nIf it did: aludel repair --assume-done\nIf it did not: aludel repair --resume\nThen run the same command again.`,
      facts: { statement: number, sql: before.sql },
    },
  );
}
