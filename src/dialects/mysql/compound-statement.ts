import { keywordOf, type Token } from '../sql/lexer.ts';

/** A block that has been opened and not closed. */
export interface OpenBlock {
  readonly keyword: string;
  readonly start: number;
}

/** Follows the compound statements of one statement: while a block is open, a `;` belongs to its body. */
export interface CompoundTracker {
  readonly read: (token: Token) => void;
  /** The innermost open block, or null. */
  readonly openBlock: () => OpenBlock | null;
}

/**
 * Recognises the bodies of CREATE PROCEDURE, FUNCTION, TRIGGER and EVENT, of ALTER EVENT, and MariaDB's compound
 * statements outside of routines (BEGIN NOT ATOMIC, IF, CASE, LOOP, WHILE, REPEAT, FOR). O(1) per token, no recursion.
 *
 * BEGIN, END and most of the other keywords are not reserved: columns may have these names. So a keyword opens or
 * closes a block only where a statement starts. That is after `;`, THEN, ELSE, DO, LOOP, REPEAT, BEGIN, a label, the
 * condition list of a handler, and the header of a routine. CASE *expressions* are counted for the sake of their
 * THEN, ELSE and END. Sources: MySQL manual 15.6 (Compound Statements) and 15.1 (CREATE …); MariaDB, "Using Compound
 * Statements Outside of Stored Programs"; sql_yacc.yy `sp_proc_stmt`.
 */
export function createCompoundTracker(text: string): CompoundTracker {
  let phase: Phase = 'first-word';
  const blocks: OpenBlock[] = [];
  let previous: Previous = { keyword: '', token: null };
  let openParentheses = 0;
  /** Of a body: the next token starts a statement. */
  let atStart = false;
  /** THEN or DO, when it will end the condition being read and start a statement. */
  let awaited: 'THEN' | 'DO' | null = null;
  /** CASE expressions open in the present statement. */
  let openCases = 0;
  let isUntil = false;
  let isDeclaration = false;
  let handler: 'condition' | 'sqlstate' | 'found' | 'after' | null = null;
  /** The token before this one started a statement: a colon would make it a label. */
  let mayBeLabel = false;
  /** The token before this one is the END of a block: the keyword of `END IF` opens nothing. */
  let justClosed = false;

  return {
    read(token) {
      const keyword = keywordOf(text, token);
      readPhase(keyword, token);
      previous = { keyword, token };
    },
    openBlock: () => blocks.at(-1) ?? null,
  };

  function readPhase(keyword: string, token: Token): void {
    switch (phase) {
      case 'first-word':
        return readFirstWord(keyword, token);
      case 'after-begin':
        // BEGIN alone, or BEGIN WORK, starts a transaction.
        phase = 'no-body';
        if (keyword !== 'NOT' || previous.token === null) return;
        blocks.push({ keyword: 'BEGIN', start: previous.token.start });
        return startBody();
      case 'kind':
        return readKind(keyword);
      case 'definer':
        if (previous.keyword !== '=' && previous.keyword !== '@') readKind(keyword);
        return;
      case 'parameters':
        countParentheses(keyword);
        if (keyword === ')' && openParentheses === 0) phase = 'characteristics';
        return;
      case 'characteristics':
        countParentheses(keyword);
        if (openParentheses === 0) readCharacteristic(keyword, token);
        return;
      case 'trigger':
        if (keyword === 'ROW' && previous.keyword === 'EACH') phase = 'trigger-order';
        return;
      case 'trigger-order':
        if (keyword === 'FOLLOWS' || keyword === 'PRECEDES') {
          phase = 'trigger-order-name';
          return;
        }
        return startBodyWith(keyword, token);
      case 'trigger-order-name':
        return startBody();
      case 'event':
        if (keyword === 'DO') startBody();
        return;
      case 'body':
        return readBody(keyword, token);
      case 'no-body':
        return;
    }
  }

  function readFirstWord(keyword: string, token: Token): void {
    if (keyword === 'CREATE' || keyword === 'ALTER') phase = 'kind';
    else if (keyword === 'BEGIN') phase = 'after-begin';
    else if (bodyOpeners.has(keyword)) startBodyWith(keyword, token);
    else phase = 'no-body';
  }

  function readKind(keyword: string): void {
    if (keyword === 'DEFINER') phase = 'definer';
    else if (keyword === 'PROCEDURE' || keyword === 'FUNCTION') phase = 'parameters';
    else if (keyword === 'TRIGGER') phase = 'trigger';
    else if (keyword === 'EVENT') phase = 'event';
    else if (phase === 'kind' && !['OR', 'REPLACE', 'AGGREGATE'].includes(keyword)) phase = 'no-body';
    else if (keyword === 'VIEW' || keyword === 'SQL') phase = 'no-body';
  }

  /**
   * Between the parameters and the body stand RETURNS with a type and characteristics, an open-ended set of words. The
   * body starts at a word that opens a block or at the verb of a simple statement.
   */
  function readCharacteristic(keyword: string, token: Token): void {
    if (bodyOpeners.has(keyword)) startBodyWith(keyword, token);
    else if (keyword === 'SET' && ['CHARACTER', 'CHAR', 'RETURNS'].includes(previous.keyword)) return;
    else if (simpleVerbs.has(keyword)) phase = 'no-body';
  }

  function countParentheses(keyword: string): void {
    if (keyword === '(') openParentheses++;
    else if (keyword === ')') openParentheses--;
  }

  function startBody(): void {
    phase = 'body';
    atStart = true;
  }

  function startBodyWith(keyword: string, token: Token): void {
    startBody();
    readBody(keyword, token);
  }

  function readBody(keyword: string, token: Token): void {
    const closed = justClosed;
    const label = mayBeLabel;
    justClosed = mayBeLabel = false;
    if (handler !== null) {
      readHandler(keyword);
      if (handler !== null) return;
    }
    if (atStart) readStart(keyword, token);
    else if (keyword === ';') startStatement();
    else if (keyword === ':' && label) atStart = true;
    else if (!closed) readInside(keyword);
  }

  function startStatement(): void {
    atStart = true;
    awaited = null;
    openCases = 0;
    isUntil = isDeclaration = false;
  }

  function readStart(keyword: string, token: Token): void {
    startStatement();
    atStart = false;
    switch (keyword) {
      case 'BEGIN':
      case 'LOOP':
      case 'REPEAT':
        blocks.push({ keyword, start: token.start });
        atStart = true;
        return;
      case 'NOT':
      case 'ATOMIC':
      case 'ELSE':
        atStart = true;
        return;
      case 'IF':
      case 'CASE':
        blocks.push({ keyword, start: token.start });
        awaited = 'THEN';
        return;
      case 'ELSEIF':
      case 'WHEN':
        awaited = 'THEN';
        return;
      case 'WHILE':
      case 'FOR':
        blocks.push({ keyword, start: token.start });
        awaited = 'DO';
        return;
      case 'UNTIL':
        isUntil = true;
        return;
      case 'END':
        closeBlock();
        return;
      case 'DECLARE':
        isDeclaration = true;
        return;
      default:
        mayBeLabel = token.kind === 'word' || token.kind === 'name';
    }
  }

  function readInside(keyword: string): void {
    if (keyword === 'CASE' && previous.keyword !== '.') {
      openCases++;
    } else if (keyword === 'END' && endsOperand(previous)) {
      if (openCases > 0) openCases--;
      else if (isUntil) closeBlock();
    } else if (keyword === awaited && openCases === 0) {
      startStatement();
    } else if (keyword === 'FOR' && previous.keyword === 'HANDLER' && isDeclaration) {
      handler = 'condition';
    }
  }

  function closeBlock(): void {
    blocks.pop();
    isUntil = false;
    justClosed = true;
  }

  /** DECLARE … HANDLER FOR condition [, condition] … statement. Leaves `handler` null where the statement starts. */
  function readHandler(keyword: string): void {
    if (handler === 'after' && keyword !== ',') {
      handler = null;
      atStart = true;
    } else if (handler === 'after') handler = 'condition';
    else if (handler === 'condition' && keyword === 'SQLSTATE') handler = 'sqlstate';
    else if (handler === 'condition' && keyword === 'NOT') handler = 'found';
    else if (!(handler === 'sqlstate' && keyword === 'VALUE')) handler = 'after';
  }
}

