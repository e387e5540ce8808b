import type { Statement } from '../../statement.ts';
import { isGenerated, primaryKeyOf, qualifies, rowidAlias } from './edit-create-table.ts';
import { guard, nullGuard } from './guards.ts';
import { literal } from '../literal.ts';
import { nameKey, sameName, type ColumnText, type CreateTable } from './parse-create-table.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { inSchema, schemaArgument, type SessionState, type StoredObject, type StoredTable } from './read-table.ts';

/** What a table is to become. */
export interface Rebuild {
  readonly before: CreateTable;
  readonly after: CreateTable;
  /** Names, as keys, of columns that are new though one of that name may have been there. */
  readonly fresh: ReadonlySet<string>;
  /** SQL for the values of a column, by its key; a column without has its values copied. */
  readonly using: ReadonlyMap<string, string>;
  /** A column went: what else names it must be found out. */
  readonly columnsGo: boolean;
  /** Indexes of the table that are not made again. */
  readonly indexesGone: ReadonlySet<string>;
  /** What comes after the rebuild, before the last checks. */
  readonly afterwards: readonly Statement[];
  /** Tables whose foreign keys are checked at the end, and how many violations there were before. */
  readonly check: { readonly tables: readonly string[]; readonly violations: number };
}

/**
 * Makes a table anew, as SQLite's manual has it in twelve steps (sqlite.org/lang_altertable.html#otheralter), and keeps
 * everything that hangs on it. All of it is one transaction: the savepoint is one of its own where none is open.
 *
 * 1. Foreign keys must be off, as they are unless the revision switched them on: DROP TABLE deletes the rows first,
 *    and with them what refers to them.
 * 2. The old table steps aside. With legacy_alter_table on and foreign keys off, RENAME leaves alone what names the
 *    table elsewhere — references of other tables, views, triggers — and they find the new one in its place. The manual
 *    renames the new table instead, at the price of a text with another name in it and of views that stop the RENAME.
 * 3. The new table is created from the edited text and the rows are copied, with their rowids. Temporary triggers do
 *    not step aside with the old table and would see the rows come: they go before.
 * 4. The rows are counted before the old table goes, and with it the old indexes and triggers.
 * 5. Indexes and triggers are created from their own texts, in the order of their creation.
 * 6. When a column went, SQLite is made to look through the schema for whatever still names it.
 * 7. Foreign keys are checked: no more violations than before.
 */
export function rebuildTable(table: StoredTable, session: SessionState, rebuild: Rebuild): readonly Statement[] {
  const { schema, name } = table;
  const { before, after } = rebuild;
  const old = `aludel_old_${name}`;
  const oldTable = quoteTable({ schema, name: old });
  const newTable = quoteTable({ schema, name });
  // A table that has its own name in its text cannot be renamed in legacy mode: the text would name no table.
  const named = qualifies(before.text.slice(before.columns[0]?.span.start), name);
  const aside = named ? copyAside(table, before, old) : renameAside(table, session, old);
  const copy = copyOf(rebuild, named);
  const columns = copy.map(({ target }) => target).join(', ');
  const values = copy.map(({ value }) => value).join(', ');
  const kept = table.indexes.filter((index) => !rebuild.indexesGone.has(index.name));
  return [
    // SQLite ignores it inside a transaction: the session commits what came before, and begins another one.
    ...(session.foreignKeys ? ['PRAGMA foreign_keys = OFF'] : []),
    'SAVEPOINT aludel_rebuild',
    guard(
      '(SELECT foreign_keys FROM pragma_foreign_keys) = 0',
      `Foreign keys are enforced: making table ${name} anew would delete the rows that refer to it`,
    ),
    ...table.triggers
      .filter((trigger) => trigger.schema !== schema)
      .map((trigger) => `DROP TRIGGER ${quoteTable(trigger)}`),
    ...aside,
    inDatabase(schema, after.text),
    ...nullGuards(rebuild, name, oldTable),
    `INSERT OR ABORT INTO ${newTable} (${columns}) SELECT ${values} FROM ${oldTable} AS ${quoteIdentifier(name)}`,
    guard(
      `(SELECT count(*) FROM ${newTable}) = (SELECT count(*) FROM ${oldTable})`,
      `Rows of table ${name} were lost on the way into the new one`,
    ),
    ...newKeyGuard(rebuild, name, oldTable),
    ...keepSequence(rebuild, schema, name, old),
    `DROP TABLE ${oldTable}`,
    ...[...kept, ...table.triggers].map((object) => inDatabase(object.schema, object.sql)),
    ...(rebuild.columnsGo ? lookThroughSchema(schema, name) : []),
  ]
    .map((sql): Statement => ({ sql, bindings: [] }))
    .concat(
      rebuild.afterwards,
      [...foreignKeyGuard(rebuild, schema, name), 'RELEASE aludel_rebuild'].map((sql) => ({ sql, bindings: [] })),
      session.foreignKeys ? [{ sql: 'PRAGMA foreign_keys = ON', bindings: [] }] : [],
    );
}

