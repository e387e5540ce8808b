import { assertNever } from '../../support/assert-never.ts';
import { keywordOf, type Token } from '../sql/lexer.ts';
import { splitText, type StatementGrammar } from '../sql/split-text.ts';
import { unsupported, unterminated, type SqlStatement } from '../sql/sql-text.ts';
import { sqliteRules } from './lexical-rules.ts';

/**
 * The statements of a text as the sqlite3 shell and sqlite3_exec() separate them: by the rule of sqlite3_complete(),
 * under which CREATE TRIGGER goes on to `; END ;` (complete.c), so that CASE … END inside needs no counting.
 *
 * The last `;` may be missing, and a block comment may stay open at the end. Throws sql.unterminated for an open
 * string, quoted name or trigger body, and sql.unsupported for the shell's dot-commands and NUL.
 */
export function splitStatements(text: string): readonly SqlStatement[] {
  return splitText(text, sqliteRules, () => statementGrammar(text));
}

/** The states of complete.c; `afterSemicolon` and `afterEnd` are those of a trigger. */
type State = 'start' | 'explain' | 'create' | 'normal' | 'trigger' | 'afterSemicolon' | 'afterEnd';

function statementGrammar(text: string): StatementGrammar {
  let state: State = 'start';
  let triggerStart = 0;

  return {
    read(token) {
      const word = keywordOf(text, token);
      if (state === 'start' && word === '.' && isFirstInLine(text, token.start)) throw dotCommand(text, token);
      if (token.kind === 'terminator' && state !== 'trigger' && state !== 'afterSemicolon') return 'end';
      const before = state;
      state = stateAfter(state, word);
      if (before !== 'trigger' && state === 'trigger' && before === 'create') triggerStart = token.start;
      return 'inside';
    },
    close() {
      if (state !== 'trigger' && state !== 'afterSemicolon') return;
      throw unterminated(
        text,
        triggerStart,
        'a trigger',
        'Its body is BEGIN …; END, and each statement in it ends with ;.',
      );
    },
  };
}

/** The transition table of complete.c, without the ends of statements. */
function stateAfter(state: State, word: string): State {
  switch (state) {
    case 'start':
      return word === 'CREATE' ? 'create' : word === 'EXPLAIN' ? 'explain' : 'normal';
    case 'explain':
      // EXPLAIN QUERY PLAN CREATE …: words in between change nothing, except those that start something else.
      return word === 'CREATE'
        ? 'create'
        : ['EXPLAIN', 'TEMP', 'TEMPORARY', 'TRIGGER', 'END'].includes(word)
          ? 'normal'
          : 'explain';
    case 'create':
      return word === 'TRIGGER' ? 'trigger' : word === 'TEMP' || word === 'TEMPORARY' ? 'create' : 'normal';
    case 'normal':
      return 'normal';
    case 'afterSemicolon':
      if (word === 'END') return 'afterEnd';
      return word === ';' ? 'afterSemicolon' : 'trigger';
    case 'trigger':
    case 'afterEnd':
      return word === ';' ? 'afterSemicolon' : 'trigger';
    default:
      return assertNever(state);
  }
}

function isFirstInLine(text: string, offset: number): boolean {
  return offset === 0 || text[offset - 1] === '\n';
}

function dotCommand(text: string, token: Token): Error {
  const command = /^\.\w{0,20}/.exec(text.slice(token.start, token.start + 21))?.[0] ?? '.';
  return unsupported(
    text,
    token.start,
    `The sqlite3 command ${command}`,
    'Only the sqlite3 shell understands it. Write SQL.',
  );
}
