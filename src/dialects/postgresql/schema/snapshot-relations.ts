import { objectId } from '../../../schema/snapshot.ts';
import { qualified, setting, typeOf, whole, written, type Found } from './found-object.ts';
import { quoteIdentifier } from '../quote.ts';
import { attachedObjects } from './snapshot-attached.ts';
import { sequenceObjects } from './snapshot-sequences.ts';
import { columnSettings, tableObjects } from './snapshot-tables.ts';
import type { SchemaIds } from './schema-ids.ts';
import type { Catalogue, ColumnRow, RelationRow } from './schema-rows.ts';

/** Tables, views, composite types, sequences, and what hangs on them. */
export function relationObjects(catalogue: Catalogue, ids: SchemaIds): readonly Found[] {
  const columns = new Map<string, ColumnRow[]>();
  for (const column of catalogue.columns) {
    ids.addColumn(column.relation, column.number, column.name);
    const list = columns.get(String(column.relation)) ?? [];
    list.push(column);
    columns.set(String(column.relation), list);
  }
  const columnsOf = ({ oid }: RelationRow): readonly ColumnRow[] => columns.get(String(oid)) ?? [];
  for (const row of catalogue.relations) addRelation(row, ids);
  const views = catalogue.relations.filter(({ kind }) => kind === 'v' || kind === 'm');
  const composites = catalogue.relations.filter(({ kind }) => kind === 'c');
  return [
    ...composites.map((row) => composite(row, columnsOf(row))),
    ...sequenceObjects(catalogue, ids),
    ...tableObjects(catalogue, columnsOf, ids),
    ...views.map((row) => view(row, columnsOf(row))),
    ...attachedObjects(catalogue, ids),
  ];
}

const kinds: Readonly<Record<string, readonly [kind: string, words: string]>> = {
  r: ['table', 'TABLE'],
  p: ['table', 'TABLE'],
  v: ['view', 'VIEW'],
  m: ['materializedView', 'MATERIALIZED VIEW'],
  c: ['composite', 'TYPE'],
};

/** A table is also a type, and an array of one. */
function addRelation(row: RelationRow, ids: SchemaIds): void {
  const [kind, words] = kinds[row.kind] ?? ['', ''];
  const need = whole(objectId(kind, row.schema, row.name));
  ids.add('pg_class', row.oid, need, `${words} ${qualified(row)}`);
  ids.add('pg_type', row.type_oid, need, kind === 'composite' ? `TYPE ${qualified(row)}` : undefined);
  if (row.array_oid !== null) ids.add('pg_type', row.array_oid, need);
}

function composite(row: RelationRow, columns: readonly ColumnRow[]): Found {
  const { schema, name } = row;
  const attributes = columns.map((column) => ({ name: column.name, type: typeOf(column) }));
  const id = objectId('composite', schema, name);
  return { object: { kind: 'composite', id, schema, name, owner: null, needs: [], attributes } };
}

function view(row: RelationRow, columns: readonly ColumnRow[]): Found {
  const { schema, name } = row;
  const isMaterialized = row.kind === 'm';
  const kind = isMaterialized ? 'materializedView' : 'view';
  const storage = row.storage === null ? '' : ` WITH (${row.storage.map(setting).join(', ')})`;
  const method = row.method === null ? '' : ` USING ${quoteIdentifier(row.method)}`;
  const query = (row.query ?? '').replace(/;\s*$/, '').trim();
  const defaults = isMaterialized ? [] : columns.filter((column) => column.default !== null);
  return {
    object: written(
      {
        id: objectId(kind, schema, name),
        kind,
        schema,
        name,
        shape: isMaterialized ? [] : columns.map((column) => `${column.name} ${typeOf(column)}`),
      },
      [
        `CREATE ${isMaterialized ? 'MATERIALIZED ' : ''}VIEW ${qualified(row)}${method}${storage} AS\n${query}`,
        ...Object.entries(isMaterialized ? columnSettings(columns) : {}).map(
          ([words, value]) => `ALTER MATERIALIZED VIEW ${qualified(row)} ${words} ${value}`,
        ),
        ...defaults.map(
          (column) =>
            `ALTER VIEW ${qualified(row)} ALTER COLUMN ${quoteIdentifier(column.name)} SET DEFAULT ${column.default}`,
        ),
      ],
      `DROP ${isMaterialized ? 'MATERIALIZED ' : ''}VIEW ${qualified(row)}`,
    ),
  };
}
