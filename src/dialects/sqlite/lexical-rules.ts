import type { LexicalRules } from '../sql/lexer.ts';

/** SQLite's tokenize.c; https://sqlite.org/lang_keywords.html and lang_comment.html. */
export const sqliteRules: LexicalRules = {
  quotes: {
    "'": { kind: 'string', close: "'", doubled: true, backslash: false },
    '"': { kind: 'name', close: '"', doubled: true, backslash: false },
    '`': { kind: 'name', close: '`', doubled: true, backslash: false },
    '[': { kind: 'name', close: ']', doubled: false, backslash: false },
  },
  terminator: ';',
  postgresStrings: false,
  dollarQuotes: false,
  nestedComments: false,
  openCommentAtEnd: true,
  hashComments: false,
  dashCommentNeedsBlank: false,
  commentEndsAtCarriageReturn: false,
  executableComments: false,
  digitsStartWords: false,
};
