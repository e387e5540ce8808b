import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { liveProject, type LiveProject } from '../commands/live-project.ts';
import { describeOnEveryDialect } from '../servers.ts';

/** Types with one that holds less, or no less, and a value that the first has no place for. A type of SQLite refuses no value. */
const typesOf: Readonly<
  Record<
    DialectName,
    {
      readonly narrowing: readonly (readonly [string, string, string])[];
      readonly lossless: readonly (readonly [string, string])[];
    }
  >
> = {
  sqlite: { narrowing: [], lossless: [['NUMERIC(10, 4)', 'NUMERIC(10, 2)']] },
  postgresql: {
    narrowing: [
      ['numeric(10, 4)', 'numeric(10, 2)', '1.2345'],
      ['numeric', 'bigint', '1.5'],
      ['double precision', 'int', '1.5'],
      ['double precision', 'real', '1.23456789'],
      ['timestamptz', 'date', "'2020-01-02 10:00'"],
      ['timestamp', 'timestamp(0)', "'2020-01-02 10:00:00.25'"],
      ['text[]', 'varchar(2)[]', "'{abc}'"],
      ['int', 'varchar(2)', '123'],
    ],
    lossless: [
      ['numeric(10, 2)', 'numeric(12, 4)'],
      ['int', 'varchar(11)'],
      ['varchar(9)', 'varchar(5)'],
    ],
  },
  mysql: {
    narrowing: [
      ['decimal(10, 4)', 'decimal(10, 2)', '1.2345'],
      ['double', 'int', '1.5'],
      ['datetime', 'date', "'2020-01-02 10:00'"],
      ['datetime(6)', 'datetime', "'2020-01-02 10:00:00.25'"],
    ],
    lossless: [
      ['decimal(10, 2)', 'decimal(12, 4)'],
      ['varchar(9)', 'varchar(5)'],
    ],
  },
};

await describeOnEveryDialect('a generated revision', (dialect) => {
  for (const kind of dialect === 'postgresql' ? ['STORED'] : ['STORED', 'VIRTUAL']) {
    test(`says that a column loses its values where it becomes ${kind}`, { timeout: 60_000 }, async () => {
      const project = await projectWith('z INTEGER', '7');

      const { loses, text } = await changeTo(project, `z INTEGER GENERATED ALWAYS AS (n + 1) ${kind}`);
      await upgrade(project.config, 'head');

      expect(loses).toEqual([expect.stringMatching(/^column z of table .*big$/)]);
      expect(text).toMatch(/^ {2}\/\/ This loses what is in column z of table .*big\.$/m);
      expect(await valueIn(project)).toBe(2);

      await downgrade(project.config, '-1');
      expect(await valueIn(project)).not.toBe(7);
    });
  }

  const { narrowing, lossless } = typesOf[dialect];
  for (const [older, newer, value] of narrowing) {
    test(`says what ${newer} does not hold of ${older}`, { timeout: 60_000 }, async () => {
      const project = await projectWith(`z ${older}`, value);
      const before = await textIn(project);

      const { loses, text } = await changeTo(project, `z ${newer}`);
      await upgrade(project.config, 'head');
      await downgrade(project.config, '-1');

      expect(loses).toEqual([expect.stringMatching(/^column z of table .*big beyond ./)]);
      expect(text.match(/This loses what is in column z .* beyond /g)).toHaveLength(1);
      expect(await textIn(project)).not.toBe(before);
    });
  }

  for (const [older, newer] of lossless) {
    test(`says nothing where ${older} becomes ${newer}`, { timeout: 60_000 }, async () => {
      const { loses } = await changeTo(await projectWith(`z ${older}`, 'NULL'), `z ${newer}`);

      expect(loses).toEqual([]);
    });
  }

  /** A table of one row, in a database that stands at the one revision that makes it. */
  async function projectWith(column: string, value: string): Promise<LiveProject> {
    const project = await liveProject(dialect, {});
    writeFileSync(join(project.directory, 'migrate.config.json'), '{ "target": "schema.sql" }');
    await changeTo(project, column);
    await upgrade(project.config, 'head');
    await project.query(`INSERT INTO big (id, n, z) VALUES (1, 1, ${value})`);
    return project;
  }
});

async function textIn(project: LiveProject): Promise<unknown> {
  return (await project.query('SELECT concat(z) AS text FROM big'))[0]?.['text'];
}

/** The revision that gives the table this column. */
async function changeTo(
  { config, directory }: LiveProject,
  column: string,
): Promise<{ readonly loses: readonly string[]; readonly text: string }> {
  writeFileSync(join(directory, 'schema.sql'), `CREATE TABLE big (id INTEGER PRIMARY KEY, n INTEGER, ${column});`);
  const versions = join(directory, 'versions');
  const older = readdirSync(versions);
  const { changes } = await autogenerate(config, { message: 'big' });
  const files = readdirSync(versions).filter((name) => !older.includes(name));
  return {
    loses: changes.flatMap(({ loses }) => loses),
    text: files.map((name) => readFileSync(join(versions, name), 'utf8')).join(''),
  };
}

async function valueIn(project: LiveProject): Promise<unknown> {
  return (await project.query('SELECT z FROM big'))[0]?.['z'];
}
