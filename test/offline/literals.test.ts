import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import type { Operations } from '../../src/operations/operations.ts';
import type { RowValue } from '../../src/operations/sql-value.ts';
import { revision } from '../graph/history.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { columns, rowsOf } from './literal-values.ts';
import { writeHistory } from './random-history.ts';
import {
  createTwins,
  expectAlike,
  liveConfig,
  offlineConfig,
  runWell,
  scriptText,
  type JudgedDatabase,
} from './twins.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** How the session of the client is set up, beside what the server is configured for. */
interface Mode {
  readonly title: string;
  readonly prepare: (database: JudgedDatabase) => Promise<unknown>;
  readonly more: readonly string[];
}

const plain: Mode = { title: 'as it is', prepare: () => Promise.resolve(), more: [] };
const modes: Readonly<Record<DialectName, readonly Mode[]>> = {
  sqlite: [plain],
  postgresql: [
    plain,
    {
      title: 'with standard_conforming_strings off',
      prepare: ({ url, query }) =>
        query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET standard_conforming_strings = off`),
      more: [],
    },
  ],
  mysql: ['', 'ANSI_QUOTES', 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'].map((mode) => ({
    ...plain,
    title: `with sql_mode '${mode}'`,
    more: [`--init-command=SET SESSION sql_mode = '${mode}'`],
  })),
};

await describeOnEveryDialect('literals of a script', (dialect) => {
  for (const { title, prepare, more } of modes[dialect])
    it(`are the values that a live run binds, in a client ${title}`, async () => {
      await fc.assert(
        fc.asyncProperty(rowsOf(dialect), fc.boolean(), async (rows, idempotent) => {
          const directory = mkdtempSync(join(tmpdir(), 'aludel-offline-'));
          const twins = await createTwins(dialect);
          try {
            writeHistory(
              directory,
              [revision('a')],
              [{ title: 'values', up: insertion(dialect, rows), down: () => Promise.resolve() }],
            );
            await prepare(twins.live);
            await prepare(twins.scripted);
            await upgrade(liveConfig(directory, twins.live), 'head');
            const config = offlineConfig(directory, dialect);
            const text = await scriptText(config, { command: 'upgrade', range: 'head' }, { idempotent });
            await runWell(twins.scripted, text, { more, directory });
            await expectAlike(twins, 'values');
            for (const table of tables) {
              const found = await twins.scripted.query(`SELECT text_ FROM ${table} ORDER BY id`);
              expect(found.map((row) => row['text_'])).toEqual(rows.map((row) => row['text_']));
            }
          } finally {
            await twins.drop();
            rmSync(directory, { recursive: true, force: true });
          }
        }),
        { numRuns: 8 },
      );
    });

  it('refuse a NUL before anything is written', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'aludel-offline-'));
    try {
      const up = insertion(dialect, [{ text_: 'a\u0000b' }]);
      writeHistory(directory, [revision('a')], [{ title: 'values', up, down: () => Promise.resolve() }]);
      const written = scriptText(offlineConfig(directory, dialect), { command: 'upgrade', range: 'head' });
      await expect(written).rejects.toThrow('NUL');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

/** Each way of inserting has a table of its own. */
const tables = ['bulk', 'built', 'bound'] as const;

function insertion(dialect: DialectName, rows: Rows): (op: Operations) => Promise<void> {
  const names = columns[dialect].map(([name]) => name);
  const numbered = rows.map((row, id) => ({
    ...Object.fromEntries(names.map((name) => [name, null])),
    ...row,
    id,
  })) as Readonly<Record<string, RowValue>>[];
  return async (op) => {
    for (const table of tables) {
      const definitions = columns[dialect].map(([name, type]) => `${name} ${type}`);
      const charset = dialect === 'mysql' ? ' CHARACTER SET utf8mb4' : '';
      await op.execute(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, ${definitions.join(', ')})${charset}`);
    }
    // Which columns of PostgreSQL are arrays and which hold a list as JSON, only the database knows.
    await op.bulkInsert(
      'bulk',
      numbered.map((row) => ({ ...row, ...(dialect === 'postgresql' ? { texts_: null, wholes_: null } : {}) })),
    );
    await op.knex('built').insert(numbered);
    const all = ['id', ...names];
    const marks = all.map((_, index) => (dialect === 'postgresql' ? `$${index + 1}` : '?'));
    const sql = `INSERT INTO bound (${all.join(', ')}) /* ? $1 '*/ VALUES (${marks.join(', ')}) -- ? $1 "`;
    for (const row of numbered)
      await op.execute(
        sql,
        all.map((name) => row[name] ?? null),
      );
  };
}
