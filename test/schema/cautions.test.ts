import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { liveProject } from '../commands/live-project.ts';
import { describeOnEveryDialect } from '../servers.ts';

/** What is in a table, what it becomes, the rows that have something against it or may not, and what is said of them. */
interface Case {
  readonly title: string;
  readonly older: string;
  readonly newer: string;
  readonly rows: string;
  /** Null where nothing is said, and the rows stay. */
  readonly caution: string | null;
  readonly on?: readonly DialectName[];
}

const shops = 'CREATE TABLE shops (id INTEGER PRIMARY KEY);';
const sales = (...parts: readonly string[]): string => `${shops} CREATE TABLE sales (${parts.join(', ')});`;
const servers = ['postgresql', 'mysql'] as const;

const cases: readonly Case[] = [
  {
    title: 'a unique constraint',
    older: sales('code VARCHAR(9)'),
    newer: sales('code VARCHAR(9)', 'CONSTRAINT one UNIQUE (code)'),
    rows: "INSERT INTO sales VALUES ('a'), ('a')",
    caution: 'this fails while two rows of sales have the same code',
  },
  {
    title: 'a unique index',
    older: sales('code VARCHAR(9)', 'day DATE'),
    newer: `${sales('code VARCHAR(9)', 'day DATE')} CREATE UNIQUE INDEX one ON sales (code, day);`,
    rows: "INSERT INTO sales VALUES ('a', '2020-01-01'), ('a', '2020-01-01')",
    caution: 'this fails while two rows of sales have the same code, day',
  },
  {
    title: 'a unique index of some rows',
    older: sales('code VARCHAR(9)'),
    newer: `${sales('code VARCHAR(9)')} CREATE UNIQUE INDEX one ON sales (lower(code)) WHERE code IS NOT NULL;`,
    rows: "INSERT INTO sales VALUES ('a'), ('A')",
    caution: 'this fails while two rows of sales have the same lower(',
    on: ['sqlite', 'postgresql'],
  },
  {
    title: 'a unique index with more columns',
    older: `${sales('code VARCHAR(9)', 'day DATE')} CREATE UNIQUE INDEX one ON sales (code);`,
    newer: `${sales('code VARCHAR(9)', 'day DATE')} CREATE UNIQUE INDEX two ON sales (day, code);`,
    rows: "INSERT INTO sales VALUES ('a', '2020-01-01'), ('b', '2020-01-01')",
    caution: null,
  },
  {
    title: 'a unique key of a new column without a value',
    older: sales('code VARCHAR(9)'),
    newer: `${sales('code VARCHAR(9)', 'ticket INTEGER')} CREATE UNIQUE INDEX one ON sales (ticket);`,
    rows: "INSERT INTO sales VALUES ('a'), ('b')",
    caution: null,
  },
  {
    title: 'a primary key',
    older: sales('code VARCHAR(9) NOT NULL'),
    newer: sales('code VARCHAR(9) NOT NULL PRIMARY KEY'),
    rows: "INSERT INTO sales VALUES ('a'), ('a')",
    caution: 'this fails while two rows of sales have the same code',
  },
  {
    title: 'a foreign key',
    older: sales('shop INTEGER'),
    newer: sales('shop INTEGER', 'CONSTRAINT of_shop FOREIGN KEY (shop) REFERENCES shops (id)'),
    rows: 'INSERT INTO sales VALUES (7)',
    caution: 'this fails while a row of sales has a shop that ',
  },
  {
    title: 'a foreign key of a new column without a value',
    older: sales('code VARCHAR(9)'),
    newer: sales('code VARCHAR(9)', 'shop INTEGER', 'CONSTRAINT of_shop FOREIGN KEY (shop) REFERENCES shops (id)'),
    rows: "INSERT INTO sales VALUES ('a')",
    caution: null,
  },
  {
    title: 'a foreign key that only deletes otherwise',
    older: sales('shop INTEGER', 'CONSTRAINT of_shop FOREIGN KEY (shop) REFERENCES shops (id)'),
    newer: sales('shop INTEGER', 'CONSTRAINT of_shop FOREIGN KEY (shop) REFERENCES shops (id) ON DELETE CASCADE'),
    rows: 'INSERT INTO sales VALUES (NULL)',
    caution: null,
  },
  {
    title: 'a check',
    older: sales('total INTEGER'),
    newer: sales('total INTEGER', 'CONSTRAINT few CHECK (total > 0)'),
    rows: 'INSERT INTO sales VALUES (-1)',
    caution: 'this fails while a row of sales does not meet CHECK (',
  },
  {
    title: 'a check of a single column',
    older: sales('total INTEGER'),
    newer: sales('total INTEGER CHECK (total > 0)'),
    rows: 'INSERT INTO sales VALUES (-1)',
    caution: 'this fails while a row of sales does not meet CHECK (',
    on: ['sqlite', 'postgresql'],
  },
  {
    title: 'a check of a single column, and a new type of another one',
    older: sales('total INTEGER', 'day INTEGER'),
    newer: sales('total INTEGER CHECK (total > 0)', 'day BIGINT'),
    rows: 'INSERT INTO sales VALUES (-1, 1)',
    caution: 'this or a later change of the table fails while a row of sales does not meet CHECK (`total` > 0)',
    on: ['mysql'],
  },
  {
    title: 'a check with fewer values',
    older: sales('state VARCHAR(9)', "CONSTRAINT few CHECK (state IN ('open', 'paid', 'sent'))"),
    newer: sales('state VARCHAR(9)', "CONSTRAINT few CHECK (state IN ('open', 'paid'))"),
    rows: "INSERT INTO sales VALUES ('sent')",
    caution: 'this fails while a row of sales does not meet CHECK (',
  },
  {
    title: 'a check with more values',
    older: sales("state VARCHAR(9) CHECK (state IN ('open', 'paid'))"),
    newer: sales("state VARCHAR(9) CHECK (state IN ('open', 'sent', 'paid'))"),
    rows: "INSERT INTO sales VALUES ('paid')",
    caution: null,
  },
  {
    title: 'a check that excludes more values',
    older: sales('state VARCHAR(9)', "CONSTRAINT few CHECK (state NOT IN ('open', 'paid'))"),
    newer: sales('state VARCHAR(9)', "CONSTRAINT few CHECK (state NOT IN ('open', 'paid', 'sent'))"),
    rows: "INSERT INTO sales VALUES ('sent')",
    caution: 'this fails while a row of sales does not meet CHECK (',
  },
  {
    title: 'a check of a new column',
    older: sales('code VARCHAR(9)'),
    newer: sales('code VARCHAR(9)', 'total INTEGER CHECK (total > 0)'),
    rows: "INSERT INTO sales VALUES ('a')",
    caution: null,
  },
  {
    title: 'a key and a check of a new table',
    older: shops,
    newer: sales('total INTEGER CHECK (total > 0)', 'shop INTEGER', 'FOREIGN KEY (shop) REFERENCES shops (id)'),
    rows: 'INSERT INTO shops VALUES (1)',
    caution: null,
  },
  {
    title: 'a shorter text',
    older: sales('code VARCHAR(9)'),
    newer: sales('code VARCHAR(2)'),
    rows: "INSERT INTO sales VALUES ('abc')",
    caution: 'this fails while what a row of sales has in code does not fit into ',
    on: servers,
  },
  {
    title: 'a text that becomes short',
    older: sales('code TEXT'),
    newer: sales('code VARCHAR(2)'),
    rows: "INSERT INTO sales VALUES ('abc')",
    caution: 'this fails while what a row of sales has in code does not fit into ',
    on: servers,
  },
  {
    title: 'a longer text',
    older: sales('code VARCHAR(2)', 'note VARCHAR(9)'),
    newer: sales('code VARCHAR(9)', 'note TEXT'),
    rows: "INSERT INTO sales VALUES ('ab', 'abcdefghi')",
    caution: null,
  },
  {
    title: 'a smaller number',
    older: sales('total BIGINT'),
    newer: sales('total SMALLINT'),
    rows: 'INSERT INTO sales VALUES (99999)',
    caution: 'this fails while what a row of sales has in total does not fit into smallint',
    on: servers,
  },
  {
    title: 'a number with fewer digits',
    older: sales('total NUMERIC(9, 2)'),
    newer: sales('total NUMERIC(5, 2)'),
    rows: 'INSERT INTO sales VALUES (99999)',
    caution: 'this fails while what a row of sales has in total does not fit into ',
    on: servers,
  },
  {
    title: 'a number without a sign',
    older: sales('total INTEGER'),
    newer: sales('total INTEGER UNSIGNED'),
    rows: 'INSERT INTO sales VALUES (-1)',
    caution: 'this fails while what a row of sales has in total does not fit into int(10) unsigned',
    on: ['mysql'],
  },
  {
    title: 'an enum with fewer values',
    older: sales("state ENUM ('open', 'paid', 'sent')"),
    newer: sales("state ENUM ('open', 'paid')"),
    rows: "INSERT INTO sales VALUES ('sent')",
    caution: "this fails while a row of sales has 'sent' in state",
    on: ['mysql'],
  },
  {
    title: 'an enum type with fewer values',
    older: `CREATE TYPE state AS ENUM ('open', 'paid', 'sent'); ${sales('state state')}`,
    newer: `CREATE TYPE state AS ENUM ('open', 'paid'); ${sales('state state')}`,
    rows: "INSERT INTO sales VALUES ('sent')",
    caution: 'this takes the value sent of enum public.state away, and fails where a row has it',
    on: ['postgresql'],
  },
  {
    title: 'a domain with a check',
    older: `CREATE DOMAIN amount AS integer; ${sales('total amount')}`,
    newer: `CREATE DOMAIN amount AS integer CONSTRAINT few CHECK (VALUE > 0); ${sales('total amount')}`,
    rows: 'INSERT INTO sales VALUES (-1)',
    caution: 'this fails while a row has a value of domain public.amount that does not meet CHECK ((VALUE > 0))',
    on: ['postgresql'],
  },
  {
    title: 'a check that was not valid',
    older: `${sales('total INTEGER')} ALTER TABLE sales ADD CONSTRAINT few CHECK (total > 0) NOT VALID;`,
    newer: sales('total INTEGER', 'CONSTRAINT few CHECK (total > 0)'),
    rows: `ALTER TABLE sales DROP CONSTRAINT few; INSERT INTO sales VALUES (-1);
      ALTER TABLE sales ADD CONSTRAINT few CHECK (total > 0) NOT VALID`,
    caution: 'this fails while a row of sales does not meet CHECK (',
    on: ['postgresql'],
  },
  {
    title: 'an exclusion',
    older: sales('days daterange'),
    newer: sales('days daterange', 'CONSTRAINT apart EXCLUDE USING gist (days WITH &&)'),
    rows: "INSERT INTO sales VALUES ('[2020-01-01,2020-02-01)'), ('[2020-01-01,2020-02-01)')",
    caution: 'this fails while two rows of sales do not meet EXCLUDE USING gist (days WITH &&)',
    on: ['postgresql'],
  },
];

