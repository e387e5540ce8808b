import { halfDoneOf, type HalfDone } from '../../runtime/records/half-done.ts';
import type { Journal } from '../../runtime/records/journal.ts';
import type { HalfDoneReport } from '../results.ts';

/** What the journal knows of a revision that is not finished; null when there is none. A run at work looks the same. */
export async function readHalfDone(journal: Journal): Promise<HalfDoneReport | null> {
  const halfDone = halfDoneOf(await journal.readUnfinished());
  return halfDone === null ? null : halfDoneReport(halfDone);
}

/** Without what was only looked at: it changed nothing. */
export function halfDoneReport({ revision, direction, startedAt, actor, statements }: HalfDone): HalfDoneReport {
  return {
    revision,
    direction,
    started_at: startedAt,
    actor,
    statements: [...statements].flatMap(([number, { state, sql, looks }]) => (looks ? [] : [{ number, state, sql }])),
  };
}

/** "The upgrade of revision b1, begun on … by …, is half done, or under way: …" */
export function describeHalfDone({ revision, direction, started_at, actor }: HalfDoneReport): string {
  return `The ${direction} of revision ${revision}, begun on ${started_at} by ${actor}, is half done, or under way: aludel repair shows which.`;
}
