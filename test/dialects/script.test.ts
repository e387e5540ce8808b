import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import type { HeldLock, LockKind } from '../../src/dialects/lock.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { systemClock } from '../../src/environment/system.ts';
import { createDatabase, describeOn, describeOnEveryDialect, type TestDatabase } from '../servers.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { runScript, type ClientAnswer } from '../support/run-script.ts';
import { handMade, tables, type HandMadeOptions, type HandMadeStep } from './hand-made-script.ts';

/** A database, and a directory for what clients leave behind. */
interface Place {
  readonly dialect: Dialect;
  readonly database: TestDatabase;
  run(script: string, ...more: readonly string[]): Promise<ClientAnswer>;
  dump(...without: readonly string[]): Promise<string>;
  /** The rows of a query, each value as text. */
  rows(sql: string): Promise<readonly (readonly string[])[]>;
  lock(kind: LockKind, owner?: string, leaseMs?: number): Promise<HeldLock>;
}

async function placeOn(name: DialectName): Promise<Place> {
  const dialect = await dialectOf(name);
  const database = await createDatabase(name);
  const directory = mkdtempSync(join(tmpdir(), 'aludel-script-'));
  const settings = parseDatabaseUrl(database.url, '/');
  const connect = (owner: string) =>
    dialect.connect(settings, { applicationName: `aludel ${owner}`, busyTimeoutMs: 5000, readOnly: false });
  const toClose: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const close of toClose.toReversed()) await close();
    await database.drop();
    rmSync(directory, { recursive: true });
  });
  return {
    dialect,
    database,
    run: (script, ...more) => runScript(database, script, { more, directory }),
    dump: (...without) => dumpDatabase(database, without),
    async rows(sql) {
      const connection = await connect('reader');
      const { rows } = await connection.query(sql);
      await connection.close();
      return rows.map((row) => Object.values(row).map(String));
    },
    async lock(kind, owner = 'ada@host pid 4711', leaseMs = 600_000) {
      const connection = await connect(owner);
      toClose.push(() => connection.close());
      const lock = await dialect.acquireLock({
        connection,
        settings,
        versionTable: tables.versions,
        lockTable: tables.lock,
        kind,
        leaseMs,
        owner,
        timeoutMs: 0,
        onWait: () => undefined,
        revisionOf: () => Promise.resolve(null),
        clock: { now: () => performance.now(), sleep: (ms) => systemClock.sleep(ms), random: Math.random },
      });
      toClose.push(() => lock.release());
      return lock;
    },
  };
}

/** Three steps; where statements stay by themselves they are `apart`, as MySQL's are always. */
function threeSteps({ transactionalDdl }: Dialect): readonly HandMadeStep[] {
  const apart = !transactionalDdl;
  return [
    {
      revision: 'a',
      rowsBefore: [],
      rowsAfter: ['a'],
      statements: [
        { sql: 'CREATE TABLE one (id INTEGER PRIMARY KEY, note VARCHAR(100))', apart },
        { sql: "INSERT INTO one VALUES (1, 'it''s')", apart },
      ],
    },
    {
      revision: 'b',
      rowsBefore: ['a'],
      rowsAfter: ['b'],
      statements: [
        { sql: 'INSERT INTO one SELECT MAX(id) + 1, NULL FROM one', apart: true },
        { sql: 'CREATE TABLE two (id INTEGER)', apart: true },
        { sql: 'INSERT INTO two VALUES (7)', apart },
      ],
    },
    {
      revision: 'c',
      rowsBefore: ['b'],
      rowsAfter: ['c'],
      statements: [
        { sql: 'UPDATE one SET id = id + 10 WHERE id < 10', apart },
        { sql: 'CREATE TABLE three (id INTEGER)', apart },
      ],
    },
  ];
}

const scriptOf = ({ dialect }: Place, options?: HandMadeOptions): string =>
  handMade(dialect, threeSteps(dialect), options);

/** Expects that a script stops with this in its answer, and that the database is as before. */
async function expectStop(place: Place, script: string, text: string | RegExp, ...more: readonly string[]) {
  const before = await place.dump();
  const { exitCode, stdout, stderr } = await place.run(script, ...more);
  expect(stdout + stderr).toMatch(text);
  expect(exitCode).not.toBe(0);
  expect(await place.dump()).toBe(before);
}

