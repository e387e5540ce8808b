import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diff } from '../../src/commands/schema/diff.ts';
import { liveProject } from '../commands/live-project.ts';
import { describeOn } from '../servers.ts';

const older = "CREATE TYPE state AS ENUM ('a', 'b', 'c');";
const newer = "CREATE TYPE state AS ENUM ('a', 'b');";

await describeOn('postgresql', 'a value that goes from an enum is refused', (dialect) => {
  for (const [title, rest, reason] of [
    [
      'where a table is partitioned by it',
      'CREATE TABLE sales (s state) PARTITION BY LIST (s);',
      'table public.sales is partitioned by its column s',
    ],
    [
      'where a domain stands on it',
      'CREATE DOMAIN own AS state;',
      'The domain public.own stands on the enum public.state',
    ],
  ] as const) {
    test(title, async () => {
      const { config, directory } = await liveProject(dialect, {});
      writeFileSync(join(directory, 'older.sql'), `${older} ${rest}`);
      writeFileSync(join(directory, 'newer.sql'), `${newer} ${rest}`);

      await expect(diff(config, 'older.sql', 'newer.sql')).rejects.toMatchObject({
        code: 'schema.cannot-change',
        message: expect.stringContaining(reason) as string,
      });
    });
  }
});
