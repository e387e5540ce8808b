import type { HalfDone, RecordedStatement } from '../records/half-done.ts';
import type { AttemptPorts, PlacedStatement, StatementAttempts } from './statement-attempt.ts';
import { changedBefore, inDoubtError, temporaryIsGone } from '../statement-errors.ts';
import { record } from '../transaction.ts';

export interface SettlePorts extends AttemptPorts {
  /** What an earlier run left of this very step; null when it starts from nothing. */
  readonly halfDone: HalfDone | null;
  /** Runs a statement again that the catalogue cannot settle: somebody said that it did not take effect. */
  readonly runUnsettledAgain: boolean;
}

/**
 * What an earlier run did of a statement: all of it, so that it must not run again; a part, so that it goes on; or
 * nothing. One in doubt is settled by what the catalogue showed before it and shows now.
 *
 * Throws migration.changed when it is not the statement that ran, and migration.in-doubt when nothing can tell.
 */
export async function settle(
  before: RecordedStatement,
  { number, statement, traits }: Omit<PlacedStatement, 'origin'>,
  ports: SettlePorts,
  { entry, limited }: StatementAttempts,
): Promise<'done' | 'goes-on' | 'runs'> {
  const { dialect, connection, step } = ports;
  if (before.state === 'refused') return 'runs';
  if (before.sqlHash !== ports.hash(statement.sql))
    throw changedBefore(step, number, before, ports.redact(statement.sql));
  if (before.state === 'in-progress') {
    if (before.checkpoint === null) throw inDoubtError(step, number, before);
    return 'goes-on';
  }
  if (before.state === 'done') {
    if (before.temporary) throw temporaryIsGone(step, number, before);
    return 'done';
  }
  if (traits.repeatable) return 'runs';
  const now = await dialect.catalogueState(connection, statement.sql);
  if (before.before === null || now === null) {
    if (ports.runUnsettledAgain || (await dialect.isSurelyUndone(connection, statement.sql))) return 'runs';
    // Its outcome is there. Where it was there before, the statement cannot have brought it, and fails again.
    if (before.outcomeBefore === true) return 'runs';
    if (before.outcomeBefore === null) throw inDoubtError(step, number, before);
  } else if (now === before.before) return 'runs';
  for (const sql of await dialect.completionOf(connection, statement.sql)) await limited(() => connection.query(sql));
  await record(ports, [entry('done', number, statement, { detail: { settled: 'by the catalogue' } })]);
  return 'done';
}
