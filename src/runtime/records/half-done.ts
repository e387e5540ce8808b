import type { QueryResult } from '../../dialects/connection.ts';
import { checkpointIn, type Checkpoint } from '../statements/backfill.ts';
import type { JournalEventName } from './journal-entry.ts';
import type { JournalRow } from './journal.ts';

/** What the journal knows of one statement of a revision that was not finished. */
export interface RecordedStatement {
  /** `in-progress` is a backfill of which some batches are committed, and none is in doubt. */
  readonly state: 'done' | 'in-doubt' | 'refused' | 'in-progress';
  readonly sql: string;
  readonly sqlHash: string;
  readonly at: string;
  /** What it answered, given again when it is skipped. */
  readonly answer: Pick<QueryResult, 'rows' | 'rowCount' | 'insertId'>;
  /** It answered rows that the journal could not keep. */
  readonly answerIsLost: boolean;
  /** What the catalogue showed of the objects it names before it ran; null when nothing was recorded. */
  readonly before: string | null;
  /** Whether its outcome was there before, as a script has noted it; null when none did. See offline-rules.ts. */
  readonly outcomeBefore: boolean | null;
  /** It made something that ended with its connection. */
  readonly temporary: boolean;
  /** A question of ours, which changed nothing. */
  readonly looks: boolean;
  /** How far a backfill came. */
  readonly checkpoint: Checkpoint | null;
}

/** A revision that a run began outside a transaction and did not finish. */
export interface HalfDone {
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
  readonly statements: ReadonlyMap<number, RecordedStatement>;
  readonly startedAt: string;
  readonly actor: string;
}

/** Reads {@link HalfDone} out of the journal's unfinished rows; null when nothing that they tell of may have taken effect. */
export function halfDoneOf(rows: readonly JournalRow[]): HalfDone | null {
  let rest = rows;
  for (;;) {
    const first = rest.find((row) => row.statement !== undefined && row.revision !== null && row.direction !== null);
    if (first === undefined) return null;
    const halfDone = halfDoneSince(first, rest);
    if (halfDone !== null) return halfDone;
    // It was left as it had never been, so that another revision may have begun since.
    rest = rest.filter((row) => row.revision !== first.revision || row.direction !== first.direction);
  }
}

function halfDoneSince(first: JournalRow, rows: readonly JournalRow[]): HalfDone | null {
  const { revision, direction } = first;
  if (revision === null || direction === null) return null;
  const statements = new Map<number, RecordedStatement>();
  for (const row of rows) {
    if (row.revision !== revision || row.direction !== direction || row.statement === undefined) continue;
    const known = statements.get(row.statement);
    statements.set(row.statement, {
      state: stateAfter(row.event),
      sql: row.sql ?? known?.sql ?? '',
      sqlHash: row.sqlHash ?? known?.sqlHash ?? '',
      at: row.at,
      answer: answerOf(row),
      answerIsLost: row.detail?.['rows_lost'] === true,
      before: (row.detail?.['before'] as string | undefined) ?? known?.before ?? null,
      outcomeBefore: outcomeIn(row) ?? known?.outcomeBefore ?? null,
      temporary: row.detail?.['temporary'] === true || known?.temporary === true,
      looks: row.detail?.['looks'] === true,
      checkpoint: row.event === 'progress' ? checkpointIn(row.detail) : null,
    });
  }
  forgetLastLooks(statements);
  if ([...statements.values()].every(({ state, looks }) => looks || state === 'refused')) return null;
  return { revision, direction, statements, startedAt: first.at, actor: first.actor };
}

/** A question after which nothing took effect binds nobody: the operation that asked it may be another one by now. */
function forgetLastLooks(statements: Map<number, RecordedStatement>): void {
  const numbers = [...statements.keys()].toSorted((a, b) => b - a);
  for (const number of numbers) {
    if (statements.get(number)?.looks !== true) return;
    statements.delete(number);
  }
}

function stateAfter(event: JournalEventName): RecordedStatement['state'] {
  switch (event) {
    case 'done':
      return 'done';
    case 'intent':
      return 'in-doubt';
    case 'progress':
      return 'in-progress';
    default:
      return 'refused';
  }
}

function outcomeIn({ detail }: JournalRow): boolean | null {
  const noted = detail?.['outcome'];
  return noted === undefined ? null : Number(noted) === 1;
}

function answerOf({ detail }: JournalRow): RecordedStatement['answer'] {
  const rows = (detail?.['rows'] as QueryResult['rows'] | undefined) ?? [];
  const rowCount = (detail?.['row_count'] as number | undefined) ?? rows.length;
  return { rows, rowCount, insertId: detail?.['insert_id'] as number | undefined };
}