await describeOnEveryDialect('a script', (name) => {
  it('runs without a word, and records who ran it and when', async () => {
    const place = await placeOn(name);

    const { exitCode, stdout, stderr } = await place.run(scriptOf(place));

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(name === 'sqlite' ? 'exclusive\n' : '');
    expect(await place.rows('SELECT version_num FROM aludel_version')).toEqual([['c']]);
    expect(await place.rows('SELECT id FROM one ORDER BY id')).toEqual([['11'], ['12']]);
    for (const [at, actor] of await place.rows('SELECT at, actor FROM aludel_journal')) {
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.now() - Date.parse(String(at)))).toBeLessThan(60_000);
      expect(actor).toMatch(
        { sqlite: /^sqlite3 3\.\d+/, postgresql: /^\S+@\S+ psql$/, mysql: /^\S+@\S+ mysql$/ }[name],
      );
    }
  });

  it('stops when it has run already', async () => {
    const place = await placeOn(name);
    await place.run(scriptOf(place));

    await expectStop(
      place,
      scriptOf(place),
      'nothing was changed: this script has run already, the version table holds c',
    );
  });

  it('stops in another place than its start, and names both', async () => {
    const place = await placeOn(name);
    const [first, ...later] = threeSteps(place.dialect);
    const rest = handMade(place.dialect, later);

    await expectStop(place, rest, 'the version table holds no revision');
    await place.run(handMade(place.dialect, first === undefined ? [] : [first]));
    await expectStop(place, scriptOf(place), 'the version table holds a');
    await expectStop(place, scriptOf(place), 'this script starts from no revision');
    expect((await place.run(rest)).exitCode).toBe(0);
  });

  it('stops while a live run has the lock, and runs when it is free', async () => {
    const place = await placeOn(name);
    const lock = await place.lock('auto');

    await expectStop(
      place,
      scriptOf(place),
      name === 'sqlite' ? 'database is locked' : 'nothing was changed: another migration is running: ',
    );
    if (name === 'postgresql') await expectStop(place, scriptOf(place), 'ada@host pid 4711 (server process ');
    if (name === 'mysql') await expectStop(place, scriptOf(place), 'ada@host pid 4711, server connection ');
    await lock.release();
    expect((await place.run(scriptOf(place))).exitCode).toBe(0);
  });

  it('keeps a live run and another script out until it ends', async () => {
    const place = await placeOn(name);
    const slow = {
      sqlite: 'WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8000000) SELECT max(n) FROM n',
      postgresql: 'SELECT pg_sleep(2)',
      mysql: 'SELECT SLEEP(2)',
    }[name];
    const step = { revision: 'slow', rowsBefore: [], rowsAfter: ['slow'] };
    const statements = [
      { sql: 'CREATE TABLE begun (id INTEGER)', apart: true },
      { sql: slow, apart: true },
    ];
    let isOver = false;
    const running = place.run(handMade(place.dialect, [{ ...step, statements }])).finally(() => {
      isOver = true;
    });
    const hasBegun = (): Promise<boolean> =>
      place.rows('SELECT * FROM begun').then(
        () => true,
        () => false,
      );
    while (!(await hasBegun())) await systemClock.sleep(20);

    const live = await place.lock('auto').catch((error: unknown) => error);
    const other = await place.run(scriptOf(place));

    expect(isOver).toBe(false);
    expect(live).toMatchObject({ code: 'database.locked' });
    expect(other.exitCode).not.toBe(0);
    expect(other.stderr).toMatch(name === 'sqlite' ? 'database is locked' : 'another migration is running');
    expect((await running).exitCode).toBe(0);
    await place.lock('auto');
  });

  it('that fails half-way keeps what is whole, and does not run again', async () => {
    const place = await placeOn(name);
    await place.run('CREATE TABLE three (id INTEGER);');

    const { exitCode, stderr } = await place.run(scriptOf(place));

    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/three/);
    expect(await place.rows('SELECT version_num FROM aludel_version')).toEqual([['b']]);
    await expectStop(place, scriptOf(place), 'the version table holds b');
    // What MySQL could not take back of c is in the journal, also for a script that starts from there.
    if (name === 'mysql')
      await expectStop(place, handMade(place.dialect, threeSteps(place.dialect).slice(2)), 'upgrade c is half done');
  });

  it('that only prepares creates our tables wherever the database is', async () => {
    const place = await placeOn(name);
    await place.run(scriptOf(place));
    const before = await place.dump();

    expect((await place.run(handMade(place.dialect, []))).exitCode).toBe(0);

    expect(await place.dump()).toBe(before);
  });
});

