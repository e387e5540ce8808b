import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableChange } from '../../src/operations/table-change.ts';
import { isSignificant, tokensOf } from '../../src/dialects/sql/lexer.ts';
import { sqliteRules } from '../../src/dialects/sqlite/lexical-rules.ts';
import { quoteIdentifier } from '../../src/dialects/sqlite/quote.ts';
import { unquoted } from '../../src/dialects/sql/statement-words.ts';
import { sqliteDatabase, type SqliteDatabase } from '../dialects/sqlite-database.ts';
import { add, alter, constrain, drop, release, rename, renameConstraint } from '../dialects/table-changes.ts';

/** Names that are hard to read: quotes of all kinds, keywords, comments, what ends a statement, letters of all sorts. */
const hardNames = [
  'a',
  'B c',
  'x"y',
  "it's",
  '`',
  '[z',
  'order',
  'check',
  ';--',
  '/*',
  '(',
  ',',
  '?',
  ':p',
  '$1',
  'é',
  '🜍',
  'new',
  '%s\\',
];
const types = ['', 'INT', 'TEXT', 'my "type"(3, -2)', 'REAL', 'BLOB'];

interface TableSeed {
  readonly names: readonly string[];
  readonly types: readonly number[];
  readonly extras: readonly number[];
  readonly layout: number;
  readonly key: number;
  readonly rows: number;
}

const tables: fc.Arbitrary<TableSeed> = fc.record({
  names: fc.uniqueArray(fc.constantFrom(...hardNames), { minLength: 2, maxLength: 6 }),
  types: fc.array(fc.nat({ max: types.length - 1 }), { minLength: 6, maxLength: 6 }),
  extras: fc.array(fc.nat({ max: 6 }), { minLength: 6, maxLength: 6 }),
  layout: fc.nat({ max: 2 }),
  key: fc.nat({ max: 4 }),
  rows: fc.nat({ max: 4 }),
});
const steps = fc.array(fc.record({ kind: fc.nat({ max: 7 }), at: fc.nat({ max: 99 }) }), {
  minLength: 1,
  maxLength: 8,
});

/** A table of hard names with whatever a column may have, what hangs on it, and some rows. */
function scriptOf({ names, types: chosen, extras, layout, key, rows }: TableSeed): string {
  const [first = 'a', second = 'b'] = names.map(quoteIdentifier);
  const gap = ['', '\n  ', ' /* , ) */ '][layout] ?? '';
  const end = layout === 2 ? ' -- the end\n' : '';
  const columns = names.map((name, i) => {
    const own = quoteIdentifier(name);
    const extra = [
      '',
      ` DEFAULT ('(')`,
      ` DEFAULT -1.5e3 COLLATE NOCASE`,
      ` CHECK (${own} IS NOT 'x)')`,
      ` CONSTRAINT "c ${i}" CHECK (length(${own}) < 90)`,
      ` NOT NULL DEFAULT 'n'`,
      ` REFERENCES parent (id) ON DELETE CASCADE DEFERRABLE`,
    ][extras[i] ?? 0];
    const type = types[chosen[i] ?? 0] ?? '';
    return `${own}${type === '' ? '' : ` ${type}`}${extra ?? ''}`;
  });
  const keys = [
    'id INTEGER PRIMARY KEY',
    'id INTEGER PRIMARY KEY AUTOINCREMENT',
    'id TEXT PRIMARY KEY',
    'id INT UNIQUE',
    'id',
  ];
  const constraints = [`UNIQUE (${second}, id DESC) ON CONFLICT REPLACE`, `CHECK (id IS NOT ${first})`];
  const items = [keys[key] ?? 'id', ...columns, ...constraints];
  const values = Array.from(
    { length: rows },
    (_, row) =>
      `(${[`'${row * 3 + 1}'`, ...names.map((_name, i) => (extras[i] === 6 ? 'NULL' : `'v${row}${i}'`))].join(', ')})`,
  );
  return [
    'CREATE TABLE parent (id INTEGER PRIMARY KEY)',
    `CREATE TABLE t (${gap}${items.join(`,${gap}`)}${end})${key === 2 ? ' WITHOUT ROWID' : ''}`,
    `CREATE INDEX "i ${names.length}" ON t (${first} DESC, lower(${second})) WHERE ${first} /* ; */ IS NOT NULL`,
    `CREATE TABLE child (x REFERENCES t ON DELETE CASCADE, y)`,
    `CREATE TRIGGER after AFTER UPDATE OF ${first} ON t BEGIN INSERT INTO child (y) VALUES (NEW.${second}); END`,
    `CREATE VIEW v AS SELECT t.${first} AS one, ${second} AS two FROM t`,
    ...(values.length === 0 ? [] : [`INSERT INTO t VALUES ${values.join(', ')}`]),
  ].join(';\n');
}

