import type { Dialect } from '../dialects/dialect.ts';
import { sha256 } from '../environment/hash.ts';
import { significantSource } from '../revisions/significant-source.ts';

/** Two checksums of a revision file: of what it means, where comments and white space do not count, and of its bytes. */
export function checksumsOf(
  source: string,
  kind: 'module' | 'sql',
  dialect: Dialect,
): { readonly checksum: string; readonly exactChecksum: string } {
  // The header of a SQL revision and its markers are comments, and they do count.
  const markers =
    kind === 'sql' ? (source.match(/^[ \t]*--[ \t]*(?:migrate|down_revision|depends_on):.*$/gm) ?? []) : [];
  const meaning = kind === 'sql' ? [...markers, dialect.significantText(source)].join('\n') : significantSource(source);
  return { checksum: sha256(meaning), exactChecksum: sha256(source) };
}
