import type { Dialect } from '../dialects/dialect.ts';
import { sha256 } from '../environment/hash.ts';
import { significantSource } from '../revisions/significant-source.ts';
import { AludelError, isAludelError } from '../support/aludel-error.ts';

/**
 * Checksum of what a revision file means: comments, white space, line ends and a byte-order mark do not count. Throws
 * sql.unterminated and sql.unsupported, with the file and the line.
 */
export function checksumOf(source: string, path: string, dialect: Dialect): string {
  if (!path.endsWith('.sql')) return sha256(significantSource(source));
  // Git may write the line ends inside a body or a string as those of the machine, too.
  const text = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  // The header of a SQL revision and its markers are comments, and they do count.
  const markers = text.match(/^[ \t]*--[ \t]*(?:migrate|down_revision|depends_on):.*$/gm) ?? [];
  return sha256([...markers, significantText(text, path, dialect)].join('\n'));
}

function significantText(text: string, path: string, dialect: Dialect): string {
  try {
    return dialect.significantText(text);
  } catch (error) {
    if (!isAludelError(error)) throw error;
    const { code, message, hint, facts } = error;
    throw new AludelError(code, message, { where: `${path}:${String(facts['line'])}`, hint, facts, cause: error });
  }
}

/** Checksum of a revision file as it is, to the last blank. */
export function exactChecksumOf(source: string): string {
  return sha256(source);
}
