import type { TextRules } from '../../operations/render-parts.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export const textRules: TextRules = {
  quoteIdentifier,
  quoteTable,
  literal,
  placeholder: () => '?',
  // SQLITE_MAX_VARIABLE_NUMBER is 32,766 since 3.32 (sqlite.org/limits.html).
  maxBindings: 32_766,
};
