import type { Configuration } from '../../environment/config/configuration.ts';
import type { Connection, TableName } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { withoutTables } from '../../schema/without-tables.ts';
import { tableBeside } from '../open-database.ts';

/** The schema that a connection leads to, without the tables of the tool itself. */
export async function readSchema(
  connection: Connection,
  dialect: Dialect,
  configuration: Configuration,
): Promise<Snapshot> {
  const own: TableName[] = [];
  for (const table of [
    configuration.versionTable,
    tableBeside(configuration, 'log'),
    tableBeside(configuration, 'lock'),
  ]) {
    own.push({ ...table, schema: await dialect.homeOf(connection, table) });
  }
  return withoutTables(await dialect.schema.introspect(connection, { grants: configuration.grants }), own);
}
