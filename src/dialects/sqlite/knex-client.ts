import { createRequire } from 'node:module';
import type { SchemaBuilder } from '../../operations/schema-builder.ts';
import { AludelError } from '../../support/aludel-error.ts';
import type { BuilderRun } from '../dialect.ts';
import { sessionKnex, type KnexClientClass } from '../knex-session.ts';

/** The parts of knex's table compiler that are replaced; its types do not show them. */
interface TableCompiler {
  tableName(): string;
  pushQuery(sql: string): void;
  formatter: { wrap(identifier: string): string };
}

/** knex for SQLite whose statements all go to `run`. Loads knex. */
export async function loadSqliteBuilder(run: BuilderRun): Promise<SchemaBuilder> {
  const { default: knex } = await import('knex');
  const require = createRequire(import.meta.url);
  const Client = require('knex/lib/dialects/sqlite3') as KnexClientClass;
  const Compiler = require('knex/lib/dialects/sqlite3/schema/sqlite-tablecompiler') as new (
    ...args: unknown[]
  ) => TableCompiler;

  /** Native DROP COLUMN (SQLite 3.35) instead of knex's rebuild, which deletes child rows and drops triggers. */
  class NativeTableCompiler extends Compiler {
    dropColumn(...columns: readonly (string | readonly string[])[]): void {
      for (const column of columns.flat()) {
        this.pushQuery(`alter table ${this.tableName()} drop column ${this.formatter.wrap(column)}`);
      }
    }
  }

  class NativeClient extends Client {
    tableCompiler(...args: unknown[]): TableCompiler {
      return new NativeTableCompiler(this, ...args);
    }
    /** knex's own table rebuild: loses child rows behind ON DELETE CASCADE, triggers and views. */
    ddl(): never {
      throw rebuildRefused();
    }
  }

  return sessionKnex(
    (config) => knex(config),
    NativeClient,
    {
      config: { useNullAsDefault: true },
      respond: (query, { rows, rowCount, insertId, native }) => {
        query.response = rows;
        query.context = native ?? { lastID: insertId ?? 0, changes: rowCount };
      },
    },
    run,
  );
}

export function rebuildRefused(): AludelError {
  return new AludelError(
    'migration.failed',
    'SQLite cannot make this change with ALTER TABLE; the table must be rebuilt.',
    {
      hint: 'SQLite alters a table only by adding, dropping or renaming a column. Create a new table, copy the rows, drop the old one and rename, in one revision.',
    },
  );
}
