import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, openedConnection, revisionSource } from './live-project.ts';

/** Notes under which limits it runs, as one text. */
const noteLimits: Readonly<Record<DialectName, string>> = {
  sqlite: `INSERT INTO seen SELECT timeout FROM pragma_busy_timeout`,
  postgresql: `INSERT INTO seen SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')`,
  mysql: `INSERT INTO seen SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout, ' ', @@max_statement_time)`,
};
/** What {@link noteLimits} notes for 5 s and 90 s, for the revision's own 1.5 s and 250 ms, and for none. */
const noted: Readonly<Record<DialectName, { readonly run: string; readonly own: string; readonly none: string }>> = {
  sqlite: { run: '5000', own: '1500', none: '10000' },
  postgresql: { run: '5s 90s', own: '1500ms 250ms', none: '0 0' },
  mysql: { run: '5 5 90.000000', own: '2 2 0.250000', none: '86400 50 0.000000' },
};
const limits = { tableLockTimeoutMs: 5000, statementTimeoutMs: 90_000 };
const createSeen = `await op.execute('CREATE TABLE seen (limits VARCHAR(200))');`;

/** A revision that sets limits of its own. */
function limited(source: string): string {
  return source.replace(
    'export const branch_labels',
    `export const lock_timeout = '1.5s';\nexport const statement_timeout = 250;\nexport const branch_labels`,
  );
}

await describeOnEveryDialect('limits', (dialect) => {
  const note = `await op.execute(${JSON.stringify(noteLimits[dialect])});`;

  test('hold in each revision, its own before those of the run', async () => {
    const { config, query } = await liveProject(dialect, {
      'a1.ts': revisionSource('a1', null, createSeen + note),
      'b2.ts': limited(revisionSource('b2', 'a1', note)),
      'c3.sql': `-- revision: c3\n-- down_revision: b2\n-- lock_timeout: 1.5s\n-- statement_timeout: 250ms\n-- migrate:up\n${noteLimits[dialect]};\n`,
      'd4.ts': revisionSource('d4', 'c3', note),
    });
    await upgrade(config, 'head', limits);
    const { run, own } = noted[dialect];
    expect((await query('SELECT limits FROM seen')).map(({ limits: seen }) => seen)).toEqual([run, own, own, run]);
  });

  test('end with their revision', async () => {
    const { config, query } = await liveProject(dialect, {
      'a1.ts': limited(revisionSource('a1', null, createSeen + note)),
      'b2.ts': revisionSource('b2', 'a1', note),
    });
    await upgrade(config, 'head');
    const { own, none } = noted[dialect];
    expect((await query('SELECT limits FROM seen')).map(({ limits: seen }) => seen)).toEqual([own, none]);
  });

  test.each(['none', 'revision'] as const)(
    'hold for statements outside a transaction, in mode %s',
    async (transactionMode) => {
      const { config, query } = await liveProject(dialect, {
        'a1.ts': limited(
          revisionSource('a1', null, `${createSeen}await op.autocommit(async () => { ${note} });${note}`),
        ),
        'b2.ts': revisionSource('b2', 'a1', `await op.autocommit(async () => { ${note} });`),
      });
      await upgrade(config, 'head', { transactionMode });
      const { own, none } = noted[dialect];
      // SQLite keeps its busy timeout for those who begin to write.
      expect((await query('SELECT limits FROM seen')).map(({ limits: seen }) => seen)).toEqual([own, own, none]);
    },
  );

  test.skipIf(dialect === 'mysql')('hold in one transaction for the whole run', async () => {
    const { config, query } = await liveProject(dialect, {
      'a1.ts': limited(revisionSource('a1', null, createSeen + note)),
      'b2.ts': revisionSource('b2', 'a1', note),
    });
    await upgrade(config, 'head', { transactionMode: 'all' });
    const { own, none } = noted[dialect];
    expect((await query('SELECT limits FROM seen')).map(({ limits: seen }) => seen)).toEqual([own, none]);
  });
});

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'limits of statements', () => {
    const sleepLong = dialect === 'mysql' ? 'SELECT SLEEP(20)' : 'SELECT pg_sleep(20)';

    test('a statement that takes too long is ended, and the revision rolled back', async () => {
      const { config, query } = await liveProject(dialect, {
        'a1.ts': revisionSource('a1', null, `await op.execute('${sleepLong}');`),
      });
      const startedAt = performance.now();
      await expect(upgrade(config, 'head', { statementTimeoutMs: 300 })).rejects.toMatchObject({
        code: 'migration.failed',
        hint: expect.stringContaining('statement_timeout') as unknown,
      });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect(await query('SELECT * FROM aludel_version')).toEqual([]);
    });

    test('the tool may wait longer for its own tables than a revision for the others', async () => {
      const { config, url, query } = await liveProject(dialect, {
        'a1.ts': revisionSource('a1', null, createSeen),
        'b2.ts': revisionSource(
          'b2',
          'a1',
          `await op.execute("INSERT INTO seen VALUES ('b2')");
          await new Promise((done) => setTimeout(done, 300));`,
        ),
      });
      await upgrade(config, 'a1');
      const other = await openedConnection(url);
      onTestFinished(() => other.close());

      const busyMs = 1600;
      const run = upgrade(config, 'head', {
        tableLockTimeoutMs: dialect === 'mysql' ? 1000 : 100,
        retries: 0,
        onEvent: ({ kind }) => {
          if (kind === 'statement-executed')
            void other
              .script(lockJournal)
              .then(() => sleep(busyMs))
              .then(() => other.script(unlock));
        },
      });
      const lockJournal =
        dialect === 'mysql' ? 'LOCK TABLES aludel_log READ' : 'BEGIN; LOCK TABLE aludel_log IN SHARE MODE';
      const unlock = dialect === 'mysql' ? 'UNLOCK TABLES' : 'COMMIT';

      const startedAt = performance.now();
      await run;
      expect(performance.now() - startedAt).toBeGreaterThan(1000);
      expect(await query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'b2' }]);
    });
  });
}

await describeOn('sqlite', 'limits of statements', () => {
  test('are not to be had, which a warning says once', async () => {
    const { config } = await liveProject('sqlite', {
      'a1.ts': revisionSource('a1', null, createSeen),
      'b2.ts': revisionSource('b2', 'a1', ''),
    });
    const events: RunEvent[] = [];
    const { warnings } = await upgrade(config, 'head', {
      statementTimeoutMs: 300,
      onEvent: (event) => events.push(event),
    });
    const warning = 'SQLite has no limit for statements: statement_timeout does nothing.';
    expect(events.filter(({ kind }) => kind === 'warning')).toEqual([{ kind: 'warning', text: warning }]);
    expect(warnings).toEqual([warning]);
  });
});
