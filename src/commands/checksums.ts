import type { Dialect } from '../dialects/dialect.ts';
import { sha256 } from '../environment/hash.ts';
import { significantSource } from '../revisions/significant-source.ts';

/** Checksum of what a revision file means: comments, white space, line ends and a byte-order mark do not count. */
export function checksumOf(source: string, path: string, dialect: Dialect): string {
  const text = source.replace(/^\uFEFF/, '');
  if (!path.endsWith('.sql')) return sha256(significantSource(text));
  // The header of a SQL revision and its markers are comments, and they do count.
  const markers = text.match(/^[ \t]*--[ \t]*(?:migrate|down_revision|depends_on):.*$/gm) ?? [];
  return sha256([...markers, dialect.significantText(text)].join('\n'));
}

/** Checksum of a revision file as it is, to the last blank. */
export function exactChecksumOf(source: string): string {
  return sha256(source);
}