function renameAside({ schema, name }: StoredTable, session: SessionState, old: string): readonly string[] {
  return [
    'PRAGMA legacy_alter_table = ON',
    `ALTER TABLE ${quoteTable({ schema, name })} RENAME TO ${quoteIdentifier(old)}`,
    ...(session.legacyAlterTable ? [] : ['PRAGMA legacy_alter_table = OFF']),
  ];
}

/** The column of a copy that holds the rowid. */
const rowidColumn = 'aludel_rowid';

/** A plain table with the same values. Columns made by a query keep the affinity of what they come from. */
function copyAside({ schema, name }: StoredTable, before: CreateTable, old: string): readonly string[] {
  const rowid = rowidName(before);
  const columns = before.columns.map((column) => quoteIdentifier(column.name));
  if (rowid !== null) columns.unshift(`${rowid} AS ${rowidColumn}`);
  const own = quoteTable({ schema, name });
  return [
    `CREATE TABLE ${quoteTable({ schema, name: old })} AS SELECT ${columns.join(', ')} FROM ${own}`,
    ...(isAutoincrement(before)
      ? [`UPDATE ${inSchema(schema)}sqlite_sequence SET name = ${literal(old)} WHERE name = ${literal(name)}`]
      : []),
    `DROP TABLE ${own}`,
  ];
}

interface CopiedColumn {
  readonly target: string;
  readonly value: string;
}

function copyOf({ before, after, fresh, using }: Rebuild, copied: boolean): readonly CopiedColumn[] {
  const old = new Set(before.columns.map((column) => nameKey(column.name)));
  const isCopied = (key: string): boolean => using.has(key) || (old.has(key) && !fresh.has(key));
  const columns = after.columns
    .filter((column) => !isGenerated(column) && isCopied(nameKey(column.name)))
    .map((column): CopiedColumn => {
      const target = quoteIdentifier(column.name);
      return { target, value: using.get(nameKey(column.name)) ?? target };
    });
  const source = copied && rowidName(before) !== null ? rowidColumn : rowidName(before);
  const target = rowidName(after);
  const alias = rowidAlias(after);
  const givenByColumn = alias !== null && isCopied(nameKey(alias));
  return source === null || target === null || givenByColumn ? columns : [{ target, value: source }, ...columns];
}

/** A name of the rowid that is not a column's; null for a table without rowids, or with columns of all three names. */
function rowidName({ columns, withoutRowid }: CreateTable): string | null {
  if (withoutRowid) return null;
  return ['rowid', '_rowid_', 'oid'].find((name) => !columns.some((column) => sameName(column.name, name))) ?? null;
}

