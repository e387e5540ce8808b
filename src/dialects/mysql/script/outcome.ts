import type { Connection } from '../../connection.ts';
import { nameAt, skip, wordsOf, type Word } from '../../sql/statement-words.ts';
import { objectsOf, type NamedObject } from '../catalogue.ts';
import { mysqlRules } from '../lexical-rules.ts';
import { literal } from '../literal.ts';

/**
 * SQL that is 1 when what a statement leads to is so: what it creates or adds is there, what it drops or renames is not. Null for
 * what makes several things, or makes what is there into something else.
 */
export function outcomeOf(sql: string): string | null {
  const words = wordsOf(sql, mysqlRules(), 4096);
  const verb = words[0]?.keyword;
  const part = indexIn(words) ?? columnIn(words);
  if (part !== null) return isIn(part.view, part.table.schema, part.table.name, part.goes, part.name);
  const objects = objectsOf(words);
  const [only] = objects ?? [];
  if (only === undefined || (objects?.length ?? 0) > (verb === 'RENAME' ? 2 : 1)) return null;
  if (verb !== 'CREATE' && verb !== 'DROP' && verb !== 'RENAME') return null;
  return isIn(catalogues[only.kind], only.schema, only.name, verb !== 'CREATE');
}

/** True when the outcome is not there, whatever was there before. */
export async function isSurelyUndone(connection: Connection, sql: string): Promise<boolean> {
  const outcome = outcomeOf(sql);
  if (outcome === null) return false;
  const { rows } = await connection.query(`SELECT ${outcome} AS outcome`);
  return Number(rows[0]?.['outcome']) === 0;
}

interface View {
  readonly name: string;
  /** Its columns that hold the schema, and the name of the object or of the table it belongs to. */
  readonly schema: string | null;
  readonly object: string;
  /** A condition, or the column that holds the name of a part. */
  readonly more?: string;
  readonly part?: string;
}

function isIn(view: View, schema: string | null, object: string, goes: boolean, part?: string): string {
  const conditions = [
    ...(view.schema === null ? [] : [`${view.schema} = ${schema === null ? 'DATABASE()' : literal(schema)}`]),
    `${view.object} = ${literal(object)}`,
    ...(view.more === undefined ? [] : [view.more]),
    ...(view.part === undefined || part === undefined ? [] : [`${view.part} = ${literal(part)}`]),
  ];
  return `${goes ? 'NOT ' : ''}EXISTS (SELECT 1 FROM information_schema.${view.name} WHERE ${conditions.join(' AND ')})`;
}

interface TablePart {
  readonly view: View;
  readonly table: { readonly schema: string | null; readonly name: string };
  readonly name: string;
  readonly goes: boolean;
}

/** `CREATE [OR REPLACE] [kind] INDEX name … ON table`, `DROP INDEX name ON table`. */
function indexIn(words: readonly Word[]): TablePart | null {
  const at = words.slice(0, 5).findIndex(({ keyword, quoted }) => keyword === 'INDEX' && !quoted);
  if (at < 1 || words[0]?.keyword === 'ALTER') return null;
  const name = nameAt(words, skip(words, skip(words, at + 1, 'IF', 'NOT', 'EXISTS'), 'IF', 'EXISTS'));
  const onAt = words.findIndex(({ keyword, quoted }, i) => i > at && keyword === 'ON' && !quoted);
  return partOf(inIndexes, onAt < 0 ? null : nameAt(words, onAt + 1), name, words[0]?.keyword === 'DROP');
}

/** `ALTER TABLE table ADD COLUMN name …` and `… DROP COLUMN name`, alone. */
function columnIn(words: readonly Word[]): TablePart | null {
  const at = skip(words, 0, 'ALTER', 'TABLE');
  const table = at === 0 ? null : nameAt(words, at);
  if (table === null || hasSeveralClauses(words)) return null;
  const adds = skip(words, table.next, 'ADD', 'COLUMN');
  const drops = skip(words, table.next, 'DROP', 'COLUMN');
  if (adds > table.next)
    return partOf(inColumns, table, nameAt(words, skip(words, adds, 'IF', 'NOT', 'EXISTS')), false);
  if (drops === table.next) return null;
  return partOf(inColumns, table, nameAt(words, skip(words, drops, 'IF', 'EXISTS')), true);
}

/** A comma outside parentheses. */
function hasSeveralClauses(words: readonly Word[]): boolean {
  let depth = 0;
  for (const { keyword, quoted } of words) {
    if (quoted) continue;
    if (keyword === '(') depth++;
    if (keyword === ')') depth--;
    if (keyword === ',' && depth === 0) return true;
  }
  return false;
}

type Found = ReturnType<typeof nameAt>;

function partOf(view: View, table: Found, part: Found, goes: boolean): TablePart | null {
  if (table?.name.identifier == null || part?.name.identifier == null) return null;
  const schema = table.schema?.identifier ?? null;
  return { view, table: { schema, name: table.name.identifier }, name: part.name.identifier, goes };
}

const inTables: View = { name: 'TABLES', schema: 'TABLE_SCHEMA', object: 'TABLE_NAME' };
const inIndexes: View = { ...inTables, name: 'STATISTICS', part: 'INDEX_NAME' };
const inColumns: View = { ...inTables, name: 'COLUMNS', part: 'COLUMN_NAME' };
const inRoutines: View = { name: 'ROUTINES', schema: 'ROUTINE_SCHEMA', object: 'ROUTINE_NAME' };

/** A view, a sequence and a table share their names: what stands in the way of one is there too. */
const catalogues: Readonly<Record<NamedObject['kind'], View>> = {
  TABLE: inTables,
  VIEW: inTables,
  SEQUENCE: inTables,
  PROCEDURE: { ...inRoutines, more: "ROUTINE_TYPE = 'PROCEDURE'" },
  FUNCTION: { ...inRoutines, more: "ROUTINE_TYPE = 'FUNCTION'" },
  TRIGGER: { name: 'TRIGGERS', schema: 'TRIGGER_SCHEMA', object: 'TRIGGER_NAME' },
  EVENT: { name: 'EVENTS', schema: 'EVENT_SCHEMA', object: 'EVENT_NAME' },
  DATABASE: { name: 'SCHEMATA', schema: null, object: 'SCHEMA_NAME' },
};
