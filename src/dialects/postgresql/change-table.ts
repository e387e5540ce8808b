import type { ChangeTable, TableChange } from '../../operations/table-change.ts';
import { addColumns, gatherClauses, namesIn, type Clauses } from '../change-clauses.ts';
import { columnNames, withoutColumns } from '../column-build.ts';
import { constraintText } from '../constraint-text.ts';
import { statement } from '../render-parts.ts';
import type { RenderPort } from '../render-port.ts';
import type { Statement } from '../statement.ts';
import { alterColumn } from './alter-column.ts';
import { inspector } from './inspect.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { safelyAdded, safelyNotNull } from './safe-change.ts';
import { textRules } from './text-rules.ts';

/**
 * One ALTER TABLE for all changes, as far as they go into one: renames are statements of their own, and so are the steps
 * of a safe change. Changes of one column keep their order.
 */
export async function changeTable(operation: ChangeTable, port: RenderPort): Promise<readonly Statement[]> {
  const clauses = gatherClauses(quoteTable({ schema: operation.schema, name: operation.table }));
  for (const change of operation.changes) await render(change, operation, port, clauses);
  return clauses.finished();
}

async function render(change: TableChange, operation: ChangeTable, port: RenderPort, clauses: Clauses): Promise<void> {
  const { table, schema, safe } = operation;
  const quoted = quoteTable({ schema, name: table });
  const inspect = inspector(port.ask);
  const inSchema = schema === null ? {} : { schema };
  switch (change.kind) {
    case 'addColumn': {
      const present = new Set<string>();
      if (change.ifNotExists) {
        for (const column of columnNames(change.build, port.builder)) {
          if (await inspect.hasColumn(table, column, inSchema)) present.add(column);
        }
      }
      addColumns(withoutColumns(change.build, present), { table, schema, quoted }, port.builder, clauses);
      return;
    }
    case 'dropColumn':
      clauses.add(
        namesIn(change),
        `DROP COLUMN ${change.ifExists ? 'IF EXISTS ' : ''}${quoteIdentifier(change.column)}`,
      );
      return;
    case 'renameColumn':
      clauses.follow(rename('COLUMN', quoted, change));
      return;
    case 'alterColumn': {
      const { nullable, ...others } = change.to;
      if (!safe || nullable !== false) return await alterColumn(change, operation, port, clauses);
      await alterColumn({ ...change, to: others }, operation, port, clauses);
      clauses.follow(...safelyNotNull(quoted, change.column));
      return;
    }
    case 'addConstraint':
      if (change.ifNotExists && (await inspect.hasConstraint(table, change.constraint.name, inSchema))) return;
      if (safe) clauses.follow(...(await safelyAdded(change.constraint, operation, inspect)));
      else clauses.add(namesIn(change), `ADD ${constraintText(change.constraint, textRules)}`);
      return;
    case 'dropConstraint':
      clauses.add(
        namesIn(change),
        `DROP CONSTRAINT ${change.ifExists ? 'IF EXISTS ' : ''}${quoteIdentifier(change.name)}`,
      );
      return;
    case 'renameConstraint':
      clauses.follow(rename('CONSTRAINT', quoted, change));
      return;
  }
}

function rename(what: string, table: string, { from, to }: { readonly from: string; readonly to: string }): Statement {
  return statement('ALTER TABLE', table, 'RENAME', what, quoteIdentifier(from), 'TO', quoteIdentifier(to));
}
