import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Text of a file, or why its bytes are no text. */
export type TextReading =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'not-text'; readonly reason: string };

/** Enough for the header of nearly every revision, and less than one page of the page cache. */
const startBytes = 2048;
const buffer = Buffer.allocUnsafe(startBytes);

/**
 * The first 2 KiB of a UTF-8 file as text, or less: as much as one read gives, because a second one to see whether there
 * is more would be felt with 10,000 files. A character that is cut in two is left out. Throws what the system throws for
 * a file that cannot be read.
 */
export function readStart(path: string): TextReading {
  const file = openSync(path, 'r');
  let length: number;
  try {
    length = readSync(file, buffer, 0, startBytes, null);
  } finally {
    closeSync(file);
  }
  const text = buffer.toString('utf8', 0, length);
  // What is no UTF-8 leaves this mark, and so does a character that is cut: then it is looked at closely.
  const isDoubtful = text.includes('\ufffd') || isUtf16(buffer, length);
  return isDoubtful ? asText(buffer.subarray(0, endOfLastCharacter(length))) : { kind: 'text', text };
}

/** A UTF-8 file as text. Throws what the system throws for a file that cannot be read. */
export function readWhole(path: string): TextReading {
  return asText(readFileSync(path));
}

function asText(bytes: Buffer): TextReading {
  if (isUtf16(bytes, bytes.length)) return { kind: 'not-text', reason: 'it is UTF-16; save it as UTF-8' };
  if (isUtf8(bytes)) return { kind: 'text', text: bytes.toString('utf8') };
  const offset = firstInvalidByte(bytes);
  const line = 1 + bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length;
  return {
    kind: 'not-text',
    reason: `it is not UTF-8: byte ${offset} (line ${line}) begins no character; save it as UTF-8`,
  };
}

/** By its byte-order mark, or by the zero byte that every ASCII character has there and no UTF-8 source has. */
function isUtf16(bytes: Buffer, length: number): boolean {
  if (length < 2) return false;
  const [first, second] = [bytes[0], bytes[1]];
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return (first === 0) !== (second === 0);
}

/** Steps back over the first bytes of a character of which the rest is missing: at most three. */
function endOfLastCharacter(length: number): number {
  for (let back = 1; back <= 3; back++) {
    const byte = buffer[length - back] ?? 0;
    if (byte < 0x80) return length;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length - back : length;
  }
  return length;
}

/** 0-based. A prefix that ends inside a character is not invalid yet, so each byte is given to a decoder that waits. */
function firstInvalidByte(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    try {
      if (decoder.decode(bytes.subarray(i, i + 1), { stream: true }) !== '') start = i + 1;
    } catch {
      return start;
    }
  }
  return start;
}
