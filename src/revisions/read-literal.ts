import { assertNever } from '../support/assert-never.ts';
import { advance } from './scan-source.ts';
import { isMark, isWord, type Scanner } from './scanner.ts';
import { skipExpression, skipMethod, skipType } from './skip-source.ts';
import { unescapeString, unescapeTemplate } from './string-escapes.ts';

/** A value as it is written: known from the text, the value of another name, or known only to a running program. */
export type WrittenValue =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'dynamic'; readonly what: string };

/** A property of an object literal that names a header field, and where its key stands. */
interface WrittenProperty {
  readonly value: WrittenValue;
  readonly at: number;
}

/** An object literal, of which only the properties that were asked for are kept. */
export type WrittenObject =
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, WrittenProperty> }
  | { readonly kind: 'dynamic'; readonly what: string };

// More nested parentheses than anyone writes; a limit keeps hostile text from exhausting the stack.
const maximumNesting = 32;

/**
 * Reads a value from its first token: a text, null, undefined, a number, a boolean, a name, or an array of such
 * literals; in parentheses, with `as` and `satisfies` behind it.
 *
 * The scanner stops at the first token that is no part of the value. The caller checks that the expression ends there;
 * when it does not, {@link continuationInWords} says what the value really is. A dynamic value leaves the scanner
 * somewhere inside the expression.
 */
export function readValue(s: Scanner, nesting = 0): WrittenValue {
  const value = readOperand(s, nesting);
  if (value.kind === 'dynamic') return value;
  return skipTypeOperators(s) ? value : dynamic('an expression');
}

function readOperand(s: Scanner, nesting: number): WrittenValue {
  const { start, position: end, text } = s;
  switch (s.kind) {
    case 'string': {
      const value = unescapeString(s.source.slice(start + 1, end - 1));
      advance(s);
      return value === null ? dynamic('a text with an escape that modules do not allow') : literal(value);
    }
    case 'template': {
      const value = unescapeTemplate(s.source.slice(start + 1, end - 1));
      advance(s);
      return value === null ? dynamic('a template with an escape that modules do not allow') : literal(value);
    }
    case 'number':
      advance(s);
      // Its type is what counts: a number is never an id.
      return literal(0);
    case 'name':
      advance(s);
      return valueOfWord(text, start);
    case 'mark':
      if (text === '(') return nesting < maximumNesting ? readInParentheses(s, nesting) : dynamic('an expression');
      if (text === '[') return nesting < maximumNesting ? readArray(s, nesting) : dynamic('an array of arrays');
      if (text === '${') return dynamic('a template with a hole');
      return dynamic(text === '{' ? 'an object' : 'an expression');
    case 'regex':
      return dynamic('a regular expression');
    case 'start':
    case 'end':
    case 'lost':
      return dynamic('missing');
    default:
      return assertNever(s.kind);
  }
}

function valueOfWord(word: string, at: number): WrittenValue {
  switch (word) {
    case 'null':
      return literal(null);
    case 'undefined':
      return literal(undefined);
    case 'true':
    case 'false':
      return literal(word === 'true');
    default:
      return { kind: 'name', name: word, at };
  }
}

function readInParentheses(s: Scanner, nesting: number): WrittenValue {
  advance(s);
  const value = readValue(s, nesting + 1);
  if (value.kind === 'dynamic') return value;
  if (!isMark(s, ')')) return dynamic('an expression');
  advance(s);
  return value;
}

function readArray(s: Scanner, nesting: number): WrittenValue {
  const values: unknown[] = [];
  advance(s);
  while (!isMark(s, ']')) {
    if (isMark(s, '...')) return dynamic('an array with a spread');
    if (isMark(s, ',')) return dynamic('an array with an empty place');
    const element = readValue(s, nesting + 1);
    if (element.kind !== 'literal') return dynamic('an array of which not every element is a literal');
    values.push(element.value);
    if (isMark(s, ',')) advance(s);
    else if (!isMark(s, ']')) return dynamic('an array of which not every element is a literal');
  }
  advance(s);
  return literal(values);
}

/** Passes over `as X` and `satisfies X`, any number of them; false when a type is not understood. */
function skipTypeOperators(s: Scanner): boolean {
  while (!s.lineBreakBefore && (isWord(s, 'as') || isWord(s, 'satisfies'))) {
    const isAs = isWord(s, 'as');
    advance(s);
    if (isAs && isWord(s, 'const')) advance(s);
    else if (!skipType(s)) return false;
  }
  return true;
}

