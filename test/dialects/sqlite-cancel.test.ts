import { expect, it } from 'vitest';
import { connectSqlite } from '../../src/dialects/sqlite/driver.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { aMinute } from '../end-to-end/scratch-under-way.ts';

it('a statement of SQLite that is still on its way to the driver is cancelled too', async () => {
  const options = { applicationName: 'test', busyTimeoutMs: 0, readOnly: false };
  const connection = await connectSqlite(parseDatabaseUrl('sqlite::memory:', '/'), options);
  connection.sendWithNext('SAVEPOINT before_it');
  const statement = connection.query(aMinute.sqlite);
  const ending = expect(statement).rejects.toThrow(/interrupt/i);
  await connection.cancel();
  await ending;
  await connection.close();
});
