import type { QueryResult } from '../../dialects/connection.ts';
import { redactDeep } from '../../support/redact-error.ts';
import type { JournalEntry } from '../records/journal-entry.ts';
import type { PlacedStatement } from './statement-attempt.ts';

/** Rows kept in the journal are given again when the statement is skipped; large answers are not worth keeping. */
const keptRowsLimit = 64 * 1024;
const keptRowsCount = 1000;

/**
 * What a `done` row keeps of a statement's answer, so that a replay can give it again. One with a secret in it is not
 * kept: masked, it would be another answer.
 */
export function keptAnswer(
  { rows, rowCount, insertId }: QueryResult,
  { traits, looks }: Pick<PlacedStatement, 'traits' | 'looks'>,
  redact: (text: string) => string,
): Partial<JournalEntry> {
  const kept = isKeepable(rows) && redactDeep(rows, redact) === rows ? rows : [];
  const given = kept.length === 0 ? {} : { rows: kept };
  const lost = kept.length === rows.length ? {} : { rows_lost: true };
  const counted = rowCount === kept.length ? {} : { row_count: rowCount };
  const inserted = insertId === undefined || insertId === 0 ? {} : { insert_id: insertId };
  const nature = { ...(traits.temporary ? { temporary: true } : {}), ...(looks ? { looks: true } : {}) };
  const detail = { ...given, ...lost, ...counted, ...inserted, ...nature };
  return Object.keys(detail).length === 0 ? {} : { detail };
}

/** Dates and bytes would come back from JSON as something else. */
function isKeepable(rows: QueryResult['rows']): boolean {
  const faithful = (value: unknown): boolean =>
    value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  if (rows.length > keptRowsCount || !rows.every((row) => Object.values(row).every(faithful))) return false;
  return JSON.stringify(rows).length <= keptRowsLimit;
}
