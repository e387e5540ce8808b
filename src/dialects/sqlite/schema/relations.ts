import {
  both,
  orNull,
  viewColumn,
  type Relation,
  type RelationColumn,
  type ValueType,
} from '../../../schema/relation.ts';
import type { Column, Snapshot, Table } from '../../../schema/snapshot.ts';
import type { Connection } from '../../connection.ts';
import { nameKey } from '../operations/parse-create-table.ts';
import { quoteIdentifier } from '../quote.ts';

/** Tables, views and virtual tables; a view that names what is not there any more has no columns, and is left out. */
export async function relations(connection: Connection, { objects }: Snapshot): Promise<readonly Relation[]> {
  const found: Relation[] = [];
  for (const object of objects) {
    const { id, schema, name } = object;
    if (object.kind === 'table') {
      found.push({ id, schema, name, isWritable: true, columns: object.columns.map((c) => columnOf(c, object)) });
    } else if (object.kind === 'view' || object.kind === 'virtualTable') {
      const { rows } = await connection
        .query(`PRAGMA table_info(${quoteIdentifier(name)})`)
        .catch(() => ({ rows: [] }));
      const columns = rows.map((row) => viewColumn(String(row['name']), valueType(String(row['type']))));
      const isWritable = object.kind === 'virtualTable';
      if (columns.length > 0) {
        found.push({
          id,
          schema,
          name,
          isWritable,
          columns: isWritable ? columns.map((column) => ({ ...column, write: column.read })) : columns,
        });
      }
    }
  }
  return found;
}

function columnOf(column: Column, table: Table): RelationColumn {
  const isRowid = isAliasOfRowid(column, table);
  const type = valueType(column.type);
  const isRequired = !column.nullable || isRowid;
  const { read, write } = isRequired ? type : orNull(type);
  return {
    name: column.name,
    read,
    write: column.generated === null ? write : null,
    isOptional: isRowid || column.nullable || column.default !== null,
  };
}

/** Such a column is numbered by itself and never NULL (sqlite.org/lang_createtable.html#rowid), unlike other keys. */
function isAliasOfRowid({ name, type }: Column, { items, options }: Table): boolean {
  return (
    type.toUpperCase() === 'INTEGER' &&
    options['WITHOUT ROWID'] === undefined &&
    items.some(
      ({ kind, columns, definition }) =>
        kind === 'primaryKey' &&
        columns.length === 1 &&
        nameKey(columns[0] ?? '') === nameKey(name) &&
        !/ desc /i.test(definition),
    )
  );
}

/**
 * What the sqlite3 package gives for a value that suits its column: by the affinity of the declared type
 * (sqlite.org/datatype3.html, section 3.1). A number or a text may stand in a column of numeric affinity, which dates and
 * JSON have: a Date is bound as its milliseconds, CURRENT_TIMESTAMP is a text. Integers beyond 2^53 lose digits.
 */
function valueType(declared: string): ValueType {
  const type = declared.toUpperCase();
  if (type === '' || type === 'ANY') return both('unknown');
  if (type.includes('INT')) return { read: 'number', write: 'number | boolean' };
  if (/CHAR|CLOB|TEXT/.test(type)) return both('string');
  if (type.includes('BLOB')) return both('Buffer');
  if (/REAL|FLOA|DOUB/.test(type)) return both('number');
  if (/^(?:NUM|DEC)/.test(type)) return { read: 'number', write: 'number | string' };
  if (type.startsWith('BOOL')) return { read: 'number', write: 'number | boolean' };
  if (/DATE|TIME/.test(type)) return { read: 'string | number', write: 'Date | string | number' };
  return both('string | number');
}
