import type { LexicalRules } from '../sql/lexer.ts';

/**
 * PostgreSQL manual, section 4.1 (Lexical Structure), and src/backend/parser/scan.l.
 *
 * standard_conforming_strings is taken to be on, as it has been since 9.1: only E'…' has backslash escapes. The
 * letters before B'…', X'…', N'…' and U&'…' are tokens of their own here, which moves no boundary.
 */
export const postgresqlRules: LexicalRules = {
  quotes: {
    "'": { kind: 'string', close: "'", doubled: true, backslash: false },
    '"': { kind: 'name', close: '"', doubled: true, backslash: false },
  },
  terminator: ';',
  postgresStrings: true,
  dollarQuotes: true,
  nestedComments: true,
  openCommentAtEnd: false,
  hashComments: false,
  dashCommentNeedsBlank: false,
  commentEndsAtCarriageReturn: true,
  executableComments: false,
  digitsStartWords: false,
};