/** What a value is that goes on at this token, for a reader: "a call", "an expression". */
export function continuationInWords(s: Scanner, value: WrittenValue): string {
  if (value.kind === 'dynamic') return value.what;
  if (isMark(s, '(') || (value.kind === 'name' && isMark(s, '.'))) return 'a call or a member of something else';
  if (isMark(s, '+')) return 'a sum of texts';
  return 'an expression';
}

/**
 * Reads an object literal, in parentheses or not, with `as` and `satisfies` behind it; of its properties those that
 * are in `wanted`. A property written twice, or as a method or accessor, is dynamic.
 *
 * `known` receives the places of the keys, which are no mention of a variable, and of the wanted shorthand ones. What ends the expression is for the
 * caller to check; a dynamic answer leaves the scanner somewhere inside it.
 */
export function readObject(s: Scanner, wanted: ReadonlySet<string>, known: Set<number>, nesting = 0): WrittenObject {
  if (isMark(s, '(') && nesting < maximumNesting) {
    advance(s);
    const inner = readObject(s, wanted, known, nesting + 1);
    if (inner.kind === 'dynamic') return inner;
    if (!isMark(s, ')')) return notAnObject('an expression');
    advance(s);
    return skipTypeOperators(s) ? inner : notAnObject('an expression');
  }
  if (!isMark(s, '{')) return notAnObject(isMark(s, '[') ? 'an array' : 'an expression');
  const properties = new Map<string, WrittenProperty>();
  const depth = s.brackets.length;
  advance(s);
  let mayBeInsideAngles = false;
  while (!isMark(s, '}')) {
    if (isMark(s, '...')) return notAnObject('an object with a spread');
    if (isMark(s, '[')) return notAnObject('an object with a computed key');
    const isAccessor = skipModifiers(s);
    const key = keyAt(s);
    const at = s.start;
    // `__proto__: x` gives the object properties that are not written in it.
    if (key === null || key === '__proto__') return notAnObject('an object that is not understood');
    const isName = s.kind === 'name';
    advance(s);
    let value: WrittenValue;
    if (isMark(s, ':')) {
      advance(s);
      value = wanted.has(key) ? readValue(s) : dynamic('an expression');
      if (value.kind === 'dynamic' || (!isMark(s, ',') && !isMark(s, '}'))) {
        value = dynamic(continuationInWords(s, value));
        mayBeInsideAngles ||= skipExpression(s, depth).mayBeInsideAngles;
      } else if (mayBeInsideAngles) {
        value = dynamic('written after an expression that is not understood');
      }
    } else if (isMark(s, '(') || isMark(s, '<')) {
      if (!skipMethod(s)) return notAnObject('an object that is not understood');
      value = dynamic(isAccessor ? 'an accessor' : 'a function');
    } else {
      if (isAccessor || !isName) return notAnObject('an object that is not understood');
      value = mayBeInsideAngles
        ? dynamic('written after an expression that is not understood')
        : { kind: 'name', name: key, at };
    }
    const isShorthand = value.kind === 'name' && value.at === at;
    if (!isShorthand || wanted.has(key)) known.add(at);
    if (wanted.has(key)) properties.set(key, { value: properties.has(key) ? dynamic('written twice') : value, at });
    if (isMark(s, ',')) advance(s);
    else if (!isMark(s, '}')) return notAnObject('an object that is not understood');
  }
  advance(s);
  return skipTypeOperators(s) ? { kind: 'object', properties } : notAnObject('an expression');
}

/** Passes over `async`, `get`, `set` and `*` before a key; true for an accessor. */
function skipModifiers(s: Scanner): boolean {
  let isAccessor = false;
  while (s.kind === 'name' && (s.text === 'async' || s.text === 'get' || s.text === 'set')) {
    const next = s.source.slice(s.position).match(/^\s*(.)/su)?.[1];
    // The word itself is the key; a comment behind it is rare enough to give up below.
    if (next === undefined || ':,}(<'.includes(next)) return isAccessor;
    isAccessor ||= s.text !== 'async';
    advance(s);
  }
  if (isMark(s, '*')) advance(s);
  return isAccessor;
}

function keyAt(s: Scanner): string | null {
  if (s.kind === 'name') return s.text;
  if (s.kind === 'string') return unescapeString(s.source.slice(s.start + 1, s.position - 1));
  return s.kind === 'number' ? s.source.slice(s.start, s.position) : null;
}

function literal(value: unknown): WrittenValue {
  return { kind: 'literal', value };
}

function dynamic(what: string): WrittenValue {
  return { kind: 'dynamic', what };
}

function notAnObject(what: string): WrittenObject {
  return { kind: 'dynamic', what };
}