/** SQLite numbers a row whose INTEGER PRIMARY KEY is NULL: where the column was not the key before, that changes data. */
function newKeyGuard({ before, after }: Rebuild, name: string, oldTable: string): readonly string[] {
  const alias = rowidAlias(after);
  if (alias === null || !before.columns.some((column) => sameName(column.name, alias))) return [];
  if (sameName(rowidAlias(before) ?? '', alias)) return [];
  const column = quoteIdentifier(alias);
  return [
    guard(
      `NOT EXISTS (SELECT 1 FROM ${oldTable} WHERE ${column} IS NULL)`,
      `Column ${alias} of table ${name} holds NULL`,
    ),
  ];
}

/** Copying NULL into a column that is NOT NULL now fails too, but without saying how many rows there are to mend. */
function nullGuards({ before, after, fresh, using }: Rebuild, name: string, oldTable: string): readonly string[] {
  const refusesNull = ({ constraints }: ColumnText): boolean => constraints.some(({ kind }) => kind === 'notNull');
  const tookNull = new Map(before.columns.map((column) => [nameKey(column.name), !refusesNull(column)]));
  return after.columns
    .filter((column) => refusesNull(column) && !isGenerated(column) && tookNull.get(nameKey(column.name)) === true)
    .filter((column) => using.has(nameKey(column.name)) || !fresh.has(nameKey(column.name)))
    .map((column) => {
      const value = using.get(nameKey(column.name)) ?? quoteIdentifier(column.name);
      return nullGuard(name, column.name, `${oldTable} AS ${quoteIdentifier(name)}`, value);
    });
}

function isAutoincrement(table: CreateTable): boolean {
  return primaryKeyOf(table)?.autoincrement != null;
}

/** The largest key ever given, which AUTOINCREMENT never gives again: copying the rows may have set a smaller one. */
function keepSequence({ before, after }: Rebuild, schema: string | null, name: string, old: string): readonly string[] {
  if (!isAutoincrement(before)) return [];
  const sequence = `${inSchema(schema)}sqlite_sequence`;
  if (!isAutoincrement(after)) return [`DELETE FROM ${sequence} WHERE name = ${literal(old)}`];
  return [
    `DELETE FROM ${sequence} WHERE name = ${literal(name)}`,
    `UPDATE ${sequence} SET name = ${literal(name)} WHERE name = ${literal(old)}`,
  ];
}

/** RENAME, outside legacy mode, reads every view and trigger again and fails on one that names what is gone. */
function lookThroughSchema(schema: string | null, name: string): readonly string[] {
  const scratch = `aludel_scratch_${name}`;
  const renamed = `aludel_renamed_${name}`;
  return [
    `CREATE TABLE ${quoteTable({ schema, name: scratch })} (x)`,
    `ALTER TABLE ${quoteTable({ schema, name: scratch })} RENAME TO ${quoteIdentifier(renamed)}`,
    `DROP TABLE ${quoteTable({ schema, name: renamed })}`,
  ];
}

function foreignKeyGuard({ check }: Rebuild, schema: string | null, name: string): readonly string[] {
  if (check.tables.length === 0) return [];
  return [
    guard(
      `${violationsIn(schema, check.tables)} <= ${check.violations}`,
      `Rows of table ${name}, or rows that refer to it, have no parent (PRAGMA foreign_key_check)`,
    ),
  ];
}

/** An expression: how many rows of these tables refer to nothing. */
export function violationsIn(schema: string | null, tables: readonly string[]): string {
  return tables
    .map((table) => `(SELECT count(*) FROM pragma_foreign_key_check(${literal(table)}${schemaArgument(schema)}))`)
    .join(' + ');
}

/** What sqlite_schema stores begins with CREATE, the kind and the bare name: names the database where it is not main. */
function inDatabase(schema: StoredObject['schema'], sql: string): string {
  if (schema === null) return sql;
  return sql.replace(/^CREATE (?:UNIQUE )?(?:TABLE|INDEX|TRIGGER) /, (opening) => opening + inSchema(schema));
}
