import type { Column, Snapshot } from '../snapshot.ts';
import { textOf, textsOf, type Argument, type Call } from '../../support/typescript-text.ts';

type Dialect = Snapshot['dialect'];
type Link = readonly [name: string, args: readonly Argument[]];

/** The methods of knex's builder that make a type, behind the name of the column. */
type TypeCall = (...parts: readonly string[]) => readonly [method: string, ...args: Argument[]];

const plain = (method: string): TypeCall => {
  return (...parts) => [method, ...parts];
};

/** What knex calls types of each database, by the words of the server; what stands in parentheses is given to the call. */
const types: Readonly<Record<Dialect, readonly (readonly [pattern: RegExp, call: TypeCall])[]>> = {
  postgresql: [
    [/^integer$/, plain('integer')],
    [/^bigint$/, plain('bigInteger')],
    [/^smallint$/, plain('smallint')],
    [/^text$/, plain('text')],
    [/^boolean$/, plain('boolean')],
    [/^date$/, plain('date')],
    [/^time without time zone$/, plain('time')],
    [/^uuid$/, plain('uuid')],
    [/^jsonb$/, plain('jsonb')],
    [/^json$/, plain('json')],
    [/^bytea$/, plain('binary')],
    [/^double precision$/, plain('double')],
    [/^real$/, plain('float')],
    [/^timestamp with time zone$/, plain('timestamp')],
    [/^timestamp without time zone$/, () => ['timestamp', '{ useTz: false }']],
    [/^character varying\((\d+)\)$/, plain('string')],
    [/^numeric\((\d+),(\d+)\)$/, plain('decimal')],
  ],
  mysql: [
    [/^int$/, plain('integer')],
    [/^bigint$/, plain('bigInteger')],
    [/^smallint$/, plain('smallint')],
    [/^tinyint\(1\)$/, plain('boolean')],
    [/^text$/, plain('text')],
    [/^mediumtext$/, () => ['text', `'mediumtext'`]],
    [/^longtext$/, () => ['text', `'longtext'`]],
    [/^date$/, plain('date')],
    [/^datetime$/, plain('dateTime')],
    [/^timestamp$/, plain('timestamp')],
    [/^time$/, plain('time')],
    [/^double$/, plain('double')],
    [/^blob$/, plain('binary')],
    [/^varchar\((\d+)\)$/, plain('string')],
    [/^decimal\((\d+),(\d+)\)$/, plain('decimal')],
    [/^enum\(((?:'[^'\\]*',?)+)\)$/, (list = '') => ['enu', textsOf(list.slice(1, -1).split(`','`))]],
  ],
  sqlite: [
    [/^integer$/i, plain('integer')],
    [/^bigint$/i, plain('bigInteger')],
    [/^text$/i, plain('text')],
    [/^boolean$/i, plain('boolean')],
    [/^date$/i, plain('date')],
    [/^datetime$/i, plain('dateTime')],
    [/^blob$/i, plain('binary')],
    [/^json$/i, plain('json')],
    [/^varchar\((\d+)\)$/i, plain('string')],
  ],
};

/**
 * A column in knex's table builder. What has no plain word there is written as the database has it: on SQLite with the
 * keys and checks that stand behind it. `place` is where it goes on MySQL, which keeps an order.
 */
export function columnCall(column: Column, dialect: Dialect, place: readonly Link[] = []): Call {
  const name = textOf(column.name);
  const written: readonly [Link] = [['specificType', [textOf(writtenOf(column, dialect))]]];
  const [[method, args], ...others] = plainLinks(column, dialect) ?? written;
  return { root: 't', links: [[method, [name, ...args]], ...others, ...place] };
}

/** All that stands behind the name, without what the server says of every column. */
function writtenOf({ written, definition, type }: Column, dialect: Dialect): string {
  if (dialect !== 'mysql') return written ?? definition;
  return plainType(type, dialect) + definition.slice(type.length).replace(/ DEFAULT NULL$/, '');
}

/** A type without the width that MariaDB writes behind every type of whole numbers. */
export function plainType(type: string, dialect: Dialect): string {
  const [form, name = '', width, sign = ''] = /^((?:tiny|small|medium|big)?int)\((\d+)\)( unsigned)?$/.exec(type) ?? [];
  const usual = sign === '' ? signedWidths[name] : unsignedWidths[name];
  return dialect === 'mysql' && form !== undefined && width === usual ? name + sign : type;
}

const signedWidths: Readonly<Record<string, string>> = {
  tinyint: '4',
  smallint: '6',
  mediumint: '9',
  int: '11',
  bigint: '20',
};
const unsignedWidths: Readonly<Record<string, string>> = {
  tinyint: '3',
  smallint: '5',
  mediumint: '8',
  int: '10',
  bigint: '20',
};

/** `t.increments('id')`, which is the primary key too; null for any other numbered column. */
export function incrementsCall(column: Column, dialect: Dialect): Call | null {
  const form = squeezed(column.written ?? column.definition);
  const method = numbered[dialect]?.[form];
  return method === undefined ? null : { root: 't', links: [[method, [textOf(column.name)]]] };
}

/** What knex makes of `increments` and `bigIncrements`, as the database then has it. */
const numbered: Readonly<Partial<Record<Dialect, Readonly<Record<string, string>>>>> = {
  sqlite: { integernotnullprimarykeyautoincrement: 'increments' },
  mysql: {
    'int(10)unsignednotnullauto_increment': 'increments',
    intunsignednotnullauto_increment: 'increments',
    'bigint(20)unsignednotnullauto_increment': 'bigIncrements',
    bigintunsignednotnullauto_increment: 'bigIncrements',
  },
};

/** Null for what is more than a usual type, NOT NULL and a default. */
function plainLinks(column: Column, dialect: Dialect): readonly [Link, ...Link[]] | null {
  const { nullable, default: value } = column;
  const isUnsigned = dialect === 'mysql' && column.type.endsWith(' unsigned');
  const type = plainType(column.type, dialect).replace(/ unsigned$/, '');
  const usual = types[dialect].find(([pattern]) => pattern.test(type));
  const given = value === null || value === 'NULL' ? null : value;
  const written = column.written ?? column.definition;
  const parts = [column.type, ...(nullable ? [] : ['not null'])];
  const forms =
    given === null
      ? [parts, [...parts, 'default null'], [column.type, 'null'], [column.type, 'null default null']]
      : [
          [column.type, `default ${given}`, ...(nullable ? [] : ['not null'])],
          [...parts, `default ${given}`],
          [column.type, 'null', `default ${given}`],
        ];
  if (usual === undefined || !forms.some((form) => squeezed(form.join('')) === squeezed(written))) return null;
  const literal = given === null ? null : defaultOf(given, type, dialect);
  if (literal === null && given !== null) return null;
  const [pattern, call] = usual;
  const [method, ...args] = call(...(pattern.exec(type) ?? []).slice(1).filter((part) => part !== undefined));
  return [
    [method, args],
    ...(isUnsigned ? ([['unsigned', []]] as const) : []),
    ...(nullable ? [] : ([['notNullable', []]] as const)),
    ...(literal === null ? [] : ([['defaultTo', [literal]]] as const)),
  ];
}

/** What `defaultTo` takes for a default as the database writes it; null where knex would write another one. */
function defaultOf(value: string, type: string, dialect: Dialect): string | null {
  const number = /^'?(-?\d+(?:\.\d+)?)'?(?:::[a-z ]+)?$/.exec(value)?.[1];
  const isText = /char|text|enum/i.test(type);
  if (number !== undefined && !isText && String(Number(number)) === number) return number;
  if (dialect === 'postgresql' && (value === 'true' || value === 'false')) return value;
  const cast = dialect === 'postgresql' ? '(?:::[a-z ]+)?' : '';
  const text = new RegExp(`^'((?:[^'\\\\]|'')*)'${cast}$`).exec(value)?.[1];
  if (text !== undefined && isText) return textOf(text.replaceAll("''", "'"));
  if (/^current_timestamp(?:\(\))?$/i.test(value)) return 'op.knex.fn.now()';
  if (dialect === 'postgresql' && !/[?'"]/.test(value)) return `op.knex.raw(${textOf(value)})`;
  return null;
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '').toLowerCase();
}
