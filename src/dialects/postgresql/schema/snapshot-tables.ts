import { groupBy } from '../../../support/group-by.ts';
import { objectId, type Column, type TableItem } from '../../../schema/snapshot.ts';
import { qualified, setting, typeOf, whole, type Found } from './found-object.ts';
import { quoteIdentifier } from '../quote.ts';
import { sequenceOptions, sequenceText } from './snapshot-sequences.ts';
import type { SchemaIds } from './schema-ids.ts';
import type { Catalogue, ColumnRow, ConstraintRow, IndexRow, RelationRow, SequenceRow } from './schema-rows.ts';

/** Tables with their columns and their constraints, foreign keys left out: those come when all tables are there. */
export function tableObjects(
  catalogue: Catalogue,
  columnsOf: (row: RelationRow) => readonly ColumnRow[],
  ids: SchemaIds,
): readonly Found[] {
  const identities = new Map(
    catalogue.sequences
      .filter((row) => row.owner_kind === 'i')
      .map((row) => [`${String(row.owner)} ${String(row.owner_column)}`, row]),
  );
  const constraints = groupBy(
    catalogue.constraints.filter(({ kind }) => kind !== 'f'),
    ({ relation }) => String(relation),
  );
  const indexes = new Map(catalogue.indexes.map((row) => [String(row.oid), row]));
  const tables = catalogue.relations.filter(({ kind }) => kind === 'r' || kind === 'p');
  const found = tables.map((row): Found => {
    const { oid, schema, name } = row;
    const id = objectId('table', schema, name);
    const isPartition = row.bound !== null;
    // What only comes from a parent comes with it; a partition is made alone and attached.
    const columns = columnsOf(row).filter((column) => column.own || isPartition);
    const items = (constraints.get(String(oid)) ?? []).filter((constraint) => constraint.own || isPartition);
    for (const item of items) {
      const part = { object: id, part: item.name };
      ids.add('pg_constraint', item.oid, part, `CONSTRAINT ${quoteIdentifier(item.name)} ON ${qualified(row)}`);
      // Its index is in the schema of the table and has its name.
      if (item.kind !== 'c') ids.add('pg_class', item.index, part, `INDEX ${qualified({ schema, name: item.name })}`);
    }
    return {
      object: {
        kind: 'table',
        id,
        schema,
        name,
        owner: null,
        needs: [],
        columns: columns.map((column) => columnOf(column, row, identities.get(`${String(oid)} ${column.number}`))),
        items: items.map((item) => itemOf(item, catalogue, ids)).toSorted((a, b) => rankOf(a) - rankOf(b)),
        options: {
          ...optionsOf(row, columns, items, indexes, ids),
          ...(isPartition ? {} : ownOfInherited(row, tables, columnsOf)),
        },
        text: null,
      },
      needs: isPartition ? [] : row.parents.flatMap((parent) => ids.find('pg_class', parent) ?? []),
    };
  });
  for (const { oid, relation } of catalogue.defaults) {
    const table = ids.find('pg_class', relation);
    if (table !== null) ids.add('pg_attrdef', oid, whole(table.object));
  }
  return found;
}

/** What a table says otherwise of the columns that it has from others. */
function ownOfInherited(
  row: RelationRow,
  tables: readonly RelationRow[],
  columnsOf: (row: RelationRow) => readonly ColumnRow[],
): Readonly<Record<string, string>> {
  const above = tables.filter(({ oid }) => row.parents.includes(String(oid))).flatMap(columnsOf);
  const options: Record<string, string> = {};
  for (const column of columnsOf(row).filter(({ own }) => !own)) {
    const same = above.filter(({ name }) => name === column.name);
    const alter = `ALTER COLUMN ${quoteIdentifier(column.name)}`;
    if (column.generated === '' && same.every((one) => one.default !== column.default)) {
      if (column.default === null) options[`${alter} DROP DEFAULT`] = '';
      else options[`${alter} SET DEFAULT`] = column.default;
    }
    if (column.required && !same.some(({ required }) => required)) options[`${alter} SET NOT NULL`] = '';
  }
  return options;
}

function columnOf(column: ColumnRow, table: RelationRow, identity: SequenceRow | undefined): Column {
  const isGenerated = column.generated !== '';
  const { name, default: value } = column;
  return {
    name,
    type: typeOf(column),
    nullable: !column.required,
    default: isGenerated ? null : value,
    generated: isGenerated ? { expression: value ?? '', stored: true } : null,
    identity: column.identity === '' ? null : identityText(column, table, identity),
    definition: [
      typeOf(column),
      ...(isGenerated ? [`GENERATED ALWAYS AS (${value}) STORED`] : value === null ? [] : [`DEFAULT ${value}`]),
      ...(column.required ? ['NOT NULL'] : []),
      ...(column.identity === '' ? [] : [identityText(column, table, identity)]),
    ].join(' '),
  };
}

