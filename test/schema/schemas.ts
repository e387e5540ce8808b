import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { createDatabase, type TestDatabase } from '../servers.ts';

/** Real schemas, read where they are and never copied: their licences differ. */
const corpus = process.env['ALUDEL_CORPUS'] ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

/** A schema that a test loads: for one whose file makes several databases, those one after the other. */
export interface TestSchema {
  readonly name: string;
  readonly parts: readonly string[];
}

/** Every kind of object the dialect has. */
export function kindsOf(dialect: DialectName): TestSchema {
  return {
    name: 'every kind of object',
    parts: [readFileSync(new URL(`kinds/${dialect}.sql`, import.meta.url), 'utf8')],
  };
}

/** The real schemas of a dialect; none where the corpus is absent, which {@link corpusAbsent} says. */
export function realSchemas(dialect: DialectName): readonly TestSchema[] {
  const directory = `${corpus}/schemas/${dialect === 'postgresql' ? 'postgres' : dialect}`;
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .toSorted()
    .map((file) => ({ name: file, parts: partsOf(readFileSync(`${directory}/${file}`, 'utf8')) }));
}

/** Why there are no real schemas, or null. */
export const corpusAbsent = existsSync(`${corpus}/schemas`) ? null : `no corpus at ${corpus}`;

/** The script of each database: a file of MySQL's may make several and go from one to the other. */
function partsOf(sql: string): readonly string[] {
  const [first = '', ...rest] = sql.replaceAll(/^(?:CREATE|DROP) (?:DATABASE|SCHEMA)\b.*;\s*$/gm, '').split(/^USE /m);
  if (rest.length === 0) return [first];
  const parts = new Map<string, string>();
  for (const text of rest) {
    const end = text.indexOf(';');
    const name = text.slice(0, end).replaceAll('`', '');
    parts.set(name, (parts.get(name) ?? first) + withoutQualifier(text.slice(end + 1), name));
  }
  return [...parts.values()].filter((part) => /\bCREATE TABLE\b/i.test(part));
}

/** The tests give the database another name than the file does. */
function withoutQualifier(sql: string, database: string): string {
  return sql.replaceAll(new RegExp(`(?<![\\w.])(?:${database}|\`${database}\`)\\.(?=[\\w\`])`, 'g'), '');
}

/** An empty database that is gone when the test ends. */
export async function emptyDatabase(dialect: DialectName): Promise<TestDatabase> {
  const database = await createDatabase(dialect);
  onTestFinished(() => database.drop());
  // A file without a byte is an empty database; none at all would be a mistake to compare with.
  if (dialect === 'sqlite') writeFileSync(database.url.replace(/^sqlite:/, ''), '');
  return database;
}
