import type { QueryResult } from '../../dialects/connection.ts';
import { keptAnswer } from './kept-answer.ts';
import type { AttemptPorts, PlacedStatement, StatementAttempts } from './statement-attempt.ts';
import { record } from '../transaction.ts';

/**
 * Runs a statement that can share a transaction with nothing: an `intent` row goes before it, with what the catalogue
 * shows of the objects it names, and a `done` row after it. Where the catalogue will tell as well that it ran, that row waits
 * for the next one. `stays` is called when it took effect, `mayStay` when it failed and nobody knows: it is not simply run again.
 */
export async function runAnnounced(
  placed: PlacedStatement,
  ports: AttemptPorts,
  attempts: StatementAttempts,
  stays: () => void,
  mayStay: () => void,
): Promise<QueryResult> {
  const { dialect, connection } = ports;
  const { number, statement, origin, traits } = placed;
  const { attempt, entry, limited, place } = attempts;
  const clearLeftovers = async (): Promise<void> => {
    for (const sql of await dialect.leftoversOf(connection, statement.sql)) await limited(() => connection.query(sql));
  };
  // Nothing keeps the lock while the statement runs: make sure of it at the last moment.
  if (ports.lock.fence.length > 0) await record(ports, []);
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
      // A procedure that fails half-way keeps what it did before, and so may a statement that was cancelled: what nothing
      // shows to be undone stays in doubt.
      const isAsItWas =
        traits.repeatable ||
        dialect.explainError(error, statement.sql).unread ||
        (before !== null && before === (await dialect.catalogueState(connection, statement.sql)));
      if (isAsItWas) await record(ports, [entry('refused', number, statement)]);
      else mayStay();
    }
    throw error;
  }
  stays();
  // Cancelling may still be on its way: it must not meet the row.
  await ports.interruption.settled();
  const durationMs = ports.now() - startedAt;
  const done = entry('done', number, statement, { durationMs, ...keptAnswer(result, placed, ports.redact) });
  ports.journal.later(done, () => ports.onEvent({ kind: 'statement-recorded', ...place(number, statement) }));
  if (before === null || result.rows.length > 0) await record(ports, []);
  return result;
}
