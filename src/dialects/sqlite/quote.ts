import { quotingWith } from '../sql/quoting.ts';

export const { quoteIdentifier, quoteTable } = quotingWith('"');

/**
 * A column where an expression may stand. In double quotes, a name that no column has would be taken for a text
 * (sqlite.org/quirks.html#dblquote): an index on a misspelt column would be one on a constant.
 */
export const { quoteIdentifier: quoteColumn } = quotingWith('`');
