import { expect, it, onTestFinished } from 'vitest';
import type { Connection } from '../../src/dialects/connection.ts';
import { clearingOf, leftoversOf } from '../../src/dialects/postgresql/catalogue.ts';
import { openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOn } from '../servers.ts';

interface Session extends Connection {
  readonly connectAgain: () => Promise<Connection>;
}

/** The table `items (id, note)`, on which an earlier build left the invalid index `broken`. */
async function tableWithLeftover(): Promise<Session> {
  const database = await createDatabase('postgresql');
  onTestFinished(() => database.drop());
  const connectAgain = async (): Promise<Connection> => {
    const connection = await openedConnection(database.url);
    onTestFinished(() => connection.close());
    return connection;
  };
  const connection = await connectAgain();
  await connection.query('CREATE TABLE items (id int, note text)');
  await connection.query('INSERT INTO items VALUES (1, NULL), (1, NULL)');
  await connection.query('CREATE UNIQUE INDEX CONCURRENTLY broken ON items (id)').catch(() => undefined);
  return { ...connection, connectAgain };
}

/** A session that is at this statement until `finish` is called: an open transaction holds it up. */
async function busyWith(connection: Session, sql: string) {
  const holding = await connection.connectAgain();
  const builder = await connection.connectAgain();
  await holding.script(`BEGIN; UPDATE items SET note = 'held'`);
  const building = builder.query(sql);
  const progress = 'SELECT 1 FROM pg_stat_progress_create_index WHERE index_relid > 0';
  await expect.poll(async () => (await connection.query(progress)).rows, { timeout: 20_000 }).toHaveLength(1);
  return {
    pid: builder.session,
    finish: async (): Promise<void> => {
      await holding.script('ROLLBACK');
      await building;
    },
  };
}

const dropBroken = 'DROP INDEX CONCURRENTLY IF EXISTS "public"."broken"';
const clearingOfTheirs = clearingOf('CREATE INDEX CONCURRENTLY theirs ON items (note)').join();

await describeOn('postgresql', 'what an interrupted CREATE INDEX CONCURRENTLY left', () => {
  it('is the invalid index of its name, or any of the table where it has none', async () => {
    const connection = await tableWithLeftover();
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY broken ON items (id)')).toEqual([dropBroken]);
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY other ON items (id)')).toEqual([]);
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY ON items (id)')).toEqual([dropBroken]);
  });

  it('is not the index that another session is building, which has no other build beside it', async () => {
    const connection = await tableWithLeftover();
    const { pid, finish } = await busyWith(connection, 'CREATE INDEX CONCURRENTLY theirs ON items (note)');
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY ON items (id)')).toEqual([dropBroken]);
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY broken ON items (id)')).toEqual([dropBroken]);
    const sameName = leftoversOf(connection, 'CREATE INDEX CONCURRENTLY IF NOT EXISTS theirs ON items (note)');
    await expect(sameName).rejects.toMatchObject({
      code: 'migration.failed',
      message: `Index "public"."theirs" is not finished, and session ${pid} is building indexes of its table`,
      hint: expect.stringContaining('run the same command again') as unknown,
      facts: { session: pid },
    });
    await expect(connection.query(clearingOfTheirs)).rejects.toThrow(
      'Index theirs is not finished, and another session',
    );
    await finish();
    const { rows } = await connection.query(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'theirs'::regclass`);
    expect(rows).toEqual([{ indisvalid: true }]);
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY theirs ON items (note)')).toEqual([]);
  });

  it('is none that a REINDEX CONCURRENTLY of another session may be making', async () => {
    const connection = await tableWithLeftover();
    await connection.query('CREATE INDEX whole ON items (note)');
    const { finish } = await busyWith(connection, 'REINDEX TABLE CONCURRENTLY items');
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY ON items (id)')).toEqual([]);
    await finish();
    expect(await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY ON items (id)')).toEqual([dropBroken]);
  });

  it('is none of the table where the server does not say what a session of another role is building', async () => {
    const connection = await tableWithLeftover();
    const role = `aludel_test_${process.pid}`;
    await connection.query(`CREATE ROLE ${role}`);
    // A role belongs to the server, and stays when the database is dropped.
    onTestFinished(async () => {
      await (await connection.connectAgain()).query(`DROP ROLE ${role}`);
    });
    const { finish } = await busyWith(connection, 'CREATE INDEX CONCURRENTLY theirs ON items (note)');
    await connection.query(`SET ROLE ${role}`);
    const left = await leftoversOf(connection, 'CREATE INDEX CONCURRENTLY ON items (id)');
    await connection.query('RESET ROLE');
    expect(left).toEqual([]);
    await finish();
  });
});
