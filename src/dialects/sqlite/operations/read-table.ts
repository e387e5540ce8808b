import type { ChangeTable } from '../../../operations/table-change.ts';
import { AludelError } from '../../../support/aludel-error.ts';
import { tableHint } from '../../sql/missing-name.ts';
import type { Ask } from '../../operations/render-port.ts';
import { literal } from '../literal.ts';
import { nameKey } from './parse-create-table.ts';
import { quoteIdentifier } from '../quote.ts';

/** A table as the catalogue has it, with what hangs on it. */
export interface StoredTable {
  /** Null is the main database. */
  readonly schema: string | null;
  /** As it was written when it was created. */
  readonly name: string;
  readonly sql: string;
  /** In the order of their creation; those that a constraint made are not among them. */
  readonly indexes: readonly StoredObject[];
  readonly triggers: readonly StoredObject[];
  /** Triggers of other tables that have the name of this one somewhere in their text. */
  readonly triggersElsewhere: readonly StoredObject[];
  /** Foreign keys that refer to the table, its own among them. */
  readonly referring: readonly StoredForeignKey[];
}

export interface StoredObject {
  readonly name: string;
  readonly sql: string;
  /** Where it is stored: a temporary trigger may watch a table that is not temporary. */
  readonly schema: string | null;
}

export interface StoredForeignKey {
  readonly table: string;
  readonly columns: readonly string[];
  readonly parent: string;
  /** Null when the foreign key names none and means the parent's primary key. */
  readonly parentColumns: readonly string[] | null;
}

/** What the session says that decides how a table can be changed. */
export interface SessionState {
  /** As a number that compares: 3.52.1 is 3052001, as in sqlite3_libversion_number(). */
  readonly version: number;
  readonly foreignKeys: boolean;
  readonly legacyAlterTable: boolean;
}

/** Throws migration.failed when there is no such table, or when it is a view or a virtual table. */
export async function readTable({ table, schema }: ChangeTable, ask: Ask): Promise<StoredTable> {
  const own = inSchema(schema);
  const [found] = await ask(
    `SELECT name, type, sql FROM ${own}sqlite_schema WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')`,
    [table],
  );
  if (found === undefined) throw notATable(`There is no table "${table}".`, await tablesInWords(table, own, ask));
  if (found['type'] === 'view') throw notATable(`"${table}" is a view.`, 'Drop it and create it anew.');
  const name = String(found['name']);
  const sql = String(found['sql']);
  if (/^CREATE\s+VIRTUAL\b/i.test(sql)) {
    throw notATable(`"${table}" is a virtual table.`, 'Create a new one and copy the rows by op.execute.');
  }
  const objects = await ask(
    `SELECT type, name, sql, lower(tbl_name) = lower(?1) AS own, 0 AS temporary FROM ${own}sqlite_schema ` +
      `WHERE sql IS NOT NULL AND (type = 'index' AND own OR type = 'trigger' AND (own OR instr(lower(sql), lower(?1)))) ` +
      `UNION ALL SELECT type, name, sql, 1, 1 FROM sqlite_temp_schema WHERE lower(tbl_name) = lower(?1) AND type = 'trigger'`,
    [name],
  );
  const objectsOf = (type: string, own: number): readonly StoredObject[] =>
    objects
      .filter((object) => object['type'] === type && object['own'] === own)
      .map((object) => ({
        name: String(object['name']),
        sql: String(object['sql']),
        schema: object['temporary'] === 1 ? 'temp' : schema,
      }));
  return {
    schema,
    name,
    sql,
    indexes: objectsOf('index', 1),
    triggers: objectsOf('trigger', 1),
    triggersElsewhere: objectsOf('trigger', 0),
    referring: await foreignKeys(schema, ask, 'f."table" = ? COLLATE NOCASE', name),
  };
}

/** Foreign keys of the tables of a database that meet a condition on `m`, the child, and `f`, pragma_foreign_key_list. */
async function foreignKeys(
  schema: string | null,
  ask: Ask,
  condition: string,
  value: string,
): Promise<readonly StoredForeignKey[]> {
  // A virtual table has none, and its module may not be loaded.
  const rows = await ask(
    `SELECT m.name AS child, f.id, f."from" AS "column", f."table" AS parent, f."to" AS parent_column ` +
      `FROM ${inSchema(schema)}sqlite_schema AS m, pragma_foreign_key_list(m.name${schemaArgument(schema)}) AS f ` +
      `WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND ${condition} ORDER BY m.name, f.id, f.seq`,
    [value],
  );
  const keys = new Map<string, { table: string; columns: string[]; parent: string; parentColumns: string[] | null }>();
  for (const row of rows) {
    const id = `${String(row['id'])} ${String(row['child'])}`;
    const key = keys.get(id) ?? {
      table: String(row['child']),
      columns: [],
      parent: String(row['parent']),
      parentColumns: row['parent_column'] === null ? null : [],
    };
    key.columns.push(String(row['column']));
    key.parentColumns?.push(String(row['parent_column']));
    keys.set(id, key);
  }
  return [...keys.values()];
}

