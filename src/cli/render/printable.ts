import { stripVTControlCharacters } from 'node:util';

// Bidirectional overrides count as control characters: they make a terminal show text in an order that it does not have.
// oxlint-disable-next-line no-control-regex -- to remove them is the point
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
// oxlint-disable-next-line no-control-regex -- to find them is the point
const suspicious = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/**
 * Text from a file or a database as it may be shown on a terminal, in one line: escape sequences and control
 * characters are gone, line breaks and tabs are spaces.
 */
export function printable(text: string): string {
  return suspicious.test(text) ? printableLines(text).replaceAll(/[\n\t]+/g, ' ') : text;
}

/** Like {@link printable} but keeps line breaks and tabs. */
export function printableLines(text: string): string {
  if (!suspicious.test(text)) return text;
  return stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll(unprintable, '');
}
