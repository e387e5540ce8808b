import { createRequire } from 'node:module';
import type { KeyOptions, SchemaBuilder } from '../../operations/schema-builder.ts';
import { AludelError } from '../../support/aludel-error.ts';
import type { BuilderRun } from '../dialect.ts';
import { placeholdersAs } from '../knex-placeholders.ts';
import { sessionKnex, type KnexClientClass } from '../knex-session.ts';
import { cannot } from '../operations/render-parts.ts';
import { sqliteRules } from './lexical-rules.ts';
import { literal } from './literal.ts';
import { quoteIdentifier } from './quote.ts';

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
    positionBindings(sql: string): string {
      return placeholdersAs(() => '?', sql, sqliteRules);
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
      rules: {
        literal,
        comment: literal,
        collation: quoteIdentifier,
        checkKey,
        checkNames: () => undefined,
        enumValue: literal,
        quoteIdentifier,
        defaultsInParentheses: false,
        types: {
          // knex makes a float of it, which keeps no digits exactly.
          decimal: (precision = 8, scale = 2) => `decimal(${Number(precision)}, ${Number(scale)})`,
        },
      },
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
      hint: "knex's own rebuild loses triggers and the rows that refer to the table. Use op.alterColumn, op.addConstraint and their like, or op.batchAlterTable for several changes at once: they lose nothing.",
    },
  );
}

function checkKey({ kind, deferrable, indexType, method }: KeyOptions): void {
  if (deferrable !== undefined) {
    const instead =
      kind === 'foreign'
        ? "Write op.addConstraint('…', { kind: 'foreignKey', deferrable: true, … })."
        : 'Leave it out.';
    throw cannot('knex makes no deferrable keys on SQLite.', instead);
  }
  if (indexType !== undefined || method !== undefined) {
    throw cannot('SQLite has one kind of index.', "Leave it out; for a unique one write t.unique(['…']).");
  }
}
