import { expect, it } from 'vitest';
import type { Row } from '../../src/dialects/connection.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveOperations } from './live-operations.ts';

await describeOnEveryDialect('op.inspect', (name) => {
  it('tells what is there from what is not', async () => {
    const { op } = await liveOperations(name);
    await op.createTable('pets', (t) => {
      t.integer('id').notNullable().primary();
      t.string('name', 20).notNullable().defaultTo('Rex');
    });
    await op.createIndex('pets', ['name', 'id'], { unique: true, name: 'pets_by_name' });
    await op.addConstraint('pets', { kind: 'check', name: 'pets_id_check', expression: 'id > 0' });
    await op.createView('named', 'SELECT name FROM pets');
    await op.bulkInsert('pets', [{ id: 1 }, { id: 2, name: 'Tom' }]);
    const { inspect } = op;
    const questions = {
      hasTable: [inspect.hasTable('pets'), inspect.hasTable('named'), inspect.hasTable('pet')],
      hasView: [inspect.hasView('named'), inspect.hasView('pets')],
      hasColumn: [
        inspect.hasColumn('pets', 'name'),
        inspect.hasColumn('pets', 'age'),
        inspect.hasColumn('pet', 'name'),
      ],
      hasIndex: [inspect.hasIndex('pets', 'pets_by_name'), inspect.hasIndex('pets', 'pets_by_id')],
      hasConstraint: [inspect.hasConstraint('pets', 'pets_id_check'), inspect.hasConstraint('pets', 'pets_check')],
      hasTrigger: [inspect.hasTrigger('pets', 'pets_by_name')],
      hasEnum: [inspect.hasEnum('pets')],
      hasSequence: [inspect.hasSequence('pets')],
      hasSchema: [inspect.hasSchema('nowhere')],
    };
    const answers: Record<string, boolean[]> = {};
    for (const [question, asked] of Object.entries(questions)) answers[question] = await Promise.all(asked);
    expect(answers).toEqual({
      hasTable: [true, false, false],
      hasView: [true, false],
      hasColumn: [true, false, false],
      hasIndex: [true, false],
      hasConstraint: [true, false],
      hasTrigger: [false],
      hasEnum: [false],
      hasSequence: [false],
      hasSchema: [false],
    });
    expect(await inspect.tables()).toEqual(['pets']);
    expect(await inspect.rowCount('pets')).toBe(2);
    expect((await inspect.columns('pets')).map(({ name: column, nullable }) => [column, nullable])).toEqual([
      ['id', false],
      ['name', false],
    ]);
    expect((await inspect.columns('pets'))[1]?.default).toContain('Rex');
    expect(await inspect.columns('nothing')).toEqual([]);
    expect((await inspect.indexes('pets')).find((index) => index.name === 'pets_by_name')).toEqual({
      name: 'pets_by_name',
      unique: true,
      columns: ['name', 'id'],
    });
  });
});

await describeOn('postgresql', 'the values of an enum', () => {
  it('are replaced in rows, arrays and defaults, and the comment stays', async () => {
    const live = await liveOperations('postgresql');
    const { op } = live;
    await op.createEnum('mood', ['good', "so'so", 'bad']);
    await op.setComment({ kind: 'type', name: 'mood' }, 'of the day');
    await op.createTable('days', (t) => {
      t.integer('id');
      t.specificType('mood', 'mood').notNullable().defaultTo("so'so");
      t.specificType('moods', 'mood[]');
    });
    await op.createIndex('days', ['mood']);
    await op.execute(`INSERT INTO days VALUES (1, 'good', '{good,bad}'), (2, 'so''so', NULL)`);
    await op.replaceEnumValues('mood', ['fine', 'bad', 'good'], { mapping: { "so'so": 'fine' } });
    await op.execute('INSERT INTO days (id) VALUES (3)');
    expect(await live.query('SELECT id, mood::text, moods::text FROM days ORDER BY mood, id')).toEqual([
      { id: 2, mood: 'fine', moods: null },
      { id: 3, mood: 'fine', moods: null },
      { id: 1, mood: 'good', moods: '{good,bad}' },
    ]);
    expect(
      await live.query(
        `SELECT obj_description('mood'::regtype) AS comment, count(*)::int AS types FROM pg_type WHERE typname LIKE 'mood%'`,
      ),
    ).toEqual([{ comment: 'of the day', types: 1 }]);
  });

  it('are replaced without a change to who owns the type and who may use it', async () => {
    const live = await liveOperations('postgresql');
    const { op } = live;
    const belongings = (): Promise<readonly Row[]> =>
      live.query(
        `SELECT typname::text, typowner::regrole::text AS owner, (SELECT string_agg(entry::text, ' ' ORDER BY entry::text) FROM unnest(typacl) AS entry) AS rights
         FROM pg_type WHERE typtype = 'e' ORDER BY 1`,
      );
    for (const name of ['mood', 'open', 'closed', 'taken']) await op.createEnum(name, ['good', 'bad']);
    await op.grant(['usage'], { kind: 'type', name: 'mood' }, ['pg_monitor'], { withGrantOption: true });
    await op.grant(['usage'], { kind: 'type', name: 'mood' }, ['pg_read_all_stats']);
    await op.revoke(['usage'], { kind: 'type', name: 'closed' }, ['public']);
    await op.grant(['usage'], { kind: 'type', name: 'taken' }, ['pg_read_all_stats']);
    await op.execute('ALTER TYPE taken OWNER TO pg_monitor');
    const before = await belongings();
    expect(new Set(before.map(({ rights }) => rights)).size).toBe(4);
    for (const { typname } of before) await op.replaceEnumValues(String(typname), ['fine', 'good', 'bad']);
    expect(await belongings()).toEqual(before);
  });

  it('are not replaced while a row has one that is neither kept nor mapped', async () => {
    const live = await liveOperations('postgresql');
    const { op } = live;
    await op.createEnum('mood', ['good', 'bad']);
    await op.createTable('days', (t) => t.specificType('mood', 'mood'));
    await op.bulkInsert('days', [{ mood: 'bad' }]);
    await live.query('BEGIN');
    await expect(op.replaceEnumValues('mood', ['good'])).rejects.toThrow('invalid input value for enum mood: "bad"');
    await live.query('ROLLBACK');
    expect(await live.query('SELECT mood::text FROM days')).toEqual([{ mood: 'bad' }]);
  });

  it('are refused when a mapping leads nowhere or on', async () => {
    const { op } = await liveOperations('postgresql');
    await expect(op.replaceEnumValues('mood', ['a'], { mapping: { b: 'c' } })).rejects.toThrow(
      'not one of its new values',
    );
    await expect(op.replaceEnumValues('mood', ['a', 'b'], { mapping: { a: 'b', b: 'a' } })).rejects.toThrow('and on');
  });
});

await describeOnEveryDialect('a column that becomes numbered', (name) => {
  it('goes on behind the numbers that are there', async () => {
    const live = await liveOperations(name);
    const { op } = live;
    await op.createTable('tags', (t) => {
      t.integer('id').notNullable().primary();
      t.string('name', 20);
    });
    await op.bulkInsert('tags', [{ id: 41, name: 'old' }]);
    await op.alterColumn('tags', 'id', { autoincrement: true });
    await op.bulkInsert('tags', [{ name: 'new' }]);
    expect(await live.query('SELECT id FROM tags ORDER BY id')).toEqual([{ id: 41 }, { id: 42 }]);
  });
});
