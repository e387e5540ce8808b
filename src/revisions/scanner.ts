import { lineEnd } from './source-characters.ts';

/**
 * Kinds of tokens. A template without holes is one `template`; one with holes is a bracket: the mark '${' opens it,
 * '}${' stands between two holes, '`' closes it. `lost` means that the text is not understood: it is final, like `end`.
 */
type TokenKind = 'start' | 'name' | 'string' | 'template' | 'number' | 'regex' | 'mark' | 'end' | 'lost';

/**
 * A place in JavaScript or TypeScript source and the token found there. It is changed by `advance` and lives no
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
