import type { Alteration, SchemaPair } from '../../../schema/change.ts';
import { comparable } from '../../../schema/comparable.ts';
import type { SchemaObject, Table } from '../../../schema/snapshot.ts';
import { becomesGenerated } from '../../schema/becomes-generated.ts';
import { nameKey, parseCreateTable, type ColumnText, type CreateTable } from '../operations/parse-create-table.ts';
import { quoteIdentifier } from '../quote.ts';
import type { StoredObject } from '../operations/read-table.ts';
import { rebuildTable } from '../operations/rebuild-table.ts';

/** Only a table can be altered; null for what must be dropped and created. */
export function alterObject(from: SchemaObject, to: SchemaObject, schemas: SchemaPair): Alteration | null {
  if (from.kind !== 'table' || to.kind !== 'table' || from.text === null || to.text === null) return null;
  const before = parseCreateTable(from.text);
  const after = parseCreateTable(to.text);
  const wanted = new Map(to.columns.map((column) => [nameKey(column.name), column]));
  const going = from.columns.filter(({ name }) => !wanted.has(nameKey(name)));
  const loses = from.columns
    .filter((column) => going.includes(column) || becomesGenerated(column, wanted.get(nameKey(column.name))))
    .map(({ name }) => `column ${name} of ${from.id}`);
  const added = addable(from, to, after);
  if (added !== null) {
    const table = quoteIdentifier(from.name);
    const statements = added.map(
      ({ span }) => `ALTER TABLE ${table} ADD COLUMN ${after.text.slice(span.start, span.end)}`,
    );
    return { statements, touched: [], loses };
  }
  return { statements: rebuilt(from, to, before, after, going.length > 0, schemas), touched: [], loses };
}

/**
 * The new columns, when that is all the difference and SQLite adds such: no key, no default that is computed, and none that
 * must have a value without saying which (sqlite.org/lang_altertable.html#altertabaddcol). Null otherwise.
 */
function addable(from: Table, to: Table, after: CreateTable): readonly ColumnText[] | null {
  const old = new Map(from.columns.map((column) => [nameKey(column.name), column]));
  const isNew = ({ name }: { readonly name: string }): boolean => !old.has(nameKey(name));
  const kept = to.columns.filter((column) => !isNew(column));
  const added = after.columns.filter(isNew);
  const isAdded = added.every((column) =>
    column.constraints.every(
      ({ kind, expression }) =>
        kind === 'collate' ||
        kind === 'null' ||
        (kind === 'default' && expression === null && !isTime(column, after)) ||
        (kind === 'notNull' && column.constraints.some((other) => other.kind === 'default')),
    ),
  );
  const same = { ...to, columns: kept };
  const onlyAdded = JSON.stringify(comparable(from)) === JSON.stringify(comparable(same));
  return onlyAdded && isAdded && added.length > 0 ? added : null;
}

function isTime(column: ColumnText, { text }: CreateTable): boolean {
  return /\bDEFAULT\s+CURRENT_/i.test(text.slice(column.span.start, column.span.end));
}

/** The table anew from the text that it is to have; what hangs on it and stays is made again from its own text. */
function rebuilt(
  from: Table,
  to: Table,
  before: CreateTable,
  after: CreateTable,
  columnsGo: boolean,
  schemas: SchemaPair,
): readonly string[] {
  const staying = (kind: 'index' | 'trigger'): readonly StoredObject[] =>
    schemas.from.objects.flatMap((object) => {
      if (object.kind !== kind || object.owner !== from.id) return [];
      const other = schemas.to.objects.find(({ id }) => id === object.id);
      const stays = other?.kind === kind && other.meaning === object.meaning;
      return stays ? [{ name: object.name, sql: object.definition[0] ?? '', schema: null }] : [];
    });
  const gainsReference =
    after.text.toUpperCase().includes('REFERENCES') &&
    to.items.some(
      (item) => item.kind === 'foreignKey' && !from.items.some(({ definition }) => definition === item.definition),
    );
  const statements = rebuildTable(
    {
      schema: null,
      name: from.name,
      sql: from.text ?? '',
      indexes: staying('index'),
      triggers: staying('trigger'),
      triggersElsewhere: [],
      referring: [],
    },
    { version: 0, foreignKeys: false, legacyAlterTable: false },
    {
      before,
      after,
      fresh: new Set(),
      using: new Map(),
      columnsGo,
      indexesGone: new Set(),
      afterwards: [],
      check: { tables: gainsReference ? [to.name] : [], violations: 0 },
    },
  );
  return statements.map(({ sql }) => sql);
}
