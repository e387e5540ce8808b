/** The revisions that are run and interrupted: every way a statement can take, and DML that shows when it ran twice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DialectName } from '../../src/dialects/connection.ts';

export interface CrashHistory {
  readonly directory: string;
  remove(): void;
}

/** Writes the history of a dialect into a directory of its own. */
export function writeCrashHistory(dialect: DialectName, { autocommit = true } = {}): CrashHistory {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-crash-versions-'));
  const files = {
    ...shared(dialect),
    ...(autocommit ? outside[dialect] : {}),
    ...(dialect === 'sqlite' ? rebuild(autocommit) : {}),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** One revision whose statement nothing can settle: what a procedure does is not in the catalogue. */
export function writeUnsettleableHistory(): CrashHistory {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-crash-versions-'));
  const body = {
    up: [
      'DROP PROCEDURE IF EXISTS bump',
      'CREATE PROCEDURE bump() UPDATE account SET n = n + 1',
      'CALL bump()',
      'DROP PROCEDURE bump',
    ],
    down: ['UPDATE account SET n = n - 1'],
  };
  writeFileSync(join(directory, 'u1.sql'), sql('u1', null, body.up, body.down));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function sql(
  revision: string,
  parent: string | null,
  up: readonly string[],
  down: readonly string[],
  option = '',
): string {
  const header = `-- revision: ${revision}\n-- down_revision: ${parent ?? 'null'}\n-- branch_labels: null\n-- depends_on: null\n-- message: ${revision}\n`;
  const section = (statements: readonly string[]): string => statements.map((text) => `${text};\n`).join('');
  return `${header}\n-- migrate:up${option}\n${section(up)}\n-- migrate:down${option}\n${section(down)}`;
}

function code(revision: string, parent: string | null, up: string, down: string): string {
  return `/** ${revision} */
import type { Operations } from 'aludel';

export const revision = '${revision}';
export const down_revision = ${parent === null ? 'null' : `'${parent}'`};
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
${up}
}

export async function downgrade(op: Operations): Promise<void> {
${down}
}
`;
}

/** A SQLite table rebuilt by hand, the only way to most changes there: another one, its rows copied, its name taken. */
function rebuild(autocommit: boolean): Readonly<Record<string, string>> {
  const renewed = (definition: string, change: string): readonly string[] => [
    'PRAGMA legacy_alter_table = ON',
    `CREATE TABLE account_new (id INTEGER NOT NULL PRIMARY KEY, ${definition}, level INTEGER DEFAULT 0)`,
    `INSERT INTO account_new (id, name, n, level) SELECT id, name, ${change}, level FROM account`,
    'DROP TABLE account',
    'ALTER TABLE account_new RENAME TO account',
    'CREATE INDEX account_level ON account (level)',
    ...(autocommit ? ['CREATE INDEX account_n ON account (n)'] : []),
    'PRAGMA legacy_alter_table = OFF',
  ];
  const up = renewed('name VARCHAR(80) NOT NULL, n BIGINT NOT NULL CHECK (n >= 0)', 'n + 1');
  const down = renewed('name VARCHAR(50) NOT NULL, n INTEGER NOT NULL', 'n - 1');
  return { 'c6.sql': sql('c6', autocommit ? 'c5' : 'c3', up, down) };
}

function shared(dialect: DialectName): Readonly<Record<string, string>> {
  const index = dialect === 'mysql' ? 'DROP INDEX account_level ON account' : 'DROP INDEX account_level';
  return {
    'c1.ts': code(
      'c1',
      null,
      `  await op.createTable('orders', (table) => {
    table.integer('id').notNullable().primary();
    table.integer('account_id').notNullable().references('id').inTable('account').onDelete('CASCADE');
    table.string('note', 100).nullable();
  });
  await op.createIndex('orders', ['account_id', 'note']);
  await op.bulkInsert('orders', [{ id: 1, account_id: 1, note: 'first' }, { id: 2, account_id: 2, note: null }]);`,
      `  await op.dropTable('orders');`,
    ),
    'b1.ts': code('b1', 'c1', backfilled('+'), backfilled('-')),
    'c2.sql': sql(
      'c2',
      'b1',
      [
        'ALTER TABLE account ADD COLUMN level INTEGER DEFAULT 0',
        'UPDATE account SET n = n + 1',
        'UPDATE account SET level = n * 10',
        'CREATE INDEX account_level ON account (level)',
        "INSERT INTO orders (id, account_id, note) SELECT id + 100, id, 'from; c2' FROM account WHERE id <= 5",
        'CREATE VIEW busy AS SELECT id, n FROM account WHERE n > 20',
      ],
      [
        'DROP VIEW busy',
        'DELETE FROM orders WHERE id > 100',
        index,
        'UPDATE account SET n = n - 1',
        'ALTER TABLE account DROP COLUMN level',
      ],
    ),
    'c3.ts': code(
      'c3',
      'c2',
      `  await op.execute('UPDATE account SET n = n + 1 WHERE id <= 10');
  await op.addColumn('orders', (table) => table.integer('price').notNullable().defaultTo(5));
  await op.knex('account').where('id', '>', 3).increment('n', 2);
  await op.knex.transaction(async (transaction) => {
    await transaction('orders').where({ id: 1 }).increment('price', 3);
    await transaction('orders').where({ id: 2 }).increment('price', 4);
  });
  for (const { id } of await op.knex('orders').select('id').orderBy('id')) {
    await op.knex('orders').where({ id }).increment('price', Number(id));
  }
  await op.renameTable('orders', 'purchases');`,
      `  await op.renameTable('purchases', 'orders');
  await op.knex('account').where('id', '>', 3).decrement('n', 2);
  await op.dropColumn('orders', 'price');
  await op.execute('UPDATE account SET n = n - 1 WHERE id <= 10');`,
    ),
  };
}

/** A backfill of three batches with a statement on either side: a row that is changed twice, or not at all, shows. */
function backfilled(sign: '+' | '-'): string {
  return `  await op.execute('UPDATE account SET n = n ${sign} 1');
  await op.backfill({ table: 'account', set: { n: { sql: 'n ${sign} id' } }, batchSize: 7, targetMs: null });
  await op.execute('UPDATE account SET n = n ${sign} 1 WHERE id > 3');`;
}

/** What each dialect cannot do inside a transaction. */
const outside: Readonly<Record<DialectName, Readonly<Record<string, string>>>> = {
  postgresql: {
    'c4.ts': code(
      'c4',
      'c3',
      `  await op.execute('UPDATE account SET n = n + 1');
  await op.autocommit(async () => {
    await op.execute('CREATE INDEX CONCURRENTLY account_n ON account (n)');
    await op.execute('UPDATE account SET n = n + 1');
    await op.execute('VACUUM account');
  });
  await op.execute('UPDATE account SET n = n + 1');
  await op.addColumn('account', (table) => table.text('remark').nullable());`,
      `  await op.dropColumn('account', 'remark');
  await op.execute('UPDATE account SET n = n - 2');
  await op.autocommit(async () => {
    await op.execute('DROP INDEX CONCURRENTLY account_n');
  });
  await op.execute('UPDATE account SET n = n - 1');`,
    ),
    'c5.sql': sql(
      'c5',
      'c4',
      [
        'UPDATE account SET n = n + 1',
        "CREATE TYPE mood AS ENUM ('calm')",
        "ALTER TYPE mood ADD VALUE 'wild'",
        'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS account_name ON account (name)',
        "ALTER TABLE account ADD COLUMN mood mood DEFAULT 'wild'",
        'UPDATE account SET n = n + 1 WHERE id > 5',
        'CREATE INDEX CONCURRENTLY ON account (mood)',
      ],
      [
        'DROP INDEX CONCURRENTLY IF EXISTS account_mood_idx',
        'UPDATE account SET n = n - 1 WHERE id > 5',
        'ALTER TABLE account DROP COLUMN mood',
        'DROP INDEX CONCURRENTLY account_name',
        'DROP TYPE mood',
        'UPDATE account SET n = n - 1',
      ],
      ' transaction:false',
    ),
  },
  mysql: {
    'c4.sql': sql(
      'c4',
      'c3',
      [
        'CREATE TABLE a_list (id INT PRIMARY KEY) ENGINE = InnoDB',
        'CREATE TABLE b_list LIKE a_list',
        'INSERT INTO a_list SELECT id FROM account',
        'RENAME TABLE a_list TO c_list, b_list TO a_list',
        'CREATE TRIGGER watch BEFORE INSERT ON c_list FOR EACH ROW SET NEW.id = NEW.id + 1000',
        'INSERT INTO c_list (id) VALUES (1), (2)',
        'CREATE PROCEDURE touch_all() BEGIN UPDATE account SET n = n + 1; UPDATE account SET n = n - 1; END',
        'ALTER TABLE account ADD COLUMN remark TEXT, ADD INDEX by_name (name), MODIFY n BIGINT NOT NULL',
        'UPDATE account SET n = n + 1, remark = name',
      ],
      [
        'UPDATE account SET n = n - 1',
        'ALTER TABLE account DROP COLUMN remark, DROP INDEX by_name, MODIFY n INTEGER NOT NULL',
        'DROP PROCEDURE touch_all',
        'DROP TRIGGER watch',
        'DROP TABLE c_list, a_list',
      ],
    ),
  },
  sqlite: {
    'c4.ts': code(
      'c4',
      'c3',
      `  await op.execute('UPDATE account SET n = n + 1');
  await op.autocommit(async () => {
    await op.execute('UPDATE account SET n = n + 1');
    await op.execute('VACUUM');
    await op.execute('CREATE INDEX account_n ON account (n)');
  });
  await op.execute('UPDATE account SET n = n + 1');`,
      `  await op.execute('UPDATE account SET n = n - 2');
  await op.autocommit(async () => {
    await op.execute('DROP INDEX account_n');
    await op.execute('VACUUM');
  });
  await op.execute('UPDATE account SET n = n - 1');`,
    ),
    'c5.sql': sql(
      'c5',
      'c4',
      [
        'UPDATE account SET n = n + 1',
        'CREATE TABLE copy AS SELECT * FROM account',
        'UPDATE copy SET n = n + 1',
        'CREATE TRIGGER watch AFTER INSERT ON copy BEGIN UPDATE account SET n = n + 1; END',
      ],
      ['DROP TABLE copy', 'UPDATE account SET n = n - 1'],
      ' transaction:false',
    ),
  },
};
