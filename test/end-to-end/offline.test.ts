import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runScript } from '../support/run-script.ts';
import {
  addFiles,
  aludel,
  contentsOf,
  expectRefused,
  projectOf,
  report,
  start,
  succeed,
  tables,
  versionRows,
} from './project.ts';

const revisions = {
  'a.ts': `import type { Operations } from 'aludel';
/** create t */
export const revision = 'a';
export const down_revision = null;
export async function upgrade(op: Operations) {
  await op.createTable('t', (t) => t.integer('id'));
  await op.knex('t').insert({ id: 1 });
}
export async function downgrade(op: Operations) {
  await op.dropTable('t');
}
`,
  'b.sql': `-- revision: b
-- down_revision: a
-- message: create u
-- migrate:up
CREATE TABLE u (id INTEGER);
-- migrate:down
DROP TABLE u;
`,
};

const asking = `export const revision = 'c';
export const down_revision = 'b';
export async function upgrade(op) {
  if (await op.inspect.hasTable('t')) throw new Error('not reached');
}
`;

describe('--sql', () => {
  it('prints the script and nothing else, and makes no database', async () => {
    const project = projectOf(revisions);
    const before = contentsOf(project);
    const run = await succeed(project, 'upgrade', 'b:b', '--sql');
    expect(run.stdout).toMatch(/^-- aludel \S+: upgrade b:b, for sqlite\n-- From b to b: 0 revisions\n/);
    expect(run.stderr).toBe('');
    expect(contentsOf(project)).toEqual(before);
  });

  it('is run by the client of the database', async () => {
    const project = projectOf(revisions);
    const database = { dialect: 'sqlite', url: `sqlite:${join(project, 'app.db')}` } as const;
    const up = await succeed(project, 'upgrade', 'heads', '--sql');
    expect(await runScript(database, up.stdout)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await tables(project)).toEqual(['t', 'u']);
    expect(await versionRows(project)).toEqual(['b']);
    const down = await succeed(project, 'downgrade', 'head:base', '--sql');
    expect(await runScript(database, down.stdout)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await tables(project)).toEqual([]);
  });

  it('that fails prints and writes nothing, and exits with 2', async () => {
    const project = projectOf({ ...revisions, 'c.mjs': asking });
    const temporary = mkdtempSync(join(tmpdir(), 'aludel-spools-'));
    onTestFinished(() => rmSync(temporary, { recursive: true }));
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const where = 'in versions/c.mjs:4';
    await expectRefused(project, ['upgrade', 'head', '--sql'], 'offline.needs-database', where, 'op.offline');
    const toFile = ['upgrade', 'head', '--sql', '--output', 'up.sql', '--rollback', 'back.sql'];
    await expectRefused(project, toFile, 'offline.needs-database', where);
    await expectRefused(project, ['upgrade', 'head', '--sql', '--split', 'scripts'], 'offline.needs-database', where);
    expect(existsSync(join(project, 'scripts'))).toBe(false);
    expect(readdirSync(temporary).filter((name) => name.endsWith('.sql'))).toEqual([]);
  });

  it('writes files, and says which', async () => {
    const project = projectOf(revisions);
    expect(await report(project, 'upgrade', 'head', '--sql', '--split', 'out', '--rollback', 'back.sql')).toEqual({
      heads_before: [],
      heads_after: ['b'],
      files: [
        { path: 'out/0001_a.sql', revisions: ['a'] },
        { path: 'out/0002_b.sql', revisions: ['b'] },
        { path: 'back.sql', revisions: ['b', 'a'] },
      ],
      warnings: [],
    });
    const run = await succeed(project, 'upgrade', 'head', '--sql', '--output', 'up.sql');
    expect(run.stdout).toBe('Wrote up.sql: 2 revisions\n');
    const json = (await report(project, 'upgrade', 'head', '--sql')) as { readonly sql: string };
    expect(json.sql.replaceAll('script.sql', 'up.sql')).toBe(readFileSync(join(project, 'up.sql'), 'utf8'));
  });

  it('goes to stdout where "-" is named, and what cannot go there is refused', async () => {
    const project = projectOf(revisions);
    const without = await succeed(project, 'upgrade', 'head', '--sql');
    expect(await succeed(project, 'upgrade', 'head', '--sql', '--output', '-')).toEqual(without);
    const splitting = ['upgrade', 'head', '--sql', '--split'];
    await expectRefused(project, [...splitting, '-'], 'usage.invalid', '--split cannot be stdout');
    await expectRefused(project, [...splitting, 'out', '--output', '-'], 'usage.invalid', 'a file or into a directory');
    const rollback = ['upgrade', 'head', '--sql', '--output', 'up.sql', '--rollback', '-'];
    await expectRefused(project, rollback, 'usage.invalid', '--rollback cannot be stdout');
    expect((await succeed(project, 'types', '--output', '-')).stdout).toBe((await succeed(project, 'types')).stdout);
    expect(readdirSync(project)).not.toContain('-');
  });

  it('and its flags belong together', async () => {
    const project = projectOf(revisions);
    await expectRefused(project, ['upgrade', 'head', '--output', 'x.sql'], 'usage.invalid', '--output needs --sql');
    await expectRefused(project, ['upgrade', 'head', '--sql', '--plan'], 'usage.invalid', '--plan does nothing');
    for (const command of [['upgrade', 'head'], ['stamp', 'head'], ['ensure_version']]) {
      const waiting = [...command, '--sql', '--wait-for-db', '5s'];
      await expectRefused(project, waiting, 'usage.invalid', '--wait-for-db does nothing');
    }
    await expectRefused(project, ['upgrade', 'head:base', '--sql'], 'usage.syntax', 'aludel downgrade head:base --sql');
    await expectRefused(project, ['downgrade', 'base', '--sql'], 'usage.syntax', 'aludel downgrade head:base --sql');
    await expectRefused(project, ['stamp', 'head', '--sql', '--purge'], 'usage.invalid', '--purge does nothing');
  });

  it('stamps and prepares', async () => {
    const project = projectOf(revisions);
    const database = { dialect: 'sqlite', url: `sqlite:${join(project, 'app.db')}` } as const;
    const prepare = await succeed(project, 'ensure_version', '--sql');
    expect(await runScript(database, prepare.stdout)).toMatchObject({ exitCode: 0 });
    expect(await versionRows(project)).toEqual([]);
    const stamp = await succeed(project, 'stamp', 'head', '--sql');
    expect(await runScript(database, stamp.stdout)).toMatchObject({ exitCode: 0 });
    expect(await versionRows(project)).toEqual(['b']);
  });
});

