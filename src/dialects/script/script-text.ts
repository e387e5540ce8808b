import type { ScriptPart } from './script-rules.ts';

/** Comment lines that hold this text, whatever it holds. */
export function commentLines(text: string): string {
  return text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => `-- ${withoutControls(line)}`.trimEnd())
    .join('\n');
}

/** Text for one line of a message: a control character would break it, or move the cursor of a terminal. */
export function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

/** A file name as a word of a POSIX shell's command line; cmd.exe takes the plain ones too. */
export function shellWord(file: string): string {
  const word = withoutControls(file.startsWith('-') ? `./${file}` : file);
  return /^[\w./:\\-]+$/.test(word) && !word.includes('\\') ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The statement numbers in these parts that are skipped when they are done, each once, in order. */
export function skippableNumbers(parts: readonly ScriptPart[]): readonly number[] {
  const numbers = parts.map((part) => (part.kind === 'statement' ? part.unlessDone : null));
  return [...new Set(numbers.filter((number) => number !== null))];
}

/** Lines as a piece of a script. */
export function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Characters of a statement up to which a regular expression looks at it: for a longer one it might need too much memory. */
export const longestPlain = 10_000;
