import { createRequire } from 'node:module';
import type { KeyOptions, SchemaBuilder } from '../../operations/schema-builder.ts';
import type { BuilderRun } from '../dialect.ts';
import { placeholdersAs } from '../knex-placeholders.ts';
import { sessionKnex, type KnexClientClass } from '../knex-session.ts';
import { tokensOf } from '../sql/lexer.ts';
import { cannot } from '../operations/render-parts.ts';
import { unquoted } from '../sql/statement-words.ts';
import { postgresqlRules } from './lexical-rules.ts';
import { literal } from './literal.ts';
import { refuseUnbound } from './operations/unbound.ts';
import { quoteIdentifier } from './quote.ts';

/** knex for PostgreSQL whose statements all go to `run`. Loads knex. */
export async function loadPostgresqlBuilder(run: BuilderRun): Promise<SchemaBuilder> {
  const { default: knex } = await import('knex');
  const Base = createRequire(import.meta.url)('knex/lib/dialects/postgres') as KnexClientClass;
  class Client extends Base {
    positionBindings(sql: string): string {
      return placeholdersAs((position) => `$${position}`, sql, postgresqlRules);
    }
  }
  return sessionKnex(
    (config) => knex(config),
    Client,
    {
      rules: {
        literal,
        comment: literal,
        collation: quoteIdentifier,
        checkKey,
        checkNames,
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
    (statement, builtAt) => {
      refuseUnbound(statement, builtAt);
      return run(statement, builtAt);
    },
  );
}

/** A text alone is a method to knex here; as the type of an index it knows "unique". */
function checkKey({ indexType, method }: KeyOptions): void {
  if (indexType === undefined || indexType === method || /^unique$/i.test(indexType)) return;
  throw cannot(
    `PostgreSQL has no ${indexType.toLowerCase()} indexes.`,
    "Use { storageEngineIndexType: 'gin' } or 'gist'.",
  );
}

function checkNames(sql: string): void {
  for (const { kind, start, end } of tokensOf(sql, postgresqlRules)) {
    if (kind === 'name') quoteIdentifier(unquoted(sql.slice(start, end)));
  }
}
