import { dialectOf } from '../../dialects/registry.ts';
import { sha256 } from '../../environment/hash.ts';
import { options, text } from '../../operations/argument-rules.ts';
import { comparableText } from '../../schema/comparable.ts';
import { inCreationOrder } from '../../schema/creation-order.ts';
import { leftOutOf } from '../../schema/object-filter.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { byCodePoint } from '../../support/text.ts';
import { filterOf, warnOfUnmatched, type FilterOptions } from './filter-options.ts';
import { filterKeys, requireArguments, stoppableKeys } from '../call-rules.ts';
import { configSource, type Stoppable } from '../invocation.ts';
import { openConfiguration, openProject, type ConfigSource } from '../open-project.ts';
import type { DumpReport } from '../results.ts';
import { stoppable } from '../run/stoppable.ts';
import { schemaAt } from './schema-at.ts';
import { schemaOfDatabase } from './schema-source.ts';

export interface DumpOptions extends FilterOptions, Stoppable {
  /** The schema that the revisions make up to this target, from a scratch database; without it that of the database. */
  readonly revision?: string;
}

const signature = {
  config: configSource,
  options: options<DumpOptions>({ ...filterKeys, ...stoppableKeys, revision: text }),
};

/** The schema as SQL and as data: no rows, no owners, no rights, and none of the tables of the tool. Changes nothing. */
export async function dump(config: ConfigSource, options: DumpOptions = {}): Promise<DumpReport> {
  requireArguments('dump', signature, [config, options]);
  return await stoppable(options, async (watch) => {
    const configuration = await openConfiguration(config);
    const { database } = configuration;
    const filter = filterOf(options);
    const dialect = await dialectOf(database.dialect);
    const whole = await (options.revision !== undefined
      ? schemaAt(await openProject(config), [options.revision], watch)
      : schemaOfDatabase(configuration, watch));
    warnOfUnmatched(filter, [whole], watch.onEvent);
    const leftOut = leftOutOf(whole, filter);
    const snapshot = { ...whole, objects: whole.objects.filter(({ id }) => !leftOut.has(id)) };
    const statements = inCreationOrder(snapshot.objects).flatMap((object) => dialect.schema.create(object));
    return {
      database: database.display,
      revision: options.revision ?? null,
      fingerprint: sha256(comparableText(snapshot)),
      sql: statements.length === 0 ? '' : dialect.schema.script(statements),
      snapshot,
      missing: missingIn(snapshot, leftOut),
    };
  });
}

/** What is left out and needed: without it the script does not run on an empty database. */
function missingIn({ objects }: Snapshot, leftOut: ReadonlySet<string>): readonly string[] {
  const needed = objects.flatMap(({ needs }) => needs.map(({ object }) => object).filter((id) => leftOut.has(id)));
  return [...new Set(needed)].toSorted(byCodePoint);
}