type Phase =
  | 'first-word'
  | 'after-begin'
  | 'kind'
  | 'definer'
  | 'parameters'
  | 'characteristics'
  | 'trigger'
  | 'trigger-order'
  | 'trigger-order-name'
  | 'event'
  | 'body'
  | 'no-body';

interface Previous {
  readonly keyword: string;
  readonly token: Token | null;
}

const bodyOpeners = new Set(['BEGIN', 'IF', 'CASE', 'LOOP', 'WHILE', 'REPEAT', 'FOR']);
const simpleVerbs = new Set(
  (
    'ALTER ANALYZE CALL CREATE DEALLOCATE DELETE DO DROP EXECUTE FLUSH GRANT INSERT KILL LOAD OPTIMIZE PREPARE RENAME REPLACE ' +
    'RESIGNAL RETURN REVOKE SELECT SET SHOW SIGNAL TRUNCATE UPDATE VALUES WITH'
  ).split(' '),
);
/** Words after which an operand must come, so that an END there is a column of that name. */
const expectsOperand = new Set(
  'AND BETWEEN BINARY CASE DISTINCT DIV ELSE IN IS LIKE MOD NOT OR REGEXP RLIKE THEN UNTIL WHEN XOR'.split(' '),
);

function endsOperand({ keyword, token }: Previous): boolean {
  if (token?.kind === 'symbol') return keyword === ')';
  return token?.kind !== 'word' || !expectsOperand.has(keyword);
}