await describeOnEveryDialect('an idempotent script', (name) => {
  it('comes to the same end from every place on its way', async () => {
    const straight = await placeOn(name);
    await straight.run(scriptOf(straight));
    const expected = await straight.dump(tables.journal.name);
    for (const count of [0, 1, 2, 3]) {
      const place = await placeOn(name);
      if (count > 0) await place.run(handMade(place.dialect, threeSteps(place.dialect).slice(0, count)));

      const answer = await place.run(scriptOf(place, { idempotent: true }));

      expect(answer).toMatchObject({ exitCode: 0, stderr: '' });
      const dumped = await place.dump(tables.journal.name);
      expect(dumped.replaceAll(nameIn(place), nameIn(straight))).toBe(expected);
    }
  });

  it('goes on after a failure half-way, and does nothing twice', async () => {
    const place = await placeOn(name);
    const script = scriptOf(place, { idempotent: true });
    await place.run('CREATE TABLE two (id INTEGER);');

    const failed = await place.run(script);
    await place.run('DROP TABLE two;');
    const again = await place.run(script);

    expect(failed.exitCode).not.toBe(0);
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await place.rows('SELECT id FROM one ORDER BY id')).toEqual([['11'], ['12']]);
    expect(await place.rows('SELECT id FROM two')).toEqual([['7']]);
    expect(await place.rows('SELECT version_num FROM aludel_version')).toEqual([['c']]);
    const before = await place.dump();
    expect((await place.run(script)).exitCode).toBe(0);
    expect(await place.dump()).toBe(before);
  });

  it('stops where it is not on its way', async () => {
    const place = await placeOn(name);
    const away = { revision: 'z', rowsBefore: [], rowsAfter: ['z'], statements: [] };
    await place.run(handMade(place.dialect, [away]));

    await expectStop(place, scriptOf(place, { idempotent: true }), 'the version table holds z');
    await expectStop(place, scriptOf(place, { idempotent: true }), 'not on the way from no revision to c');
  });

  it('stops when another step than its next is half done', async () => {
    const place = await placeOn(name);
    const [first] = threeSteps(place.dialect);
    const back = {
      revision: 'a',
      direction: 'downgrade' as const,
      rowsBefore: ['a'],
      rowsAfter: [],
      statements: [
        { sql: 'DELETE FROM one', apart: true },
        { sql: 'DROP TABLE nowhere', apart: true },
      ],
    };
    await place.run(handMade(place.dialect, first === undefined ? [] : [first]));
    expect((await place.run(handMade(place.dialect, [back]))).exitCode).not.toBe(0);

    await expectStop(place, scriptOf(place, { idempotent: true }), 'downgrade a is half done');
  });

  it('says so when it did not come to its end', async () => {
    const place = await placeOn(name);
    const [first, second] = threeSteps(place.dialect);
    const elsewhere = { ...second, rowsBefore: ['elsewhere'] };
    const script = handMade(place.dialect, [first, elsewhere] as HandMadeStep[], { idempotent: true });

    const { exitCode, stderr } = await place.run(script);

    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch('at the end of this script the version table does not hold b');
  });

  it('checks each row that it changes', async () => {
    const place = await placeOn(name);
    const [first, second] = threeSteps(place.dialect);
    const meddling = { ...second, statements: [{ sql: "UPDATE aludel_version SET version_num = 'x'", apart: true }] };
    const script = handMade(place.dialect, [first, meddling] as HandMadeStep[], { idempotent: true });

    const { exitCode, stderr } = await place.run(script);

    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/division by zero|integer overflow|more than 1 row/);
    expect(await place.rows('SELECT version_num FROM aludel_version')).toEqual([['x']]);
  });
});

function nameIn({ database }: Place): string {
  return new URL(database.url).pathname.slice(1);
}

