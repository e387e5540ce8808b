import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sqlite3 from 'sqlite3';
import { expect, onTestFinished } from 'vitest';
import { errorCatalog, type ErrorCode } from '../../src/support/error-catalog.ts';

/** What a finished process left. */
export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** User id to run as; only root may choose one. */
  readonly uid?: number;
}

const bin = fileURLToPath(new URL('../../bin/aludel.js', import.meta.url));

/** File paths and their contents, laid out in a directory of their own that is removed when the test ends. */
export function directoryOf(files: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'aludel-end-to-end-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  addFiles(directory, files);
  return directory;
}

export function addFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** A project whose revisions are `versions/<name>` and whose database is `app.db`. */
export function projectOf(revisions: Readonly<Record<string, string>>): string {
  const files = Object.entries(revisions).map(([name, text]) => [`versions/${name}`, text] as const);
  return directoryOf({
    'package.json': '{ "name": "app", "type": "module" }',
    'migrate.config.json': '{ "database": "sqlite:./app.db" }',
    'versions/.gitkeep': '',
    ...Object.fromEntries(files),
  });
}

/** Starts `aludel` in a directory; `finished` settles when the process has ended. */
export function start(
  directory: string,
  args: readonly string[],
  settings: RunSettings = {},
): { readonly child: ChildProcess; readonly finished: Promise<Finished> } {
  const { DATABASE_URL: _database, FORCE_COLOR: _color, NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: directory,
    env: { ...env, NO_COLOR: '1', ...settings.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(settings.uid === undefined ? {} : { uid: settings.uid, gid: settings.uid }),
  });
  const streams = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (streams[name] += text));
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...streams }));
  });
  return { child, finished };
}

/** Runs `aludel` in a directory to its end. */
export async function aludel(directory: string, ...args: readonly string[]): Promise<Finished> {
  return await start(directory, args).finished;
}

/** Runs `aludel` and expects it to succeed. */
export async function succeed(directory: string, ...args: readonly string[]): Promise<Finished> {
  const run = await aludel(directory, ...args);
  expect(run, args.join(' ')).toMatchObject({ code: 0 });
  return run;
}

/** Runs `aludel … --json` and reads its answer. */
export async function report(directory: string, ...args: readonly string[]): Promise<unknown> {
  return JSON.parse((await succeed(directory, ...args, '--json')).stdout);
}

/** An error as a user should meet it: the code's own exit code, the code and every mention on stderr, no stack trace. */
export function expectError(run: Finished, code: ErrorCode, ...mentions: readonly (string | RegExp)[]): void {
  expect(run.stderr).toContain(`${code}: `);
  for (const mention of mentions) expect(run.stderr).toMatch(mention instanceof RegExp ? mention : literally(mention));
  expect(run.stdout).toBe('');
  expect(run.stderr).not.toMatch(/^\s+at .*\d+:\d+\)?$/m);
  expect(run.stderr).not.toMatch(/defect:|node:internal/);
  expect(run.code).toBe(errorCatalog[code].exitCode);
}

/** Runs a command that must be refused, and expects every file, the database among them, to be as it was. */
export async function expectRefused(
  directory: string,
  args: readonly string[],
  code: ErrorCode,
  ...mentions: readonly (string | RegExp)[]
): Promise<void> {
  const before = contentsOf(directory);
  const run = await aludel(directory, ...args);
  expectError(run, code, ...mentions);
  expect(contentsOf(directory)).toEqual(before);
}

/** Every file below a directory with the hash of its bytes. The lock beside a SQLite file holds nothing of the user's. */
export function contentsOf(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('-aludel-lock'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(files.map((path) => [path.slice(directory.length + 1), hashOf(path)]));
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** The rows that a query gives on `app.db`; with one column only, its values. */
export async function query(directory: string, sql: string): Promise<readonly unknown[]> {
  const rows = await allRows(join(directory, 'app.db'), sql);
  return rows.map((row) => {
    const values = Object.values(row);
    return values.length === 1 ? values[0] : row;
  });
}

function allRows(file: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY, (unopened) => {
      if (unopened !== null) {
        reject(unopened);
        return;
      }
      database.all<Record<string, unknown>>(sql, (failed, rows) => {
        database.close(() => (failed === null ? resolve(rows) : reject(failed)));
      });
    });
  });
}

/** Names of the user's own tables. */
export async function tables(directory: string): Promise<readonly unknown[]> {
  return await query(
    directory,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'aludel_%' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
  );
}

export async function versionRows(directory: string): Promise<readonly unknown[]> {
  return await query(directory, 'SELECT version_num FROM aludel_version ORDER BY 1');
}

/** Ids of finished upgrades, in the order the journal has them. */
export async function appliedInLog(directory: string): Promise<readonly unknown[]> {
  return await query(directory, "SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id");
}

/** Statements of a revision that write the file `reached` and then wait for the file `go-on`. */
export const pauseInRevision = `
  const { existsSync, writeFileSync } = await import('node:fs');
  writeFileSync('reached', '');
  for (let waited = 0; !existsSync('go-on') && waited < 60_000; waited += 20) await new Promise((done) => setTimeout(done, 20));
`;

/** Waits until a file exists, which a revision under way writes. */
export async function fileExists(path: string): Promise<void> {
  for (let waited = 0; !existsSync(path); waited += 10) {
    if (waited > 20_000) throw new Error(`${path} did not appear within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Part of a revision's function: writes the file `reached`, then waits for the file `go-on`. */
export const untilToldToGoOn = `
  const { existsSync, writeFileSync } = await import('node:fs');
  writeFileSync('reached', '');
  for (let waited = 0; !existsSync('go-on') && waited < 60_000; waited += 20) await new Promise((done) => setTimeout(done, 20));`;

/** What a revision file says; ids and labels are written as JSON literals. */
export interface Written {
  readonly down?: string | readonly string[] | null;
  readonly labels?: string | readonly string[];
  readonly dependsOn?: string | readonly string[];
  readonly message?: string;
  /** Body of `upgrade`; it begins on line 8 of the file. */
  readonly upgrade?: string;
  /** Body of `downgrade`; null leaves the function out. */
  readonly downgrade?: string | null;
}

/** The text of a TypeScript revision. */
export function revision(id: string, written: Written = {}): string {
  const { down = null, labels = null, dependsOn = null, message = '', upgrade = '', downgrade = '' } = written;
  return `/** ${message} */
import type { Operations } from 'aludel';
export const revision = ${JSON.stringify(id)};
export const down_revision = ${JSON.stringify(down)};
export const branch_labels = ${JSON.stringify(labels)};
export const depends_on = ${JSON.stringify(dependsOn)};
export async function upgrade(op: Operations): Promise<void> {
${upgrade}
}
${downgrade === null ? '' : `export async function downgrade(op: Operations): Promise<void> {\n${downgrade}\n}\n`}`;
}

/** A revision that creates a table called after itself, and drops it on the way down. */
export function tableRevision(id: string, written: Written = {}): string {
  return revision(id, {
    message: `create ${id}`,
    upgrade: `  await op.createTable('${id}', (t) => { t.integer('id').primary(); });`,
    downgrade: `  await op.dropTable('${id}');`,
    ...written,
  });
}

function literally(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/\s+/g, '\\s+'));
}
