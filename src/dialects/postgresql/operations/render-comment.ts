import type { CommentOperation, CommentTarget } from '../../../operations/comments.ts';
import { statement } from '../../operations/render-parts.ts';
import type { Statement } from '../../statement.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export function setComment({ on, comment }: CommentOperation): Statement {
  return statement('COMMENT ON', targetText(on), 'IS', literal(comment));
}

function targetText(on: CommentTarget): string {
  const { schema = null, name } = on;
  switch (on.kind) {
    case 'column':
      return `COLUMN ${quoteTable({ schema, name: on.table })}.${quoteIdentifier(name)}`;
    case 'constraint':
    case 'trigger':
    case 'policy':
      return `${on.kind.toUpperCase()} ${quoteIdentifier(name)} ON ${quoteTable({ schema, name: on.table })}`;
    case 'materializedView':
      return `MATERIALIZED VIEW ${quoteTable({ schema, name })}`;
    default:
      return `${on.kind.toUpperCase()} ${quoteTable({ schema, name })}`;
  }
}
