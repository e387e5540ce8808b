import type { QueryResult } from '../dialects/connection.ts';
import type { Ask } from '../dialects/operations/render-port.ts';
import type { SqlStatement } from '../dialects/sql/sql-text.ts';
import type { Statement } from '../dialects/statement.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationsPort, ResultRows } from '../operations/operations.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { RevisionRunner } from './revision-runner.ts';

/** Takes the calls of one revision's `op`, in order, and hands their statements to the runner. */
export interface RevisionSession {
  readonly port: Omit<OperationsPort, 'context'>;
  /** Runs a statement of `op.knex` in its turn. */
  runFromKnex(statement: Statement, builtAt: Error | null): Promise<QueryResult>;
  /** Ends the session: no call may follow, none may be unfinished or un-awaited. Throws {@link ForgottenAwait}. */
  finish(): Promise<void>;
  /** Takes no more calls and waits for what is under way. Never throws. */
  close(): Promise<void>;
}

interface Call {
  /** A stack from the call; null where it is not known. */
  readonly caller: Error | null;
  settled: boolean;
  awaited: boolean;
}

export function openRevisionSession(runner: RevisionRunner, builder: SchemaBuilder): RevisionSession {
  const { dialect } = runner;
  /** Those that are not both settled and awaited, in the order of the calls: a loop may make a million. */
  const open = new Set<Call>();
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;
  /** An operation left the transaction of the revision and failed: a revision that goes on does so inside one. */
  let isLeft = false;
  // What an earlier try of the revision has built and not run is no slip of this one.
  builder.takeForgotten();

  const follow = (call: Call, result: Promise<unknown>): void => {
    open.add(call);
    const settled = (): void => {
      call.settled = true;
      if (call.awaited) open.delete(call);
    };
    result.then(settled, settled);
  };
  const observe = <T>(caller: Error, result: Promise<T>): Promise<T> => {
    const call: Call = { caller, settled: false, awaited: false };
    follow(call, result);
    return observed(result, () => {
      call.awaited = true;
      if (call.settled) open.delete(call);
    });
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) return Promise.reject(calledTooLate());
    const result = queue.then(async () => {
      if (isLeft) await runner.enterTransaction();
      isLeft = false;
      return await work();
    });
    queue = result.catch(() => undefined);
    return result;
  };

  const close = async (): Promise<void> => {
    closed = true;
    await queue;
  };

  return {
    close,
    runFromKnex(statement, builtAt) {
      const result = inTurn(() =>
        answersRows(statement.sql)
          ? runner.ask(statement, 'rows', { caller: builtAt })
          : runner.run(statement, { caller: builtAt }),
      );
      // knex runs only what something waits for; whether the revision waits for that is seen when it returns.
      follow({ caller: builtAt, settled: false, awaited: true }, result);
      return result;
    },
    port: {
      perform: (operation, caller) =>
        observe(
          caller,
          inTurn(() => perform(operation, caller)),
        ),
      performEach: (operations, caller) =>
        observe(
          caller,
          (async () => {
            for await (const operation of operations) await inTurn(() => perform(operation, caller));
          })(),
        ),
      backfill: (backfill, caller) =>
        observe(
          caller,
          inTurn(async () => {
            const wasInside = runner.isInsideTransaction();
            return await orLeft(wasInside, () => runner.backfill(backfill, { caller }));
          }),
        ),
      inspect: (look, caller) =>
        observe(
          caller,
          inTurn(() => look(dialect.inspector(askFrom(caller, 'inspect')))),
        ),
      execute: (sql, bindings, caller) =>
        observe(
          caller,
          inTurn(async () => {
            let rows: ResultRows = [];
            for (const statement of statementsOf(sql, bindings, caller)) {
              rows = await runner.execute(statement, { caller });
            }
            return rows;
          }),
        ),
      autocommit: (work, caller) =>
        observe(
          caller,
          (async () => {
            // One inside another is part of that one, which goes on outside.
            const wasInside = await inTurn(async () => {
              const isInside = runner.isInsideTransaction();
              await runner.leaveTransaction();
              return isInside;
            });
            await orLeft(wasInside, work);
            if (wasInside) await inTurn(() => runner.enterTransaction());
          })(),
        ),
      knex: builder.knex,
    },
    async finish() {
      const [unfinished] = open;
      const [neverRun] = builder.takeForgotten();
      await close();
      if (unfinished !== undefined) throw new ForgottenAwait(unfinished.caller);
      if (neverRun !== undefined) throw new ForgottenAwait(neverRun);
    },
  };

  /** Does what leaves the transaction that the revision was inside of; remembers it when that fails. */
  async function orLeft<T>(wasInside: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Nothing is begun before something follows: until then the error is one of work outside a transaction.
      if (wasInside) isLeft = true;
      throw error;
    }
  }

  async function perform(operation: Operation, caller: Error): Promise<void> {
    let savepoint: string | null = null;
    try {
      const rendered = dialect
        .render(operation, { builder, ask: askFrom(caller, 'schema') })
        .catch((error: unknown) => {
          throw calledFrom(error, caller);
        });
      for (const statement of await rendered) {
        // Some leave the transaction of the revision by themselves, as op.autocommit would.
        const leaves = statement.alone === true || dialect.traitsOf(statement.sql).outsideTransaction;
        const wasInside = runner.isInsideTransaction();
        if (leaves) await runner.leaveTransaction();
        await orLeft(leaves && wasInside, () => runner.run(statement, { caller }));
        if (leaves && wasInside) await runner.enterTransaction();
        const [, opens, name] = /^(?:(SAVEPOINT)|RELEASE) (\S+)$/.exec(statement.sql) ?? [];
        if (name !== undefined) savepoint = opens === undefined ? null : name;
      }
    } catch (error) {
      // A revision that catches the error and goes on must not commit a half of the operation.
      const undo = { sql: `ROLLBACK TO ${savepoint}`, bindings: [] };
      if (savepoint !== null) await runner.run(undo, { caller }).catch(() => undefined);
      throw error;
    }
  }

  /** RETURNING may also be a name, which then counts as a question: that matters to nobody but the writer of a script. */
  function answersRows(sql: string): boolean {
    return dialect.traitsOf(sql).query || /\breturning\b/i.test(sql);
  }

  function askFrom(caller: Error, about: 'schema' | 'inspect'): Ask {
    return async (sql, bindings = [], unanswered) => {
      const origin = unanswered === undefined ? { caller } : { caller, unanswered };
      return (await runner.ask({ sql, bindings }, about, origin)).rows;
    };
  }

  function statementsOf(sql: string, bindings: readonly unknown[] | null, caller: Error): readonly Statement[] {
    const parts = splitFor(caller, sql);
    if (bindings !== null && parts.length > 1) {
      throw new AludelError('migration.failed', `op.execute got bindings and ${parts.length} statements.`, {
        hint: 'Bindings belong to one statement: call op.execute once for each.',
      });
    }
    return parts.map((part) => ({ sql: part.sql, bindings: bindings ?? [] }));
  }

  function splitFor(caller: Error, sql: string): readonly SqlStatement[] {
    try {
      return dialect.splitStatements(sql);
    } catch (error) {
      throw calledFrom(error, caller);
    }
  }
}

