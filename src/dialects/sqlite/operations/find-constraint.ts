import type { ConstraintKind } from '../../../operations/constraint.ts';
import { AludelError } from '../../../support/aludel-error.ts';
import { listed, nearest } from '../../../support/text.ts';
import { inWords } from './column-uses.ts';
import { constraintsOf, namesOf } from './edit-create-table.ts';
import { nameKey, sameName, type ConstraintText, type CreateTable } from './parse-create-table.ts';

/**
 * The constraint of this name. One without a name answers to those that PostgreSQL and knex would have given it, so
 * that a revision written for a server runs here. Null when there is none; throws migration.failed when there are several.
 */
export function findConstraint(
  table: CreateTable,
  tableName: string,
  name: string,
  type: ConstraintKind | null = null,
): ConstraintText | null {
  const all = constraintsOf(table).filter(({ kind }) => kind !== 'empty' && (type === null || kind === type));
  const byName = all.filter((constraint) => constraint.name !== null && sameName(constraint.name, name));
  const found =
    byName.length > 0
      ? byName
      : all.filter(
          (constraint) =>
            constraint.name === null && usualNames(tableName, table, constraint).some((usual) => sameName(usual, name)),
        );
  if (found.length <= 1) return found[0] ?? null;
  throw new AludelError('migration.failed', `"${name}" names ${found.length} constraints of table "${tableName}".`, {
    hint: `They are ${listed(found.map((constraint) => inWords(table, constraint)))}. Say which by its type, or rename one.`,
  });
}

export function noSuchConstraint(table: CreateTable, tableName: string, name: string): AludelError {
  const all = constraintsOf(table).filter(
    ({ kind, name: own }) => own !== null || ['primaryKey', 'unique', 'check', 'foreignKey'].includes(kind),
  );
  const close = nearest(
    name,
    all.flatMap((constraint) => constraint.name ?? usualNames(tableName, table, constraint)),
  );
  return new AludelError('migration.failed', `Table "${tableName}" has no constraint "${name}".`, {
    hint:
      (close === null ? '' : `Did you mean "${close}"? `) +
      (all.length === 0
        ? 'It has no constraints.'
        : `It has ${listed(all.map((constraint) => inWords(table, constraint)))}.`),
  });
}

/**
 * What a constraint without a name answers to: first the name PostgreSQL gives, then knex's. Source: PostgreSQL's
 * ChooseConstraintName, which names a check after the only column in it; knex's indexes.
 */
export function usualNames(tableName: string, table: CreateTable, constraint: ConstraintText): readonly string[] {
  const { kind, columns } = constraint;
  const stem = [tableName, ...columns].join('_');
  switch (kind) {
    case 'primaryKey':
      return [`${tableName}_pkey`];
    case 'unique':
      return [`${stem}_key`, `${stem}_unique`];
    case 'foreignKey':
      return [`${stem}_fkey`, `${stem}_foreign`];
    case 'check': {
      const [only, ...others] = columnsIn(constraint, table);
      const usual = only === undefined || others.length > 0 ? tableName : `${tableName}_${only}`;
      return [...new Set([`${usual}_check`, `${stem}_check`])];
    }
    default:
      return [];
  }
}

/** Columns of the table that a check names. */
function columnsIn({ expression }: ConstraintText, { text, columns }: CreateTable): readonly string[] {
  if (expression === null) return [];
  const named = new Set(namesOf(text.slice(expression.start, expression.end)).map(({ key }) => key));
  return columns.map(({ name }) => name).filter((name) => named.has(nameKey(name)));
}
