import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { assertNever } from '../../src/support/assert-never.ts';
import type { TestDatabase } from '../servers.ts';
import { connectionArguments } from './run-script.ts';

const run = promisify(execFile);

/** Everything a database holds, schema and rows, as its own tool writes it down. `without` are tables that do not count. */
export async function dumpDatabase(
  database: Pick<TestDatabase, 'dialect' | 'url'>,
  without: readonly string[] = [],
): Promise<string> {
  const login = connectionArguments(database);
  switch (database.dialect) {
    case 'postgresql': {
      const left = without.map((table) => `--exclude-table=${table}`);
      const { stdout } = await run('pg_dump', ['--no-owner', '--inserts', ...left, ...login]);
      // A word drawn anew each time.
      return stdout.replaceAll(/^\\(?:un)?restrict .*$/gm, '');
    }
    case 'mysql': {
      const name = login.at(-1) ?? '';
      const left = without.map((table) => `--ignore-table=${name}.${table}`);
      const options = ['--skip-dump-date', '--skip-comments', '--routines', '--triggers', '--skip-extended-insert'];
      return (await run('mariadb-dump', [...options, ...left, ...login])).stdout;
    }
    case 'sqlite': {
      const { stdout } = await run('sqlite3', [...login, '.dump']);
      return stdout
        .split('\n')
        .filter((line) => !without.some((table) => line.includes(`"${table}"`) || line.includes(` ${table} `)))
        .join('\n');
    }
    default:
      return assertNever(database.dialect);
  }
}