describe('the process that writes a script', () => {
  /** The packages of the drivers that a command has loaded. */
  async function driversLoadedBy(project: string, ...args: readonly string[]): Promise<readonly string[]> {
    addFiles(project, {
      'hook.cjs': `process.on('exit', () => {
  const loaded = Object.keys(require.cache).map((path) => /node_modules[\\\\/](sqlite3|pg|mysql2)[\\\\/]/.exec(path)?.[1]);
  require('node:fs').writeFileSync('loaded.json', JSON.stringify([...new Set(loaded.filter(Boolean))]));
});`,
    });
    const run = await start(project, args, { env: { NODE_OPTIONS: '--require ./hook.cjs' } }).finished;
    expect(run).toMatchObject({ code: 0 });
    return JSON.parse(readFileSync(join(project, 'loaded.json'), 'utf8')) as readonly string[];
  }

  it.each(['sqlite', 'postgresql', 'mysql'])('loads no driver for %s', async (dialect) => {
    const project = projectOf(revisions);
    expect(await driversLoadedBy(project, 'upgrade', 'head', '--sql', '--dialect', dialect)).toEqual([]);
  });

  it('loads that of SQLite for a table that it has to know', async () => {
    const project = projectOf({
      ...revisions,
      'c.mjs': asking.replace(/ {2}if .*/, `  await op.alterColumn('t', 'id', { nullable: false });`),
    });
    expect(await driversLoadedBy(project, 'upgrade', 'head', '--sql')).toEqual(['sqlite3']);
  });

  it('keeps no revision in memory', async () => {
    const count = 300;
    const revision = (n: number): string => `export const revision = 'r${n}';
export const down_revision = ${n === 0 ? null : `'r${n - 1}'`};
const filling = '${'x'.repeat(400_000)}';
export async function upgrade(op: any) {
  await op.execute('SELECT ?', [filling.length]);
}
`;
    const project = projectOf(Object.fromEntries(Array.from({ length: count }, (_, n) => [`r${n}.ts`, revision(n)])));
    const args = ['upgrade', 'head', '--sql', '--output', 'up.sql'];
    // Compiles them.
    await succeed(project, ...args);
    // Together they are 120 MB.
    const run = await start(project, args, { env: { NODE_OPTIONS: '--max-old-space-size=64' } }).finished;
    expect(run).toMatchObject({ code: 0, stdout: 'Wrote up.sql: 300 revisions\n' });
  }, 120_000);

  it('stops when it is told to, and leaves nothing', async () => {
    const project = projectOf({
      ...revisions,
      'c.mjs': asking.replace(
        / {2}if .*/,
        `  process.kill(process.pid, 'SIGTERM');\n  await new Promise((done) => setTimeout(done, 5000));`,
      ),
    });
    const run = await aludel(project, 'upgrade', 'head', '--sql', '--output', 'up.sql');
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('migration.interrupted');
    expect(existsSync(join(project, 'up.sql'))).toBe(false);
  });
});
