import { getLost, type Scanner } from './scanner.ts';
import { isDigit, isLineBreak, isNameCode, nameEnd } from './source-characters.ts';

/*
 * Each moves the scanner behind the literal at its position, or gets lost.
 */

/** Reads a string in these quotes. */
export function scanString(s: Scanner, quote: number): void {
  const { source } = s;
  for (let i = s.position + 1; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === quote) {
      s.kind = 'string';
      s.position = i + 1;
      return;
    }
    if (code === 0x5c) {
      // A backslash takes the next character; of a CR LF both.
      i++;
      if (source.charCodeAt(i) === 0x0d && source.charCodeAt(i + 1) === 0x0a) i++;
    } else if (code === 0x0a || code === 0x0d) {
      getLost(s);
      return;
    }
  }
  s.position = source.length;
  getLost(s);
}

/** Reads a template from its first backtick, or from the `}` that ends a hole, to the next hole or the end. */
export function scanTemplate(s: Scanner, fromStart: boolean): void {
  const { source } = s;
  for (let i = s.position + 1; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === 0x5c) {
      i++;
    } else if (code === 0x60) {
      s.position = i + 1;
      if (fromStart) {
        s.kind = 'template';
      } else {
        s.brackets.pop();
        s.kind = 'mark';
        s.text = '`';
      }
      return;
    } else if (code === 0x24 && source.charCodeAt(i + 1) === 0x7b) {
      s.position = i + 2;
      s.kind = 'mark';
      s.text = fromStart ? '${' : '}${';
      if (fromStart) s.brackets.push('${');
      return;
    }
  }
  s.position = source.length;
  getLost(s);
}

/** Reads a regular expression with its flags. */
export function scanRegex(s: Scanner): void {
  const { source } = s;
  let inSet = false;
  for (let i = s.position + 1; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (isLineBreak(code)) {
      getLost(s);
      return;
    }
    if (code === 0x5c) {
      if (isLineBreak(source.charCodeAt(i + 1))) continue;
      i++;
    } else if (code === 0x5b) {
      inSet = true;
    } else if (code === 0x5d) {
      inSet = false;
    } else if (code === 0x2f && !inSet) {
      s.kind = 'regex';
      s.position = nameEnd(source, i + 1);
      return;
    }
  }
  s.position = source.length;
  getLost(s);
}

/** Reads a number of any kind. */
export function scanNumber(s: Scanner): void {
  const { source } = s;
  const isHex = source.charCodeAt(s.position) === 0x30 && (source.charCodeAt(s.position + 1) | 0x20) === 0x78;
  let i = s.position + 1;
  for (; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === 0x2e || isNameCode(code) || isDigit(code)) continue;
    const isSign = code === 0x2b || code === 0x2d;
    if (isSign && !isHex && (source.charCodeAt(i - 1) | 0x20) === 0x65) continue;
    break;
  }
  s.kind = 'number';
  s.position = i;
}
