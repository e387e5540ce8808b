const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  // A backslash before a line break joins the lines.
  '\n': '',
  '\r\n': '',
  '\r': '',
  '\u2028': '',
  '\u2029': '',
};

const escape = /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(0)(?![0-9])|(\r\n|[^ux0-9]))/gy;

/**
 * The text a string literal stands for, from what is written between its quotes; null when an escape is not one that
 * both strict and sloppy code allow (the old octal `\101`, a broken `\u`).
 *
 * ECMA-262 section 12.9.4.
 */
export function unescapeString(raw: string): string | null {
  let text = '';
  let position = 0;
  for (;;) {
    const backslash = raw.indexOf('\\', position);
    if (backslash === -1) return text + raw.slice(position);
    text += raw.slice(position, backslash);
    escape.lastIndex = backslash;
    const match = escape.exec(raw);
    if (match === null) return null;
    const [whole, braced, four, two, zero, simple = ''] = match;
    const hex = braced ?? four ?? two;
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff) return null;
      text += String.fromCodePoint(code);
    } else {
      text += zero === undefined ? (simpleEscapes[simple] ?? simple) : '\0';
    }
    position = backslash + whole.length;
  }
}

/** Like {@link unescapeString} for a template literal, where every line break of the file is a line feed. */
export function unescapeTemplate(raw: string): string | null {
  return unescapeString(raw.replace(/\r\n?/g, '\n'));
}
