import type { ConstraintKind, NamedConstraint } from '../../../operations/constraint.ts';
import type { ChangeTable, TableChange } from '../../../operations/table-change.ts';
import { addColumns, gatherClauses, namesIn, type Clauses } from '../../operations/change-clauses.ts';
import { columnNames, missingColumns } from '../../operations/column-build.ts';
import { compileTable, needsAnswer } from '../../operations/compile-table.ts';
import { constraintText } from '../../operations/constraint-text.ts';
import { cannot } from '../../operations/render-parts.ts';
import type { Ask, RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { alterColumn } from './alter-column.ts';
import { columnDrafts, type ColumnDrafts } from './column-drafts.ts';
import { ifExists, ifNotExists, whetherItIsThere } from './if-exists.ts';
import { inspector } from '../inspect.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier as quote, quoteTable } from '../quote.ts';
import { isMariaDb, refuseSetDefault, withPlainStrings } from '../server.ts';
import { textRules } from './text-rules.ts';

/** One ALTER TABLE for all changes, unless two of them are about the same column: these keep their order. */
export async function changeTable(operation: ChangeTable, port: RenderPort): Promise<readonly Statement[]> {
  const clauses = gatherClauses(quoteTable({ schema: operation.schema, name: operation.table }));
  const soFar: SoFar = { columns: columnDrafts(operation, port), constraints: new Map() };
  for (const change of operation.changes) await render(change, operation, port, clauses, soFar);
  return await withPlainStrings(clauses.finished(), port.ask);
}

/** What the changes before this one have made of the table. */
interface SoFar {
  readonly columns: ColumnDrafts;
  /** Kinds of constraints that are new or have a new name. */
  readonly constraints: Map<string, ConstraintKind>;
}

async function render(
  change: TableChange,
  operation: ChangeTable,
  port: RenderPort,
  clauses: Clauses,
  { columns, constraints }: SoFar,
): Promise<void> {
  const { table, schema } = operation;
  const inspect = inspector(whetherItIsThere(port.ask));
  const inSchema = schema === null ? {} : { schema };
  switch (change.kind) {
    case 'addColumn': {
      const quoted = quoteTable({ schema, name: table });
      const clause = change.ifNotExists && (await isMariaDb(port.ask)) ? onlyClause(change, operation, port) : null;
      if (clause !== null) {
        clauses.add(columnNames(change.build, port.builder), `ADD COLUMN IF NOT EXISTS ${clause}`);
        columns.added(change.build, { isSure: false });
        return;
      }
      const isThere = (column: string): Promise<boolean> => inspect.hasColumn(table, column, inSchema);
      const build = await missingColumns(change, port.builder, isThere);
      addColumns(build, { table, schema, quoted }, port.builder, clauses);
      columns.added(build, { isSure: true });
      return;
    }
    case 'dropColumn': {
      const condition = await ifExists(change.ifExists, port.ask, (ask) =>
        inspector(ask).hasColumn(table, change.column, inSchema),
      );
      if (condition === null) return;
      clauses.add(namesIn(change), `DROP COLUMN ${condition}${quote(change.column)}`);
      columns.dropped(change.column);
      return;
    }
    case 'renameColumn':
      clauses.add(namesIn(change), `RENAME COLUMN ${quote(change.from)} TO ${quote(change.to)}`);
      columns.renamed(change.from, change.to);
      return;
    case 'alterColumn':
      clauses.add(namesIn(change), await alterColumn(change, operation, port, columns));
      return;
    case 'addConstraint': {
      const { constraint } = change;
      const name = constraint.kind === 'primaryKey' ? 'PRIMARY' : constraint.name;
      const condition = await ifNotExists(change.ifNotExists, port.ask, (ask) =>
        inspector(ask).hasConstraint(table, name ?? '', inSchema),
      );
      if (condition === null) return;
      const asked = possible(constraint);
      const text = condition === '' ? constraintText(asked, textRules) : conditional(asked, condition);
      clauses.add(namesIn(change), `ADD ${text}`);
      if (constraint.name !== null) constraints.set(constraint.name, constraint.kind);
      return;
    }
    case 'dropConstraint': {
      const type = change.type ?? constraints.get(change.name) ?? (change.name === 'PRIMARY' ? 'primaryKey' : null);
      const name = type === 'primaryKey' ? 'PRIMARY' : change.name;
      const condition = await ifExists(change.ifExists, port.ask, (ask) =>
        inspector(ask).hasConstraint(table, name, inSchema),
      );
      if (condition === null) return;
      // Of a key MariaDB takes the words with DROP CONSTRAINT alone.
      clauses.add(
        namesIn(change),
        condition === '' ? dropClause(change.name, type) : `DROP CONSTRAINT ${condition}${quote(name)}`,
      );
      return;
    }
    case 'renameConstraint':
      if ((await typeOf(change.from, operation, constraints, port.ask)) !== 'unique') {
        throw cannot(
          `MySQL can rename a unique constraint only, and "${change.from}" of the table "${table}" is none.`,
          'Drop the constraint and add it under its new name.',
        );
      }
      clauses.add(namesIn(change), `RENAME INDEX ${quote(change.from)} TO ${quote(change.to)}`);
      constraints.set(change.to, 'unique');
      return;
  }
}

/** The one column that is all there is to add, as text behind ADD; null for several columns, or for one with an index. */
function onlyClause(
  { build }: Extract<TableChange, { kind: 'addColumn' }>,
  { table, schema }: ChangeTable,
  { builder }: RenderPort,
): string | null {
  const quoted = quoteTable({ schema, name: table });
  const [only, ...others] = compileTable(
    { kind: 'alterTable', table, schema, build: (t) => void build(t) },
    builder,
    needsAnswer,
  );
  const begin = `alter table ${quoted} add `;
  const isOne = others.length === 0 && columnNames(build, builder).length === 1;
  return isOne && only?.sql.startsWith(`${begin}\``) === true ? only.sql.slice(begin.length) : null;
}

/** MariaDB has a place of its own for the condition of each kind. */
function conditional(constraint: PossibleConstraint, condition: string): string {
  const name = quote(constraint.name ?? '');
  const body = constraintText({ ...constraint, name: null }, textRules);
  const behind = (words: string): string => body.slice(words.length);
  switch (constraint.kind) {
    case 'primaryKey':
      return `PRIMARY KEY ${condition}${behind('PRIMARY KEY ')}`;
    case 'unique':
      return `CONSTRAINT ${name} UNIQUE KEY ${condition}${name}${behind('UNIQUE')}`;
    case 'foreignKey':
      return `CONSTRAINT ${name} FOREIGN KEY ${condition}${name}${behind('FOREIGN KEY')}`;
    default:
      return `CONSTRAINT ${condition}${name} ${body}`;
  }
}

type PossibleConstraint = Exclude<NamedConstraint, { readonly kind: 'exclusion' }>;

/** The constraint itself; throws for what MySQL has not. */
function possible(constraint: NamedConstraint): PossibleConstraint {
  if (constraint.kind === 'exclusion') {
    throw cannot('MySQL has no exclusion constraints.', 'Refuse the rows in a trigger.');
  }
  if (constraint.kind !== 'check' && (constraint.deferrable === true || constraint.initiallyDeferred === true)) {
    throw cannot('MySQL checks every constraint at once.', 'Leave out "deferrable" and "initiallyDeferred".');
  }
  if (constraint.kind === 'unique' && constraint.nullsNotDistinct === true) {
    throw cannot('On MySQL two NULLs are never equal in a unique constraint.', 'Leave out "nullsNotDistinct".');
  }
  if (constraint.kind === 'foreignKey') {
    refuseSetDefault(constraint.onDelete, constraint.onUpdate);
    if (constraint.references.columns === undefined) {
      throw cannot('MySQL has to know the columns that a foreign key refers to.', 'Name them in "references".');
    }
  }
  if ('notValid' in constraint && constraint.notValid) {
    throw cannot(
      'MySQL checks every row when a constraint is added.',
      'Leave out "notValid"; "safe" serves all databases.',
    );
  }
  return constraint;
}

/** DROP CONSTRAINT finds a constraint of any kind by its name (MariaDB, MySQL 8.0.19). */
function dropClause(name: string, type: ConstraintKind | null): string {
  switch (type) {
    case 'primaryKey':
      return 'DROP PRIMARY KEY';
    case 'unique':
      return `DROP INDEX ${quote(name)}`;
    case 'foreignKey':
      return `DROP FOREIGN KEY ${quote(name)}`;
    default:
      return `DROP CONSTRAINT ${quote(name)}`;
  }
}

/** Null when there is no such constraint. */
async function typeOf(
  name: string,
  { table, schema }: ChangeTable,
  known: SoFar['constraints'],
  ask: Ask,
): Promise<ConstraintKind | null> {
  const made = known.get(name);
  if (made !== undefined) return made;
  const rows = await ask(
    `SELECT constraint_type AS type FROM information_schema.table_constraints
     WHERE table_schema = ${schema === null ? 'DATABASE()' : literal(schema)} AND table_name = ${literal(table)}
       AND constraint_name = ${literal(name)}`,
    [],
    { instead: `If it is a unique one, write op.renameIndex('${name}', '…', { table: '${table}' }): it is its index.` },
  );
  return kinds[String(rows[0]?.['type'])] ?? null;
}

const kinds: Readonly<Record<string, ConstraintKind>> = {
  'PRIMARY KEY': 'primaryKey',
  UNIQUE: 'unique',
  'FOREIGN KEY': 'foreignKey',
  CHECK: 'check',
};
