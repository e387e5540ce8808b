import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { log } from '../../src/commands/log.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { RunOptions } from '../../src/commands/run/run-migration.ts';
import type { Connection } from '../../src/dialects/connection.ts';
import type { AludelError } from '../../src/support/aludel-error.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, openedConnection, revisionSource, type LiveProject } from './live-project.ts';

const createItems = `await op.execute('CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, note VARCHAR(20))');
  await op.execute("INSERT INTO items VALUES (1, 'old'), (2, 'old')");`;

/** A project at a1, which made the items, and another session of its database. */
async function contended(
  dialect: Parameters<typeof liveProject>[0],
  change: string,
): Promise<LiveProject & { readonly other: Connection }> {
  const project = await liveProject(dialect, { 'a1.ts': revisionSource('a1', null, createItems) });
  await upgrade(project.config, 'head');
  project.write('b2.ts', revisionSource('b2', 'a1', change));
  const other = await openedConnection(project.url);
  onTestFinished(() => other.close());
  return { ...project, other };
}

/** Upgrades, and calls `onRetry` at the first retry. */
async function upgradeWith(
  { config }: LiveProject,
  options: RunOptions,
  onRetry: () => unknown = () => undefined,
): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  await upgrade(config, 'head', {
    ...options,
    onEvent: (event) => {
      events.push(event);
      if (event.kind === 'retrying' && event.attempt === 1) void onRetry();
    },
  });
  return events;
}

/** The shortest lock timeout that each database can keep. */
const shortest = { sqlite: 200, postgresql: 200, mysql: 1000 };

await describeOnEveryDialect('a lock that another session holds', (dialect) => {
  const hold = dialect === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN';
  const holdRow = `${hold}; UPDATE items SET note = 'theirs' WHERE id = 1`;
  const change = `await op.execute("UPDATE items SET note = 'ours'");`;
  const tableLockTimeoutMs = shortest[dialect];

  test('leaves nothing of a try to the next: what was built and not run is no forgotten await', async () => {
    const project = await contended(
      dialect,
      `const query = op.knex('items').insert({ id: 3 });
       ${change}
       await query;`,
    );
    await project.other.script(holdRow);
    const events = await upgradeWith(project, { tableLockTimeoutMs }, () => project.other.script('ROLLBACK'));
    expect(events.some((event) => event.kind === 'retrying')).toBe(true);
    expect(await project.query('SELECT count(*) AS n FROM items WHERE id = 3')).toMatchObject([{}]);
  });

  test('is tried for again until it is given up', async () => {
    const project = await contended(dialect, change);
    await project.other.script(holdRow);
    const events = await upgradeWith(project, { tableLockTimeoutMs }, () => project.other.script('ROLLBACK'));

    const retries = events.filter((event) => event.kind === 'retrying');
    expect(retries).toHaveLength(1);
    expect(retries[0]).toMatchObject({ revision: 'b2', attempt: 1, of: 3 });
    expect(await project.query('SELECT note FROM items')).toEqual([{ note: 'ours' }, { note: 'ours' }]);
    const { entries } = await log(project.config);
    expect(entries.filter(({ revision }) => revision === 'b2').map(({ event }) => event)).toEqual(
      dialect === 'mysql' ? ['applied', 'retried', 'done'] : ['applied', 'retried'],
    );
  });

  test('fails the revision when all tries are used up, and leaves nothing behind', async () => {
    const project = await contended(dialect, change);
    await project.other.script(holdRow);
    const failure: unknown = await upgradeWith(project, { tableLockTimeoutMs, retries: 1 }).catch(
      (error: unknown) => error,
    );
    await project.other.script('ROLLBACK');

    expect(failure).toMatchObject({ code: 'migration.blocked', exitCode: 1, facts: { revision: 'b2', tries: 2 } });
    expect(await project.query('SELECT note FROM items')).toEqual([{ note: 'old' }, { note: 'old' }]);
    expect(await project.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'a1' }]);
    const { steps } = await upgrade(project.config, 'head');
    expect(steps).toHaveLength(1);
    expect(await project.query('SELECT note FROM items')).toEqual([{ note: 'ours' }, { note: 'ours' }]);
  });

  test('is not tried for again when retries are switched off', async () => {
    const project = await contended(dialect, change);
    await project.other.script(holdRow);
    const run = upgradeWith(project, { tableLockTimeoutMs, retries: 0 });
    await expect(run).rejects.toMatchObject({ code: 'migration.blocked', facts: { tries: 1 } });
  });
});

await describeOnEveryDialect('an error that does not pass', (dialect) => {
  test('is not tried again', async () => {
    const project = await contended(dialect, 'await op.execute("INSERT INTO items VALUES (1, NULL)");');
    const events: RunEvent[] = [];
    const run = upgrade(project.config, 'head', { onEvent: (event) => events.push(event) });
    await expect(run).rejects.toMatchObject({ code: 'migration.failed' });
    expect(events.filter(({ kind }) => kind === 'retrying')).toEqual([]);
  });
});

