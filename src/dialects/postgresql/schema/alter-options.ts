import type { Column, Snapshot, Table } from '../../../schema/snapshot.ts';
import { setOption } from './create-object.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

/** An ALTER TABLE for each option of a table that differs. What a dropped column had set goes with it. */
export function alterOptions(from: Table, to: Table, going: readonly Column[], snapshot: Snapshot): readonly string[] {
  const table = quoteTable(to);
  const gone = going.map(({ name }) => `ALTER COLUMN ${quoteIdentifier(name)} `);
  const isHere = (key: string): boolean => !gone.some((prefix) => key.startsWith(prefix));
  const set = Object.entries(to.options).flatMap(([key, value]) => {
    if (from.options[key] === value) return [];
    if (key === 'UNLOGGED') return [`ALTER TABLE ${table} SET UNLOGGED`];
    if (key.startsWith('SET ')) return [`ALTER TABLE ${table} SET (${key.slice(4)}=${value})`];
    return setOption(table, key, value);
  });
  const reset = Object.keys(from.options)
    .filter((key) => to.options[key] === undefined && isHere(key))
    .flatMap((key) => resetOption(table, key, to, snapshot));
  return [...reset, ...set];
}

function resetOption(table: string, key: string, to: Table, snapshot: Snapshot): readonly string[] {
  const alter = `ALTER TABLE ${table}`;
  if (key === 'UNLOGGED') return [`${alter} SET LOGGED`];
  if (key === 'ROW LEVEL SECURITY') return [`${alter} DISABLE ${key}`];
  if (key === 'FORCE ROW LEVEL SECURITY') return [`${alter} NO ${key}`];
  if (key === 'REPLICA IDENTITY') return [`${alter} ${key} DEFAULT`];
  if (key === 'CLUSTER') return [`${alter} SET WITHOUT CLUSTER`];
  if (key.startsWith('SET ')) return [`${alter} RESET (${key.slice(4)})`];
  if (key.endsWith(' SET NOT NULL')) return [`${alter} ${key.replace(/SET NOT NULL$/, 'DROP NOT NULL')}`];
  if (/ (?:SET|DROP) DEFAULT$/.test(key)) {
    const column = key.replace(/ (?:SET|DROP) DEFAULT$/, '');
    const value = inheritedDefault(to, column, snapshot);
    return [`${alter} ${column} ${value === null ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`];
  }
  if (key.endsWith(' STATISTICS')) return [`${alter} ${key} -1`];
  if (key.endsWith(' STORAGE')) {
    // The types that can be stored otherwise, and that the server compresses where it can, but for numbers.
    const type = to.columns.find(({ name }) => key.includes(quoteIdentifier(name)))?.type ?? '';
    return [`${alter} ${key} ${type.startsWith('numeric') ? 'MAIN' : 'EXTENDED'}`];
  }
  if (key.endsWith(' COMPRESSION')) return [`${alter} ${key} DEFAULT`];
  if (key.startsWith('ALTER COLUMN'))
    return [`${alter} ${key.replace(/ SET$/, '')} RESET (n_distinct, n_distinct_inherited)`];
  return [];
}

/** What a table that says nothing of a column has from those above it. `column` is the ALTER COLUMN that names it. */
function inheritedDefault(table: Table, column: string, snapshot: Snapshot): string | null {
  const above = snapshot.objects.filter(
    (object): object is Table => object.kind === 'table' && table.needs.some((need) => need.object === object.id),
  );
  for (const parent of above) {
    const own = parent.columns.find(({ name }) => column === `ALTER COLUMN ${quoteIdentifier(name)}`);
    const found = own?.default ?? parent.options[`${column} SET DEFAULT`] ?? inheritedDefault(parent, column, snapshot);
    if (found !== null) return found;
  }
  return null;
}
