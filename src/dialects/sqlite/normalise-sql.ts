import { significantStatement } from '../sql/significant-text.ts';
import { sqliteRules } from './lexical-rules.ts';
import { splitStatements } from './split-statements.ts';

/**
 * What a text says, whatever its comments, white space, line ends, empty statements and byte order mark: its
 * statements, each as {@link significantStatement} has it, joined by `;` and a line feed. Throws as splitStatements does.
 */
export function significantText(text: string): string {
  return splitStatements(text)
    .map(({ sql }) => significantStatement(sql, sqliteRules, false))
    .join(';\n');
}
