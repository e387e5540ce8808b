import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { configAt, type ConfigLocation } from '../../src/commands/invocation.ts';
import type { Connection, DialectName, Row } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { createDatabase } from '../servers.ts';

/** A project in a directory of its own on a fresh database; both are gone when the test ends. */
export interface LiveProject {
  readonly config: ConfigLocation;
  readonly directory: string;
  /** Of the database. */
  readonly url: string;
  readonly write: (name: string, text: string) => void;
  /** Asks the database through a connection that is not the tool's. */
  readonly query: (sql: string) => Promise<readonly Row[]>;
}

export async function liveProject(
  dialect: DialectName,
  revisions: Readonly<Record<string, string>>,
): Promise<LiveProject> {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-commands-'));
  const database = await createDatabase(dialect);
  onTestFinished(async () => {
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  });
  mkdirSync(join(directory, 'versions'));
  const write = (name: string, text: string): void => writeFileSync(join(directory, 'versions', name), text);
  for (const [name, text] of Object.entries(revisions)) write(name, text);
  return {
    config: configAt({ cwd: directory, url: database.url }),
    directory,
    url: database.url,
    write,
    async query(sql) {
      const connection = await openedConnection(database.url);
      try {
        return (await connection.query(sql)).rows;
      } finally {
        await connection.close();
      }
    },
  };
}

/** A connection that is not the tool's; whoever asked for it closes it. */
export async function openedConnection(url: string): Promise<Connection> {
  const settings = parseDatabaseUrl(url, process.cwd());
  const dialect = await dialectOf(settings.dialect);
  return await dialect.connect(settings, { applicationName: 'test', busyTimeoutMs: 5000, readOnly: false });
}

/** Source of a revision whose functions have these bodies. */
export function revisionSource(
  id: string,
  down: string | null,
  upgrade: string,
  downgrade = '',
  message = `revision ${id}`,
): string {
  return `/** ${message} */
export const revision = '${id}';
export const down_revision = ${down === null ? 'null' : `'${down}'`};
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op) {
${upgrade}
}
export async function downgrade(op) {
${downgrade}
}
`;
}
