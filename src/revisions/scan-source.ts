import { assertNever } from '../support/assert-never.ts';
import { docCommentText, isCodeTag } from './doc-comment.ts';

/**
 * Kinds of tokens. A template without holes is one `template`; one with holes is a bracket: the mark '${' opens it,
 * '}${' stands between two holes, '`' closes it. `lost` means that the text is not understood: it is final, like `end`.
 */
type TokenKind = 'start' | 'name' | 'string' | 'template' | 'number' | 'regex' | 'mark' | 'end' | 'lost';

/**
 * A place in JavaScript or TypeScript source and the token found there. It is changed by {@link advance} and lives no
 * longer than one reading.
 *
 * Marks are single characters, except `=>`, `==` (which also stands for the first two of `===`), `?.`, `??`, `...`,
 * `++`, `--`, and `!.` for the `!` of TypeScript that follows an expression.
 */
export interface Scanner {
  readonly source: string;
  kind: TokenKind;
  /** The name or the mark; empty for the other kinds. */
  text: string;
  /** Where the token begins. */
  start: number;
  /** Where the token ends: the next one is looked for from here. */
  position: number;
  lineBreakBefore: boolean;
  /** A name after a dot: a member, never a variable or a keyword. */
  isProperty: boolean;
  /** A `)` that closes the head of `if`, `while`, `for` or `with`: a statement follows, not an operator. */
  closesHead: boolean;
  previousKind: TokenKind;
  previousText: string;
  previousIsProperty: boolean;
  /** The brackets open after this token, outermost first; `(` of an `if`, `while`, `for` or `with` is noted as 'h'. */
  readonly brackets: string[];
  /** First doc comment outside all brackets that describes the revision, marks removed; null while none was met. */
  doc: { readonly text: string; readonly start: number } | null;
}

/** Whether a token can be the last one of an expression. It decides if `/` divides and if a line break ends a statement. */
export type ExpressionEnd = 'yes' | 'no' | 'unclear';

/** A scanner before the first token of `source`. A byte-order mark and a `#!` line are passed over. */
export function scannerOf(source: string): Scanner {
  let position = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (source.startsWith('#!', position)) position = lineEnd(source, position);
  return {
    source,
    kind: 'start',
    text: '',
    start: 0,
    position,
    lineBreakBefore: true,
    isProperty: false,
    closesHead: false,
    previousKind: 'start',
    previousText: '',
    previousIsProperty: false,
    brackets: [],
    doc: null,
  };
}

/** True when nothing more can be read: the text ended, or is not understood. */
export function isOver(scanner: Scanner): boolean {
  return scanner.kind === 'end' || scanner.kind === 'lost';
}

/** True when the token is this mark. */
export function isMark(scanner: Scanner, mark: string): boolean {
  return scanner.kind === 'mark' && scanner.text === mark;
}

/** True when the token is this word, and no member of something. */
export function isWord(scanner: Scanner, word: string): boolean {
  return scanner.kind === 'name' && scanner.text === word && !scanner.isProperty;
}

/** Says that the text is not understood at this token. Nothing is read after it. */
export function getLost(scanner: Scanner): void {
  scanner.kind = 'lost';
  scanner.text = '';
}

/** Moves to the next token. Every call but the last ones consumes text, so that a loop over it ends. */
export function advance(s: Scanner): void {
  if (s.kind === 'end' || s.kind === 'lost') return;
  s.previousKind = s.kind;
  s.previousText = s.text;
  s.previousIsProperty = s.isProperty;
  skipBlanks(s);
  const { source, position } = s;
  s.start = position;
  s.text = '';
  s.isProperty = false;
  // A comment that does not end, or a mark of HTML, has already ended the reading.
  if (isOver(s)) return;
  if (position >= source.length) {
    s.kind = 'end';
    return;
  }
  const code = source.charCodeAt(position);
  if (isNameCode(code)) {
    const end = nameEnd(source, position + 1);
    s.kind = 'name';
    s.text = source.slice(position, end);
    s.position = end;
    s.isProperty = s.previousText === '.' || s.previousText === '?.';
    return;
  }
  switch (code) {
    case 0x22:
    case 0x27:
      scanString(s, code);
      return;
    case 0x60:
      scanTemplate(s, true);
      return;
    case 0x28:
      openBracket(s, isHeadKeyword(s) ? 'h' : '(', '(');
      return;
    case 0x5b:
      openBracket(s, '[', '[');
      return;
    case 0x7b:
      openBracket(s, '{', '{');
      return;
    case 0x29:
      s.closesHead = s.brackets.at(-1) === 'h';
      closeBracket(s, s.closesHead ? 'h' : '(', ')');
      return;
    case 0x5d:
      closeBracket(s, '[', ']');
      return;
    case 0x7d:
      if (s.brackets.at(-1) === '${') scanTemplate(s, false);
      else closeBracket(s, '{', '}');
      return;
    case 0x2f:
      scanSlash(s);
      return;
    // An escape inside a name, or a character no program has here.
    case 0x5c:
      getLost(s);
      return;
    default:
      if (isDigit(code) || (code === 0x2e && isDigit(source.charCodeAt(position + 1)))) scanNumber(s);
      else scanMark(s, code);
  }
}

