import type { Model } from './model.ts';

/** What models say of former names, tables first: `users:people`, then `people.email:people.mail`. */
export function declaredRenames(models: readonly Model[]): readonly string[] {
  const tables = models.flatMap(({ table, renamedFrom }) => (renamedFrom === null ? [] : [`${renamedFrom}:${table}`]));
  const columns = models.flatMap(({ table, fields }) =>
    fields.flatMap(({ name, renamedFrom }) =>
      renamedFrom === null ? [] : [`${table}.${renamedFrom}:${table}.${name}`],
    ),
  );
  return [...tables, ...columns];
}
