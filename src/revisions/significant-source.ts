import { advance } from './scan-source.ts';
import { isOver, scannerOf } from './scanner.ts';

/**
 * The tokens of a TypeScript or JavaScript file, one blank between each: what two files share that differ only in comments,
 * white space, line ends or a byte-order mark. A file the scanner cannot follow counts as written, line ends aside.
 */
export function significantSource(source: string): string {
  const text = source.replaceAll(/\r\n?/g, '\n');
  const tokens: string[] = [];
  const scanner = scannerOf(text);
  for (advance(scanner); !isOver(scanner); advance(scanner)) tokens.push(text.slice(scanner.start, scanner.position));
  return scanner.kind === 'end' ? tokens.join(' ') : text;
}
