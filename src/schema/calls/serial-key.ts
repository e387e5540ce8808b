import { call, textOf, type Call } from '../../support/typescript-text.ts';
import type { SchemaPair } from '../change.ts';
import type { SchemaObject, Sequence, Table, Written } from '../snapshot.ts';

/** A primary key that a sequence of its own numbers. */
export interface SerialKey {
  readonly column: string;
  readonly call: Call;
}

const methods: Readonly<Record<string, string>> = { integer: 'increments', bigint: 'bigIncrements' };

/** `t.increments('id')` makes the sequence of a new table of PostgreSQL's too; null where it would make another one. */
export function serialKeyOf(table: Table, schemas: SchemaPair): SerialKey | null {
  const key = table.items.find(({ kind }) => kind === 'primaryKey');
  const column = table.columns.find(({ name }) => key?.columns.join() === name);
  const method = methods[column?.type ?? ''];
  if (column === undefined || method === undefined || key?.name !== `${table.name}_pkey`) return null;
  const sequence = schemas.to.objects.find(
    (object): object is Sequence =>
      object.kind === 'sequence' &&
      object.schema === table.schema &&
      object.name === `${table.name}_${column.name}_seq`,
  );
  const type = column.type === 'integer' ? JSON.stringify({ AS: 'integer' }) : '{}';
  const isItsOwn = sequence !== undefined && JSON.stringify(sequence.options) === type && isNew(sequence, schemas);
  const isNumbered = column.default === `nextval('${table.schema}.${sequence?.name}'::regclass)`;
  const isOwned = sequence !== undefined && tieOf(sequence, schemas)?.owner === table.id;
  if (!isItsOwn || !isNumbered || !isOwned || !isNew(table, schemas)) return null;
  return { column: column.name, call: call('t', method, textOf(column.name)) };
}

/** True for a sequence, or its tie to a column, that comes with the key of a new table. */
export function comesWithKey(object: Sequence | Written, schemas: SchemaPair): boolean {
  const owner = object.kind === 'sequence' ? tieOf(object, schemas)?.owner : object.owner;
  const table = schemas.to.objects.find(({ id }) => id === owner);
  if (table?.kind !== 'table') return false;
  const key = serialKeyOf(table, schemas);
  return key !== null && object.name === `${table.name}_${key.column}_seq`;
}

/** What ties a sequence to its column. */
function tieOf({ schema, name }: Sequence, { to }: SchemaPair): SchemaObject | undefined {
  return to.objects.find(
    (object) => object.kind === 'sequenceOwner' && object.schema === schema && object.name === name,
  );
}

function isNew({ id }: SchemaObject, { from }: SchemaPair): boolean {
  return from.objects.every((object) => object.id !== id);
}
