/** A small project for the tests that run scripts as a DBA does: two revisions that always go, and one that can be held up. */
import { expect } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { addFiles, directoryOf, revision, start, type Finished } from '../end-to-end/project.ts';
import { nameOf, type JudgedDatabase } from './twins.ts';

const files = {
  'versions/a1.ts': revision('a1', {
    message: 'create account',
    upgrade: `  await op.createTable('account', (t) => { t.integer('id').primary(); t.string('name', 50); t.integer('n').notNullable(); });
  await op.bulkInsert('account', [{ id: 1, name: "it's", n: 0 }, { id: 2, name: null, n: 0 }]);`,
    downgrade: `  await op.dropTable('account');`,
  }),
  'versions/b2.sql': `-- revision: b2
-- down_revision: a1
-- branch_labels: null
-- depends_on: null
-- message: add a level

-- migrate:up
UPDATE account SET n = n + 1;
ALTER TABLE account ADD COLUMN level INTEGER;
UPDATE account SET n = n + 1, level = id;

-- migrate:down
ALTER TABLE account DROP COLUMN level;
UPDATE account SET n = n - 2;
`,
};

/** c3 fails half-way while there is a table `orders`, and what it did by then stays: it has no transaction. */
const c3 = `-- revision: c3
-- down_revision: b2
-- branch_labels: null
-- depends_on: null
-- message: create orders

-- migrate:up transaction:false
UPDATE account SET n = n + 1;
CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, note VARCHAR(20));
UPDATE account SET n = n + 10;
INSERT INTO orders (id, note) VALUES (1, 'first');

-- migrate:down
DROP TABLE orders;
UPDATE account SET n = n - 11;
`;

/** The same, all or nothing where the database can. */
const inOneTransaction = c3.replace(' transaction:false', '');

export interface Shop {
  readonly directory: string;
  /** `aludel` on a database. */
  run(database: Pick<JudgedDatabase, 'url'>, ...args: readonly string[]): Promise<Finished>;
  /** The same, expected to succeed. */
  succeed(database: Pick<JudgedDatabase, 'url'>, ...args: readonly string[]): Promise<Finished>;
  /** What `aludel … --sql` prints; nothing names a database. */
  script(...args: readonly string[]): Promise<string>;
}

export function openShop(dialect: DialectName, { transaction = true } = {}): Shop {
  const directory = directoryOf({ 'package.json': '{ "name": "shop", "type": "module" }', ...files });
  addFiles(directory, { 'versions/c3.sql': transaction ? inOneTransaction : c3 });
  const run: Shop['run'] = ({ url }, ...args) => start(directory, [...args, '--url', url]).finished;
  return {
    directory,
    run,
    async succeed(database, ...args) {
      const done = await run(database, ...args);
      expect(done.code, `${args.join(' ')}\n${done.stderr}`).toBe(0);
      return done;
    },
    async script(...args) {
      const done = await start(directory, [...args, '--sql', '--dialect', nameOf(dialect)]).finished;
      expect({ code: done.code, stderr: done.stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
      return done.stdout;
    },
  };
}
