import { createRequire } from 'node:module';
import type { SchemaBuilder } from '../../operations/schema-builder.ts';
import type { BuilderRun } from '../dialect.ts';
import { sessionKnex, type KnexClientClass } from '../knex-session.ts';
import { literal } from './literal.ts';
import { quoteIdentifier } from './quote.ts';

/** knex for PostgreSQL whose statements all go to `run`. Loads knex. */
export async function loadPostgresqlBuilder(run: BuilderRun): Promise<SchemaBuilder> {
  const { default: knex } = await import('knex');
  const Client = createRequire(import.meta.url)('knex/lib/dialects/postgres') as KnexClientClass;
  return sessionKnex(
    (config) => knex(config),
    Client,
    {
      rules: {
        literal,
        comment: literal,
        enumValue: literal,
        quoteIdentifier,
        defaultsInParentheses: false,
        types: {},
      },
      respond: (query, { rows, rowCount, native }) => {
        const command = /^\s*(\w+)/.exec(query.sql)?.[1]?.toUpperCase() ?? '';
        query.response = native ?? { command, rows, rowCount };
      },
    },
    run,
  );
}
