import type { CommentOperation } from '../../../operations/comments.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { changeTable } from './change-table.ts';
import { literal } from '../literal.ts';
import { quoteTable } from '../quote.ts';
import { keptInComment, withPlainStrings } from '../server.ts';

export async function setComment({ on, comment }: CommentOperation, port: RenderPort): Promise<readonly Statement[]> {
  const { schema = null } = on;
  switch (on.kind) {
    case 'table': {
      const text = literal(keptInComment(comment ?? ''));
      const altered = statement('ALTER TABLE', quoteTable({ schema, name: on.name }), 'COMMENT', text);
      return await withPlainStrings([altered], port.ask);
    }
    case 'column':
      return await changeTable(
        {
          kind: 'changeTable',
          table: on.table,
          schema,
          changes: [{ kind: 'alterColumn', column: on.name, to: { comment } }],
          recreate: 'never',
          safe: false,
        },
        port,
      );
    default:
      throw cannot(`MySQL can comment on tables and columns, not on a ${on.kind}.`, 'Comment on the table.');
  }
}
