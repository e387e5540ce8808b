import type { Change, SchemaPair } from './change.ts';
import { ruleCautions } from './rule-cautions.ts';
import type { Column, Domain, Enum, SchemaObject, Snapshot, Table } from './snapshot.ts';
import { typeCaution } from './type-cautions.ts';

/**
 * What rows that are there may have against a change, a clause each, which begins small and has no full stop: those of a
 * scratch database never do. What an earlier rule sees to already is passed over, as far as that can be told.
 */
export function cautions(change: Change, schemas: SchemaPair, written: 'typescript' | 'sql'): readonly string[] {
  const before = find(schemas.from, change.object);
  const after = find(schemas.to, change.object);
  return [...new Set(cautionsOf())];

  function cautionsOf(): readonly string[] {
    if (change.kind === 'drop') return [];
    if (change.kind === 'create') {
      const [old, table] = [find(schemas.from, after?.owner ?? ''), find(schemas.to, after?.owner ?? '')];
      if (old?.kind !== 'table' || table?.kind !== 'table') return [];
      return ruleCautions(change.object, old, table, schemas).map(({ text }) => text);
    }
    if (before?.kind === 'table' && after?.kind === 'table') return ofTable(before, after, change, schemas, written);
    if (before?.kind === 'domain' && after?.kind === 'domain') return ofDomain(before, after);
    return before?.kind === 'enum' && after?.kind === 'enum' ? ofEnum(before, after) : [];
  }
}

function find({ objects }: Snapshot, id: string): SchemaObject | undefined {
  return objects.find((object) => object.id === id);
}

function ofTable(
  before: Table,
  after: Table,
  { object, statements }: Change,
  schemas: SchemaPair,
  written: 'typescript' | 'sql',
): readonly string[] {
  const { dialect } = schemas.to;
  // What goes before and after the other changes of a table, and what a partition gets from its parent, says nothing of its rows.
  const says = (text: string): boolean => dialect === 'sqlite' || statements.some((sql) => sql.includes(text));
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const both = after.columns.flatMap((column) => {
    const earlier = old.get(column.name);
    return earlier === undefined ? [] : [{ column, earlier }];
  });
  const known = both.filter(({ column, earlier }) => !column.nullable && earlier.nullable && says('NOT NULL'));
  // MySQL fills in what its types have for nothing.
  const fresh = after.columns.filter(
    (column) => !old.has(column.name) && needsValue(column) && dialect !== 'mysql' && says('NOT NULL'),
  );
  // A type of SQLite refuses no value.
  const retyped = both.filter(({ column, earlier }) => {
    const isStored = column.generated === null && earlier.generated === null;
    return dialect !== 'sqlite' && isStored && column.type !== earlier.type && says(column.type);
  });
  return [
    ...known.map(
      ({ column: { name } }) =>
        `this fails while a row of ${after.name} has no ${name}: give it one before, by ${written === 'sql' ? 'an UPDATE' : 'op.backfill or op.knex'}`,
    ),
    ...fresh.map(({ name }) => `this fails while ${after.name} has rows: ${name} has no default for them`),
    ...retyped.flatMap(({ column, earlier }) => typeCaution(after.name, earlier, column, dialect) ?? []),
    ...ruleCautions(object, before, after, schemas)
      .filter(({ rule }) => says(rule.definition) || says('VALIDATE CONSTRAINT'))
      .map(({ text }) => text),
  ];
}

function needsValue({ nullable, default: value, generated, identity }: Column): boolean {
  return !nullable && value === null && generated === null && identity === null;
}

function ofDomain(before: Domain, after: Domain): readonly string[] {
  const isNew = ({ definition }: Domain['checks'][number]): boolean =>
    !definition.endsWith('NOT VALID') && !before.checks.some((check) => check.definition === definition);
  return [
    ...(before.nullable && !after.nullable ? [`this fails while a row has no value of ${after.id}`] : []),
    ...after.checks
      .filter(isNew)
      .map(({ definition }) => `this fails while a row has a value of ${after.id} that does not meet ${definition}`),
  ];
}

function ofEnum(before: Enum, after: Enum): readonly string[] {
  return before.values
    .filter((value) => !after.values.includes(value))
    .map((value) => `this takes the value ${value} of ${after.id} away, and fails where a row has it`);
}
