import type { Alteration, SchemaPair } from '../../../schema/change.ts';
import type { Column, Snapshot, Table, TableItem, Written } from '../../../schema/snapshot.ts';
import { narrowedColumns } from '../../schema/narrowed-columns.ts';
import { onlyKindDiffers, withIdentity, withoutIdentity, withSequence } from './alter-numbering.ts';
import { alterOptions } from './alter-options.ts';
import { castTo, isAssignable } from './cast.ts';
import { isNotValid } from './create-object.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { namesReplaced } from './type-uses.ts';

/**
 * One ALTER TABLE for columns and constraints, in the order that the server keeps inside it (manual, ALTER TABLE), and one for
 * each other option. Columns of a partition change with those of its parent. Null when rows would have to move.
 */
export function alterTable(from: Table, to: Table, schemas: SchemaPair): Alteration | null {
  if (['INHERITS', 'PARTITION BY', 'USING'].some((key) => from.options[key] !== to.options[key])) return null;
  const table = quoteTable(to);
  const attached = attachmentOf(from, schemas.from)?.definition.join();
  const isPartition = attached !== undefined && attached === attachmentOf(to, schemas.to)?.definition.join();
  const old = new Map(from.columns.map((column) => [column.name, column]));
  const wanted = new Map(to.columns.map((column) => [column.name, column]));
  const retyped = to.columns.filter((column) => ![undefined, column.type].includes(old.get(column.name)?.type));
  const isAnew = (column: Column): boolean => {
    const now = wanted.get(column.name);
    return now === undefined || needsNewColumn(column, now, retyped);
  };
  // What is made from others goes before them.
  const going = isPartition
    ? []
    : from.columns.filter(isAnew).toSorted((a, b) => Number(a.generated === null) - Number(b.generated === null));
  const coming = isPartition
    ? []
    : to.columns.filter((column) => !old.has(column.name) || going.some(({ name }) => name === column.name));
  const staying = to.columns.filter(
    ({ name }) =>
      old.has(name) &&
      !coming.some((column) => column.name === name) &&
      (!isPartition || isOfItsOwn(from, name, schemas.from) || isOfItsOwn(to, name, schemas.to)),
  );
  const has = ({ items }: Table, definition: string): boolean => items.some((item) => item.definition === definition);
  const above = isPartition ? [...itemsAbove(from, schemas.from), ...itemsAbove(to, schemas.to)] : [];
  const isOwn = ({ definition }: TableItem): boolean =>
    !above.some((item) => unnamed(item) === unnamed({ definition }));
  const lost = from.items.filter((item) => !has(to, item.definition) && isOwn(item));
  const gained = to.items.filter((item) => !has(from, item.definition) && isOwn(item));
  // A NOT VALID that is only validated is not made again.
  const validated = gained.filter((item) =>
    lost.some(({ definition }) => definition === `${item.definition} NOT VALID`),
  );
  const dropped = lost.filter((item) => !validated.some(({ name }) => name === item.name));
  const added = gained.filter((item) => !validated.includes(item));
  const clauses = [
    ...dropped
      .filter(({ definition }) => !namesReplaced(definition, from, schemas))
      .map(({ name }) => `DROP CONSTRAINT ${quoteIdentifier(name ?? '')}`),
    ...going.map(({ name }) => `DROP COLUMN ${quoteIdentifier(name)}`),
    ...staying.flatMap((column) => alterColumn(old.get(column.name) ?? column, column, isPartition)),
    ...coming.map(({ name, definition }) => `ADD COLUMN ${quoteIdentifier(name)} ${definition}`),
    ...added.filter(({ definition }) => !isNotValid(definition)).map(({ definition }) => `ADD ${definition}`),
    ...added.filter(({ definition }) => isNotValid(definition)).map(({ definition }) => `ADD ${definition}`),
    ...validated.map(({ name }) => `VALIDATE CONSTRAINT ${quoteIdentifier(name ?? '')}`),
  ];
  return {
    statements: [
      ...(clauses.length === 0 ? [] : [`ALTER TABLE ${table}${clauses.map((clause) => `\n  ${clause}`).join(',')}`]),
      ...alterOptions(from, to, going, schemas.to),
    ],
    touched: [
      ...[...going, ...(isPartition ? [] : retyped)].map(({ name }) => ({ object: from.id, part: name })),
      ...dropped.map(({ name }) => ({ object: from.id, part: name })),
    ],
    renewed: [...going, ...dropped].map(({ name }) => ({ object: from.id, part: name })),
    first: [
      ...(from.options['OF'] === undefined || from.options['OF'] === to.options['OF']
        ? []
        : [`ALTER TABLE ${table} NOT OF`]),
      ...(isPartition
        ? []
        : staying.flatMap((column) => withoutIdentity(old.get(column.name) ?? column, column, table))),
    ],
    last: isPartition
      ? []
      : staying.flatMap((column) => [
          ...withIdentity(old.get(column.name) ?? column, column, table),
          ...withSequence(old.get(column.name) ?? column, column, table, schemas),
        ]),
    loses: [
      ...going.map(({ name }) => `column ${name} of ${from.id}`),
      ...(isPartition ? [] : narrowedColumns(from, to)),
    ],
  };
}

