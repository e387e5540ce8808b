import { expect, it } from 'vitest';
import { describeOn } from '../servers.ts';
import { liveOperations } from './live-operations.ts';

/** Everything MariaDB 10.11 can say of a column, as it shows it itself. */
const definitions: Readonly<Record<string, string>> = {
  plain: 'int(11) DEFAULT NULL',
  unsigned: 'bigint(20) unsigned zerofill NOT NULL',
  text: "varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s, (a) NOT NULL'",
  commented: "int(11) NOT NULL DEFAULT 5 COMMENT 'DEFAULT (7), `x`; it''s'",
  stamped: 'timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp()',
  expression: "varchar(40) DEFAULT (concat(uuid(),_latin1','))",
  virtual: 'int(11) GENERATED ALWAYS AS (`plain` + 1) VIRTUAL',
  stored: "varchar(10) GENERATED ALWAYS AS (concat('a',',b')) STORED COMMENT 'computed'",
  hidden: 'int(11) INVISIBLE DEFAULT 3',
  checked: "int(11) DEFAULT 1 CHECK (`checked` > 0 and 'COMMENT' <> '')",
  json: 'longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`json`))',
  listed: "enum('a','b,c','d''e') NOT NULL DEFAULT 'a'",
  bits: "bit(3) DEFAULT b'101'",
};

await describeOn('mysql', 'a column whose comment is changed', () => {
  it('keeps all the rest of its definition', async () => {
    const live = await liveOperations('mysql');
    const columns = Object.entries(definitions).map(([name, definition]) => `\`${name}\` ${definition}`);
    await live.query(`CREATE TABLE t (id int NOT NULL PRIMARY KEY AUTO_INCREMENT, ${columns.join(', ')})`);
    const shown = async (): Promise<string> => String((await live.query('SHOW CREATE TABLE t'))[0]?.['Create Table']);
    const before = await shown();
    for (const column of ['id', ...Object.keys(definitions)]) {
      await live.op.alterColumn('t', column, { comment: 'changed' });
      await live.op.alterColumn('t', column, { comment: null });
    }
    expect(await shown()).toBe(before.replaceAll(/ COMMENT '(?:[^']|'')*'(?=,\n)/g, ''));
  });
});

await describeOn('mysql', 'a column whose type is changed', () => {
  const after = async (definition: string, change: object): Promise<string> => {
    const live = await liveOperations('mysql');
    await live.query(`CREATE TABLE t (c ${definition})`);
    await live.op.alterColumn('t', 'c', change);
    const [row] = await live.query('SHOW CREATE TABLE t');
    return /`c` (.*?),?$/m.exec(String(row?.['Create Table']))?.[1] ?? '';
  };

  it('keeps the character set of a text, its NOT NULL and its default', async () => {
    expect(await after(definitions['text'] ?? '', { type: 'varchar(99)' })).toBe(
      "varchar(99) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s, (a) NOT NULL'",
    );
  });

  it('loses what a number cannot have, and the check of JSON', async () => {
    expect(await after('varchar(20) COLLATE latin1_bin', { type: 'int' })).toBe('int(11) DEFAULT NULL');
    expect(await after('json', { type: 'text' })).toBe('text DEFAULT NULL');
  });

  it('becomes a generated one, and an ordinary one again', async () => {
    expect(await after('int', { generated: { expression: '1 + 1', stored: true } })).toBe(
      'int(11) GENERATED ALWAYS AS (1 + 1) STORED',
    );
    expect(await after('int GENERATED ALWAYS AS (1 + 1) STORED', { generated: null })).toBe('int(11) DEFAULT NULL');
  });
});

await describeOn('mysql', 'a column that a batch changes more than once', () => {
  it('keeps each change, whether the column was there, is renamed or is new', async () => {
    const live = await liveOperations('mysql');
    await live.query("CREATE TABLE t (a varchar(20) COMMENT 'first', b int)");
    await live.op.batchAlterTable('t', (batch) => {
      batch.alterColumn('a', { default: 'it\\s' });
      batch.alterColumn('a', { nullable: false });
      batch.renameColumn('a', 'z');
      batch.alterColumn('z', { type: 'varchar(30)' });
      batch.addColumn((t) => {
        t.string('c', 19).defaultTo('back\\slash').comment('new');
        t.integer('a').unsigned();
      });
      batch.alterColumn('c', { nullable: false });
      batch.alterColumn('a', { default: 5 });
      batch.dropColumn('b');
      batch.addConstraint({ kind: 'unique', name: 'u', columns: ['z'] });
      batch.renameConstraint('u', 'v');
    });
    expect((await live.query('SHOW CREATE TABLE t'))[0]?.['Create Table']).toContain(
      [
        "  `z` varchar(30) NOT NULL DEFAULT 'it\\\\s' COMMENT 'first',",
        "  `c` varchar(19) NOT NULL DEFAULT 'back\\\\slash' COMMENT 'new',",
        '  `a` int(10) unsigned DEFAULT 5,',
        '  UNIQUE KEY `v` (`z`)',
      ].join('\n'),
    );
  });
});
