import { objectId } from '../../../schema/snapshot.ts';
import { qualified, whole, written, type Found } from './found-object.ts';
import { quoteIdentifier } from '../quote.ts';
import type { SchemaIds } from './schema-ids.ts';
import type { Catalogue, SequenceRow } from './schema-rows.ts';

/** Sequences with what ties them to a column; the identity of a column is part of the column. */
export function sequenceObjects({ sequences }: Catalogue, ids: SchemaIds): readonly Found[] {
  return sequences
    .filter((row) => row.owner_kind !== 'i')
    .flatMap((row): readonly Found[] => {
      const { schema, name } = row;
      const id = objectId('sequence', schema, name);
      ids.add('pg_class', row.oid, whole(id), `SEQUENCE ${qualified(row)}`);
      const sequence: Found = {
        object: { kind: 'sequence', id, schema, name, owner: null, needs: [], options: sequenceOptions(row) },
      };
      const column = row.owner === null ? null : ids.find('pg_class', row.owner, row.owner_column);
      const table = row.owner === null ? null : ids.target('pg_class', row.owner);
      if (column?.part == null || table === null) return [sequence];
      const owned = written(
        { id: objectId('sequenceOwner', schema, name), kind: 'sequenceOwner', schema, name, owner: column.object },
        [
          `ALTER SEQUENCE ${qualified(row)} OWNED BY ${table.slice(table.indexOf(' ') + 1)}.${quoteIdentifier(column.part)}`,
        ],
        `ALTER SEQUENCE ${qualified(row)} OWNED BY NONE`,
      );
      return [sequence, { object: owned, needs: [whole(id), column] }];
    });
}

/** Largest number of each type of sequence. */
const largest: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
};

/** What is not as it would be without saying so (manual, CREATE SEQUENCE). */
export function sequenceOptions(row: SequenceRow): Readonly<Record<string, string>> {
  const rising = !row.increment.startsWith('-');
  const top = largest[row.type] ?? '';
  const usual = {
    AS: 'bigint',
    'INCREMENT BY': '1',
    MINVALUE: rising ? '1' : `-${(BigInt(top) + 1n).toString()}`,
    MAXVALUE: rising ? top : '-1',
    'START WITH': rising ? row.min : row.max,
    CACHE: '1',
    CYCLE: '',
  };
  const found: Readonly<Record<keyof typeof usual, string>> = {
    AS: row.type,
    'INCREMENT BY': row.increment,
    MINVALUE: row.min,
    MAXVALUE: row.max,
    'START WITH': row.start,
    CACHE: row.cache,
    CYCLE: row.cycle ? 'CYCLE' : '',
  };
  return Object.fromEntries(Object.entries(found).filter(([key, value]) => value !== usual[key as keyof typeof usual]));
}

/** The options as CREATE SEQUENCE and an identity take them. */
export function sequenceText(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => (key === 'CYCLE' ? value : `${key} ${value}`))
    .join(' ');
}