/** The error with the frames of the call behind its own, so that the line in the revision can be told. */
function calledFrom(error: unknown, caller: Error): unknown {
  if (error instanceof Error) error.stack = `${error.stack ?? ''}\n${caller.stack ?? ''}`;
  return error;
}

/** The revision ended before its operations did. `caller` is a stack from the call whose await is missing, where known. */
export class ForgottenAwait extends Error {
  readonly caller: Error | null;
  constructor(caller: Error | null) {
    super('The function returned while an operation was not awaited');
    this.caller = caller;
  }
}

/**
 * A promise that knows whether anyone waits for it. A plain promise would not tell: `await` reads a native promise
 * without calling its `then`.
 */
function observed<T>(result: Promise<T>, awaited: () => void): Promise<T> {
  result.catch(() => {
    // Whoever awaits sees the error; whoever forgot to is told by finish().
  });
  const watched: Promise<T> = {
    // oxlint-disable-next-line unicorn/no-thenable -- being awaitable is the point
    then(onFulfilled, onRejected) {
      awaited();
      return result.then(onFulfilled, onRejected);
    },
    catch(onRejected) {
      awaited();
      return result.catch(onRejected);
    },
    finally(onFinally) {
      awaited();
      return result.finally(onFinally);
    },
    [Symbol.toStringTag]: 'Promise',
  };
  return watched;
}

function calledTooLate(): AludelError {
  return new AludelError('migration.failed', 'An operation was called after its revision had ended.', {
    hint: 'Await every promise inside upgrade() and downgrade(); a timer or an event handler outlives them.',
  });
}
