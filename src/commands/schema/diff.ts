import type { Dialect } from '../../dialects/dialect.ts';
import { dialectOf } from '../../dialects/registry.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { options, text } from '../../operations/argument-rules.ts';
import { typescriptBody } from '../../revisions/generated-body.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { withDropped } from './apply-renames.ts';
import { compareSchemas, comparing, type CompareOptions, type WantedSchema } from './compare-schemas.ts';
import { generatedChanges } from './generated-changes.ts';
import { comparisonKeys, requireArguments, stoppableKeys } from '../call-rules.ts';
import { configSource, type Stoppable, type Watch } from '../invocation.ts';
import { openConfiguration, type ConfigSource } from '../open-project.ts';
import type { DiffReport } from '../results.ts';
import { stoppable } from '../run/stoppable.ts';
import { schemaOf } from './schema-source.ts';
import { targetOf, targetSchema } from './target-schema.ts';

export interface DiffOptions extends CompareOptions, Stoppable {}

const signature = {
  config: configSource,
  from: text,
  to: text,
  options: options<DiffOptions>({ ...comparisonKeys, ...stoppableKeys }),
};

/**
 * What makes one schema into another, as SQL and as operations; see {@link schemaOf} for what `from` and `to` may be, beside `target`, that of
 * the configuration. Changes nothing; what has to be made first is made on scratch databases.
 */
export async function diff(
  config: ConfigSource,
  from: string,
  to: string,
  options: DiffOptions = {},
): Promise<DiffReport> {
  requireArguments('diff', signature, [config, from, to, options]);
  return await stoppable(options, async (watch) => {
    const configuration = await openConfiguration(config);
    const how = comparing(options, configuration);
    const { schema: before } = await read(from, config, configuration, watch);
    const after = await read(to, config, configuration, watch);
    if (before.dialect !== after.schema.dialect)
      throw differentDialects(from, before.dialect, to, after.schema.dialect);
    const dialect = await dialectOf(before.dialect);
    const { changes, cautions, named, target } = await compareSchemas(before, after, how, configuration, watch);
    const statements = changes.flatMap((change) => change.statements);
    const operations = generatedChanges(changes, { from: withDropped(named), to: target }, dialect, 'typescript');
    return {
      from,
      to,
      changes,
      cautions,
      sql: statements.length === 0 ? '' : scriptOf(statements, dialect),
      operations: changes.length === 0 ? '' : typescriptBody(operations),
    };
  });
}

function scriptOf(statements: readonly string[], { schema: rules }: Dialect): string {
  return `${rules.stopAtError === null ? '' : `${rules.stopAtError}\n\n`}${rules.script(statements)}`;
}

async function read(
  source: string,
  config: ConfigSource,
  configuration: Configuration,
  watch: Watch,
): Promise<WantedSchema> {
  // Where none is configured a directory may be called so.
  return source === 'target' && configuration.target !== null
    ? await targetSchema(targetOf(configuration), config, configuration, watch)
    : await schemaOf(source, config, configuration, watch);
}

function differentDialects(from: string, one: string, to: string, other: string): AludelError {
  return new AludelError('usage.invalid', `${from} is a schema of ${one} and ${to} one of ${other}.`, {
    hint: 'Files and revisions run on the configured kind of database: say which with --url.',
    facts: { from: one, to: other },
  });
}
