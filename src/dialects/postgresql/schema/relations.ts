import { groupBy } from '../../../support/group-by.ts';
import { viewColumn, orNull, type Relation, type RelationColumn } from '../../../schema/relation.ts';
import { objectId, type Column, type Snapshot, type Table } from '../../../schema/snapshot.ts';
import type { Connection } from '../../connection.ts';
import { qualifiedNames } from './qualified-names.ts';
import { createValueTypes, type ValueTypes } from './value-types.ts';

/** Tables, views and materialised views of all schemas. */
export async function relations(connection: Connection, { objects }: Snapshot): Promise<readonly Relation[]> {
  const views = groupBy(await columnsOfViews(connection), ({ kind, schema, name }) =>
    objectId(kind === 'm' ? 'materializedView' : 'view', schema, name),
  );
  const types = createValueTypes(objects);
  const tables = new Map(objects.flatMap((object) => (object.kind === 'table' ? [[object.id, object]] : [])));
  return objects.flatMap((object): readonly Relation[] => {
    const { id, schema, name } = object;
    if (object.kind === 'table') {
      const columns = columnsOf(object, tables).map((column) => columnOf(column, types));
      return [{ id, schema, name, isWritable: true, columns }];
    }
    const rows = views.get(id);
    if (rows === undefined) return [];
    const columns = rows.map(({ column, type }) => viewColumn(column, types.of(type)));
    return [{ id, schema, name, isWritable: false, columns }];
  });
}

/** With those of the tables it inherits from in front, each at the place where it first came. */
function columnsOf(table: Table, tables: ReadonlyMap<string, Table>): readonly Column[] {
  const parents = qualifiedNames(table.options['INHERITS'] ?? '').flatMap(
    ([schema, name]) => tables.get(objectId('table', schema, name)) ?? [],
  );
  const columns = [...parents.flatMap((parent) => columnsOf(parent, tables)), ...table.columns];
  return [...new Map(columns.map((column) => [column.name, column])).values()];
}

function columnOf(column: Column, types: ValueTypes): RelationColumn {
  const domain = types.domainOf(column.type);
  const isNullable = column.nullable && domain.isNullable;
  const { read, write } = isNullable ? orNull(types.of(column.type)) : types.of(column.type);
  // An identity that is always generated takes values only by OVERRIDING, which knex does not write.
  const isOwn = column.generated !== null || column.identity?.startsWith('GENERATED ALWAYS') === true;
  return {
    name: column.name,
    read,
    write: isOwn ? null : write,
    isOptional: isNullable || column.default !== null || column.identity !== null || domain.hasDefault,
  };
}

interface ViewColumnRow {
  readonly kind: 'v' | 'm';
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly type: string;
}

/** With an empty search_path, so that every type outside pg_catalog comes with its schema. */
async function columnsOfViews(connection: Connection): Promise<readonly ViewColumnRow[]> {
  await connection.script("BEGIN READ ONLY; SET LOCAL search_path = ''");
  try {
    const { rows } = await connection.query(`
      SELECT relation.relkind AS kind, space.nspname AS schema, relation.relname AS name, entry.attname AS column,
             format_type(entry.atttypid, entry.atttypmod) AS type
      FROM pg_attribute entry JOIN pg_class relation ON relation.oid = entry.attrelid
      JOIN pg_namespace space ON space.oid = relation.relnamespace
      WHERE relation.relkind IN ('v', 'm') AND entry.attnum > 0 AND NOT entry.attisdropped
        AND space.nspname !~ '^pg_' AND space.nspname <> 'information_schema'
      ORDER BY entry.attrelid, entry.attnum`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the columns of the query above
    return rows as unknown as readonly ViewColumnRow[];
  } finally {
    await connection.script('ROLLBACK');
  }
}
