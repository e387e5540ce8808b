import { expect, onTestFinished, test } from 'vitest';
import { killQuery } from '../../src/dialects/mysql/cancel.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOn } from '../servers.ts';

await describeOn('mysql', 'cancelling a statement', () => {
  const busy = async () => {
    const database = await createDatabase('mysql');
    const connection = await openedConnection(database.url);
    onTestFinished(async () => {
      await connection.close();
      await database.drop();
    });
    await connection.query('SELECT 1');
    return { connection, settings: parseDatabaseUrl(database.url, '/') };
  };

  test('ends the statement under way', async () => {
    const { connection } = await busy();
    const ended = expect(connection.query('SELECT SLEEP(20) AS slept')).rejects.toThrow('interrupted');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await connection.cancel();
    await ended;
    expect((await connection.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
  });

  test('leaves the session of that number alone when a balancer leads to another server', async () => {
    const { connection, settings } = await busy();
    const sleeping = connection.query('SELECT SLEEP(0.5) AS slept');
    const killing = killQuery(settings.connection, connection.session ?? 0, 'elsewhere 3306 1');
    await expect(killing).rejects.toThrow(/another server answered: .+ not elsewhere/);
    expect((await sleeping).rows).toEqual([{ slept: 0 }]);
  });
});
