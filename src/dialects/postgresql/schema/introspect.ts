import type { Snapshot } from '../../../schema/snapshot.ts';
import type { Connection } from '../../connection.ts';
import type { SchemaExtent } from '../../schema-rules.ts';
import * as grantQueries from './grant-queries.ts';
import * as queries from './schema-queries.ts';
import type { Catalogue } from './schema-rows.ts';
import { snapshotOf } from './snapshot.ts';

/** The schemas of a database, all at one moment. */
export async function introspect(
  connection: Connection,
  { grants: withGrants }: SchemaExtent = { grants: false },
): Promise<Snapshot> {
  // Compiling the queries takes longer than running them.
  await connection.script(
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL jit = off",
  );
  try {
    const asked = [...Object.entries(queries), ...(withGrants ? Object.entries(grantQueries) : [])];
    const answers: [string, unknown][] = [];
    for (const [name, sql] of asked) answers.push([name, (await connection.query(sql)).rows]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each query is written for its type in schema-rows.ts
    return snapshotOf(Object.fromEntries(answers) as unknown as Catalogue);
  } finally {
    await connection.script('ROLLBACK');
  }
}
