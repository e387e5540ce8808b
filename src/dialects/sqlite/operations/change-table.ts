import type { ChangeTable, TableChange } from '../../../operations/table-change.ts';
import type { Ask, RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { neverRecreated } from './change-errors.ts';
import { addColumnStatement, compileColumns, isPlain, type CompiledColumns } from './compile-columns.ts';
import { constraintsOf } from './edit-create-table.ts';
import { parseCreateTable, type CreateTable } from './parse-create-table.ts';
import { planChanges, renameStatement, type ChangePlan } from './plan-changes.ts';
import { checkableTables, readSession, readTable, type StoredTable } from './read-table.ts';
import { rebuildTable, violationsIn, type Rebuild } from './rebuild-table.ts';

/**
 * The statements that change a table: ALTER TABLE where SQLite has it and loses nothing by it, else a rebuild from the
 * text the table was created with. Throws migration.failed for what cannot be, saying what to do instead.
 */
export async function changeTable(operation: ChangeTable, port: RenderPort): Promise<readonly Statement[]> {
  const { recreate, changes } = operation;
  const added = new Map<TableChange, CompiledColumns>();
  for (const change of changes) {
    if (change.kind === 'addColumn') added.set(change, compileColumns(operation, change.build, port));
  }
  if (recreate !== 'always') {
    const unseen = changes.map((change) => alterUnseen(operation, change, added.get(change)));
    if (unseen.every((statements) => statements !== null)) return unseen.flat();
  }

  const stored = await readTable(operation, port.ask);
  const session = await readSession(port.ask);
  const plan = planChanges(operation, stored, session, added, port);
  if (recreate !== 'always' && plan.alter !== null) return plan.alter;
  if (recreate === 'never') throw neverRecreated(stored.name, plan.needsRebuild);

  const before = parseCreateTable(stored.sql);
  const check = await tablesToCheck(stored, before, plan, port.ask);
  return rebuildTable(stored, session, { ...plan, before, after: plan.table, check });
}

/** What ALTER TABLE does whatever the table looks like, so that nothing need be asked; null for anything else. */
function alterUnseen(
  operation: ChangeTable,
  change: TableChange,
  added: CompiledColumns | undefined,
): readonly Statement[] | null {
  if (change.kind === 'renameColumn') return [renameStatement(operation, change.from, change.to)];
  if (change.kind !== 'addColumn' || change.ifNotExists || added === undefined) return null;
  if (!isPlain(added) || !added.columns.every(({ native }) => native)) return null;
  return [...added.columns.map((column) => addColumnStatement(operation, column)), ...added.afterwards];
}

/** Nothing is checked that could not be checked before. Rows that had no parent then may go on without one. */
async function tablesToCheck(
  stored: StoredTable,
  before: CreateTable,
  plan: ChangePlan,
  ask: Ask,
): Promise<Rebuild['check']> {
  const hadForeignKeys = constraintsOf(before).some(({ kind }) => kind === 'foreignKey');
  const checkable = hadForeignKeys || stored.referring.length > 0 ? await checkableTables(stored, ask) : [];
  const [row] =
    checkable.length === 0 ? [] : await ask(`SELECT ${violationsIn(stored.schema, checkable)} AS violations`);
  const joins = plan.foreignKeysCome && !hadForeignKeys && !checkable.includes(stored.name);
  return { tables: joins ? [...checkable, stored.name] : checkable, violations: Number(row?.['violations'] ?? 0) };
}