/** Changes that lose nothing, each with the one that takes it back. */
function changesOf(seed: TableSeed, chosen: readonly { readonly kind: number; readonly at: number }[]) {
  const columns = seed.names.map((name, i) => ({
    name,
    type: types[seed.types[i] ?? 0] ?? '',
    extra: seed.extras[i] ?? 0,
    added: false,
  }));
  const constraints: string[] = [];
  const up: TableChange[] = [];
  const down: TableChange[] = [];
  chosen.forEach(({ kind, at }, step) => {
    const column = columns[at % columns.length];
    if (column === undefined) return;
    const push = (change: TableChange, back: TableChange): void => {
      up.push(change);
      down.unshift(back);
    };
    const fresh = `n${step} "${at}`;
    const name = quoteIdentifier(column.name);
    switch (kind) {
      case 0:
        push(rename(column.name, fresh), rename(fresh, column.name));
        column.name = fresh;
        break;
      case 1:
        push(
          add((t) => t.string(fresh, 9)),
          drop(fresh),
        );
        columns.push({ name: fresh, type: 'varchar(9)', extra: 0, added: true });
        break;
      case 2:
        push(
          add((t) => t.specificType(fresh, `INT AS (length(${name})) STORED`)),
          drop(fresh),
        );
        break;
      case 3:
        push(constrain('t', { kind: 'check', name: fresh, expression: `${name} IS NOT 'never'` }), release(fresh));
        constraints.push(fresh);
        break;
      case 4:
        push(constrain('t', { kind: 'unique', name: fresh, columns: [column.name, 'id'] }), release(fresh, 'unique'));
        constraints.push(fresh);
        break;
      case 5:
        // One without a default and without a type gets them; taking them back must leave no trace.
        if (column.extra !== 0 || column.added) break;
        push(alter(column.name, { default: `it's ${at}` }), alter(column.name, { default: null }));
        column.extra = 1;
        break;
      case 6:
        if (column.extra === 5 || column.extra === 6 || column.added) break;
        push(alter(column.name, { nullable: false }), alter(column.name, { nullable: true }));
        column.extra = 5;
        break;
      default: {
        const constraint = constraints[at % Math.max(1, constraints.length)];
        if (constraint === undefined) break;
        push(renameConstraint(constraint, fresh), renameConstraint(fresh, constraint));
        constraints[at % constraints.length] = fresh;
      }
    }
  });
  return { up, down };
}

/** Texts without white space, and with names out of their quotes: SQLite puts quotes around what it renames. */
async function tokensIn({ schema }: SqliteDatabase): Promise<unknown> {
  const texts = Object.entries(await schema()).map(([name, sql]) => {
    const tokens = [...tokensOf(sql, sqliteRules)].filter((token) => isSignificant(token) || token.kind === 'comment');
    return [
      name,
      tokens.map(({ kind, start, end }) =>
        kind === 'name' ? unquoted(sql.slice(start, end)) : sql.slice(start, end).trim(),
      ),
    ];
  });
  return Object.fromEntries(texts);
}

/** What SQLite itself understands of the table. */
async function understood({ query }: SqliteDatabase): Promise<unknown> {
  const indexes = await query(
    `SELECT "unique", origin, partial, group_concat(x.name || x."desc" || x.coll) AS columns FROM pragma_index_list('t') AS i, pragma_index_xinfo(i.name) AS x GROUP BY i.name`,
  );
  return {
    columns: await query(
      `SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo('t') ORDER BY cid`,
    ),
    indexes: indexes.map((index) => JSON.stringify(index)).toSorted(),
    foreignKeys: await query(
      `SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list('t') ORDER BY "from"`,
    ),
    children: await query(`SELECT "table", "from" FROM pragma_foreign_key_list('child')`),
  };
}

describe('random changes of random SQLite tables', () => {
  it('taken back leave the texts, the rows and the rowids as they were', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        tables,
        steps,
        fc.boolean(),
        fc.constantFrom('auto', 'always'),
        async (seed, chosen, oneBatch, recreate) => {
          const { up, down } = changesOf(seed, chosen);
          const database = await sqliteDatabase(scriptOf(seed));
          const before = [await tokensIn(database), await database.rows(), await understood(database)];
          const batches = (changes: readonly TableChange[]) =>
            oneBatch ? [changes] : changes.map((change) => [change]);
          for (const batch of batches(up)) await database.change('t', batch, recreate);
          if (up.length > 0) expect(await tokensIn(database)).not.toEqual(before[0]);
          for (const batch of batches(down)) await database.change('t', batch, recreate);
          expect([await tokensIn(database), await database.rows(), await understood(database)]).toEqual(before);
          expect(await database.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
          await database.connection.close();
          made += up.length;
        },
      ),
      { numRuns: 150 },
    );
    expect(made).toBeGreaterThan(150);
  });

  it('give the same table by ALTER TABLE and by a rebuild, in one batch and in several', async () => {
    await fc.assert(
      fc.asyncProperty(tables, steps, async (seed, chosen) => {
        const { up } = changesOf(seed, chosen);
        const found: unknown[] = [];
        for (const way of ['one', 'always', 'each'] as const) {
          const database = await sqliteDatabase(scriptOf(seed));
          if (way === 'each') for (const change of up) await database.change('t', [change]);
          else await database.change('t', up, way === 'always' ? 'always' : 'auto');
          found.push({ understood: await understood(database), rows: await database.rows() });
          await database.connection.close();
        }
        expect(found[1]).toEqual(found[0]);
        expect(found[2]).toEqual(found[0]);
      }),
      { numRuns: 80 },
    );
  });
});
