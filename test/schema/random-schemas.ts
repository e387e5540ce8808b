import * as fc from 'fast-check';
import type { DialectName } from '../../src/dialects/connection.ts';

/** What a random schema is made of; numbers are taken modulo what there is to choose from. */
export interface SchemaSeed {
  readonly tables: readonly TableSeed[];
  /** Whether the keys are of the larger type. */
  readonly wide: boolean;
  readonly values: readonly string[];
}

interface TableSeed {
  readonly name: string;
  readonly columns: readonly ColumnSeed[];
  readonly indexes: readonly IndexSeed[];
  readonly generated: number;
  readonly refersTo: number | null;
  readonly action: number;
  readonly views: number;
}

interface ColumnSeed {
  readonly name: string;
  readonly type: number;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly isChecked: boolean;
}

interface IndexSeed {
  readonly column: number;
  readonly unique: boolean;
  readonly falling: boolean;
}

const column: fc.Arbitrary<ColumnSeed> = fc.record({
  name: fc.constantFrom('a', 'b c', 'order', 'É'),
  type: fc.nat({ max: 4 }),
  required: fc.boolean(),
  hasDefault: fc.boolean(),
  isChecked: fc.boolean(),
});
const index = fc.record({ column: fc.nat({ max: 4 }), unique: fc.boolean(), falling: fc.boolean() });
const table: fc.Arbitrary<TableSeed> = fc.record({
  name: fc.constantFrom('t', 'u v', 'Select'),
  columns: fc.uniqueArray(column, { selector: ({ name }) => name, maxLength: 4 }),
  indexes: fc.array(index, { maxLength: 3 }),
  generated: fc.nat({ max: 3 }),
  refersTo: fc.option(fc.nat({ max: 2 })),
  action: fc.nat({ max: 2 }),
  views: fc.nat({ max: 2 }),
});

/** Up to three tables that may refer to each other, with keys, checks, indexes, generated columns and views on views. */
export const schemas: fc.Arbitrary<SchemaSeed> = fc.record({
  tables: fc.uniqueArray(table, { selector: ({ name }) => name, maxLength: 3 }),
  wide: fc.boolean(),
  values: fc.shuffledSubarray(['a', 'b', 'c', "d'"], { minLength: 1 }),
});

const types: Readonly<Record<DialectName, readonly (readonly [type: string, value: string])[]>> = {
  sqlite: [
    ['INT', '1'],
    ['TEXT', "'x'"],
    ['NUMERIC(10, 2)', '(1 + 1)'],
    ['DATE', "'2020-01-01'"],
    ['', 'NULL'],
  ],
  postgresql: [
    ['integer', '1'],
    ['text', "'x'"],
    ['numeric(10, 2)', '1.5'],
    ['date', "'2020-01-01'"],
    ['mood', ''],
  ],
  mysql: [
    ['int', '1'],
    ['varchar(20)', "'x'"],
    ['decimal(10,2)', '1.5'],
    ['date', "'2020-01-01'"],
    ['enum', ''],
  ],
};

/** The statements that create it, in the order of their needs. */
export function statementsOf(dialect: DialectName, { tables, wide, values }: SchemaSeed): readonly string[] {
  const quote = (name: string): string => (dialect === 'mysql' ? `\`${name}\`` : `"${name}"`);
  const labels = values.map((value) => `'${value.replaceAll("'", "''")}'`);
  const keyType = dialect === 'sqlite' ? 'INTEGER' : wide ? 'bigint' : 'integer';
  const typeOf = (chosen: number): readonly [type: string, value: string] => {
    const [type = '', value = ''] = types[dialect][chosen] ?? [];
    return [type === 'enum' ? `enum(${labels.join(', ')})` : type, value === '' ? (labels[0] ?? '') : value];
  };
  const actions = ['', ' ON DELETE CASCADE', ' ON DELETE SET NULL'];
  const references = tables.flatMap(({ name, refersTo, action }) => {
    const target = tables[refersTo ?? tables.length];
    return target === undefined ? [] : [{ name, target: target.name, action: actions[action] ?? '' }];
  });
  const created = tables.map((one) => {
    const reference = references.find(({ name }) => name === one.name);
    const parts = [
      `id ${keyType} PRIMARY KEY`,
      ...one.columns.map((each) => {
        const [type, value] = typeOf(each.type);
        const isNull = value === 'NULL' && each.required;
        const given = each.hasDefault && !isNull ? ` DEFAULT ${value}` : '';
        return `${quote(each.name)} ${type}${given}${each.required ? ' NOT NULL' : ''}`;
      }),
      `ref ${keyType}`,
      ...(one.generated === 0 ? [] : [`made ${keyType} GENERATED ALWAYS AS (id + ${one.generated}) STORED`]),
      ...one.columns
        .filter(({ isChecked }) => isChecked)
        .map((each) => {
          const name = quote(`${one.name} ${each.name} check`);
          return `CONSTRAINT ${name} CHECK (${quote(each.name)} <> ${typeOf(each.type)[1]})`;
        }),
      ...(reference === undefined || dialect !== 'sqlite'
        ? []
        : [`FOREIGN KEY (ref) REFERENCES ${quote(reference.target)} (id)${reference.action}`]),
    ];
    return `CREATE TABLE ${quote(one.name)} (${parts.join(', ')})`;
  });
  return [
    ...(dialect === 'postgresql' ? [`CREATE TYPE mood AS ENUM (${labels.join(', ')})`] : []),
    ...created,
    ...(dialect === 'sqlite'
      ? []
      : references.map(
          ({ name, target, action }) =>
            `ALTER TABLE ${quote(name)} ADD CONSTRAINT ${quote(`${name} ref`)} FOREIGN KEY (ref) REFERENCES ${quote(target)} (id)${action}`,
        )),
    ...tables.flatMap(({ name, columns, indexes, views }) => [
      ...indexes.flatMap(({ column: at, unique, falling }, i) => {
        const on = columns[at]?.name;
        if (on === undefined) return [];
        return [
          `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quote(`${name} ${i}`)} ON ${quote(name)} (${quote(on)}${falling ? ' DESC' : ''}, ref)`,
        ];
      }),
      ...(views === 0
        ? []
        : [
            `CREATE VIEW ${quote(`${name} view`)} AS SELECT ${['id', ...columns.map((each) => quote(each.name))].join(', ')} FROM ${quote(name)}`,
          ]),
      ...(views < 2 ? [] : [`CREATE VIEW ${quote(`${name} above`)} AS SELECT id FROM ${quote(`${name} view`)}`]),
    ]),
  ];
}
