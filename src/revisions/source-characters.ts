/* What single characters of JavaScript and TypeScript are: ECMA-262 chapter 12. */

/** True when a line ends somewhere between the two places. */
export function hasLineBreak(source: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = source.charCodeAt(i);
    if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) return true;
  }
  return false;
}

/** Where the line at `position` ends, before its line break. */
export function lineEnd(source: string, position: number): number {
  let end = position;
  while (end < source.length && !isLineBreak(source.charCodeAt(end))) end++;
  return end;
}

/** True for 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** True for what ends a line. */
export function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;
}

/** White space beside space, tab, CR and LF: ECMA-262 section 12.2 and 12.3. */
export function isRareBlank(code: number): boolean {
  if (code < 0x80) return code === 0x0b || code === 0x0c;
  return (
    code === 0xa0 ||
    code === 0xfeff ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** True for what may begin a name: ASCII letters, `$`, `_`, and all beyond ASCII that is no white space. */
export function isNameCode(code: number): boolean {
  if (code >= 0x80) return !isRareBlank(code);
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || code === 0x5f || code === 0x24;
}

// 1 for the ASCII characters a name may have behind its first one: names are most of a file.
const isNamePart = Uint8Array.from({ length: 0x80 }, (_, code) => (isNameCode(code) || isDigit(code) ? 1 : 0));

/** Where the name ends of which the characters before `position` are a part. */
export function nameEnd(source: string, position: number): number {
  let end = position;
  while (end < source.length) {
    const code = source.charCodeAt(end);
    if (code < 0x80 ? isNamePart[code] === 0 : isRareBlank(code)) break;
    end++;
  }
  return end;
}
