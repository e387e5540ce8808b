import { significantStatement } from '../sql/significant-text.ts';
import { mysqlRules, type SqlModeOptions } from './lexical-rules.ts';
import { splitStatements } from './split-statements.ts';

/**
 * What a text says, whatever its comments, white space, line ends, empty statements, byte order mark and DELIMITER
 * lines: its statements, each as {@link significantStatement} has it, joined by `;` and a line feed.
 *
 * The blank before a parenthesis counts: without IGNORE_SPACE, `count (*)` is not a call of the built-in function
 * (MySQL manual 11.2.5). Throws as splitStatements does.
 */
export function significantText(text: string, options: SqlModeOptions = {}): string {
  const rules = mysqlRules(options);
  return splitStatements(text, options)
    .map(({ sql }) => significantStatement(sql, rules, true))
    .join(';\n');
}
