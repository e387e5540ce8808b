import type { Word } from '../sql/statement-words.ts';
import { quoteIdentifier } from './quote.ts';

/** A name of a statement as input of `to_regclass`, and as SQL. */
export function regclassOf(schema: Word | null, name: Word): string {
  const quoted = quoteIdentifier(folded(name));
  return schema === null ? quoted : `${quoteIdentifier(folded(schema))}.${quoted}`;
}

/** An unquoted name is folded to lower case (PostgreSQL manual 4.1.1). */
export function folded(word: Word): string {
  const written = word.identifier ?? '';
  return word.quoted ? written : written.toLowerCase();
}