await describeOn('postgresql', 'whom a statement waits for', () => {
  const lockTable = 'BEGIN; LOCK TABLE items IN ACCESS SHARE MODE';
  const addColumn = `await op.addColumn('items', (table) => table.integer('size'));`;

  test('is told while it waits, in the error and in its facts', async () => {
    const project = await contended('postgresql', addColumn);
    await project.other.script(lockTable);
    const events: RunEvent[] = [];
    const failure: unknown = await upgrade(project.config, 'head', {
      tableLockTimeoutMs: 2000,
      retries: 0,
      onEvent: (event) => events.push(event),
    }).catch((error: unknown) => error);

    const blocker = `session ${project.other.session} (test, user `;
    expect(events.filter((event) => event.kind === 'blocked')).toEqual([
      expect.objectContaining({ revision: 'b2', statement: 1, blockers: expect.stringContaining(blocker) as unknown }),
    ]);
    expect(failure).toMatchObject({
      message: expect.stringContaining(`canceling statement due to lock timeout; it waited for ${blocker}`) as unknown,
      facts: {
        blockers: [
          {
            session: project.other.session,
            certain: true,
            application: 'test',
            state: 'idle in transaction',
            query: lockTable,
          },
        ],
      },
    });
  });

  test('is told without the secrets in its query', async () => {
    const project = await contended('postgresql', addColumn);
    await project.other.script(`${lockTable}; SELECT 'postgresql://bob:hunter2@db/app'`);
    const told: RunEvent[] = [];
    const failure: unknown = await upgrade(project.config, 'head', {
      tableLockTimeoutMs: 2000,
      retries: 1,
      onEvent: (event) => told.push(event),
    }).catch((error: unknown) => error);

    const { message, facts } = failure as AludelError;
    const rows = await project.query('SELECT * FROM aludel_log');
    const everything = JSON.stringify([message, facts, told, rows]);
    expect(everything).toContain('postgresql://bob:***@db/app');
    expect(everything).not.toContain('hunter2');
  });

  test('is told when there is no limit to the waiting', async () => {
    const project = await contended('postgresql', addColumn);
    await project.other.script(lockTable);
    const blocked: RunEvent[] = [];
    await upgrade(project.config, 'head', {
      onEvent: (event) => {
        if (event.kind !== 'blocked') return;
        blocked.push(event);
        void project.other.script('ROLLBACK');
      },
    });
    expect(blocked).toHaveLength(1);
    expect(await project.query('SELECT size FROM items')).toHaveLength(2);
  });

  test('is found in the error of a deadlock, which is then resolved by a retry', async () => {
    const project = await contended(
      'postgresql',
      `await op.execute("UPDATE items SET note = 'ours' WHERE id = 1");
       await op.execute("UPDATE items SET note = 'ours' WHERE id = 2");`,
    );
    // The one who looks first is the one who fails.
    await project.other.script(`SET deadlock_timeout = '20s'; BEGIN; UPDATE items SET note = 'theirs' WHERE id = 2`);
    const reasons: string[] = [];
    await upgrade(project.config, 'head', {
      onEvent: (event) => {
        if (event.kind === 'statement-started' && event.statement === 2 && reasons.length === 0)
          void project.other.script(`UPDATE items SET note = 'theirs' WHERE id = 1; COMMIT`);
        if (event.kind === 'retrying') reasons.push(event.reason);
      },
    });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^deadlock detected/);
    expect(reasons[0]).toContain(`it waited for session ${project.other.session} (test, `);
    expect(await project.query('SELECT note FROM items')).toEqual([{ note: 'ours' }, { note: 'ours' }]);
  });
});

await describeOn('postgresql', 'CREATE INDEX CONCURRENTLY that meets a lock', () => {
  const createIndex = `await op.autocommit(async () => {
    await op.execute('CREATE INDEX CONCURRENTLY items_note ON items (note)');
  });`;
  const holdRow = `BEGIN; UPDATE items SET note = 'theirs' WHERE id = 1`;
  const validity = `SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('items_note')`;

  test('is built by a retry, and the invalid index of the first try is gone', async () => {
    const project = await contended('postgresql', createIndex);
    await project.other.script(holdRow);
    const events = await upgradeWith(project, { tableLockTimeoutMs: 300 }, () => project.other.script('ROLLBACK'));
    expect(events.filter(({ kind }) => kind === 'retrying').length).toBeGreaterThanOrEqual(1);
    expect(await project.query(validity)).toEqual([{ indisvalid: true }]);
  });

  test('is built by the next run when all tries are used up', async () => {
    const project = await contended('postgresql', createIndex);
    await project.other.script(holdRow);
    const run = upgradeWith(project, { tableLockTimeoutMs: 300, retries: 0 });
    await expect(run).rejects.toMatchObject({ code: 'migration.blocked' });
    await project.other.script('ROLLBACK');
    await upgrade(project.config, 'head');
    expect(await project.query(validity)).toEqual([{ indisvalid: true }]);
  });
});

