import { byCodePoint } from '../../../support/text.ts';
import { objectId, type Need, type SchemaObject, type Snapshot } from '../../../schema/snapshot.ts';
import { AludelError } from '../../../support/aludel-error.ts';
import type { SchemaExtent } from '../../schema/schema-rules.ts';
import type { Connection, Row } from '../../connection.ts';
import { meaningOf } from './meaning.ts';
import { namesOf } from '../operations/edit-create-table.ts';
import { nameKey } from '../operations/parse-create-table.ts';
import { quoteIdentifier } from '../quote.ts';
import { tableOf } from './table-snapshot.ts';

/** The main database: what sqlite_schema keeps, which is the text that created it. */
export async function introspect(
  connection: Connection,
  { grants }: SchemaExtent = { grants: false },
): Promise<Snapshot> {
  if (grants) {
    throw new AludelError('usage.invalid', 'SQLite has no users, and so no rights.', {
      hint: 'Leave out --grants, and the key "grants" for this database.',
    });
  }
  // The tables in which a virtual table keeps its rows come and go with it.
  const { rows } = await connection.query(
    `SELECT type, name, tbl_name AS owner, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ` +
      `AND name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow') ORDER BY rowid`,
  );
  const relations = new Map(
    rows.flatMap((row) =>
      row['type'] === 'index' || row['type'] === 'trigger' ? [] : [[keyOf(row['name']), idOf(row)]],
    ),
  );
  const objects = rows.map((row): SchemaObject => {
    const id = idOf(row);
    const name = String(row['name']);
    const sql = String(row['sql']);
    const kind = kindOf(row);
    if (kind === 'table') return tableOf(id, name, sql, (other) => relations.get(keyOf(other)));
    const owner = kind === 'index' || kind === 'trigger' ? (relations.get(keyOf(row['owner'])) ?? null) : null;
    const needs: readonly Need[] =
      kind === 'view' ? namedIn(sql, relations, id) : owner === null ? [] : [{ object: owner, part: null }];
    return {
      kind,
      id,
      schema: null,
      name,
      owner,
      needs,
      definition: [sql],
      removal: [dropOf(kind, name)],
      meaning: kind === 'trigger' ? meaningOfTrigger(sql) : meaningOf(sql),
      shape: [],
    };
  });
  return { dialect: 'sqlite', objects: objects.toSorted((a, b) => byCodePoint(a.id, b.id)), unread: [] };
}

function idOf(row: Row): string {
  return objectId(kindOf(row), nameKey(String(row['name'])));
}

function kindOf(row: Row): 'table' | 'virtualTable' | 'index' | 'view' | 'trigger' {
  switch (row['type']) {
    case 'index':
    case 'view':
    case 'trigger':
      return row['type'];
    default:
      return /^CREATE\s+VIRTUAL\b/i.test(String(row['sql'])) ? 'virtualTable' : 'table';
  }
}

/** Every trigger is for each row, whether it says so or not, and its condition may stand in parentheses. */
function meaningOfTrigger(sql: string): string {
  const meaning = meaningOf(sql).replace(/^((?:(?! begin ).)*?) for each row(?= (?:when|begin) )/, '$1');
  return meaning.replace(
    /^((?:(?! when ).)*? when) \( ((?:(?! begin ).)*) \)(?= begin )/,
    (all, head: string, condition: string) => (isOneGroup(condition) ? `${head} ${condition}` : all),
  );
}

/** Whether parentheses around it would close where they do: not for `a ) or ( b`. */
function isOneGroup(meaning: string): boolean {
  let depth = 0;
  return meaning.split(' ').every((word) => (depth += word === '(' ? 1 : word === ')' ? -1 : 0) >= 0);
}

function dropOf(kind: string, name: string): string {
  return `DROP ${kind === 'virtualTable' ? 'TABLE' : kind.toUpperCase()} ${quoteIdentifier(name)}`;
}

/** A view may name a table by its columns only; what it does not need does no harm. */
function namedIn(sql: string, relations: ReadonlyMap<string, string>, id: string): readonly Need[] {
  const named = namesOf(sql).flatMap(({ key, qualifier }) => [key, ...(qualifier === null ? [] : [qualifier])]);
  const found = new Set(named.flatMap((key) => relations.get(key) ?? []));
  found.delete(id);
  return [...found].toSorted(byCodePoint).map((object) => ({ object, part: null }));
}

function keyOf(name: unknown): string {
  return nameKey(String(name));
}
