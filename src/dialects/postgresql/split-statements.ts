import { keywordOf, type Token } from '../sql/lexer.ts';
import { splitText, type ClientCommand, type StatementGrammar } from '../sql/split-text.ts';
import { unsupported, unterminated, type SqlStatement } from '../sql/sql-text.ts';
import { postgresqlRules } from './lexical-rules.ts';

/**
 * The statements of a text as psql and the server's simple query protocol separate them.
 *
 * A `;` inside parentheses (CREATE RULE … DO (a; b)) or between BEGIN ATOMIC and END (the body of an SQL-standard
 * function) ends nothing. Source: psqlscan.l, and gram.y `routine_body_stmt_list`.
 *
 * Throws sql.unterminated for an open string, comment, parenthesis or body, and sql.unsupported for COPY … FROM STDIN,
 * psql's backslash commands and NUL.
 */
export function splitStatements(text: string): readonly SqlStatement[] {
  return splitText(text, postgresqlRules, () => statementGrammar(text));
}

function statementGrammar(text: string): StatementGrammar {
  const header: string[] = [];
  let previous = '';
  let previousStart = 0;
  const openParentheses: number[] = [];
  let bodyStart: number | null = null;
  let openCases = 0;

  return {
    read(token) {
      const word = keywordOf(text, token);
      if (header.length < 4) header.push(word);
      if (word === '\\') return clientCommand(text, token, header.length === 1);
      if (isCopyFromClient(word)) throw copyFromClient(text, token);

      if (word === '(') openParentheses.push(token.start);
      else if (word === ')') openParentheses.pop();
      else if (bodyStart !== null) readBody(word);
      else if (word === 'ATOMIC' && previous === 'BEGIN' && isRoutine(header)) bodyStart = previousStart;

      previous = word;
      previousStart = token.start;
      return token.kind === 'terminator' && openParentheses.length === 0 && bodyStart === null ? 'end' : 'inside';
    },
    close() {
      if (bodyStart !== null) {
        throw unterminated(
          text,
          bodyStart,
          'a BEGIN ATOMIC body',
          'Each statement in it ends with ;, the last one too. Then comes END.',
        );
      }
      const open = openParentheses.at(-1);
      if (open !== undefined) throw unterminated(text, open, 'a parenthesis', 'Close it with ).');
    },
  };

  /** CASE may nest in a body; BEGIN may not. CASE and END are reserved: elsewhere they are labels after AS or a dot. */
  function readBody(word: string): void {
    if (openCases === 0 && word === 'END' && (previous === ';' || previous === 'ATOMIC')) bodyStart = null;
    else if (previous === 'AS' || previous === '.') return;
    else if (word === 'CASE') openCases++;
    else if (word === 'END' && openCases > 0) openCases--;
  }

  /** The grammar takes STDOUT for STDIN. */
  function isCopyFromClient(word: string): boolean {
    return (
      previous === 'FROM' &&
      (word === 'STDIN' || word === 'STDOUT') &&
      header[0] === 'COPY' &&
      openParentheses.length === 0
    );
  }
}

function isRoutine(header: readonly string[]): boolean {
  if (header[0] !== 'CREATE') return false;
  const kind = header[1] === 'OR' && header[2] === 'REPLACE' ? header[3] : header[1];
  return kind === 'FUNCTION' || kind === 'PROCEDURE';
}

/**
 * The lines \restrict and \unrestrict, between which pg_dump puts what it writes, only forbid other commands of psql:
 * none is obeyed here anyway. Throws sql.unsupported for those.
 */
function clientCommand(text: string, token: Token, isFirst: boolean): ClientCommand {
  const [line = ''] = text.slice(token.start).split('\n', 1);
  if (!isFirst || !/^\\(?:un)?restrict\s/.test(line)) throw backslashCommand(text, token);
  return { resumeAt: token.start + line.length, rules: postgresqlRules };
}

function backslashCommand(text: string, token: Token): Error {
  let end = token.end;
  // As many characters as any of psql's commands has.
  while (end < token.end + 20 && /[a-z.!?;_]/i.test(text[end] ?? '')) end++;
  const command = text.slice(token.start, end);
  return unsupported(
    text,
    token.start,
    `The psql command ${command}`,
    'Only psql understands it. Write the SQL it stands for.',
  );
}

function copyFromClient(text: string, token: Token): Error {
  const hint =
    'Its rows would have to follow in the text. Write INSERT statements, as pg_dump --inserts does, or COPY from a file of the server.';
  return unsupported(text, token.start, 'COPY … FROM STDIN', hint);
}
