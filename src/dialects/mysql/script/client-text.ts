import { keywordOf, tokensOf } from '../../sql/lexer.ts';
import { longestPlain } from '../../script/script-text.ts';
import { mysqlRules } from '../lexical-rules.ts';
import { splitStatements } from '../split-statements.ts';

const rules = mysqlRules();

/**
 * The statements of a text as the clients must read them to send what was meant: each with its `;`, or between two DELIMITER
 * lines when it has a `;` inside. Throws sql.unsupported for backslash commands, and sql.unterminated.
 */
export function clientStatements(text: string): readonly string[] {
  if (isPlain(text)) return [`${text};`];
  return statementsIn(text).flatMap((sql) => {
    const written = withoutDelimiterLines(sql);
    if (!holdsTerminator(written)) return [`${written};`];
    const delimiter = delimiters.find((candidate) => !written.includes(candidate)) ?? longDelimiter(written);
    return [`DELIMITER ${delimiter}`, written, delimiter, 'DELIMITER ;'];
  });
}

const delimiters = ['//', '$$', ';;'];

function longDelimiter(sql: string): string {
  let number = 1;
  while (sql.includes(`//${number}//`)) number++;
  return `//${number}//`;
}

/** The clients look for it inside executable comments as well. */
function holdsTerminator(sql: string): boolean {
  if (!sql.includes(';')) return false;
  for (const { kind } of tokensOf(sql, rules)) if (kind === 'terminator' || kind === 'mark') return true;
  return false;
}

/**
 * The clients drop the line end behind a line that begins with the word DELIMITER, also within a statement (client/mysql.cc,
 * add_line). There it can only be a name, and a quoted one is read as any other.
 */
function withoutDelimiterLines(sql: string): string {
  if (!/delimiter/i.test(sql)) return sql;
  const pieces = [...tokensOf(sql, rules)].map((token) => {
    const written = sql.slice(token.start, token.end);
    return keywordOf(sql, token) === 'DELIMITER' ? `\`${written}\`` : written;
  });
  return pieces.join('');
}

/** The statements of a text. Throws as {@link clientStatements}. */
export function statementsIn(text: string): readonly string[] {
  return isPlain(text) ? [text] : splitStatements(text).map(({ sql }) => sql);
}

/** True for most statements: one that the clients read as the servers do, to be found out without lexing it. */
function isPlain(text: string): boolean {
  return text.length <= longestPlain && plain.test(text) && !/delimiter/i.test(text);
}

const plain = /^[a-z](?:[\w\s(),.=<>*+@]|-(?!-)|\/(?!\*)|'[^'\\]*'|"[^"\\]*"|`[^`]*`)*$/i;