/**
 * PostgreSQL before 17 changes no expression of a generated column, none makes one of a plain column, and none changes the
 * type of a column that one is made from.
 */
function needsNewColumn(from: Column, to: Column, retyped: readonly Column[]): boolean {
  if (to.generated === null) return false;
  const { expression } = to.generated;
  return from.generated?.expression !== expression || retyped.some(({ name }) => expression.includes(name));
}

/** Constraints of the table that this one is a partition of: they come and go with those. */
function itemsAbove(table: Table, snapshot: Snapshot): readonly TableItem[] {
  return parentOf(table, snapshot)?.items ?? [];
}

/** A default and NOT NULL of a partition that its parent does not have. */
function isOfItsOwn(table: Table, name: string, snapshot: Snapshot): boolean {
  const one = table.columns.find((column) => column.name === name);
  const above = parentOf(table, snapshot)?.columns.find((column) => column.name === name);
  return one?.default !== above?.default || one?.nullable !== above?.nullable;
}

function parentOf(table: Table, snapshot: Snapshot): Table | undefined {
  const ids = new Set(attachmentOf(table, snapshot)?.needs.map((need) => need.object));
  return snapshot.objects.find(
    (object): object is Table => object.kind === 'table' && object.id !== table.id && ids.has(object.id),
  );
}

function attachmentOf(table: Table, { objects }: Snapshot): Written | undefined {
  return objects.find((object): object is Written => object.kind === 'partition' && object.owner === table.id);
}

/** A partition may have another name for the constraint of its parent. */
function unnamed({ definition }: Pick<TableItem, 'definition'>): string {
  return definition.replace(/^CONSTRAINT "(?:[^"]|"")+" /, '');
}

/** `isPartition` where the parent brings everything but what a partition may have for itself, a default and NOT NULL. */
function alterColumn(from: Column, to: Column, isPartition: boolean): readonly string[] {
  if (from.definition === to.definition || (isPartition && to.generated !== null)) return [];
  const alter = `ALTER COLUMN ${quoteIdentifier(to.name)}`;
  const isRetyped = from.type !== to.type && !isPartition;
  // A default of the old type may have no place in the new one, and an identity takes none.
  const dropsDefault = from.default !== null && (isRetyped || to.default === null);
  // An assignment refuses a text that is too long, which an explicit cast would cut.
  const using = isAssignable(from.type, to.type)
    ? ''
    : ` USING ${castTo(quoteIdentifier(to.name), from.type, to.type)}`;
  const setsDefault = to.default !== null && (isRetyped || from.default !== to.default);
  return [
    ...(from.generated !== null && to.generated === null ? [`${alter} DROP EXPRESSION`] : []),
    ...(onlyKindDiffers(from.identity, to.identity)
      ? [`${alter} SET ${(to.identity ?? '').replace(/ AS IDENTITY.*$/, '')}`]
      : []),
    ...(dropsDefault ? [`${alter} DROP DEFAULT`] : []),
    ...(isRetyped ? [`${alter} TYPE ${to.type}${using}`] : []),
    ...(setsDefault ? [`${alter} SET DEFAULT ${to.default}`] : []),
    ...(from.nullable === to.nullable ? [] : [`${alter} ${to.nullable ? 'DROP' : 'SET'} NOT NULL`]),
  ];
}
