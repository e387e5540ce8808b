import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repository } from '../docs/run-document.ts';
import { createDatabase, describeOnEveryDialect } from '../servers.ts';
import { aludel, directoryOf, fileExists, revision, start, tableRevision } from './project.ts';
import { opens, waiting } from './scratch-under-way.ts';

await describeOnEveryDialect('a signal during aludel test', (dialect) => {
  for (const place of ['upgrade', 'downgrade', 'test file'] as const) {
    it(`in the ${place} of a revision ends it and leaves no scratch database`, async () => {
      const database = await createDatabase(dialect);
      onTestFinished(() => database.drop());
      const body = waiting(dialect);
      const directory = directoryOf({
        'versions/a1.ts': tableRevision('a1'),
        'versions/b1.ts': revision('b1', { down: 'a1', ...(place === 'test file' ? {} : { [place]: body }) }),
        ...(place === 'test file' ? { 'versions-test/b1.ts': `export async function after(op) {${body}}` } : {}),
      });

      const { child, finished } = start(directory, ['test', '--url', database.url]);
      await fileExists(join(directory, 'reached'));
      child.kill('SIGINT');
      const run = await finished;

      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toContain(
        'migration.interrupted: The test was interrupted by SIGINT.\n  Its scratch database is removed; nothing else was touched.',
      );
      const name = readFileSync(join(directory, 'reached'), 'utf8');
      expect(name).toContain('scratch');
      await expect(opens(dialect, database.url, name)).resolves.toBe(false);
    });
  }
});

describe('aludel test', () => {
  it('passes on the sample of a fresh clone, and makes no database there', async () => {
    const directory = directoryOf({});
    for (const name of ['versions', 'versions-test', 'migrate.config.ts']) {
      cpSync(join(repository, name), join(directory, name), { recursive: true });
    }

    const run = await aludel(directory, 'test');

    expect(run).toMatchObject({ code: 0, stdout: '8 revisions go up, down and up again.\n' });
    expect(run.stderr).toMatch(/^\[1\/8\] ok {2}a1f0c3d2e4b5 {2}create users {2}/);
    await expect(opens('sqlite', `sqlite:${join(directory, 'sample.db')}`, join(directory, 'sample.db'))).resolves.toBe(
      false,
    );
  });

  it('says there is nothing to test in a project without revisions', async () => {
    const run = await aludel(directoryOf({ 'migrate.config.json': '{}' }), 'test');
    expect(run).toMatchObject({ code: 0, stdout: 'There is no revision to test.\n', stderr: '' });
  });
});