await describeOn('postgresql', 'what works concurrently and met a lock', () => {
  const outside = (sql: string): string => `await op.autocommit(async () => { await op.execute('${sql}'); });`;

  test.each([
    'REINDEX TABLE CONCURRENTLY items',
    'REINDEX (VERBOSE, CONCURRENTLY) INDEX items_pkey',
    'REINDEX SCHEMA CONCURRENTLY public',
  ])('leaves no copy of an index behind: %s', async (sql) => {
    const project = await contended('postgresql', outside(sql));
    await project.other.script(`BEGIN; UPDATE items SET note = 'theirs' WHERE id = 1`);
    const run = upgradeWith(project, { tableLockTimeoutMs: 300, retries: 0 });
    await expect(run).rejects.toMatchObject({ code: 'migration.blocked' });
    await project.other.script('ROLLBACK');
    expect(await project.query('SELECT 1 FROM pg_index WHERE NOT indisvalid')).not.toEqual([]);
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([]);
  });

  test('a partition that is half-way detached is detached by the next run', async () => {
    const project = await contended('postgresql', outside('ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY'));
    await project.query('CREATE TABLE p (a INT) PARTITION BY LIST (a)');
    await project.query('CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)');
    await project.other.script('BEGIN; SELECT * FROM p');
    const run = upgradeWith(project, { tableLockTimeoutMs: 300, retries: 0 });
    await expect(run).rejects.toMatchObject({ code: 'migration.partial' });
    const partitions = 'SELECT inhdetachpending AS pending FROM pg_inherits';
    expect(await project.query(partitions)).toEqual([{ pending: true }]);
    await project.other.script('ROLLBACK');
    await upgrade(project.config, 'head');
    expect(await project.query(partitions)).toEqual([]);
  });
});

await describeOn('postgresql', 'a serialisation failure', () => {
  /** Fails twice: a sequence keeps its value when the transaction is rolled back. */
  const failTwice = `DO $$ BEGIN IF nextval('tries') < 3 THEN RAISE 'not yet' USING ERRCODE = 'serialization_failure'; END IF; END $$`;

  test('runs the whole revision again', async () => {
    const project = await contended(
      'postgresql',
      `await op.execute("INSERT INTO items VALUES (3, 'new')");
       await op.execute(\`${failTwice}\`);`,
    );
    await project.query('CREATE SEQUENCE tries');
    const events = await upgradeWith(project, {});
    expect(events.filter(({ kind }) => kind === 'retrying')).toHaveLength(2);
    expect(await project.query('SELECT id FROM items WHERE id > 2')).toEqual([{ id: 3 }]);
  });

  test('behind op.autocommit skips what is done for good', async () => {
    const project = await contended(
      'postgresql',
      `await op.autocommit(async () => {
         await op.execute("INSERT INTO items VALUES (3, 'new')");
         await op.execute('CREATE INDEX CONCURRENTLY items_note ON items (note)');
       });
       await op.execute("INSERT INTO items VALUES (4, 'new')");
       await op.execute(\`${failTwice}\`);`,
    );
    await project.query('CREATE SEQUENCE tries');
    await upgradeWith(project, {});
    expect(await project.query('SELECT id FROM items WHERE id > 2 ORDER BY id')).toEqual([{ id: 3 }, { id: 4 }]);
  });

  test('in one transaction for the whole run begins with the first revision again', async () => {
    const project = await contended('postgresql', `await op.execute("INSERT INTO items VALUES (3, 'new')");`);
    project.write('c3.ts', revisionSource('c3', 'b2', `await op.execute(\`${failTwice}\`);`));
    await project.query('CREATE SEQUENCE tries');
    const events = await upgradeWith(project, { transactionMode: 'all' });
    const started = events.filter((event) => event.kind === 'step-started').map(({ revision }) => revision);
    expect(started).toEqual(['b2', 'c3', 'b2', 'c3', 'b2', 'c3']);
    expect(await project.query('SELECT id FROM items WHERE id > 2')).toEqual([{ id: 3 }]);
    const { entries } = await log(project.config);
    expect(entries.map(({ event, revision }) => `${event} ${revision}`).slice(0, 4)).toEqual([
      'applied c3',
      'applied b2',
      'retried c3',
      'retried c3',
    ]);
  });

  test('in one transaction for the whole run counts the tries of the run, not of the revision', async () => {
    const project = await contended('postgresql', `await op.execute("INSERT INTO items VALUES (3, 'new')");`);
    const fail = failTwice.replace('< 3', '< 9');
    project.write('c3.ts', revisionSource('c3', 'b2', `await op.execute(\`${fail}\`);`));
    await project.query('CREATE SEQUENCE tries');
    const run = upgradeWith(project, { transactionMode: 'all', retries: 1 });
    await expect(run).rejects.toMatchObject({ code: 'migration.blocked', facts: { revision: 'c3', tries: 2 } });
    expect(await project.query('SELECT id FROM items WHERE id > 2')).toEqual([]);
  });

  test('where a temporary table was made outside a transaction is not tried again', async () => {
    const project = await contended(
      'postgresql',
      `await op.autocommit(async () => { await op.execute('CREATE TEMPORARY TABLE seen AS SELECT id FROM items'); });
       await op.execute(\`${failTwice}\`);`,
    );
    await project.query('CREATE SEQUENCE tries');
    await expect(upgradeWith(project, {})).rejects.toMatchObject({ code: 'migration.partial' });
  });

  test('names nobody whom an earlier statement waited for', async () => {
    const project = await contended(
      'postgresql',
      `await op.execute('ALTER TABLE items ADD COLUMN size INTEGER');
       await op.execute(\`${failTwice}\`);`,
    );
    await project.query('CREATE SEQUENCE tries');
    await project.other.script('BEGIN; LOCK TABLE items IN ACCESS SHARE MODE');
    const told: RunEvent[] = [];
    await upgrade(project.config, 'head', {
      onEvent: (event) => {
        if (event.kind === 'blocked') void project.other.script('ROLLBACK');
        if (event.kind === 'blocked' || event.kind === 'retrying') told.push(event);
      },
    });
    expect(told.map(({ kind }) => kind)).toEqual(['blocked', 'retrying', 'retrying']);
    expect(told.slice(1)).toEqual([
      expect.objectContaining({ reason: 'not yet' }),
      expect.objectContaining({ reason: 'not yet' }),
    ]);
  });

  test('is looked for behind an error of the revision itself', async () => {
    const project = await contended(
      'postgresql',
      `try { await op.execute(\`${failTwice}\`); } catch (cause) { throw new Error('mine', { cause }); }`,
    );
    await project.query('CREATE SEQUENCE tries');
    expect((await upgradeWith(project, {})).filter(({ kind }) => kind === 'retrying')).toHaveLength(2);
  });
});

