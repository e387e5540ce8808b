import { resolve } from 'node:path';
import type { Configuration } from '../../environment/config/configuration.ts';
import { shownPath } from '../../environment/shown-path.ts';
import { openSpool } from '../../environment/spool-file.ts';
import { options, text } from '../../operations/argument-rules.ts';
import { leftOutOf } from '../../schema/object-filter.ts';
import type { Relation } from '../../schema/relation.ts';
import { rowTypes } from '../../schema/row-types.ts';
import { filterOf, warnOfUnmatched, type FilterOptions } from './filter-options.ts';
import { filterKeys, requireArguments, stoppableKeys } from '../call-rules.ts';
import { configSource, type Stoppable, type Watch } from '../invocation.ts';
import { isMissing, withDatabase, type Database } from '../open-database.ts';
import { openConfiguration, openProject, type ConfigSource } from '../open-project.ts';
import { readSchema } from './read-schema.ts';
import type { TypesReport } from '../results.ts';
import { stoppable } from '../run/stoppable.ts';
import { databaseAt } from './schema-at.ts';

export interface TypesOptions extends FilterOptions, Stoppable {
  /** The schema that the revisions make up to this target, from a scratch database; without it that of the database. */
  readonly revision?: string;
  /** The file to write, from the working directory. A file of that name is replaced. */
  readonly output?: string;
}

const signature = {
  config: configSource,
  options: options<TypesOptions>({ ...filterKeys, ...stoppableKeys, revision: text, output: text }),
};

/**
 * TypeScript types of the rows of all tables and views, for knex: `knex('users')` then knows its columns. None of the tables
 * of the tool. Changes nothing in the database. Throws file.not-writable.
 */
export async function types(config: ConfigSource, options: TypesOptions = {}): Promise<TypesReport> {
  requireArguments('types', signature, [config, options]);
  const configuration = await openConfiguration(config);
  const { database, workingDirectory } = configuration;
  const relations = await stoppable(options, (watch) => relationsOf(config, configuration, options, watch));
  // Where nothing else is configured a session finds what is in this schema.
  const { text, leftOut } = rowTypes(relations, database.searchPath ?? ['public']);
  const path = options.output === undefined ? null : resolve(workingDirectory, options.output);
  if (path !== null) replaceFile(path, workingDirectory, text);
  return {
    database: database.display,
    revision: options.revision ?? null,
    path: path === null ? null : shownPath(path, workingDirectory),
    types: text,
    left_out: leftOut,
  };
}

async function relationsOf(
  config: ConfigSource,
  configuration: Configuration,
  options: TypesOptions,
  watch: Watch,
): Promise<readonly Relation[]> {
  const filter = filterOf(options);
  const readRelations = async (
    { connection, dialect }: Database,
    place: Configuration,
  ): Promise<readonly Relation[]> => {
    const snapshot = await readSchema(connection, dialect, place);
    warnOfUnmatched(filter, [snapshot], watch.onEvent);
    const leftOut = leftOutOf(snapshot, filter);
    return (await dialect.schema.relations(connection, snapshot)).filter(({ id }) => !leftOut.has(id));
  };
  if (options.revision !== undefined) {
    return await databaseAt(await openProject(config), [options.revision], watch, readRelations);
  }
  if (await isMissing(configuration)) return [];
  return await withDatabase(configuration, { access: 'read', ...watch }, (opened) =>
    readRelations(opened, configuration),
  );
}

function replaceFile(path: string, workingDirectory: string, text: string): void {
  const spool = openSpool(path, workingDirectory, () => '');
  try {
    spool.append(text);
    spool.finish();
    spool.place();
  } finally {
    spool.discard();
  }
}
