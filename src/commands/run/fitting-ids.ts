import type { Configuration } from '../../environment/config/configuration.ts';
import { AludelError } from '../../support/aludel-error.ts';
import type { Database } from '../open-database.ts';

/** As wide as Alembic makes its table; ours is wider. What fits into it needs no question. */
const narrowest = 32;

/**
 * Throws database.failed when the version table is too narrow for one of these ids. A revision that has run and cannot be
 * recorded would stay half done where the database cannot roll it back.
 */
export async function refuseIdsThatDoNotFit(
  ids: readonly string[],
  { connection, dialect }: Database,
  { versionTable }: Configuration,
): Promise<void> {
  const long = ids.filter((id) => charactersOf(id) > narrowest);
  if (long.length === 0) return;
  const width = await dialect.idWidth(connection, versionTable);
  const tooLong = long.find((id) => width !== null && charactersOf(id) > width);
  if (tooLong === undefined) return;
  throw new AludelError(
    'database.failed',
    `The version table ${versionTable.name} takes ids of ${width} characters, and ${tooLong} has ${charactersOf(tooLong)}.`,
    {
      hint: 'Nothing was run. Make its column version_num wider, as VARCHAR(255), or give the revision a shorter id.',
      facts: { revision: tooLong, width },
    },
  );
}

/** As the databases count. */
function charactersOf(id: string): number {
  return Array.from(id).length;
}
