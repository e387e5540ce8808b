import type { QueryResult } from '../dialects/connection.ts';
import type { Statement } from '../dialects/statement.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationsPort, ResultRows } from '../operations/operations.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { StatementRunner } from './statement-runner.ts';

/** Takes the calls of one revision's `op`, in order, and hands their statements to the runner. */
export interface RevisionSession {
  readonly port: Omit<OperationsPort, 'context'>;
  /** Runs a statement of `op.knex` in its turn. */
  runFromKnex(statement: Statement, builtAt: Error | null): Promise<QueryResult>;
  /** Ends the session: no call may follow, none may be unfinished or un-awaited. Throws {@link ForgottenAwait}. */
  finish(): Promise<void>;
}

interface Call {
  readonly caller: Error;
  settled: boolean;
  awaited: boolean;
}

export function openRevisionSession(runner: StatementRunner, builder: SchemaBuilder): RevisionSession {
  const { dialect } = runner;
  const calls: Call[] = [];
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;

  const observe = <T>(caller: Error, result: Promise<T>): Promise<T> => {
    const call: Call = { caller, settled: false, awaited: false };
    calls.push(call);
    const settled = (): void => {
      call.settled = true;
    };
    result.then(settled, settled);
    return observed(result, call);
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) return Promise.reject(calledTooLate());
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  return {
    runFromKnex: (statement, builtAt) => inTurn(() => runner.run(statement, { caller: builtAt })),
    port: {
      perform: (operation: Operation, caller) =>
        observe(
          caller,
          inTurn(async () => {
            for (const statement of dialect.render(operation, builder)) {
              await runner.run(statement, { caller });
            }
          }),
        ),
      execute: (sql, bindings, caller) =>
        observe(
          caller,
          inTurn(async () => {
            let rows: ResultRows = [];
            for (const statement of statementsOf(sql, bindings)) {
              rows = (await runner.run(statement, { caller })).rows;
            }
            return rows;
          }),
        ),
      autocommit: (work, caller) =>
        observe(
          caller,
          (async () => {
            await inTurn(() => runner.leaveTransaction());
            await work();
            await inTurn(() => runner.enterTransaction());
          })(),
        ),
      knex: builder.knex,
    },
    async finish() {
      const unfinished = calls.find((call) => !call.awaited || !call.settled);
      closed = true;
      await queue;
      const forgotten = unfinished?.caller ?? builder.takeForgotten()[0];
      if (forgotten !== undefined) throw new ForgottenAwait(forgotten);
    },
  };

  function statementsOf(sql: string, bindings: readonly unknown[] | null): readonly Statement[] {
    const parts = dialect.splitStatements(sql);
    if (bindings !== null && parts.length > 1) {
      throw new AludelError('migration.failed', `op.execute got bindings and ${parts.length} statements.`, {
        hint: 'Bindings belong to one statement: call op.execute once for each.',
      });
    }
    return parts.map((part) => ({ sql: part.sql, bindings: bindings ?? [] }));
  }
}

/** The revision ended before its operations did. `caller` is a stack from the call whose await is missing. */
export class ForgottenAwait extends Error {
  readonly caller: Error;
  constructor(caller: Error) {
    super('The function returned while an operation was not awaited');
    this.caller = caller;
  }
}

/**
 * A promise that knows whether anyone waits for it. A plain promise would not tell: `await` reads a native promise
 * without calling its `then`.
 */
function observed<T>(result: Promise<T>, call: Call): Promise<T> {
  result.catch(() => {
    // Whoever awaits sees the error; whoever forgot to is told by finish().
  });
  const watched: Promise<T> = {
    // oxlint-disable-next-line unicorn/no-thenable -- being awaitable is the point
    then(onFulfilled, onRejected) {
      call.awaited = true;
      return result.then(onFulfilled, onRejected);
    },
    catch(onRejected) {
      call.awaited = true;
      return result.catch(onRejected);
    },
    finally(onFinally) {
      call.awaited = true;
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
