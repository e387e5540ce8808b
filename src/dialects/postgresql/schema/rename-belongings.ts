import type { SchemaPair } from '../../../schema/change.ts';
import type { SchemaObject, Snapshot, Table } from '../../../schema/snapshot.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

/**
 * Gives the constraints and the sequences of a table that has its new name already the names that they have in the target.
 * The server names them after the table and leaves them so. Made anew instead, a sequence would begin again at 1, and the
 * index of a key be built again.
 */
export function renameBelongings({ from, to }: SchemaPair, id: string): readonly string[] {
  const [before, after] = [from, to].map((schema) => tableOf(schema, id));
  if (before === undefined || after === undefined) return [];
  return [
    ...renamedConstraints(before, after),
    ...renamedSequences(ownedSequences(from, id), ownedSequences(to, id)),
    ...renamedSequences(identitySequences(before), identitySequences(after)),
  ];
}

function renamedConstraints(before: Table, after: Table): readonly string[] {
  const isIn = ({ items }: Table, name: string | null): boolean => items.some((item) => item.name === name);
  const free = after.items.filter(({ name }) => !isIn(before, name));
  return before.items
    .filter(({ name }) => !isIn(after, name))
    .flatMap((item) => {
      const at = free.findIndex((other) => unnamed(other.definition) === unnamed(item.definition));
      const [other] = at === -1 ? [] : free.splice(at, 1);
      if (other === undefined) return [];
      const names = [item.name, other.name].map((name) => quoteIdentifier(name ?? ''));
      return [`ALTER TABLE ${quoteTable(before)} RENAME CONSTRAINT ${names.join(' TO ')}`];
    });
}

type SequenceName = Pick<SchemaObject, 'schema' | 'name'>;

/** Of the same columns, by which they are given. */
function renamedSequences(
  owned: ReadonlyMap<string, SequenceName>,
  wanted: ReadonlyMap<string, SequenceName>,
): readonly string[] {
  return [...owned].flatMap(([column, { schema, name }]) => {
    const other = wanted.get(column);
    if (other === undefined || other.schema !== schema || other.name === name) return [];
    return [`ALTER SEQUENCE ${quoteTable({ schema, name })} RENAME TO ${quoteIdentifier(other.name)}`];
  });
}

/** By their columns. */
function ownedSequences({ objects }: Snapshot, table: string): ReadonlyMap<string, SequenceName> {
  const owned = new Map<string, SequenceName>();
  for (const object of objects) {
    if (object.kind !== 'sequenceOwner' || object.owner !== table) continue;
    const column = object.needs.find((need) => need.object === table && need.part !== null)?.part;
    if (column === null || column === undefined) continue;
    owned.set(column, object);
  }
  return owned;
}

/** By their columns. An identity says the name of its sequence only where that is not the usual one. */
function identitySequences({ schema, name, columns }: Table): ReadonlyMap<string, SequenceName> {
  return new Map(
    columns.flatMap((column) => {
      if (column.identity === null) return [];
      const [, inSchema, own] = /\(SEQUENCE NAME "((?:[^"]|"")+)"\."((?:[^"]|"")+)"/.exec(column.identity) ?? [];
      const plain = (quoted: string): string => quoted.replaceAll('""', '"');
      return inSchema === undefined || own === undefined
        ? [[column.name, { schema, name: `${name}_${column.name}_seq` }]]
        : [[column.name, { schema: plain(inSchema), name: plain(own) }]];
    }),
  );
}

function tableOf({ objects }: Snapshot, id: string): Table | undefined {
  return objects.filter((object) => object.kind === 'table').find((table) => table.id === id);
}

function unnamed(definition: string): string {
  return definition.replace(/^CONSTRAINT "(?:[^"]|"")+" /, '');
}