/** The sequence of an identity has a name and a type by itself (`t_c_seq`, as its column). */
function identityText(column: ColumnRow, table: RelationRow, sequence: SequenceRow | undefined): string {
  const words = `GENERATED ${column.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`;
  if (sequence === undefined) return words;
  const { AS: _type, ...options } = sequenceOptions(sequence);
  const usual = sequence.schema === table.schema && sequence.name === `${table.name}_${column.name}_seq`;
  const text = [...(usual ? [] : [`SEQUENCE NAME ${qualified(sequence)}`]), sequenceText(options)].join(' ').trim();
  return text === '' ? words : `${words} (${text})`;
}

const itemKinds: Readonly<Record<string, TableItem['kind']>> = {
  p: 'primaryKey',
  u: 'unique',
  c: 'check',
  x: 'exclusion',
};

/** The server leaves out what its index has WITH, but for exclusions. */
function itemOf(row: ConstraintRow, { indexes }: Catalogue, ids: SchemaIds): TableItem {
  const kind = itemKinds[row.kind] ?? 'check';
  const columns = (row.columns ?? []).flatMap((number) => ids.find('pg_class', row.relation, number)?.part ?? []);
  const index =
    kind === 'check' || kind === 'exclusion' ? undefined : indexes.find(({ oid }) => String(oid) === String(row.index));
  const storage = index?.storage?.map(setting).join(', ');
  const definition =
    storage === undefined
      ? row.definition
      : row.definition.replace(/(?= WHERE \(.*\)(?: DEFERRABLE.*)?$)|(?= DEFERRABLE.*$)|$/, ` WITH (${storage})`);
  return {
    kind,
    name: row.name,
    columns: kind === 'check' ? [] : columns,
    definition: `CONSTRAINT ${quoteIdentifier(row.name)} ${definition}`,
  };
}

function rankOf({ kind }: TableItem): number {
  return ['primaryKey', 'unique', 'exclusion', 'check'].indexOf(kind);
}

/**
 * What stands behind the columns of a CREATE TABLE, and what only ALTER TABLE says. A key that begins with ALTER, CLUSTER
 * or REPLICA is the ALTER TABLE that sets it; one that begins with `SET` a storage parameter.
 */
function optionsOf(
  row: RelationRow,
  columns: readonly ColumnRow[],
  items: readonly ConstraintRow[],
  indexes: ReadonlyMap<string, IndexRow>,
  ids: SchemaIds,
): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  if (row.persistence === 'u') options['UNLOGGED'] = '';
  if (row.bound === null && row.parents.length > 0) {
    const parents = row.parents.map((parent) => ids.target('pg_class', parent)?.replace(/^TABLE /, '') ?? '');
    options['INHERITS'] = `(${parents.join(', ')})`;
  }
  if (row.bound !== null) options['PARTITION'] = row.bound;
  if (row.partition_by !== null) options['PARTITION BY'] = row.partition_by;
  if (row.of_type !== null) options['OF'] = row.of_type;
  if (row.method !== null) options['USING'] = quoteIdentifier(row.method);
  for (const text of row.storage ?? []) options[`SET ${text.slice(0, text.indexOf('='))}`] = valueOf(text);
  for (const text of row.toast_storage ?? []) options[`SET toast.${text.slice(0, text.indexOf('='))}`] = valueOf(text);
  if (row.row_security) options['ROW LEVEL SECURITY'] = 'ENABLE';
  if (row.force_row_security) options['FORCE ROW LEVEL SECURITY'] = '';
  if (row.replica_identity === 'f') options['REPLICA IDENTITY'] = 'FULL';
  if (row.replica_identity === 'n') options['REPLICA IDENTITY'] = 'NOTHING';
  for (const item of items) {
    const index = item.kind === 'c' ? undefined : indexes.get(String(item.index));
    if (index?.is_identity === true) options['REPLICA IDENTITY'] = `USING INDEX ${quoteIdentifier(item.name)}`;
    if (index?.is_clustered === true) options['CLUSTER'] = `ON ${quoteIdentifier(item.name)}`;
  }
  return { ...options, ...columnSettings(columns) };
}

/** By the ALTER COLUMN that sets it. */
export function columnSettings(columns: readonly ColumnRow[]): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (const column of columns) {
    const words = `ALTER COLUMN ${quoteIdentifier(column.name)} SET`;
    if (column.storage !== null) options[`${words} STORAGE`] = storageWords[column.storage] ?? 'PLAIN';
    if (column.statistics !== null && column.statistics >= 0)
      options[`${words} STATISTICS`] = String(column.statistics);
    if (column.compression === 'l' || column.compression === 'p') {
      options[`${words} COMPRESSION`] = column.compression === 'l' ? 'lz4' : 'pglz';
    }
    if (column.options.length > 0) options[words] = `(${column.options.map(setting).join(', ')})`;
  }
  return options;
}

const storageWords: Readonly<Record<string, string>> = { p: 'PLAIN', e: 'EXTERNAL', m: 'MAIN', x: 'EXTENDED' };

function valueOf(text: string): string {
  const written = setting(text);
  return written.slice(written.indexOf('=') + 1);
}