await describeOnEveryDialect('a generated revision', (dialect) => {
  for (const { title, older, newer, rows, caution, on } of cases) {
    if (on?.includes(dialect) === false) continue;
    const says = caution === null ? 'says nothing of rows' : 'says which rows are in the way';
    test(`${says}: ${title}`, { timeout: 60_000 }, async () => {
      const project = await liveProject(dialect, {});
      writeFileSync(join(project.directory, 'migrate.config.json'), '{ "target": "schema.sql" }');
      const target = join(project.directory, 'schema.sql');
      writeFileSync(target, older);
      await autogenerate(project.config, { revId: 'a1', message: 'older' });
      await upgrade(project.config, 'head');
      for (const sql of rows.split(';')) await project.query(sql);

      writeFileSync(target, newer);
      const { cautions, created } = await autogenerate(project.config, { revId: 'b1', message: 'newer' });
      const outcome = await upgrade(project.config, 'head').then(
        () => 'done',
        () => 'failed',
      );

      const versions = join(project.directory, 'versions');
      const file = readdirSync(versions).find((name) => name.startsWith('b1')) ?? '';
      const [up = ''] = readFileSync(join(versions, file), 'utf8').split('export async function downgrade');
      expect(created).not.toBe(null);
      expect(cautions).toEqual(caution === null ? [] : [expect.stringContaining(caution)]);
      expect(up.match(/\/\/ This .*/g) ?? []).toEqual(
        caution === null ? [] : [expect.stringContaining(caution.slice('this'.length))],
      );
      expect(outcome).toBe(caution === null ? 'done' : 'failed');
    });
  }
});
