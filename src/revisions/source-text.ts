import { isCodeTag } from './doc-comment.ts';

// Controls; the marks that turn the direction of text and can hide code from a reader (CVE-2021-42574); the byte-order
// mark. Half of a surrogate pair (Cs) cannot be written as UTF-8.
const invisible = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const lineBreaks = /[^\S\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])\s*/g;
const needsEscape = /[\\'\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\$(?=\{)/gu;

const shortEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * A single-quoted literal of TypeScript that stands for exactly this text, on one line, also inside a template literal
 * and in a file written as UTF-8. Characters a reader cannot see are escaped.
 */
export function asStringLiteral(text: string): string {
  return `'${text.replace(needsEscape, (character) => shortEscapes[character] ?? hexEscape(character))}'`;
}

/** A literal of TypeScript for the value of a header field: null, one text, or an array of texts. */
export function asLiteral(value: null | string | readonly string[]): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return asStringLiteral(value);
  return `[${value.map(asStringLiteral).join(', ')}]`;
}

/**
 * The text on one line, safe between the marks of a doc comment; it may be empty. A backslash keeps star and slash apart,
 * and stands before a first word such as `@type`; one more is added where there are some: {@link docCommentText} takes it
 * away again.
 */
export function asDocComment(text: string): string {
  const line = onOneLine(text);
  const shown = isCodeTag(line) || /^\\+@/.test(line) ? `\\${line}` : line;
  // The last star of a text and the slash of the mark are kept apart by the space a template has there.
  return shown.replace(/\*(\\*)\//g, '*\\$1/');
}

/** The text on one line, safe behind `-- ` in SQL; it may be empty. */
export function asSqlComment(text: string): string {
  return onOneLine(text);
}

function onOneLine(text: string): string {
  const line = text.replace(lineBreaks, ' ').replaceAll('\t', ' ');
  return line
    .replace(invisible, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
}

function hexEscape(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
