import { AludelError } from '../../../support/aludel-error.ts';
import type { Alteration, SchemaPair } from '../../../schema/change.ts';
import type { Column, Domain, Need, Table } from '../../../schema/snapshot.ts';
import { castTo } from './cast.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { checksOfPartitions, itemsOn, madeAnew, mentions, usesOf, type OwnType } from './type-uses.ts';

/**
 * A new type takes the place of the old one, and every column of it is rewritten; a row with a value that the new one does
 * not have makes that fail. `create` is the statement for the new type; what else names it is dropped before and made after.
 */
export function replaceType(from: OwnType, to: OwnType, create: string, schemas: SchemaPair): Alteration {
  const uses = usesOf(from, schemas);
  for (const { table, columns } of uses) refuseInKey(from, table, columns);
  const ofPartitions = checksOfPartitions(from, uses, schemas);
  const old = `aludel_old_${to.name}`.slice(0, 63);
  return {
    statements: [
      ...ofPartitions.map(
        ({ table, item }) => `ALTER TABLE ${quoteTable(table)} DROP CONSTRAINT ${quoteIdentifier(item.name ?? '')}`,
      ),
      `ALTER ${from.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${quoteTable(from)} RENAME TO ${quoteIdentifier(old)}`,
      create,
      ...uses.map(({ table, columns }) => retype(table, columns, from, to, schemas)),
      `DROP ${from.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${quoteTable({ schema: from.schema, name: old })}`,
      ...ofPartitions.map(({ table, item }) => `ALTER TABLE ${quoteTable(table)} ADD ${item.definition}`),
    ],
    touched: [
      { object: from.id, part: null },
      ...uses.flatMap(({ table, columns }) =>
        [...columns, ...madeAnew(table, columns, schemas)].map(({ name }): Need => ({ object: table.id, part: name })),
      ),
    ],
    renewed: [
      ...uses.flatMap(({ table, columns }) => {
        const generated = madeAnew(table, columns, schemas);
        return [...generated, ...itemsOn(table, from, generated)].map(({ name }) => ({ object: table.id, part: name }));
      }),
      ...ofPartitions.map(({ table, item }) => ({ object: table.id, part: item.name })),
    ],
    loses: [],
  };
}

/** A check and a default name the old type: they go first, and those that stay come back for the new one. */
function retype(table: Table, columns: readonly Column[], from: OwnType, to: OwnType, schemas: SchemaPair): string {
  const wanted = schemas.to.objects.find(({ id }) => id === table.id);
  const after = wanted?.kind === 'table' ? wanted : table;
  const generated = madeAnew(table, columns, schemas);
  const items = itemsOn(table, from, generated);
  const keeps = ({ name, default: value }: Column): boolean =>
    after.columns.some((column) => column.name === name && column.default === value);
  const target = quoteTable(to);
  const clauses = [
    ...items.map(({ name }) => `DROP CONSTRAINT ${quoteIdentifier(name ?? '')}`),
    ...generated.map(({ name }) => `DROP COLUMN ${quoteIdentifier(name)}`),
    ...columns.flatMap((column) => {
      if (generated.includes(column)) return [];
      const own = quoteIdentifier(column.name);
      const list = column.type.endsWith('[]') ? '[]' : '';
      const cast =
        from.kind === 'domain' && to.kind === 'domain'
          ? castTo(`${own}::${plainType(from)}${list}`, `${from.type}${list}`, `${to.type}${list}`)
          : `${own}::text${list}`;
      return [
        ...(column.default === null ? [] : [`ALTER COLUMN ${own} DROP DEFAULT`]),
        `ALTER COLUMN ${own} TYPE ${target}${list} USING ${cast}::${target}${list}`,
        ...(column.default === null || !keeps(column) ? [] : [`ALTER COLUMN ${own} SET DEFAULT ${column.default}`]),
      ];
    }),
    ...generated.map(({ name, definition }) => `ADD COLUMN ${quoteIdentifier(name)} ${definition}`),
    ...items
      .filter(({ definition }) => after.items.some((item) => item.definition === definition))
      .map(({ definition }) => `ADD ${definition}`),
  ];
  return `ALTER TABLE ${quoteTable(table)}${clauses.map((clause) => `\n  ${clause}`).join(',')}`;
}

/** The server changes no type of a column that rows are parted by. */
function refuseInKey({ id }: OwnType, table: Table, columns: readonly Column[]): void {
  const key = table.options['PARTITION BY'];
  const column = columns.find(({ name }) => mentions(key ?? '', name));
  if (column === undefined) return;
  throw new AludelError(
    'schema.cannot-change',
    `The ${id} cannot be made anew: ${table.id} is partitioned by its column ${column.name}, which has that type.`,
    {
      hint: 'Write this change by hand: a new table beside it, the rows moved, the old one dropped.',
      facts: { object: id, because: table.id },
    },
  );
}

function plainType({ type }: Domain): string {
  return type.replace(/ COLLATE .*$/, '');
}
