import { pathOf } from './rename.ts';
import type { SchemaPair } from './change.ts';
import type { Snapshot, Table } from './snapshot.ts';

/** Something new that may be something old under another name. */
export interface PossibleRename {
  readonly kind: 'table' | 'column';
  /** As a rename is written: `people`, `users.mail`. */
  readonly name: string;
  /** What it may have been, the likeliest first; at least one. */
  readonly candidates: readonly string[];
}

/** A new table may be a dropped one that has at least half of the columns of both, by name and type. */
const enoughInCommon = 0.5;

/** Tables that are only at one end and resemble each other. */
export function possiblyRenamedTables({ from, to }: SchemaPair): readonly PossibleRename[] {
  const gone = tablesOnlyIn(from, to);
  return tablesOnlyIn(to, from).flatMap((table) => {
    const likely = gone
      .filter((other) => other.schema === table.schema)
      .map((other) => ({ name: pathOf(other), likeness: likenessOf(other, table) }))
      .filter(({ likeness }) => likeness >= enoughInCommon)
      .toSorted((a, b) => b.likeness - a.likeness);
    return likely.length === 0
      ? []
      : [{ kind: 'table', name: pathOf(table), candidates: likely.map(({ name }) => name) }];
  });
}

/** Columns of one type that are only at one end of a table that is at both. */
export function possiblyRenamedColumns({ from, to }: SchemaPair): readonly PossibleRename[] {
  const before = new Map(tablesOf(from).map((table) => [keyOf(table), table]));
  return tablesOf(to).flatMap((table) => {
    const old = before.get(keyOf(table));
    if (old === undefined) return [];
    const gone = old.columns.filter((column) => !table.columns.some(({ name }) => name === column.name));
    const added = table.columns.filter((column) => !old.columns.some(({ name }) => name === column.name));
    return added.flatMap(({ name, type }): readonly PossibleRename[] => {
      const likely = gone
        .filter((column) => sameType(column.type, type))
        .map((column) => `${pathOf(table)}.${column.name}`);
      return likely.length === 0 ? [] : [{ kind: 'column', name: `${pathOf(table)}.${name}`, candidates: likely }];
    });
  });
}

function tablesOf({ objects }: Snapshot): readonly Table[] {
  return objects.filter((object) => object.kind === 'table');
}

function tablesOnlyIn(one: Snapshot, other: Snapshot): readonly Table[] {
  const known = new Set(tablesOf(other).map(keyOf));
  return tablesOf(one).filter((table) => !known.has(keyOf(table)));
}

function keyOf({ schema, name }: Table): string {
  return JSON.stringify([schema, name]);
}

/** From 0 to 1: the share of their columns that both have. */
function likenessOf(one: Table, other: Table): number {
  const types = new Map(one.columns.map(({ name, type }) => [name, type]));
  const shared = other.columns.filter(({ name, type }) => sameType(types.get(name) ?? '', type)).length;
  return shared / Math.max(one.columns.length, other.columns.length, 1);
}

/** SQLite keeps a type as it was written. */
function sameType(one: string, other: string): boolean {
  return one.replaceAll(' ', '').toLowerCase() === other.replaceAll(' ', '').toLowerCase();
}
