import type { Connection, Row } from '../connection.ts';
import { nameAt, skip, wordsOf, type Word } from '../sql/statement-words.ts';
import { mysqlRules } from './lexical-rules.ts';
import { quoteTable } from './quote.ts';

/**
 * MySQL commits every DDL statement by itself, so each one can be in doubt after a kill. The servers carry out a DDL
 * statement on one object wholly or not at all (MySQL 8 manual, "Atomic Data Definition Statement Support"; MariaDB
 * 10.6), so what SHOW CREATE says of the objects named in it, before and after, tells which.
 */
export async function catalogueState(connection: Connection, sql: string): Promise<string | null> {
  const words = wordsOf(sql, mysqlRules(), 4096);
  const objects = objectsOf(words);
  if (objects === null) return null;
  const states: string[] = [];
  for (const object of objects) states.push(await stateOf(connection, object));
  // Several objects in one statement: done for all or for none is an answer, anything between is not.
  return new Set(states.map((state) => state === absent)).size > 1 && words[0]?.keyword === 'DROP' && states.length > 1
    ? null
    : JSON.stringify(states);
}

/** A failed statement of MySQL leaves nothing behind that its next run would trip over. */
export function leftoversOf(): Promise<readonly string[]> {
  return Promise.resolve([]);
}

type ObjectKind = 'TABLE' | 'VIEW' | 'PROCEDURE' | 'FUNCTION' | 'TRIGGER' | 'EVENT' | 'SEQUENCE' | 'DATABASE';

export interface NamedObject {
  readonly kind: ObjectKind;
  readonly schema: string | null;
  readonly name: string;
}

const absent = 'absent';

const objectKinds: ReadonlySet<string> = new Set<ObjectKind>([
  'TABLE',
  'VIEW',
  'PROCEDURE',
  'FUNCTION',
  'TRIGGER',
  'EVENT',
  'SEQUENCE',
  'DATABASE',
]);

/** What a statement names and changes; null when the catalogue would not show what it did. */
export function objectsOf(words: readonly Word[]): readonly NamedObject[] | null {
  switch (words[0]?.keyword) {
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
      return definedObjects(words);
    case 'RENAME':
      return words[1]?.keyword === 'TABLE' || words[1]?.keyword === 'TABLES' ? renamedTables(words) : null;
    default:
      return null;
  }
}

function definedObjects(words: readonly Word[]): readonly NamedObject[] | null {
  const kindAt = words.findIndex(({ keyword, quoted }, at) => at > 0 && !quoted && isKind(keyword));
  const kindWord = words[kindAt]?.keyword;
  // "CREATE TEMPORARY TABLE" is not for the catalogue, and USER, ROLE, SERVER and the like are not in it.
  if (kindAt < 0 || kindWord === undefined || words[1]?.keyword === 'TEMPORARY') return null;
  let at = kindAt + 1;
  at = skip(words, at, 'IF', 'NOT', 'EXISTS');
  at = skip(words, at, 'IF', 'EXISTS');
  if (kindWord === 'INDEX') {
    // CREATE INDEX name ON table, DROP INDEX name ON table: the table shows it.
    const onAt = words.findIndex(({ keyword, quoted }, i) => i > at && keyword === 'ON' && !quoted);
    return onAt < 0 ? null : single(words, onAt + 1, 'TABLE');
  }
  const kind = (kindWord === 'SCHEMA' ? 'DATABASE' : kindWord) as ObjectKind;
  if (words[0]?.keyword === 'DROP' && (kind === 'TABLE' || kind === 'VIEW')) return listOfTables(words, at, kind);
  if (words[0]?.keyword === 'ALTER' && kind === 'TABLE') return alteredTable(words, at);
  return single(words, at, kind);
}

function isKind(keyword: string): boolean {
  return objectKinds.has(keyword) || keyword === 'INDEX' || keyword === 'SCHEMA';
}

/** Swapping a partition or a tablespace changes data that no definition shows. */
function alteredTable(words: readonly Word[], at: number): readonly NamedObject[] | null {
  const hidden = new Set(['EXCHANGE', 'IMPORT', 'DISCARD']);
  if (words.some(({ keyword, quoted }) => !quoted && hidden.has(keyword))) return null;
  const table = single(words, at, 'TABLE');
  const toAt = words.findIndex(
    ({ keyword, quoted }, i) => i > at && !quoted && keyword === 'RENAME' && isNewTableName(words, i + 1),
  );
  if (table === null || toAt < 0) return table;
  const renamed = nameAt(words, skip(words, skip(words, toAt + 1, 'TO'), 'AS'));
  return renamed === null ? table : [...table, objectOf('TABLE', renamed)];
}

/** `RENAME COLUMN|INDEX|KEY` renames something inside; `RENAME [TO|AS] name` the table itself. */
function isNewTableName(words: readonly Word[], at: number): boolean {
  return !['COLUMN', 'INDEX', 'KEY'].includes(words[at]?.quoted === false ? (words[at]?.keyword ?? '') : '');
}

/** Null when the names only change places: tables of one definition then look as they did, and a second run swaps them back. */
function renamedTables(words: readonly Word[]): readonly NamedObject[] | null {
  const tables = listOfTables(words, 2);
  const olds = tables?.filter((_, at) => at % 2 === 0);
  const news = tables?.filter((_, at) => at % 2 === 1);
  const areSwapped = olds?.every((old) => news?.some((other) => isSameTable(old, other)));
  return areSwapped === true ? null : (tables ?? null);
}

/** A table without a schema may be in any. */
function isSameTable(one: NamedObject, other: NamedObject): boolean {
  return (
    one.name.toLowerCase() === other.name.toLowerCase() &&
    (one.schema === other.schema || one.schema === null || other.schema === null)
  );
}

function listOfTables(words: readonly Word[], from: number, kind: ObjectKind = 'TABLE'): readonly NamedObject[] | null {
  const objects: NamedObject[] = [];
  for (let at = from; ;) {
    const found = nameAt(words, at);
    if (found === null) return null;
    objects.push(objectOf(kind, found));
    const separator = words[found.next]?.keyword;
    if (separator !== ',' && separator !== 'TO') return objects;
    at = found.next + 1;
  }
}

function single(words: readonly Word[], at: number, kind: ObjectKind): readonly NamedObject[] | null {
  const found = nameAt(words, at);
  return found === null ? null : [objectOf(kind, found)];
}

function objectOf(kind: ObjectKind, found: { readonly schema: Word | null; readonly name: Word }): NamedObject {
  return { kind, schema: found.schema?.identifier ?? null, name: found.name.identifier ?? '' };
}

/** The definition as the server writes it, without the counter that inserts move. */
async function stateOf(connection: Connection, object: NamedObject): Promise<string> {
  const name = quoteTable({ schema: object.kind === 'DATABASE' ? null : object.schema, name: object.name });
  try {
    const { rows } = await connection.query(`SHOW CREATE ${object.kind} ${name}`);
    return definitionIn(rows[0] ?? {}).replace(/ AUTO_INCREMENT=\d+/, '');
  } catch {
    return absent;
  }
}

/** The column that holds the definition: "Create Table", "Create View", "SQL Original Statement" … */
function definitionIn(row: Row): string {
  const column = Object.keys(row).find((key) => /^(?:create |sql original statement)/i.test(key));
  return column === undefined ? JSON.stringify(row) : String(row[column]);
}
