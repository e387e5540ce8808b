import type { TableName } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { VersionChange } from '../../planner/migration-plan.ts';

/** The statements that write the difference of two row sets. They fail unless each row that goes is there, once. */
export function versionStatements(
  dialect: Dialect,
  table: TableName,
  { remove, update, insert }: VersionChange,
): readonly string[] {
  const name = dialect.quoteTable(table);
  return [
    ...remove.flatMap((id) => dialect.changingOneRow(`DELETE FROM ${name} WHERE version_num = ${dialect.literal(id)}`)),
    ...update.flatMap(({ from, to }) =>
      dialect.changingOneRow(
        `UPDATE ${name} SET version_num = ${dialect.literal(to)} WHERE version_num = ${dialect.literal(from)}`,
      ),
    ),
    ...insert.map((id) => `INSERT INTO ${name} (version_num) VALUES (${dialect.literal(id)})`),
  ];
}
