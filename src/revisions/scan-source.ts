import { assertNever } from '../support/assert-never.ts';
import { docCommentText } from './doc-comment.ts';
import { scanNumber, scanRegex, scanString, scanTemplate } from './scan-literals.ts';
import { getLost, isOver, type Scanner } from './scanner.ts';
import { hasLineBreak, isDigit, isNameCode, isRareBlank, lineEnd, nameEnd } from './source-characters.ts';

/** Whether a token can be the last one of an expression. It decides if `/` divides and if a line break ends a statement. */
export type ExpressionEnd = 'yes' | 'no' | 'unclear';

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
  if (text !== '') s.doc = { text, start };
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
