import {
  both,
  orNull,
  unionOf,
  viewColumn,
  type Relation,
  type RelationColumn,
  type ValueType,
} from '../../../schema/relation.ts';
import { objectId, type Column, type Snapshot } from '../../../schema/snapshot.ts';
import type { Connection, Row } from '../../connection.ts';
import { groupBy } from '../../../support/group-by.ts';

/** Tables and views of the connection's database. */
export async function relations(connection: Connection, { objects }: Snapshot): Promise<readonly Relation[]> {
  const { rows } = await connection.query(viewColumns);
  const views = groupBy(rows, (row) => objectId('view', String(row['view'])));
  return objects.flatMap((object): readonly Relation[] => {
    const { id, schema, name } = object;
    if (object.kind === 'table') {
      return [{ id, schema, name, isWritable: true, columns: object.columns.map(columnOf) }];
    }
    const columns = views.get(id) ?? [];
    return columns.length === 0 ? [] : [{ id, schema, name, isWritable: false, columns: columns.map(columnOfView) }];
  });
}

const viewColumns =
  `SELECT c.table_name AS view, c.column_name AS name, c.column_type AS type, c.is_nullable AS nullable ` +
  `FROM information_schema.columns c JOIN information_schema.views v USING (table_schema, table_name) ` +
  `WHERE table_schema = DATABASE() ORDER BY c.table_name, c.ordinal_position`;

function columnOf(column: Column): RelationColumn {
  const type = isJson(column) ? json : valueType(column.type);
  const { read, write } = column.nullable ? orNull(type) : type;
  return {
    name: column.name,
    read,
    write: column.generated === null ? write : null,
    isOptional: column.nullable || column.default !== null || column.identity !== null,
  };
}

/** MariaDB does not say of the LONGTEXT of a view whether it is JSON, which the driver parses. */
function columnOfView(row: Row): RelationColumn {
  const type = String(row['type']);
  const column = viewColumn(String(row['name']), type === 'longtext' ? json : valueType(type));
  return row['nullable'] === 'NO' ? { ...column, read: column.read.replace(/ \| null$/, '') } : column;
}

/** JSON of MariaDB is a LONGTEXT with this check, which its server tells the driver (manual, "JSON Data Type"). */
function isJson({ type, definition }: Column): boolean {
  return type === 'json' || / CHECK \(json_valid\(`(?:[^`]|``)*`\)\)$/.test(definition);
}

const json: ValueType = { read: 'unknown', write: 'JsonInput' };
const number = both('number');
const bytes = both('Buffer');
const date: ValueType = { read: 'Date', write: 'Date | string' };

/**
 * What mysql2 gives with its default settings (mysql2/lib/parsers/text_parser.js), which are knex's: a BIGINT is a number,
 * beyond 2^53 an inexact one, and DECIMAL a text.
 */
const types: Readonly<Record<string, ValueType>> = {
  tinyint: { read: 'number', write: 'number | boolean' },
  smallint: number,
  mediumint: number,
  int: number,
  bigint: { read: 'number', write: 'number | bigint | string' },
  decimal: { read: 'string', write: 'string | number' },
  float: number,
  double: number,
  year: number,
  bit: { read: 'Buffer', write: 'Buffer | number' },
  binary: bytes,
  varbinary: bytes,
  tinyblob: bytes,
  blob: bytes,
  mediumblob: bytes,
  longblob: bytes,
  date,
  datetime: date,
  timestamp: date,
  json,
  point: { read: '{ x: number; y: number }', write: 'never' },
  // Points in lists, as deep as the shape is.
  geometry: { read: 'unknown', write: 'never' },
};

const shapes = /^(?:linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$/;

function valueType(written: string): ValueType {
  const name = /^\w+/.exec(written)?.[0].toLowerCase() ?? '';
  if (name === 'enum') return both(unionOf(labelsIn(written)));
  return types[shapes.test(name) ? 'geometry' : name] ?? both('string');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

/** As the server writes them: an apostrophe twice, and a backslash before what cannot stand there as it is. */
function labelsIn(written: string): readonly string[] {
  const labels = written.slice(0, written.lastIndexOf(')')).matchAll(/'((?:[^'\\]|''|\\[^])*)'/g);
  return [...labels].map(([, label = '']) =>
    label.replaceAll(/''|\\([^])/g, (_all, escaped?: string) =>
      escaped === undefined ? "'" : (escapes[escaped] ?? escaped),
    ),
  );
}