/**
 * Tables whose foreign keys can be checked, of the table itself and of those that refer to it. One that refers to
 * columns which are no key of their table cannot: foreign_key_check fails on it ("foreign key mismatch"), before the
 * change as after it.
 */
export async function checkableTables(table: StoredTable, ask: Ask): Promise<readonly string[]> {
  const own = await foreignKeys(table.schema, ask, 'm.name = ?', table.name);
  const all = [...own, ...table.referring];
  const parents = [...new Set(all.map(({ parent }) => nameKey(parent)))];
  const schema = schemaArgument(table.schema);
  const rows = await ask(
    `SELECT lower(m.name) AS parent, '' AS key, lower(c.name) AS "column" ` +
      `FROM ${inSchema(table.schema)}sqlite_schema AS m, pragma_table_info(m.name${schema}) AS c ` +
      `WHERE m.type = 'table' AND lower(m.name) IN (${parents.map(literal).join(', ')}) AND c.pk > 0 UNION ALL ` +
      `SELECT lower(m.name), i.name, lower(c.name) FROM ${inSchema(table.schema)}sqlite_schema AS m, ` +
      `pragma_index_list(m.name${schema}) AS i, pragma_index_info(i.name${schema}) AS c ` +
      `WHERE m.type = 'table' AND lower(m.name) IN (${parents.map(literal).join(', ')}) AND i."unique" AND NOT i.partial`,
  );
  const keys = new Map<string, string[]>();
  const existing = new Set<string>();
  for (const row of rows) {
    existing.add(String(row['parent']));
    const id = `${String(row['parent'])}\n${String(row['key'])}`;
    keys.set(id, [...(keys.get(id) ?? []), String(row['column'])]);
  }
  const setOf = (columns: readonly string[]): string => columns.map(nameKey).toSorted().join('\n');
  const known = new Set([...keys].map(([id, columns]) => `${id.split('\n')[0]}\n${setOf(columns)}`));
  const isKey = ({ parent, parentColumns, columns }: StoredForeignKey): boolean =>
    parentColumns === null
      ? keys.get(`${nameKey(parent)}\n`)?.length === columns.length
      : known.has(`${nameKey(parent)}\n${setOf(parentColumns)}`);
  // Where the parent is missing altogether nothing fails: every reference is a violation.
  const broken = new Set(all.filter((key) => existing.has(nameKey(key.parent)) && !isKey(key)).map((key) => key.table));
  return [...new Set(all.map((key) => key.table))].filter((name) => !broken.has(name));
}

export const versionQuestion = 'SELECT sqlite_version() AS version';

export async function readSession(ask: Ask): Promise<SessionState> {
  const [library] = await ask(versionQuestion);
  const [row = {}] = await ask(
    `SELECT (SELECT foreign_keys FROM pragma_foreign_keys) AS foreign_keys, ` +
      `(SELECT legacy_alter_table FROM pragma_legacy_alter_table) AS legacy_alter_table`,
  );
  const [major = 0, minor = 0, patch = 0] = String(library?.['version']).split('.').map(Number);
  return {
    version: major * 1_000_000 + minor * 1000 + patch,
    foreignKeys: row['foreign_keys'] === 1,
    legacyAlterTable: row['legacy_alter_table'] === 1,
  };
}

/** `"schema".`, or nothing for the main database. */
export function inSchema(schema: string | null): string {
  return schema === null ? '' : `${quoteIdentifier(schema)}.`;
}

/** The second argument of a pragma function. */
export function schemaArgument(schema: string | null): string {
  return schema === null ? '' : `, ${literal(schema)}`;
}

/** The table that was meant, or those that there are; ours are not the user's. */
async function tablesInWords(table: string, own: string, ask: Ask): Promise<string> {
  const rows = await ask(
    `SELECT name FROM ${own}sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
  );
  return tableHint(
    table,
    rows.map(({ name }) => String(name)),
  );
}

function notATable(message: string, hint: string): AludelError {
  return new AludelError('migration.failed', message, { hint });
}
