import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject } from '../commands/live-project.ts';
import { describeOn } from '../servers.ts';

const schema = `
  CREATE DOMAIN grade AS varchar(2) CHECK (VALUE IN ('a', 'b'));
  CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
  CREATE TABLE sales (
    state varchar(9) NOT NULL CHECK (state IN ('open', 'it''s, [x]', E'back\\\\slash')),
    note varchar(9) CHECK (note NOT IN ('x', 'y')),
    is_open boolean GENERATED ALWAYS AS (state IN ('open', 'new')) STORED
  );
  CREATE INDEX few ON sales (note) WHERE state IN ('open', 'new');
  CREATE VIEW known AS SELECT CASE WHEN state IN ('open', 'new') THEN 1 END AS n FROM sales WHERE note NOT IN ('p', 'q');
  CREATE TRIGGER quiet BEFORE UPDATE ON sales FOR EACH ROW WHEN (NEW.state IN ('open', 'new')) EXECUTE FUNCTION noop();
  CREATE POLICY own ON sales USING (state IN ('open', 'new'));
`;

await describeOn('postgresql', 'a list of texts that a column of limited length is compared with', () => {
  test('is the same in a schema and in what is made from its text', { timeout: 60_000 }, async () => {
    const { config, directory } = await liveProject('postgresql', {});
    writeFileSync(join(directory, 'migrate.config.json'), '{ "target": "schema.sql" }');
    writeFileSync(join(directory, 'schema.sql'), schema);

    const { created } = await autogenerate(config, { message: 'sales' });
    await upgrade(config, 'head');

    expect(created).not.toBe(null);
    expect((await check(config)).changes).toEqual([]);
  });
});
