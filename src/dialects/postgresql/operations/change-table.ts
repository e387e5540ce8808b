import type { Inspect } from '../../../operations/inspect.ts';
import type { ChangeTable, TableChange } from '../../../operations/table-change.ts';
import { addColumns, gatherClauses, namesIn, type Clauses } from '../../operations/change-clauses.ts';
import { columnNames, missingColumns } from '../../operations/column-build.ts';
import { constraintText } from '../../operations/constraint-text.ts';
import { statement } from '../../operations/render-parts.ts';
import { whetherItExists, type RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { alterColumn } from './alter-column.ts';
import { unlessThere } from './do-block.ts';
import { inspector } from '../inspect.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
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
  switch (change.kind) {
    case 'addColumn':
      await addColumn(change, operation, port, clauses);
      return;
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
      if (!safe || nullable !== false) return alterColumn(change, operation, port, clauses);
      alterColumn({ ...change, to: others }, operation, port, clauses);
      clauses.follow(...safelyNotNull(quoted, change.column));
      return;
    }
    case 'addConstraint':
      await addConstraint(change, operation, port, clauses);
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

async function addConstraint(
  change: Extract<TableChange, { kind: 'addConstraint' }>,
  operation: ChangeTable,
  { ask }: RenderPort,
  clauses: Clauses,
): Promise<void> {
  const { constraint, ifNotExists } = change;
  const { table, schema, safe } = operation;
  const look = (inspect: Inspect): Promise<boolean> =>
    inspect.hasConstraint(table, constraint.name ?? '', schema === null ? {} : { schema });
  if (safe) {
    // Each of its steps has to be alone, and none of them in a block.
    if (ifNotExists && (await look(inspector(whetherItExists(ask))))) return;
    clauses.follow(...(await safelyAdded(constraint, operation, ask)));
    return;
  }
  const add = `ADD ${constraintText(constraint, textRules)}`;
  if (!ifNotExists) return clauses.add(namesIn(change), add);
  clauses.follow(await unlessThere(look, [statement('ALTER TABLE', quoteTable({ schema, name: table }), add)]));
}

/** With `ifNotExists` one column is a block of its own; several share what knex makes of them, so each is looked for. */
async function addColumn(
  change: Extract<TableChange, { kind: 'addColumn' }>,
  { table, schema }: ChangeTable,
  { ask, builder }: RenderPort,
  clauses: Clauses,
): Promise<void> {
  const target = { table, schema, quoted: quoteTable({ schema, name: table }) };
  const inSchema = schema === null ? {} : { schema };
  const [only, ...others] = change.ifNotExists ? columnNames(change.build, builder) : [];
  if (only !== undefined && others.length === 0) {
    const own = gatherClauses(target.quoted);
    addColumns(change.build, target, builder, own);
    const look = (inspect: Inspect): Promise<boolean> => inspect.hasColumn(table, only, inSchema);
    clauses.follow(await unlessThere(look, own.finished()));
    return;
  }
  const inspect = inspector((sql, bindings) =>
    ask(sql, bindings, { instead: 'Call op.addColumn for each of the columns.' }),
  );
  const isThere = (column: string): Promise<boolean> => inspect.hasColumn(table, column, inSchema);
  addColumns(await missingColumns(change, builder, isThere), target, builder, clauses);
}

function rename(what: string, table: string, { from, to }: { readonly from: string; readonly to: string }): Statement {
  return statement('ALTER TABLE', table, 'RENAME', what, quoteIdentifier(from), 'TO', quoteIdentifier(to));
}
