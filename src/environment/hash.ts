import type * as Crypto from 'node:crypto';

/** Node's crypto, at its first use: an import would load it, and WebCrypto with it, in commands that hash nothing. */
export function nodeCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto');
}

/** SHA-256 in hexadecimal, with its algorithm written before it so that another may follow one day. */
export function sha256(text: string): string {
  return `sha256:${nodeCrypto().hash('sha256', text)}`;
}
