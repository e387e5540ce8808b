import { expect, test } from 'vitest';
import { openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOn } from '../servers.ts';

await describeOn('mysql', 'a bound text', () => {
  const texts = ["x' OR 1=1 -- ", "\\' OR 1=1 -- ", '\\', "'", '"', '%_?', '🜍'];

  for (const mode of ['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES'])
    test(`arrives as it is with sql_mode '${mode}'`, async () => {
      const database = await createDatabase('mysql');
      const connection = await openedConnection(database.url);
      try {
        await connection.script(`SET SESSION sql_mode = '${mode}'`);
        for (const text of texts) {
          const { rows } = await connection.query('SELECT HEX(?) AS hex, 1 = 2 AS more', [text]);
          expect(rows).toEqual([{ hex: Buffer.from(text, 'utf8').toString('hex').toUpperCase(), more: 0 }]);
        }
      } finally {
        await connection.close();
        await database.drop();
      }
    });
});
