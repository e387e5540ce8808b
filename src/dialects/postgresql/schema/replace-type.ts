import type { Alteration, SchemaPair } from '../../../schema/change.ts';
import type { Column, Composite, Domain, Enum, Need, SchemaObject, Table } from '../../../schema/snapshot.ts';
import { castTo } from './cast.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

/** A type that columns have. */
export type OwnType = Enum | Domain | Composite;

/**
 * A new type takes the place of the old one, and every column of it is rewritten; a row with a value that the new one does
 * not have makes that fail. `create` is the statement for the new type; what else names it is dropped before and made after.
 */
export function replaceType(from: OwnType, to: OwnType, create: string, schemas: SchemaPair): Alteration {
  const uses = usesOf(from, schemas);
  const old = `aludel_old_${to.name}`.slice(0, 63);
  return {
    statements: [
      `ALTER ${from.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${quoteTable(from)} RENAME TO ${quoteIdentifier(old)}`,
      create,
      ...uses.map(({ table, columns }) => retype(table, columns, from, to, schemas)),
      `DROP ${from.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${quoteTable({ schema: from.schema, name: old })}`,
    ],
    touched: [
      { object: from.id, part: null },
      ...uses.flatMap(({ table, columns }) => columns.map(({ name }): Need => ({ object: table.id, part: name }))),
    ],
    renewed: uses.flatMap(({ table }) =>
      table.items.filter((item) => names(item.definition, from)).map(({ name }) => ({ object: table.id, part: name })),
    ),
    loses: [],
  };
}

/** Columns of the type, in tables that go on using it. Those of a partition change with those of its parent. */
export function usesOf(
  type: OwnType,
  { from, to }: SchemaPair,
): readonly { readonly table: Table; readonly columns: readonly Column[] }[] {
  return from.objects.flatMap((object) => {
    if (object.kind !== 'table' || object.options['PARTITION'] !== undefined) return [];
    const after = to.objects.find(({ id }) => id === object.id);
    if (![object, after].every((one) => one?.needs.some((need) => need.object === type.id))) return [];
    const columns = object.columns.filter((column) => formsOf(type).includes(column.type.replace(/\[\]$/, '')));
    return columns.length === 0 ? [] : [{ table: object, columns }];
  });
}

/** True for a constraint of a table that names a type which {@link replaceType} replaces in it: it is dropped there. */
export function namesReplaced(definition: string, table: Table, schemas: SchemaPair): boolean {
  return schemas.from.objects.some((type) => {
    if (!isOwnType(type) || !names(definition, type)) return false;
    const other = schemas.to.objects.find(({ id }) => id === type.id);
    const uses = other !== undefined && isReplaced(type, other) ? usesOf(type, schemas) : [];
    return uses.some((use) => use.table.id === table.id);
  });
}

/** True where only a new type will do: values of an enum that go or move, another type under a domain or an attribute. */
export function isReplaced(from: SchemaObject, to: SchemaObject): boolean {
  if (from.kind === 'enum' && to.kind === 'enum') {
    const kept = to.values.filter((value) => from.values.includes(value));
    return kept.join('\0') !== from.values.join('\0');
  }
  if (from.kind === 'domain' && to.kind === 'domain') return from.type !== to.type;
  if (from.kind !== 'composite' || to.kind !== 'composite') return false;
  return to.attributes.some(({ name, type }) =>
    from.attributes.some((attribute) => attribute.name === name && attribute.type !== type),
  );
}

function isOwnType(object: SchemaObject): object is OwnType {
  return object.kind === 'enum' || object.kind === 'domain' || object.kind === 'composite';
}

/** A check and a default name the old type: they go first, and those that stay come back for the new one. */
function retype(table: Table, columns: readonly Column[], from: OwnType, to: OwnType, schemas: SchemaPair): string {
  const wanted = schemas.to.objects.find(({ id }) => id === table.id);
  const after = wanted?.kind === 'table' ? wanted : table;
  const checks = table.items.filter((item) => names(item.definition, from));
  const keeps = ({ name, default: value }: Column): boolean =>
    after.columns.some((column) => column.name === name && column.default === value);
  const target = quoteTable(to);
  const clauses = [
    ...checks.map(({ name }) => `DROP CONSTRAINT ${quoteIdentifier(name ?? '')}`),
    ...columns.flatMap((column) => {
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
    ...checks
      .filter(({ definition }) => after.items.some((item) => item.definition === definition))
      .map(({ definition }) => `ADD ${definition}`),
  ];
  return `ALTER TABLE ${quoteTable(table)}${clauses.map((clause) => `\n  ${clause}`).join(',')}`;
}

function plainType({ type }: Domain): string {
  return type.replace(/ COLLATE .*$/, '');
}

/** Whether an expression of the server's casts to the type. */
function names(definition: string, type: OwnType): boolean {
  return formsOf(type).some((form) => definition.includes(`::${form}`));
}

/** The server quotes only what needs it. */
function formsOf({ schema, name }: OwnType): readonly string[] {
  const forms = (text: string): readonly string[] => [text, quoteIdentifier(text)];
  return forms(schema ?? '').flatMap((space) => forms(name).map((own) => `${space}.${own}`));
}
