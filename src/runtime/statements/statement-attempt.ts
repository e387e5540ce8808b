import { blockerInWords } from '../../dialects/blocker.ts';
import type { Connection, QueryResult } from '../../dialects/connection.ts';
import type { Dialect, ErrorExplanation } from '../../dialects/dialect.ts';
import type { LimitScripts } from '../../dialects/limits.ts';
import type { HeldLock } from '../../dialects/lock.ts';
import type { Statement, StatementTraits } from '../../dialects/statement.ts';
import { joinStatements } from '../../dialects/waiting-text.ts';
import type { PlanStep } from '../../planner/migration-plan.ts';
import { listed } from '../../support/text.ts';
import type { BlockerWatch } from '../blocker-watch.ts';
import type { Interruption } from '../interruption.ts';
import type { JournalEntry } from '../records/journal-entry.ts';
import type { Journal } from '../records/journal.ts';
import type { Retries } from '../retries.ts';
import type { StatementOrigin } from '../revision-runner.ts';
import type { EventSink } from '../run-event.ts';
import { runStopped } from '../statement-errors.ts';
import { begin, lift, rollBack } from '../transaction.ts';

/** A statement that the database refused. */
export interface StatementFailure extends StatementOrigin {
  readonly statement: Statement;
  /** From 1, counting the statements of this revision. */
  readonly number: number;
  readonly error: unknown;
  /** The database's words, taken at once: knex writes the SQL into the message of an error that passes through it. */
  readonly explained: ErrorExplanation;
}

/** A statement of a revision, in its place. */
export interface PlacedStatement {
  readonly statement: Statement;
  readonly origin: StatementOrigin;
  /** From 1, counting the statements of this revision. */
  readonly number: number;
  readonly traits: StatementTraits;
  /** A question of ours, which changes nothing. */
  readonly looks: boolean;
}

export interface AttemptPorts {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly lock: HeldLock;
  readonly journal: Journal;
  readonly interruption: Interruption;
  readonly step: PlanStep;
  readonly onEvent: EventSink;
  readonly hash: (text: string) => string;
  readonly redact: (text: string) => string;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Of the statements of this revision. */
  readonly limits: LimitScripts;
  readonly watch: BlockerWatch;
  /** How long a statement may run before somebody asks whom it waits for, in milliseconds. */
  readonly firstLookMs: number;
  readonly retries: Retries;
}

/** Carries single statements out: watched, reported, and stopped when the run has to stop. */
export interface StatementAttempts {
  /** Runs a statement once. What it throws is remembered as the failure of the step. */
  readonly attempt: (statement: Statement, origin: StatementOrigin, number: number) => Promise<QueryResult>;
  /** Throws when the run has to stop before its next statement. */
  readonly refuseToGoOn: () => void;
  /** Runs something; again, while it fails for a reason that passes and `leftNothing` says that it left nothing behind. */
  readonly untilItPasses: <T>(runOnce: () => Promise<T>, leftNothing?: () => boolean) => Promise<T>;
  /** Puts the limits of the revision around work outside a transaction. */
  readonly limited: (work: () => Promise<QueryResult>) => Promise<QueryResult>;
  /**
   * Carries out `work` in a transaction of its own, together with the journal row that `rowOf` makes of its answer. `keptSome`
   * is called when it failed and could not be rolled back entirely.
   */
  readonly recorded: <T>(
    work: () => Promise<T>,
    rowOf: (answer: T, durationMs: number) => JournalEntry,
    keptSome?: () => Promise<void>,
  ) => Promise<T>;
  /** Remembers what was refused, so that the error of the step can name it; answers the error. */
  readonly fail: (error: unknown, statement: Statement, origin: StatementOrigin, number: number) => unknown;
  readonly lastFailure: () => StatementFailure | null;
  /** A statement as events name it. */
  readonly place: (
    number: number,
    statement: Statement,
  ) => { readonly revision: string; readonly statement: number; readonly sql: string };
  /** A journal row about a statement. */
  readonly entry: (
    event: JournalEntry['event'],
    number: number,
    statement: Statement,
    more?: Partial<JournalEntry>,
  ) => JournalEntry;
}

export function createStatementAttempts(ports: AttemptPorts): StatementAttempts {
  const { dialect, connection, lock, journal, step } = ports;
  const revision = step.revision.id;
  let failure: StatementFailure | null = null;

  const place: StatementAttempts['place'] = (number, statement) => ({
    revision,
    statement: number,
    sql: ports.redact(statement.sql),
  });
  const entry: StatementAttempts['entry'] = (event, number, statement, more = {}) => ({
    event,
    revision,
    direction: step.direction,
    statement: number,
    sql: ports.redact(statement.sql),
    sqlHash: ports.hash(statement.sql),
    ...more,
  });

  function fail(error: unknown, statement: Statement, origin: StatementOrigin, number: number): unknown {
    const explained = dialect.explainError(error, statement.sql);
    // What this one says is only that there was another before it.
    const first = explained.kind === 'aborted' ? failure : null;
    failure = first === null ? { ...origin, statement, number, error, explained } : { ...first, error };
    return error;
  }

  function refuseToGoOn(): void {
    const lost = lock.lostBecause() ?? connection.lostBecause();
    if (lost !== null) throw runStopped(lost);
    ports.interruption.check();
  }

  async function untilItPasses<T>(runOnce: () => Promise<T>, leftNothing = () => true): Promise<T> {
    for (;;) {
      try {
        const result = await runOnce();
        ports.retries.succeeded();
        return result;
      } catch (error) {
        if (!leftNothing() || !(await ports.retries.again(error, step))) throw error;
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

  async function recorded<T>(
    work: () => Promise<T>,
    rowOf: (answer: T, durationMs: number) => JournalEntry,
    keptSome?: () => Promise<void>,
  ): Promise<T> {
    const startedAt = ports.now();
    begin(ports, ports.limits);
    try {
      const answer = await work();
      ports.interruption.check();
      const row = rowOf(answer, ports.now() - startedAt);
      lift(ports, ports.limits);
      await connection.script(joinStatements([...dialect.aside(journal.insertion([row])), ...lock.commit]));
      journal.inserted();
      return answer;
    } catch (error) {
      await rollBack(connection);
      const isWhole = connection.lostBecause() !== null || !(await dialect.rollbackKeptSome(connection));
      lift(ports, ports.limits);
      if (!isWhole) await keptSome?.();
      throw error;
    }
  }

  return { attempt, refuseToGoOn, untilItPasses, limited, recorded, fail, lastFailure: () => failure, place, entry };
}
