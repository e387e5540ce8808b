import { createRequire } from 'node:module';
import type { KeyOptions, SchemaBuilder } from '../../operations/schema-builder.ts';
import type { BuilderRun } from '../dialect.ts';
import { sessionKnex, type KnexClientClass } from '../knex-session.ts';
import { cannot, words } from '../operations/render-parts.ts';
import { literal } from './literal.ts';
import { quoteIdentifier } from './quote.ts';
import { keptInComment, keptInEnum, refuseSetDefault } from './server.ts';

/** knex for MySQL and MariaDB whose statements all go to `run`. Loads knex. */
export async function loadMysqlBuilder(run: BuilderRun): Promise<SchemaBuilder> {
  const { default: knex } = await import('knex');
  const Client = createRequire(import.meta.url)('knex/lib/dialects/mysql2') as KnexClientClass;
  return sessionKnex(
    (config) => knex(config),
    Client,
    {
      rules: {
        literal,
        comment: (text) => literal(keptInComment(text)),
        collation: (name) => words(name, 'collation').toLowerCase(),
        checkKey,
        checkNames: () => undefined,
        enumValue: (text) => literal(keptInEnum(text)),
        quoteIdentifier,
        defaultsInParentheses: true,
        types: {},
      },
      respond: (query, { rows, rowCount, insertId, native }) => {
        const answer = rows.length > 0 ? rows : { insertId: insertId ?? 0, affectedRows: rowCount };
        query.response = native ?? [answer, []];
      },
    },
    run,
  );
}

function checkKey({ deferrable, partial, onDelete, onUpdate }: KeyOptions): void {
  if (deferrable !== undefined) throw cannot('MySQL checks every constraint at once.', 'Leave out "deferrable".');
  if (partial) {
    throw cannot(
      'MySQL and MariaDB have no partial indexes.',
      'Leave out "predicate", or index a generated column that is NULL where it is false.',
    );
  }
  refuseSetDefault(onDelete, onUpdate);
}