for (const name of ['postgresql', 'mysql'] as const)
  await describeOn(name, 'a script beside a lease', () => {
    it('stops while it is held', async () => {
      const place = await placeOn(name);
      await place.lock('lease');

      await expectStop(place, scriptOf(place), 'another migration is running: ada@host pid 4711 (by lease)');
    });

    it('takes one that has expired from its holder, who can write no more', async () => {
      const place = await placeOn(name);
      const lock = await place.lock('lease', 'ada', 600_000);
      await place.rows('SELECT owner FROM aludel_lock');
      await place.run('UPDATE aludel_lock SET expires = since;');

      expect((await place.run(scriptOf(place))).exitCode).toBe(0);

      await expect(lock.loss()).resolves.toMatchObject({ code: 'database.lock-lost' });
    });
  });

await describeOn('postgresql', 'a script', (name) => {
  it('refuses to be run inside a transaction', async () => {
    const place = await placeOn(name);

    await expectStop(place, scriptOf(place), 'a transaction is open', '-1', '-f', '-');
  });

  it('looks for its tables where `session` takes it', async () => {
    const place = await placeOn(name);
    await place.run('CREATE SCHEMA app;');

    const answer = await place.run(scriptOf(place, { session: ['SET search_path = "app"'] }));

    expect(answer.exitCode).toBe(0);
    expect(await place.rows('SELECT version_num FROM app.aludel_version')).toEqual([['c']]);
  });

  it('keeps its tables in a schema of their own, which it creates', async () => {
    const place = await placeOn(name);
    const apart = (table: string) => ({ schema: 'it\'s "own"', name: table });
    const own = { versions: apart('versions'), journal: apart('journal'), lock: apart('lock') };

    expect((await place.run(scriptOf(place, { tables: own }))).exitCode).toBe(0);

    await expectStop(place, scriptOf(place, { tables: own }), 'has run already');
  });
});

await describeOn('mysql', 'a script', (name) => {
  it('that stops at its opening changes nothing even if the client goes on', async () => {
    const place = await placeOn(name);
    await place.run(handMade(place.dialect, [{ revision: 'z', rowsBefore: [], rowsAfter: ['z'], statements: [] }]));
    const before = await place.dump();

    const { stderr } = await place.run(scriptOf(place), '--force');

    expect(stderr).toMatch('Cannot execute statement in a READ ONLY transaction');
    expect(await place.dump()).toBe(before);
  });

  it('stops when no database is selected', async () => {
    const place = await placeOn(name);
    const nowhere = { ...place.database, url: place.database.url.replace(/\/[^/]*$/, '/') };

    const { exitCode, stderr } = await runScript(nowhere, scriptOf(place));

    expect(exitCode).toBe(1);
    expect(stderr).toMatch('no database is selected');
  });
});

await describeOn('sqlite', 'a script', (name) => {
  it('respects the lock of a file whatever link leads to it', async () => {
    const place = await placeOn(name);
    const file = place.database.url.slice('sqlite:'.length);
    symlinkSync(file, `${file}-link`);
    const lock = await place.lock('auto');

    const throughLink = { ...place.database, url: `sqlite:${file}-link` };
    const { exitCode, stderr } = await runScript(throughLink, scriptOf(place));

    expect(exitCode).toBe(1);
    expect(stderr).toMatch('database is locked');
    await lock.release();
  });
});

await describeOn('sqlite', 'idempotent scripts', (name) => {
  it('that share a directory stop rather than run a section of each other', async () => {
    const place = await placeOn(name);
    const script = scriptOf(place, { idempotent: true });
    const foreign = script.replace(
      '.read aludel-next-section.sql',
      ".shell printf \"INSERT INTO temp.aludel_stop SELECT 'foreign' FROM temp.aludel_writer WHERE token <> 'x';\\nCREATE TABLE stray (id);\\n\" > aludel-next-section.sql\n.read aludel-next-section.sql",
    );

    await place.run(handMade(place.dialect, []));
    await expectStop(place, foreign, 'another script writes its sections into the same file');
  });

  it('leave an empty file behind', async () => {
    const place = await placeOn(name);

    await place.run(scriptOf(place, { idempotent: true }));

    expect((await place.run('.shell wc -c aludel-next-section.sql')).stdout).toMatch(/^\s*0 /);
  });
});
