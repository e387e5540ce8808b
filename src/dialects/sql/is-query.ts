import { firstWords } from './first-words.ts';
import type { LexicalRules } from './lexer.ts';

/**
 * True for a statement that only reads, by its first word: SELECT, VALUES, TABLE, WITH, SHOW, DESCRIBE, EXPLAIN. Not
 * for SELECT … INTO, which makes a table or a file, for WITH that writes in any part, nor for EXPLAIN ANALYZE, which
 * runs what it explains. A function that writes is not seen.
 */
export function isQuery(sql: string, rules: LexicalRules): boolean {
  const opener = firstWords(sql, 16, rules).find((word) => word !== '(') ?? '';
  if (plainOpeners.has(opener)) return true;
  if (!closerLook.has(opener)) return false;
  const words = firstWords(sql, Number.POSITIVE_INFINITY, rules);
  const writing = opener === 'SELECT' ? selectWriting : opener === 'WITH' ? withWriting : explainWriting;
  return !words.some((word) => writing.has(word));
}

const plainOpeners = new Set(['VALUES', 'TABLE', 'SHOW', 'DESCRIBE', 'DESC']);
const closerLook = new Set(['SELECT', 'WITH', 'EXPLAIN']);
const selectWriting = new Set(['INTO']);
const withWriting = new Set(['INTO', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'REPLACE']);
const explainWriting = new Set(['ANALYZE', 'ANALYSE']);
