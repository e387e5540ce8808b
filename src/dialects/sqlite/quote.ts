import { quotingWith } from '../quoting.ts';

export const { quoteIdentifier, quoteTable } = quotingWith('"');
