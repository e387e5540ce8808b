import type { TextRules } from '../../operations/render-parts.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export const textRules: TextRules = {
  quoteIdentifier,
  quoteTable,
  literal,
  placeholder: (position) => `$${position}`,
  // The protocol counts parameters in 16 bits (PostgreSQL manual, "Message Formats", Bind).
  maxBindings: 65_535,
};
