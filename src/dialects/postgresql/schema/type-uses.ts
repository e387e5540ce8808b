import type { SchemaPair } from '../../../schema/change.ts';
import type { Column, Composite, Domain, Enum, SchemaObject, Table, TableItem } from '../../../schema/snapshot.ts';
import { quoteIdentifier } from '../quote.ts';

/** A type that columns have. */
export type OwnType = Enum | Domain | Composite;

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

/** True for a constraint of a table that names a type which is replaced under its columns: it is dropped with that. */
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

/** Generated columns that stay: no type changes under one, and a row has nothing in it but what is made again. */
export function madeAnew(table: Table, columns: readonly Column[], { to }: SchemaPair): readonly Column[] {
  const after = to.objects.find(({ id }) => id === table.id);
  return table.columns.filter(({ name, definition, generated }) => {
    const stays =
      after?.kind === 'table' && after.columns.some((one) => one.name === name && one.definition === definition);
    return stays && generated !== null && columns.some((column) => mentions(generated.expression, column.name));
  });
}

/** What names the type, or stands on a column that is made anew. */
export function itemsOn({ items }: Table, type: OwnType, anew: readonly Column[]): readonly TableItem[] {
  return items.filter(
    ({ kind, columns, definition }) =>
      names(definition, type) ||
      anew.some(({ name }) => columns.includes(name) || (kind === 'check' && mentions(definition, name))),
  );
}

interface CheckOfPartition {
  readonly table: Table;
  readonly item: TableItem;
}

/** Those that name the type and stay, but for the ones that come and go with those of the parent. */
export function checksOfPartitions(
  type: OwnType,
  uses: readonly { readonly table: Table }[],
  { from, to }: SchemaPair,
): readonly CheckOfPartition[] {
  const has = (table: SchemaObject | undefined, { definition }: TableItem): boolean =>
    table?.kind === 'table' && table.items.some((item) => item.definition === definition);
  return from.objects.flatMap((table) => {
    if (table.kind !== 'table' || table.options['PARTITION'] === undefined) return [];
    const after = to.objects.find(({ id }) => id === table.id);
    return table.items
      .filter((item) => names(item.definition, type) && has(after, item) && !uses.some((use) => has(use.table, item)))
      .map((item) => ({ table, item }));
  });
}

/** Whether an expression of the server's has such a word; one that is something else there does no harm. */
export function mentions(expression: string, name: string): boolean {
  const words: readonly string[] = expression.match(/"(?:[^"]|"")+"|\w+/g) ?? [];
  return words.includes(name) || words.includes(quoteIdentifier(name));
}

/** Whether an expression of the server's casts to the type. */
export function names(definition: string, type: OwnType): boolean {
  return formsOf(type).some((form) => definition.includes(`::${form}`));
}

/** The server quotes only what needs it. */
function formsOf({ schema, name }: OwnType): readonly string[] {
  const forms = (text: string): readonly string[] => [text, quoteIdentifier(text)];
  return forms(schema ?? '').flatMap((space) => forms(name).map((own) => `${space}.${own}`));
}
