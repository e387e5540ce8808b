import { advance } from './scan-source.ts';
import { isMark, isOver, scannerOf } from './scanner.ts';

export const noWords: ReadonlySet<string> = new Set();

/** Outside all blocks `this` is `module.exports`, and `return` leaves the file before the rest has run. */
export const outsideBlocks: ReadonlySet<string> = new Set(['this', 'return']);

/** A file without a revision is only then refused unloaded when it has no way at all to export one. */
export const waysOut: ReadonlySet<string> = new Set(['module', 'exports', 'this', 'eval']);

/**
 * The first place where one of the words stands as a variable, beside the known places: there its value may be changed.
 *
 * `anywhere` counts in every depth, `outside` only where no block is open.
 */
export function firstMention(
  source: string,
  anywhere: ReadonlySet<string>,
  outside: ReadonlySet<string>,
  known: ReadonlySet<number>,
): { readonly word: string; readonly at: number } | null {
  const s = scannerOf(source);
  advance(s);
  while (!isOver(s)) {
    const { text: word, start: at, previousText } = s;
    const isMention =
      s.kind === 'name' &&
      !s.isProperty &&
      !known.has(at) &&
      (anywhere.has(word) || (outside.has(word) && !s.brackets.includes('{')));
    advance(s);
    // A key of an object, or a parameter with its type.
    const isKey = isMark(s, ':') && (previousText === '{' || previousText === ',' || previousText === '(');
    if (isMention && !isKey) return { word, at };
  }
  return s.kind === 'lost' ? { word: source.slice(s.start, s.start + 20), at: s.start } : null;
}
