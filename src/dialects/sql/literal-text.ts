import { AludelError } from '../../support/aludel-error.ts';

/** `text` unless it holds a NUL: no database takes one in the text of a statement. Throws migration.failed. */
export function withoutNul(text: string): string {
  if (!text.includes('\0')) return text;
  throw new AludelError('migration.failed', 'A text with a NUL character in it cannot be written into a statement.', {
    hint: 'Take the character out, or keep the value as bytes.',
  });
}

/** Lower-case hexadecimal, two digits for a byte. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** A number no database has a literal for is refused: NaN and the infinities. Throws migration.failed. */
export function finite(value: number): string {
  if (Number.isFinite(value)) return String(value);
  throw new AludelError('migration.failed', `${value} is no number a statement can hold.`);
}
