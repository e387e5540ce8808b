import { decideHeader } from './decide-header.ts';
import { fields, findingsOf, notStatic } from './header-findings.ts';
import { readPlainHeader } from './read-plain-header.ts';
import { readStatements } from './read-statements.ts';
import type { HeaderReading, HeaderStartReading } from './revision-source.ts';

/**
 * Reads the header of a .ts, .mts, .cts, .js, .mjs or .cjs revision from its whole text, without running it.
 *
 * Understood are `export const` (also `let`, `var`, and an export list), `export default { … }`, `module.exports = { … }`,
 * `module.exports.revision = …` and `exports.revision = …`, when every field is a literal, or the name of a variable that
 * holds one. The doc is the first doc comment, if it stands before the last of the fields; else the exported text
 * `message`; else the first doc comment wherever it stands outside all brackets. Comments that begin with a code tag
 * (`@param`, `@type` …) are passed over.
 *
 * Four exported constants end the reading: nothing behind them can export the same names again.
 *
 * A text that is not understood, or that may change a field after it was written, is `not-static`: an answer of kind
 * `header` is what the loaded module would say. O(length of the text); never throws.
 */
export function readModuleHeader(source: string): HeaderReading {
  const reading = readPlainHeader(source) ?? readHeader(source, true);
  if (reading.kind === 'incomplete') throw new Error('a whole text was read as a part of one');
  return reading;
}

/**
 * Like {@link readModuleHeader} for the first part of a file, cut anywhere: `incomplete` when the rest can matter.
 *
 * The usual header, a doc comment and four exported constants that are no arrays, is known as soon as it was read.
 */
export function readModuleHeaderFromStart(start: string): HeaderStartReading {
  return readPlainHeader(start) ?? readHeader(start, false);
}

function readHeader(source: string, isComplete: boolean): HeaderStartReading {
  const found = findingsOf(source);
  const { scanner } = found;
  readStatements(found);
  // A token that touches the cut may go on behind it.
  if (!isComplete && scanner.position >= source.length) return { kind: 'incomplete' };
  if (found.refusal !== null) return notStatic(found, found.refusal.at, found.refusal.reason);
  if (scanner.kind === 'lost' && found.settled < fields.length)
    return notStatic(found, scanner.start, 'the text from here on is not understood');
  return decideHeader(found, isComplete);
}