// Where an expression is expected next, so that a slash begins a regular expression.
const wordsBeforeOperand = new Set(
  'return typeof instanceof in new delete void throw case do else default extends'.split(' '),
);
// Names in some places and keywords in others: what follows them tells nothing for sure.
const wordsOfTwoMinds = new Set('of await yield as satisfies async let static is keyof readonly'.split(' '));

/** Whether the token before this one can be the last of an expression. */
export function endOfPrevious(s: Scanner): ExpressionEnd {
  const text = s.previousText;
  switch (s.previousKind) {
    case 'name':
      if (s.previousIsProperty) return 'yes';
      if (wordsBeforeOperand.has(text)) return 'no';
      return wordsOfTwoMinds.has(text) ? 'unclear' : 'yes';
    case 'string':
    case 'template':
    case 'number':
    case 'regex':
      return 'yes';
    case 'mark':
      // `)` of `if (…)` stands before a statement. It is noted until the next `)`, which is long enough.
      if (text === ')') return s.closesHead ? 'no' : 'yes';
      if (text === ']' || text === '`' || text === '!.') return 'yes';
      // `}` ends a block or an object; `++` stands before or after its operand.
      return text === '}' || text === '++' || text === '--' ? 'unclear' : 'no';
    case 'start':
    case 'end':
    case 'lost':
      return 'no';
    default:
      return assertNever(s.previousKind);
  }
}

function isHeadKeyword(s: Scanner): boolean {
  if (s.previousKind !== 'name' || s.previousIsProperty) return false;
  const word = s.previousText;
  // A method may be called `if`; that its `(` is noted wrongly does no harm, since a `{` follows its `)`.
  return word === 'if' || word === 'while' || word === 'for' || word === 'with';
}

function openBracket(s: Scanner, noted: string, mark: string): void {
  s.kind = 'mark';
  s.text = mark;
  s.position++;
  s.brackets.push(noted);
}

function closeBracket(s: Scanner, noted: string, mark: string): void {
  if (s.brackets.pop() !== noted) {
    getLost(s);
    return;
  }
  s.kind = 'mark';
  s.text = mark;
  s.position++;
}

/** Passes over white space and comments; notes line breaks and the doc comment. */
function skipBlanks(s: Scanner): void {
  const { source } = s;
  let { position } = s;
  s.lineBreakBefore = s.kind === 'start';
  for (;;) {
    const code = source.charCodeAt(position);
    if (code === 0x20 || code === 0x09) {
      position++;
    } else if (code === 0x0a || code === 0x0d) {
      s.lineBreakBefore = true;
      position++;
    } else if (code === 0x2f) {
      const next = source.charCodeAt(position + 1);
      if (next === 0x2f) {
        position = lineEnd(source, position);
      } else if (next === 0x2a) {
        const end = source.indexOf('*/', position + 2);
        if (end === -1) {
          s.kind = 'lost';
          s.position = source.length;
          return;
        }
        if (!s.lineBreakBefore) s.lineBreakBefore = hasLineBreak(source, position, end);
        noteDocComment(s, position, end + 2);
        position = end + 2;
      } else {
        break;
      }
    } else if (isRareBlank(code)) {
      if (code === 0x2028 || code === 0x2029) s.lineBreakBefore = true;
      position++;
    } else {
      break;
    }
  }
  s.position = position;
}

function noteDocComment(s: Scanner, start: number, end: number): void {
  if (s.doc !== null || s.brackets.length > 0 || s.source.charCodeAt(start + 2) !== 0x2a) return;
  const third = s.source.charCodeAt(start + 3);
  // An empty comment `/**/`, and a banner `/****`, are not doc comments.
  if (third === 0x2a || end - start < 5) return;
  const text = docCommentText(s.source.slice(start, end));
  if (text !== '' && !isCodeTag(text)) s.doc = { text, start };
}

function hasLineBreak(source: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = source.charCodeAt(i);
    if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) return true;
  }
  return false;
}

/** Where the line at `position` ends, before its line break. */
function lineEnd(source: string, position: number): number {
  let end = position;
  while (end < source.length && !isLineBreak(source.charCodeAt(end))) end++;
  return end;
}

function scanString(s: Scanner, quote: number): void {
  const { source } = s;
  for (let i = s.position + 1; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === quote) {
      s.kind = 'string';
      s.position = i + 1;
      return;
    }
    if (code === 0x5c) {
      // A backslash takes the next character; of a CR LF both.
      i++;
      if (source.charCodeAt(i) === 0x0d && source.charCodeAt(i + 1) === 0x0a) i++;
    } else if (code === 0x0a || code === 0x0d) {
      getLost(s);
      return;
    }
  }
  s.position = source.length;
  getLost(s);
}

