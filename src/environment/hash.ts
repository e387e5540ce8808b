import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal, with its algorithm written before it so that another may follow one day. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
