import type { Snapshot } from '../../../schema/snapshot.ts';
import type { Connection } from '../../connection.ts';
import type { SchemaExtent } from '../../schema/schema-rules.ts';
import * as grantQueries from './grant-queries.ts';
import * as queries from './schema-queries.ts';
import type { Catalogue } from './schema-rows.ts';
import { settledText } from './settled-text.ts';
import { snapshotOf } from './snapshot.ts';

/** Bodies and comments are no text of the server's. */
const asPeopleWrote: ReadonlySet<string> = new Set(['routines', 'comments']);

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
    for (const [name, sql] of asked) {
      const { rows } = await connection.query(sql);
      answers.push([name, asPeopleWrote.has(name) ? rows : rows.map(settled)]);
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each query is written for its type in schema-rows.ts
    return snapshotOf(Object.fromEntries(answers) as unknown as Catalogue);
  } finally {
    await connection.script('ROLLBACK');
  }
}

function settled(value: unknown): unknown {
  if (typeof value === 'string') return settledText(value);
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, settled(part)]));
}
