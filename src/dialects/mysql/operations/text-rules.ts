import type { TextRules } from '../../operations/render-parts.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export const textRules: TextRules = {
  quoteIdentifier,
  quoteTable,
  literal,
  placeholder: () => '?',
  // Not a limit of the server, which takes 65,535, but of sense: max_allowed_packet may be as little as 16 MiB.
  maxBindings: 10_000,
};