/** Reads a template from its first backtick, or from the `}` that ends a hole, to the next hole or the end. */
function scanTemplate(s: Scanner, fromStart: boolean): void {
  const { source } = s;
  for (let i = s.position + 1; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === 0x5c) {
      i++;
    } else if (code === 0x60) {
      s.position = i + 1;
      if (fromStart) {
        s.kind = 'template';
      } else {
        s.brackets.pop();
        s.kind = 'mark';
        s.text = '`';
      }
      return;
    } else if (code === 0x24 && source.charCodeAt(i + 1) === 0x7b) {
      s.position = i + 2;
      s.kind = 'mark';
      s.text = fromStart ? '${' : '}${';
      if (fromStart) s.brackets.push('${');
      return;
    }
  }
  s.position = source.length;
  getLost(s);
}

function scanSlash(s: Scanner): void {
  const end = endOfPrevious(s);
  if (end === 'yes') {
    s.kind = 'mark';
    s.text = '/';
    s.position++;
  } else if (end === 'unclear') {
    getLost(s);
  } else {
    scanRegex(s);
  }
}

function scanRegex(s: Scanner): void {
  const { source } = s;
  let inSet = false;
  for (let i = s.position + 1; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (isLineBreak(code)) {
      getLost(s);
      return;
    }
    if (code === 0x5c) {
      if (isLineBreak(source.charCodeAt(i + 1))) continue;
      i++;
    } else if (code === 0x5b) {
      inSet = true;
    } else if (code === 0x5d) {
      inSet = false;
    } else if (code === 0x2f && !inSet) {
      s.kind = 'regex';
      s.position = nameEnd(source, i + 1);
      return;
    }
  }
  s.position = source.length;
  getLost(s);
}

function scanNumber(s: Scanner): void {
  const { source } = s;
  const isHex = source.charCodeAt(s.position) === 0x30 && (source.charCodeAt(s.position + 1) | 0x20) === 0x78;
  let i = s.position + 1;
  for (; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === 0x2e || isNameCode(code) || isDigit(code)) continue;
    const isSign = code === 0x2b || code === 0x2d;
    if (isSign && !isHex && (source.charCodeAt(i - 1) | 0x20) === 0x65) continue;
    break;
  }
  s.kind = 'number';
  s.position = i;
}

function scanMark(s: Scanner, code: number): void {
  const { source, position } = s;
  const next = source.charCodeAt(position + 1);
  if (isHtmlComment(s, code)) return getLost(s);
  s.kind = 'mark';
  s.position = position + 2;
  if (code === 0x3d && next === 0x3e) s.text = '=>';
  else if (code === 0x3d && next === 0x3d) s.text = '==';
  else if (code === 0x3f && next === 0x2e && !isDigit(source.charCodeAt(position + 2))) s.text = '?.';
  else if (code === 0x3f && next === 0x3f) s.text = '??';
  else if (code === 0x2b && next === 0x2b) s.text = '++';
  else if (code === 0x2d && next === 0x2d) s.text = '--';
  else if (code === 0x2e && source.startsWith('...', position)) {
    s.text = '...';
    s.position = position + 3;
  } else {
    s.position = position + 1;
    const isAfterExpression = code === 0x21 && next !== 0x3d && !s.lineBreakBefore && endOfPrevious(s) === 'yes';
    s.text = isAfterExpression ? '!.' : source.charAt(position);
  }
}

/** Sloppy scripts know `<!--`, and `-->` at the beginning of a line, as comments; modules do not. */
function isHtmlComment(s: Scanner, code: number): boolean {
  if (code === 0x3c) return s.source.startsWith('<!--', s.position);
  return code === 0x2d && s.lineBreakBefore && s.source.startsWith('-->', s.position);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;
}

/** White space beside space, tab, CR and LF: ECMA-262 section 12.2 and 12.3. */
function isRareBlank(code: number): boolean {
  if (code < 0x80) return code === 0x0b || code === 0x0c;
  return (
    code === 0xa0 ||
    code === 0xfeff ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** True for what may begin a name: ASCII letters, `$`, `_`, and all beyond ASCII that is no white space. */
function isNameCode(code: number): boolean {
  if (code >= 0x80) return !isRareBlank(code);
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || code === 0x5f || code === 0x24;
}

// 1 for the ASCII characters a name may have behind its first one: names are most of a file.
const isNamePart = Uint8Array.from({ length: 0x80 }, (_, code) => (isNameCode(code) || isDigit(code) ? 1 : 0));

function nameEnd(source: string, position: number): number {
  let end = position;
  while (end < source.length) {
    const code = source.charCodeAt(end);
    if (code < 0x80 ? isNamePart[code] === 0 : isRareBlank(code)) break;
    end++;
  }
  return end;
}
