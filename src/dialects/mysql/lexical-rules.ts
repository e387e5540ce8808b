import type { LexicalRules } from '../sql/lexer.ts';

/** The parts of sql_mode that change where a string ends. */
export interface SqlModeOptions {
  readonly noBackslashEscapes?: boolean;
  /** `"…"` is a quoted name. */
  readonly ansiQuotes?: boolean;
}

/**
 * MySQL manual 11.1.1 (String Literals), 11.2 (Object Names), 11.7 (Comments) and sql_lex.cc; MariaDB is the same and
 * adds executable comments of its own, marked with M.
 *
 * An executable comment is lexed as code whatever its version, as the mysql client does: the version of the server is
 * not known here. Both are right unless a quote is left open in one that the server skips.
 */
export function mysqlRules(options: SqlModeOptions = {}): LexicalRules {
  const backslash = options.noBackslashEscapes !== true;
  return {
    quotes: {
      "'": { kind: 'string', close: "'", doubled: true, backslash },
      '"':
        options.ansiQuotes === true
          ? { kind: 'name', close: '"', doubled: true, backslash: false }
          : { kind: 'string', close: '"', doubled: true, backslash },
      '`': { kind: 'name', close: '`', doubled: true, backslash: false },
    },
    terminator: ';',
    postgresStrings: false,
    dollarQuotes: false,
    nestedComments: false,
    openCommentAtEnd: false,
    hashComments: true,
    dashCommentNeedsBlank: true,
    commentEndsAtCarriageReturn: false,
    executableComments: true,
    digitsStartWords: true,
  };
}
