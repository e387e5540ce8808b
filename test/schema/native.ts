import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestDatabase } from '../servers.ts';

/*
 * The databases' own clients and dump tools: what loads a schema and what judges it. Nothing of ours has a part in it.
 */

const programs = { sqlite: ['sqlite3'], postgresql: ['psql', 'pg_dump'], mysql: ['mariadb', 'mariadb-dump'] } as const;

/** Why these tests are left out, or null. In CI a program that is not there is a failure: it throws. */
export function absentPrograms({ dialect }: Pick<TestDatabase, 'dialect'>): string | null {
  const absent = programs[dialect].filter((program) => !isInstalled(program));
  if (absent.length === 0) return null;
  const reason = `${absent.join(' and ')} not installed`;
  if (process.env['CI'] !== undefined) throw new Error(reason);
  return reason;
}

/** Runs a script in the database's own client, which stops at the first error. */
export async function load({ dialect, url }: TestDatabase, sql: string): Promise<void> {
  if (dialect === 'sqlite') await run('sqlite3', ['-bail', fileOf(url)], sql);
  else if (dialect === 'postgresql') await run('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-d', url], sql);
  else await run('mariadb', [...mysqlFlags(url), '--comments', new URL(url).pathname.slice(1)], sql);
}

/** The schema as the database's own tool prints it, without what differs between two databases of one schema. */
export async function nativeDump(
  { dialect, url }: TestDatabase,
  { rights = false }: { readonly rights?: boolean } = {},
): Promise<string> {
  if (dialect === 'sqlite') {
    // `.schema` in an order that does not depend on which came first.
    const sql =
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name;";
    return await run('sqlite3', [fileOf(url)], sql);
  }
  if (dialect === 'postgresql') {
    const text = await run(
      'pg_dump',
      ['--schema-only', '--no-owner', ...(rights ? [] : ['--no-privileges']), '-d', url],
      '',
    );
    return text
      .replaceAll(/^\\(?:un)?restrict .*$/gm, '')
      .replace(/--\n-- Name: public; Type: SCHEMA.*\n--\n\n-- \*not\* .*\n\n\n/, '');
  }
  const name = new URL(url).pathname.slice(1);
  const flags = ['--no-data', '--routines', '--triggers', '--events', '--skip-comments'];
  const text = await run('mariadb-dump', [...mysqlFlags(url), ...flags, name], '');
  // The next number of a table is data, and the server writes the database in front of a sequence.
  return text.replaceAll(/ AUTO_INCREMENT=\d+/g, '').replaceAll(`\`${name}\`.`, '');
}

/**
 * A dump in which the order of columns, which no ALTER TABLE reaches, does not count; on SQLite neither does how a table was
 * written down.
 */
export function withoutOrder(dialect: TestDatabase['dialect'], dump: string): string {
  const ordered = (body: string): string =>
    body
      .split(/,\n/)
      .map((line) => line.trim())
      .toSorted()
      .join(',\n');
  if (dialect !== 'sqlite')
    return dump.replaceAll(
      /^(CREATE (?:(?:UNLOGGED )?TABLE .*|TYPE .* AS) \(\n)([\s\S]*?)(\n\).*)$/gm,
      (_all, open: string, body: string, close: string) => open + ordered(body) + close,
    );
  return dump
    .replaceAll(/--.*$/gm, '')
    .split(/^(?=(?:index|table|trigger|view)\|)/m)
    .map((object) =>
      object
        .replaceAll(/["`[\]\s]/g, '')
        .toLowerCase()
        .replace(/\)$/, '')
        .split(/[,(]/)
        .toSorted()
        .join(),
    )
    .join('\n');
}

function fileOf(url: string): string {
  return url.replace(/^sqlite:/, '');
}

function mysqlFlags(url: string): readonly string[] {
  const { hostname, port, username, password } = new URL(url);
  return [
    `--host=${hostname}`,
    ...(port === '' ? [] : [`--port=${port}`]),
    `--user=${decodeURIComponent(username)}`,
    ...(password === '' ? [] : [`--password=${decodeURIComponent(password)}`]),
    '--default-character-set=utf8mb4',
  ];
}

function run(program: string, flags: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, flags, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${stderr}`));
    });
    // A program that ends before it has read everything says why by itself.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
