import type { DialectName } from '../../dialects/connection.ts';
import type { Field, FieldType } from './model.ts';

type TypeText = (field: Field) => string;
/** Types that the builder has to make itself, because values of the model go into them, are not here. */
type Types = Readonly<Record<Exclude<FieldType, 'enum'>, TypeText>>;

const varchar: TypeText = ({ maxLength }) => (maxLength === null ? 'varchar' : `varchar(${maxLength})`);
const decimal: TypeText = ({ precision, scale }) => `decimal(${precision}, ${scale})`;
const plain =
  (type: string): TypeText =>
  () =>
    type;

/** The same names where a database knows them: those that ORMs make of these types. */
const common = {
  text: plain('text'),
  smallint: plain('smallint'),
  decimal,
  boolean: plain('boolean'),
  date: plain('date'),
  time: plain('time'),
  json: plain('json'),
};

const types: Readonly<Record<DialectName, Types>> = {
  sqlite: {
    ...common,
    string: varchar,
    integer: plain('integer'),
    bigint: plain('bigint'),
    float: plain('double'),
    datetime: plain('datetime'),
    timestamp: plain('datetime'),
    uuid: plain('char(36)'),
    jsonb: plain('json'),
    binary: plain('blob'),
  },
  postgresql: {
    ...common,
    string: varchar,
    integer: plain('integer'),
    bigint: plain('bigint'),
    float: plain('double precision'),
    datetime: plain('timestamp'),
    timestamp: plain('timestamptz'),
    uuid: plain('uuid'),
    jsonb: plain('jsonb'),
    binary: plain('bytea'),
  },
  mysql: {
    ...common,
    string: ({ maxLength }) => `varchar(${maxLength ?? 255})`,
    integer: plain('int'),
    bigint: plain('bigint'),
    float: plain('double'),
    datetime: plain('datetime'),
    timestamp: plain('timestamp'),
    uuid: plain('char(36)'),
    jsonb: plain('json'),
    binary: plain('blob'),
  },
};

/** Types that number their rows. On SQLite only INTEGER does, and it holds as much as any. */
const numbered: Readonly<Record<DialectName, (field: Field) => string>> = {
  sqlite: () => 'integer',
  postgresql: ({ type }) => ({ smallint: 'smallserial', bigint: 'bigserial' })[type as string] ?? 'serial',
  mysql: ({ type }) => `${type === 'integer' ? 'int' : type} auto_increment`,
};

/** What stands behind the name of the column; null for an enum, of which the builder makes its own. */
export function columnType(field: Field, dialect: DialectName): string | null {
  if (field.isNumbered) return numbered[dialect](field);
  return field.type === 'enum' ? null : types[dialect][field.type](field);
}
