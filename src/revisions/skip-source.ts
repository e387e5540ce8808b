import { advance, endOfPrevious } from './scan-source.ts';
import { isMark, isOver, type Scanner } from './scanner.ts';

/** From an opening bracket to the token after its closing bracket. */
export function skipBrackets(s: Scanner): void {
  const outside = s.brackets.length - 1;
  while (!isOver(s) && s.brackets.length > outside) advance(s);
  advance(s);
}

/** From `<` to the token after its `>`; false when the angle brackets do not match, with the scanner anywhere. */
function skipAngles(s: Scanner): boolean {
  const depth = s.brackets.length;
  let open = 0;
  while (!isOver(s)) {
    if (s.brackets.length < depth || isMark(s, ';')) return false;
    if (s.brackets.length === depth) {
      if (isMark(s, '<')) open++;
      if (isMark(s, '>') && --open === 0) {
        advance(s);
        return true;
      }
    }
    advance(s);
  }
  return false;
}

const typePrefixes = new Set('keyof typeof readonly unique infer asserts abstract new'.split(' '));

/**
 * Passes over a type and stops at the first token that is no part of it; false when it is no type as we know them.
 *
 * What follows `as` needs care: in `'a' as string || other` the type ends before `||`, which no literal has behind it.
 */
export function skipType(s: Scanner): boolean {
  let wantsOperand = true;
  let afterParentheses = false;
  // `A extends B ? C : D`: how many question marks, then colons, may still come.
  let questions = 0;
  let colons = 0;
  while (!isOver(s)) {
    if (wantsOperand) {
      if (isMark(s, '|') || isMark(s, '&')) {
        advance(s);
        continue;
      }
      if (isMark(s, '<')) {
        // A generic function type: its parameters follow.
        if (!skipAngles(s) || !isMark(s, '(')) return false;
        continue;
      }
      if (s.kind === 'name' && typePrefixes.has(s.text)) {
        advance(s);
        continue;
      }
      if (isMark(s, '-')) {
        advance(s);
        if (kindOf(s) !== 'number') return false;
      }
      afterParentheses = isMark(s, '(');
      if (isMark(s, '(') || isMark(s, '[') || isMark(s, '{') || isMark(s, '${')) {
        skipBrackets(s);
      } else if (s.kind === 'name' || s.kind === 'string' || s.kind === 'template' || s.kind === 'number') {
        const isImport = s.text === 'import';
        advance(s);
        if (isImport && isMark(s, '(')) skipBrackets(s);
      } else {
        return false;
      }
      wantsOperand = false;
      continue;
    }
    if (s.kind === 'name') {
      if (s.text === 'extends') {
        questions++;
      } else if (s.text !== 'is') {
        return true;
      }
    } else if (isMark(s, '<') && !s.lineBreakBefore) {
      if (!skipAngles(s)) return false;
      afterParentheses = false;
      continue;
    } else if (isMark(s, '[') && !s.lineBreakBefore) {
      skipBrackets(s);
      afterParentheses = false;
      continue;
    } else if (isMark(s, '|') || isMark(s, '&')) {
      const doubled = s.source.charAt(s.position) === s.text;
      if (doubled) return true;
    } else if (isMark(s, '?') && questions > 0) {
      questions--;
      colons++;
    } else if (isMark(s, ':') && colons > 0) {
      colons--;
    } else if (!isMark(s, '.') && !(isMark(s, '=>') && afterParentheses)) {
      return true;
    }
    wantsOperand = true;
    afterParentheses = false;
    advance(s);
  }
  return !wantsOperand;
}

/** The kind after a move: the compiler does not know that `advance` changes it. */
function kindOf(s: Scanner): Scanner['kind'] {
  return s.kind;
}

// Reserved words that begin a statement wherever they stand outside brackets: `const` has exceptions, see below.
const statementWords = new Set(
  'export import const var function class if for while do switch try throw return'.split(' '),
);
const continuingWords = new Set('in instanceof as satisfies of is extends'.split(' '));

/** True at a declaration word that is not the `const` of `as const` or `<const T>`. */
export function isDeclarationWord(s: Scanner): boolean {
  if (s.kind !== 'name' || s.isProperty) return false;
  if (s.text === 'var' || s.text === 'let') return true;
  if (s.text !== 'const') return false;
  return s.previousText !== 'as' && s.previousText !== '<' && s.previousText !== ',';
}

/** True when a statement outside brackets has ended before this token: at a semicolon, or where a line break ends it. */
export function isAfterStatement(s: Scanner): boolean {
  if (isOver(s) || isMark(s, ';')) return true;
  if (!s.lineBreakBefore) return false;
  if (s.kind === 'name') {
    return !continuingWords.has(s.text) && previousCanEnd(s);
  }
  return (s.kind === 'string' || s.kind === 'number' || isMark(s, '@') || isMark(s, '{')) && previousCanEnd(s);
}

function previousCanEnd(s: Scanner): boolean {
  return endOfPrevious(s) === 'yes' || (s.previousKind === 'mark' && s.previousText === '}') || s.previousText === '>';
}

/**
 * Passes over an expression that is of no interest, to the comma, semicolon, line break or closing bracket that ends
 * it. Answers whether a `<` was met outside inner brackets: it may have opened type arguments, and then the comma may
 * be one of theirs.
 *
 * `depth` is the number of brackets open around the expression.
 */
export function skipExpression(s: Scanner, depth: number): { readonly mayBeInsideAngles: boolean } {
  let mayBeInsideAngles = false;
  let questions = 0;
  while (!isOver(s) && s.brackets.length >= depth) {
    if (s.brackets.length === depth) {
      if (isMark(s, ',') || isMark(s, ';')) break;
      if (depth === 0 && endsBefore(s)) break;
      if (isMark(s, '<')) {
        // Where an operand is expected it opens the type parameters of an arrow function.
        if (endOfPrevious(s) === 'no' && skipAngles(s)) continue;
        mayBeInsideAngles = true;
      }
      if (isMark(s, '?')) questions++;
      if (isMark(s, ':')) {
        // Behind `(…)` and without a question mark: the result type of an arrow function.
        if (questions === 0 && s.previousText === ')') {
          advance(s);
          if (!skipType(s)) mayBeInsideAngles = true;
          continue;
        }
        questions--;
      }
    }
    advance(s);
  }
  return { mayBeInsideAngles };
}

function endsBefore(s: Scanner): boolean {
  if (s.kind !== 'name' || s.isProperty || !s.lineBreakBefore) return false;
  if (s.text === 'const' && !isDeclarationWord(s)) return false;
  if (s.previousText === '>' || s.previousText === '}' || endOfPrevious(s) === 'yes') {
    return statementWords.has(s.text) || (s.previousText !== '>' && !continuingWords.has(s.text));
  }
  return s.text === 'export';
}

/** From the `(` or `<` of a method to the token after its body; false when it is not written as a method is. */
export function skipMethod(s: Scanner): boolean {
  if (isMark(s, '<') && !skipAngles(s)) return false;
  if (!isMark(s, '(')) return false;
  skipBrackets(s);
  if (isMark(s, ':')) {
    advance(s);
    if (!skipType(s)) return false;
  }
  if (!isMark(s, '{')) return false;
  skipBrackets(s);
  return true;
}
