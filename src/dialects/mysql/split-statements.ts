import { keywordOf, type LexicalRules, type Token } from '../sql/lexer.ts';
import { splitText, type ClientCommand, type StatementGrammar } from '../sql/split-text.ts';
import { positionAt, unsupported, unterminated, type SqlStatement } from '../sql/sql-text.ts';
import { createCompoundTracker } from './compound-statement.ts';
import { mysqlRules, type SqlModeOptions } from './lexical-rules.ts';

/**
 * The statements of a text as the mysql and mariadb clients separate them: the command DELIMITER is obeyed, and its
 * line is no statement. Beyond the clients, routine bodies may be written with plain `;` (compound-statement.ts).
 *
 * After DELIMITER only the new delimiter counts: what stands between two of them is one statement, whatever it holds.
 * Source: client/mysql.cc `add_line`, `com_delimiter`; MySQL manual 27.1 (Defining Stored Programs).
 *
 * Throws sql.unterminated for an open string, quoted name, comment or body, and sql.unsupported for `\G` and its
 * like, a DELIMITER that the client would not take, and NUL.
 */
export function splitStatements(text: string, options: SqlModeOptions = {}): readonly SqlStatement[] {
  return splitText(text, mysqlRules(options), (rules) =>
    rules.terminator === ';' ? plain(text, rules) : delimited(text, rules),
  );
}

function plain(text: string, rules: LexicalRules): StatementGrammar {
  const tracker = createCompoundTracker(text);
  let isFirst = true;
  return {
    read(token) {
      refuseBackslash(text, token);
      if (isFirst && isDelimiterCommand(text, token)) return readDelimiter(text, token, rules);
      isFirst = false;
      tracker.read(token);
      return token.kind === 'terminator' && tracker.openBlock() === null ? 'end' : 'inside';
    },
    close() {
      const block = tracker.openBlock();
      if (block === null) return;
      const hint = `Close it with END${block.keyword === 'BEGIN' ? '' : ` ${block.keyword}`};`;
      throw unterminated(text, block.start, `a ${block.keyword} block`, hint);
    },
  };
}

function delimited(text: string, rules: LexicalRules): StatementGrammar {
  let firstStart: number | null = null;
  return {
    read(token) {
      refuseBackslash(text, token);
      if (firstStart === null && isDelimiterCommand(text, token)) return readDelimiter(text, token, rules);
      firstStart ??= token.start;
      if (isForgottenDelimiter(text, token)) {
        const { line } = positionAt(text, token.start);
        throw unterminated(
          text,
          firstStart,
          'a statement',
          `End it with ${rules.terminator} before the DELIMITER of line ${line}.`,
        );
      }
      return token.kind === 'terminator' ? 'end' : 'inside';
    },
    // The client sends what is left at the end of its input.
    close: () => {},
  };
}

/** The client knows the command by the blank behind it; no statement of the servers starts with this word. */
function isDelimiterCommand(text: string, token: Token): boolean {
  return (
    token.kind === 'word' &&
    keywordOf(text, token) === 'DELIMITER' &&
    /^\s?$/.test(text.slice(token.end, token.end + 1))
  );
}

function readDelimiter(text: string, token: Token, rules: LexicalRules): ClientCommand {
  const resumeAt = endOfLine(text, token.end);
  const argument = text.slice(token.end, resumeAt).trim();
  const quoted = /^(['"`])(.*?)\1/.exec(argument)?.[2];
  const terminator = quoted ?? argument.split(/\s/, 1)[0] ?? '';
  // The client keeps 15 characters and cuts the rest off without a word.
  if (terminator === '' || terminator.length > 15 || /[\s\\'"`]/.test(terminator)) {
    const hint = 'Name 1 to 15 characters that are no blanks, quotes or backslashes, such as // or $$.';
    throw unsupported(text, token.start, 'This DELIMITER', hint);
  }
  return { resumeAt, rules: { ...rules, terminator } };
}

/** A line such as `DELIMITER ;` inside a statement. A column of this name is never alone with `;`, `//` or `$$`. */
function isForgottenDelimiter(text: string, token: Token): boolean {
  if (!isDelimiterCommand(text, token)) return false;
  // A longer line holds more than a delimiter.
  return /^[ \t]+(?:;+|\/{2,}|\${2,})\s*$/.test(text.slice(token.end, endOfLine(text, token.end, 40)));
}

function endOfLine(text: string, from: number, limit = Number.POSITIVE_INFINITY): number {
  let end = from;
  while (end < text.length && text[end] !== '\n' && end - from < limit) end++;
  return end;
}

/** `\N` is NULL; every other backslash outside of quotes is a command of the client. */
function refuseBackslash(text: string, token: Token): void {
  if (token.kind !== 'symbol' || text[token.start] !== '\\' || text[token.end] === 'N') return;
  const command = text.slice(token.start, token.end + 1).trim();
  throw unsupported(
    text,
    token.start,
    `The mysql command ${command}`,
    'Only the mysql client understands it. Write SQL, and end statements with ;.',
  );
}