await describeOn('mysql', 'whom a statement waits for', () => {
  test('is told for a row', async () => {
    const project = await contended('mysql', `await op.execute("UPDATE items SET note = 'ours'");`);
    await project.other.script(`BEGIN; UPDATE items SET note = 'theirs' WHERE id = 1`);
    const run = upgradeWith(project, { tableLockTimeoutMs: 2000, retries: 0 });
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining(`it waited for session ${project.other.session} (user `) as unknown,
      facts: { blockers: [{ session: project.other.session, certain: true, state: 'idle in transaction' }] },
    });
  });

  test('is told as a guess for a table', async () => {
    const project = await contended('mysql', `await op.addColumn('items', (table) => table.integer('size'));`);
    await project.other.script('BEGIN');
    await project.other.query('SELECT * FROM items');
    const run = upgradeWith(project, { tableLockTimeoutMs: 2000, retries: 0 });
    await expect(run).rejects.toMatchObject({
      code: 'migration.blocked',
      message: expect.stringContaining(`it waited for probably session ${project.other.session} (user `) as unknown,
    });
  });

  test('a deadlock inside op.knex.transaction() runs the revision again from there', async () => {
    const project = await contended(
      'mysql',
      `await op.execute("INSERT INTO items VALUES (3, 'new')");
       await op.knex.transaction(async (trx) => {
         await trx('items').where({ id: 1 }).update({ note: 'ours' });
         await trx('items').where({ id: 2 }).update({ note: 'ours' });
       });`,
    );
    // Whoever has changed less is the one who fails.
    await project.other.script(
      `CREATE TABLE many (id INTEGER); BEGIN; INSERT INTO many VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9);
       UPDATE items SET note = 'theirs' WHERE id = 2`,
    );
    const reasons: string[] = [];
    await upgrade(project.config, 'head', {
      onEvent: (event) => {
        if (event.kind === 'statement-started' && event.statement === 3 && reasons.length === 0)
          void project.other.script(`UPDATE items SET note = 'theirs' WHERE id = 1; COMMIT`);
        if (event.kind === 'retrying') reasons.push(event.reason);
      },
    });
    expect(reasons).toEqual([expect.stringContaining('Deadlock found')]);
    expect(await project.query('SELECT * FROM items ORDER BY id')).toEqual([
      { id: 1, note: 'ours' },
      { id: 2, note: 'ours' },
      { id: 3, note: 'new' },
    ]);
  });
});
