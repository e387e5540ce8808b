import type { Change, SchemaPair } from './change.ts';
import type { Column, Snapshot, Table } from './snapshot.ts';

/** What rows that are there may have against a change, in sentences: those of a scratch database never do. */
export function cautions(
  { kind, object, statements }: Change,
  { from, to }: SchemaPair,
  written: 'typescript' | 'sql',
): readonly string[] {
  const [before, after] = [tableOf(from, object), tableOf(to, object)];
  // What goes before and after the other changes of a table says nothing of its rows.
  if (kind !== 'alter' || !statements.some((sql) => /NOT NULL/i.test(sql))) return [];
  if (before === null || after === null) return [];
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const known = after.columns.filter(({ name, nullable }) => !nullable && old.get(name)?.nullable === true);
  // MySQL fills in what its types have for nothing.
  const fresh = after.columns.filter((column) => !old.has(column.name) && needsValue(column) && to.dialect !== 'mysql');
  return [
    ...known.map(
      ({ name }) =>
        `This fails while a row of ${after.name} has no ${name}: give it one before, by ${written === 'sql' ? 'an UPDATE' : 'op.backfill or op.knex'}.`,
    ),
    ...fresh.map(({ name }) => `This fails while ${after.name} has rows: ${name} has no default for them.`),
  ];
}

function tableOf({ objects }: Snapshot, id: string): Table | null {
  const found = objects.find((object) => object.id === id);
  return found?.kind === 'table' ? found : null;
}

function needsValue({ nullable, default: value, generated, identity }: Column): boolean {
  return !nullable && value === null && generated === null && identity === null;
}
