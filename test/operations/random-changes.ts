import * as fc from 'fast-check';
import type { DialectName } from '../../src/dialects/connection.ts';
import type { Batch } from '../../src/operations/batch.ts';
import type { Operations } from '../../src/operations/operations.ts';
import type { ColumnBuild } from '../../src/operations/table-change.ts';

/** What is done, and what takes it back without a trace. */
export interface Step {
  readonly title: string;
  readonly up: (op: Operations) => Promise<unknown>;
  readonly down: (op: Operations) => Promise<unknown>;
}

/** One change of a table as a batch makes it. */
interface Change {
  readonly title: string;
  readonly up: (batch: Batch) => void;
  readonly down: (batch: Batch) => void;
}

/** What has been drawn, before there are tables it could be about. */
export interface Draw {
  readonly kind: number;
  readonly at: number;
  readonly by: number;
}

const draw: fc.Arbitrary<Draw> = fc.record({ kind: fc.nat(999), at: fc.nat(99), by: fc.nat(99) });

export interface Plan {
  readonly tables: readonly (readonly Draw[])[];
  readonly steps: readonly Draw[];
}

export const plans: fc.Arbitrary<Plan> = fc.record({
  tables: fc.array(fc.array(draw, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
  steps: fc.array(draw, { minLength: 1, maxLength: 12 }),
});

/** Names that knex and all databases take, and that must be quoted. */
const hardNames = ['a', 'B c', 'x"y', "it's", 'order', ';--', '/*', '(', ',', '?', ':p', '$1', 'é', '%s\\', 'null'];

const types = [
  (t, name) => t.integer(name),
  (t, name) => t.string(name, 30),
  (t, name) => t.bigInteger(name),
  (t, name) => t.text(name),
  (t, name) => t.decimal(name, 10, 2),
  (t, name) => t.date(name),
] as const satisfies readonly ((t: Parameters<ColumnBuild>[0], name: string) => unknown)[];
/** Where they stand in it. */
const [whole, short, decimal] = [0, 1, 4] as const;
const values = [7, "it's", 8n, 'some\ntext', '1.50', '2026-01-31'];

interface Column {
  name: string;
  readonly type: number;
  nullable: boolean;
  hasDefault: boolean;
  /** An index, a constraint or an expression names it, so that not every database changes its type or name. */
  used: boolean;
  comment: string | null;
}

interface Table {
  name: string;
  readonly columns: Column[];
  /** Unique constraints, which every database can rename. */
  readonly uniques: { name: string }[];
  readonly indexes: { name: string }[];
  comment: string | null;
}

/** The statements that make the tables, with rows in them, and the steps that are then taken. */
export interface Script {
  readonly prepare: (op: Operations) => Promise<void>;
  readonly steps: readonly Step[];
}

/**
 * Follows the draws through a model of the tables, so that every step is one the database can take; `offline` leaves out
 * those for which the server is asked what a column, a constraint or an enum is, or how it reads a comment.
 */
export function scriptOf(
  { tables: seeds, steps: draws }: Plan,
  dialect: DialectName,
  { offline = false }: { readonly offline?: boolean } = {},
): Script {
  let count = 0;
  const enums: { readonly name: string; values: readonly string[] }[] = [];
  const fresh = (by: number): string => `${hardNames[by % hardNames.length]} ${++count}`;
  const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
  const columnOf = ({ kind, by }: Draw): Column => {
    const type = kind % types.length;
    return {
      name: fresh(by),
      type,
      nullable: kind % 3 > 0,
      hasDefault: by % 2 === 0 && type <= short,
      used: false,
      comment: null,
    };
  };
  const built = ({ name, type, nullable, hasDefault }: Column): ColumnBuild => {
    return (t) => {
      const column = types[type]?.(t, name);
      if (hasDefault) column?.defaultTo(values[type] as string);
      if (!nullable) column?.notNullable();
    };
  };
  const tableOf = (columns: readonly Draw[]): Table => ({
    name: fresh(columns.length),
    columns: columns.map(columnOf),
    uniques: [],
    indexes: [],
    comment: null,
  });
  const create = (op: Operations, { name }: Table, columns: readonly ColumnBuild[]): Promise<void> =>
    op.createTable(name, (t) => {
      t.integer('id').notNullable().primary();
      for (const build of columns) build(t);
    });

  const made = seeds.map(tableOf);
  const first = made.map((table) => ({ table: { ...table }, columns: table.columns.map((column) => ({ ...column })) }));
  const prepare: Script['prepare'] = async (op) => {
    await op.createTable('fixed', (t) => t.integer('id').notNullable().primary());
    await op.bulkInsert('fixed', [{ id: 1 }, { id: 2 }, { id: 3 }]);
    for (const { table, columns } of first) {
      await create(op, table, columns.map(built));
      const row = Object.fromEntries(columns.map(({ name, type }) => [name, values[type]]));
      await op.bulkInsert(table.name, [
        { id: 1, ...row },
        { id: 2, ...row },
        { id: 3, ...row },
      ]);
    }
  };
  return { prepare, steps: draws.flatMap((one) => stepOf(one) ?? []) };

  function stepOf(one: Draw): Step | null {
    const table = pick(made, one.at);
    if (table === undefined) return null;
    const kinds = [createTable, renameTable, index, renameIndex, foreignKey, view, trigger];
    if (dialect !== 'sqlite') kinds.push(sequence, routine);
    if (dialect === 'postgresql' || (dialect === 'mysql' && !offline)) kinds.push(tableComment, columnComment);
    if (dialect === 'postgresql') kinds.push(enumeration);
    if (dialect === 'postgresql' && !offline) kinds.push(enumValues);
    // Half of all steps are changes of a table, which have most to lose.
    return one.kind % 2 === 0 ? batch(table, one) : (pick(kinds, one.kind >> 1)?.(table, one) ?? null);
  }

  /** One to three changes at once. */
  function batch(table: Table, one: Draw): Step | null {
    const { name } = table;
    const kinds = [addColumn, renameColumn, check, unique];
    if (!offline || dialect !== 'mysql') kinds.push(setDefault, setNotNull, changeType, renameUnique);
    const changes = Array.from({ length: 1 + (one.by % 3) }, (_, i) =>
      pick(kinds, (one.kind >> 1) + i * 5)?.(table, { ...one, at: one.at + i, by: one.by + i }),
    ).filter((change) => change != null);
    if (changes.length === 0) return null;
    const recreate = one.at % 5 === 0 ? 'always' : 'auto';
    const all = (way: 'up' | 'down') => (op: Operations) =>
      op.batchAlterTable(
        name,
        (into) => {
          for (const change of way === 'up' ? changes : changes.toReversed()) change[way](into);
        },
        { recreate },
      );
    return { title: `${name}: ${changes.map(({ title }) => title).join(', ')}`, up: all('up'), down: all('down') };
  }

  function addColumn({ columns }: Table, one: Draw): Change {
    // A row that is there needs a value.
    const column = { ...columnOf(one), nullable: true };
    const build = built(column);
    const { name } = column;
    columns.push(column);
    return {
      title: `add ${name}`,
      up: (into) => into.addColumn(build),
      down: (into) => into.dropColumn(name),
    };
  }

  function renameColumn({ columns }: Table, { at, by }: Draw): Change | null {
    // MariaDB does not follow a column into a check.
    const column = pick(
      columns.filter(({ used }) => dialect !== 'mysql' || !used),
      at,
    );
    if (column === undefined) return null;
    const from = column.name;
    const to = (column.name = fresh(by));
    return {
      title: `rename ${from} to ${to}`,
      up: (into) => into.renameColumn(from, to),
      down: (into) => into.renameColumn(to, from),
    };
  }

  function setDefault({ columns }: Table, { at }: Draw): Change | null {
    const column = pick(
      columns.filter(({ hasDefault, type }) => !hasDefault && type <= short),
      at,
    );
    if (column === undefined) return null;
    const { name, type } = column;
    column.hasDefault = true;
    return {
      title: `default of ${name}`,
      up: (into) => into.alterColumn(name, { default: values[type] as string }),
      down: (into) => into.alterColumn(name, { default: null }),
    };
  }

  function setNotNull({ columns }: Table, { at }: Draw): Change | null {
    // An added column is NULL in the rows that were there.
    const column = pick(
      columns.filter(
        ({ nullable, name }) => nullable && first.some((seed) => seed.columns.some((c) => c.name === name)),
      ),
      at,
    );
    if (column === undefined) return null;
    const { name } = column;
    column.nullable = false;
    return {
      title: `NOT NULL of ${name}`,
      up: (into) => into.alterColumn(name, { nullable: false }),
      down: (into) => into.alterColumn(name, { nullable: true }),
    };
  }

  function changeType({ columns }: Table, { at, by }: Draw): Change | null {
    const column = pick(
      columns.filter(
        ({ used, hasDefault, type }) => !used && !hasDefault && (type === whole || type === short || type === decimal),
      ),
      at,
    );
    if (column === undefined) return null;
    const { name, type } = column;
    const wider: Readonly<Record<number, ColumnBuild>> = {
      [whole]: (t) => t.bigInteger(name),
      [short]: (t) => t.string(name, 40 + (by % 9)),
      [decimal]: (t) => t.decimal(name, 12, 2),
    };
    return {
      title: `type of ${name}`,
      up: (into) => into.alterColumn(name, { type: wider[type] ?? '' }),
      down: (into) => into.alterColumn(name, { type: (t) => types[type]?.(t, name) }),
    };
  }

  function check({ columns }: Table, { at, by }: Draw): Change | null {
    const column = pick(
      columns.filter(({ type }) => type === whole || type === short),
      at,
    );
    if (column === undefined) return null;
    column.used = true;
    const mark = dialect === 'mysql' ? '`' : '"';
    const quoted = mark + column.name.replaceAll(mark, mark + mark) + mark;
    const name = fresh(by);
    const expression = `${quoted} IS NULL OR ${column.type === whole ? `${quoted} <> 0` : `length(${quoted}) < 90`}`;
    return {
      title: `check ${name}`,
      up: (into) => into.addConstraint({ kind: 'check', name, expression }),
      down: (into) => into.dropConstraint(name, { type: 'check' }),
    };
  }

  function unique({ columns, uniques }: Table, { at, by }: Draw): Change | null {
    const column = pick(
      columns.filter(({ type }) => type === whole || type === short),
      at,
    );
    if (column === undefined) return null;
    column.used = true;
    const constraint = { name: fresh(by) };
    const { name } = constraint;
    const key = ['id', column.name];
    uniques.push(constraint);
    return {
      title: `unique ${name}`,
      up: (into) => into.addConstraint({ kind: 'unique', name, columns: key }),
      down: (into) => into.dropConstraint(name, { type: 'unique' }),
    };
  }

  function renameUnique({ uniques }: Table, { at, by }: Draw): Change | null {
    const constraint = pick(uniques, at);
    if (constraint === undefined) return null;
    const from = constraint.name;
    const to = (constraint.name = fresh(by));
    return {
      title: `rename ${from} to ${to}`,
      up: (into) => into.renameConstraint(from, to),
      down: (into) => into.renameConstraint(to, from),
    };
  }

  function createTable(_: Table, one: Draw): Step {
    const table = tableOf([one, { ...one, kind: one.kind + 1, by: one.by + 1 }]);
    const columns = table.columns.map((column) => built({ ...column }));
    const { name } = table;
    made.push(table);
    return {
      title: `create ${name}`,
      up: (op) => create(op, { ...table, name }, columns),
      down: (op) => op.dropTable(name),
    };
  }

  function renameTable(table: Table, { by }: Draw): Step {
    const from = table.name;
    const to = (table.name = fresh(by));
    return {
      title: `rename ${from} to ${to}`,
      up: (op) => op.renameTable(from, to),
      down: (op) => op.renameTable(to, from),
    };
  }

  function index(table: Table, { at, by }: Draw): Step | null {
    const column = pick(
      table.columns.filter(({ type }) => type === whole || type === short),
      at,
    );
    if (column === undefined) return null;
    column.used = true;
    const made = { name: fresh(by) };
    const { name } = made;
    table.indexes.push(made);
    const parts = [{ column: column.name, order: by % 2 === 0 ? 'asc' : 'desc' } as const, 'id'];
    const of = table.name;
    return {
      title: `index ${name}`,
      up: (op) => op.createIndex(of, parts, { name, unique: by % 3 === 0 }),
      down: (op) => op.dropIndex(name, { table: of }),
    };
  }

  function renameIndex(table: Table, { at, by }: Draw): Step | null {
    const found = pick(table.indexes, at);
    if (found === undefined) return null;
    const from = found.name;
    const to = (found.name = fresh(by));
    const of = { table: table.name };
    return {
      title: `rename ${from} to ${to}`,
      up: (op) => op.renameIndex(from, to, of),
      down: (op) => op.renameIndex(to, from, of),
    };
  }

  function foreignKey({ name: table }: Table, { by }: Draw): Step {
    const name = fresh(by);
    return {
      title: `foreign key ${name}`,
      up: (op) =>
        op.addConstraint(table, {
          kind: 'foreignKey',
          name,
          columns: ['id'],
          references: { table: 'fixed', columns: ['id'] },
          onDelete: 'cascade',
        }),
      down: (op) => op.dropConstraint(table, name, { type: 'foreignKey' }),
    };
  }

  function view(_: Table, { by }: Draw): Step {
    const name = fresh(by);
    return {
      title: `view ${name}`,
      up: (op) => op.createView(name, 'SELECT id FROM fixed WHERE id > 1', { columns: [name] }),
      down: (op) => op.dropView(name),
    };
  }

  function trigger({ name: table }: Table, { by }: Draw): Step {
    const name = fresh(by);
    const body = {
      sqlite: 'BEGIN SELECT 1; END',
      postgresql: 'EXECUTE FUNCTION suppress_redundant_updates_trigger()',
      mysql: 'SET @seen = 1',
    }[dialect];
    return {
      title: `trigger ${name}`,
      up: (op) => op.createTrigger(name, table, { timing: 'before', events: ['update'], body }),
      down: (op) => op.dropTrigger(name, { table }),
    };
  }

  function sequence(_: Table, { by }: Draw): Step {
    const name = fresh(by);
    return {
      title: `sequence ${name}`,
      up: (op) => op.createSequence(name, { start: by + 1, increment: 2 }),
      down: (op) => op.dropSequence(name),
    };
  }

  function routine(_: Table, { by }: Draw): Step {
    const name = fresh(by);
    const definition = dialect === 'mysql' ? 'RETURNS int DETERMINISTIC RETURN 1' : 'RETURNS int LANGUAGE sql RETURN 1';
    return {
      title: `function ${name}`,
      up: (op) => op.createFunction(name, definition),
      down: (op) => op.dropFunction(name),
    };
  }

  function tableComment(table: Table, { by }: Draw): Step {
    const before = table.comment;
    const after = (table.comment = fresh(by));
    const on = { kind: 'table', name: table.name } as const;
    return {
      title: `comment on ${table.name}`,
      up: (op) => op.setComment(on, after),
      down: (op) => op.setComment(on, before),
    };
  }

  function columnComment({ name: table, columns }: Table, { at, by }: Draw): Step | null {
    const column = pick(columns, at);
    if (column === undefined) return null;
    const before = column.comment;
    const after = (column.comment = fresh(by));
    const on = { kind: 'column', table, name: column.name } as const;
    return {
      title: `comment on ${table}.${column.name}`,
      up: (op) => op.setComment(on, after),
      down: (op) => op.setComment(on, before),
    };
  }

  function enumeration({ name: table }: Table, { by }: Draw): Step {
    const name = fresh(by);
    const column = fresh(by + 1);
    const values = ["it's", 'good', 'bad'];
    enums.push({ name, values });
    return {
      title: `enum ${name}`,
      up: async (op) => {
        await op.createEnum(name, values);
        await op.addColumn(table, (t) => t.specificType(column, `"${name.replaceAll('"', '""')}"`).defaultTo("it's"));
      },
      down: async (op) => {
        await op.dropColumn(table, column);
        await op.dropEnum(name);
      },
    };
  }

  function enumValues(_: Table, { at, by }: Draw): Step | null {
    const found = pick(enums, at);
    if (found === undefined) return null;
    const { name, values: before } = found;
    const added = fresh(by);
    const after = (found.values = [added, ...before]);
    return by % 2 === 0
      ? {
          title: `values of ${name}`,
          up: (op) => op.replaceEnumValues(name, after),
          down: (op) => op.replaceEnumValues(name, before),
        }
      : {
          title: `value of ${name}`,
          up: (op) => op.addEnumValue(name, added, { before: before[0] ?? '' }),
          down: (op) => op.replaceEnumValues(name, before),
        };
  }
}
