import type { Knex } from 'knex';
import type { BuildRules, SchemaBuilder } from '../operations/schema-builder.ts';
import type { QueryResult } from './connection.ts';
import type { BuilderRun } from './dialect.ts';

/** The members of a knex client that are replaced or called here. knex's own types leave all of them out. */
interface KnexClient {
  queryBuilder(...args: unknown[]): KnexQueryBuilder;
  queryCompiler(builder: KnexQueryBuilder, ...rest: unknown[]): KnexCompiler;
  schemaBuilder(): KnexSchemaBuilder;
  schemaCompiler(builder: KnexSchemaBuilder): KnexCompiler;
  raw(...args: unknown[]): KnexRaw;
}

/** Makes one statement, or several. */
interface KnexCompiler {
  toSQL(...args: unknown[]): object | readonly object[];
}

interface KnexQueryBuilder {
  readonly _method?: string;
  clone(): KnexQueryBuilder;
}

interface KnexSchemaBuilder {
  readonly _sequence: readonly unknown[];
}

/** It compiles itself. */
interface KnexRaw extends KnexCompiler {
  readonly sql?: unknown;
}

export type KnexClientClass = new (config: object) => KnexClient;

/** What knex hands to its client to run, and where it looks for the answer. */
export interface KnexQuery {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  response?: unknown;
  context?: unknown;
}

interface SessionConnection {
  readonly run: BuilderRun;
}

/**
 * A knex whose client never connects: what it compiles goes to `run`, so that queries of `op.knex` pass through the
 * same session as every other statement. The members replaced are internals of knex; a contract test pins them.
 *
 * The client counts as being inside a transaction, so `op.knex.transaction()` nests by savepoint.
 */
export function sessionKnex(
  knex: (config: object) => Knex,
  Base: KnexClientClass,
  settings: {
    readonly config?: object;
    readonly rules: BuildRules;
    /**
     * Puts the driver's answer where this dialect's response processing looks for it. A statement that was not run
     * again has none: one like it is made of what the journal kept.
     */
    readonly respond: (query: KnexQuery, result: QueryResult) => void;
  },
  run: BuilderRun,
): SchemaBuilder {
  const connection: SessionConnection = { run };
  /** Where things were built, by builder and by each statement that is compiled from one. */
  const places = new WeakMap<object, Error>();
  /** What was built and not compiled yet, and whether it would change anything: a builder takes on its statement later. */
  const neverCompiled = new Map<object, () => boolean>();

  class SessionClient extends Base {
    transacting = true;
    _driver(): object {
      return {};
    }
    acquireConnection(): Promise<SessionConnection> {
      return Promise.resolve(connection);
    }
    releaseConnection(): Promise<void> {
      return Promise.resolve();
    }
    async _query(on: SessionConnection, query: KnexQuery): Promise<KnexQuery> {
      const statement = { sql: withoutTerminator(query.sql), bindings: query.bindings ?? [] };
      const result = await on.run(statement, places.get(query) ?? null);
      settings.respond(query, result);
      return query;
    }
    async _stream(on: SessionConnection, query: KnexQuery, stream: NodeJS.WritableStream): Promise<void> {
      const answered = await this._query(on, query);
      for (const row of rowsOf(answered.response)) stream.write(row as string);
      stream.end();
    }
    destroy(): Promise<void> {
      return Promise.resolve();
    }
    override queryBuilder(...args: unknown[]): KnexQueryBuilder {
      return query(super.queryBuilder(...args));
    }
    override queryCompiler(builder: KnexQueryBuilder, ...rest: unknown[]): KnexCompiler {
      return compiling(super.queryCompiler(builder, ...rest), builder);
    }
    override schemaBuilder(): KnexSchemaBuilder {
      const builder = super.schemaBuilder();
      return built(builder, () => builder._sequence.length > 0);
    }
    override schemaCompiler(builder: KnexSchemaBuilder): KnexCompiler {
      return compiling(super.schemaCompiler(builder), builder);
    }
    override raw(...args: unknown[]): KnexRaw {
      const raw = super.raw(...args);
      // Most raw SQL is a part of something else, and knex makes some itself.
      const changes = typeof raw.sql === 'string' && changingStatement.test(raw.sql);
      return compiling(
        built(raw, () => changes),
        raw,
      );
    }
  }

  function built<T extends object>(builder: T, changes: () => boolean): T {
    places.set(builder, new Error('built here'));
    neverCompiled.set(builder, changes);
    return builder;
  }

  function query(builder: KnexQueryBuilder): KnexQueryBuilder {
    const clone = builder.clone.bind(builder);
    builder.clone = () => {
      // What is cloned is a pattern: the clone is to run, not itself.
      neverCompiled.delete(builder);
      return query(clone());
    };
    return built(builder, () => writes.has(builder._method ?? ''));
  }

  function compiling<T extends KnexCompiler>(compiler: T, builder: object): T {
    const toSQL = compiler.toSQL.bind(compiler);
    compiler.toSQL = (...rest) => {
      neverCompiled.delete(builder);
      const compiled = toSQL(...rest);
      const at = places.get(builder);
      if (at !== undefined) for (const statement of [compiled].flat()) places.set(statement, at);
      return compiled;
    };
    return compiler;
  }

  return {
    knex: knex({ ...settings.config, client: SessionClient }),
    rules: settings.rules,
    takeForgotten() {
      const forgotten = [...neverCompiled].filter(([, changes]) => changes());
      neverCompiled.clear();
      return forgotten.flatMap(([builder]) => places.get(builder) ?? []);
    },
  };
}

const writes = new Set(['insert', 'update', 'del', 'truncate']);

const changingStatement =
  /^\s*(?:insert|update|delete|replace\s+into|merge|truncate|create|alter|drop|call|do|grant|revoke|comment)\s/i;

/** knex ends savepoint statements with a semicolon; a statement of ours has no terminator. */
function withoutTerminator(sql: string): string {
  return sql.endsWith(';') ? sql.slice(0, -1) : sql;
}

function rowsOf(response: unknown): readonly unknown[] {
  if (Array.isArray(response)) return Array.isArray(response[0]) ? (response[0] as unknown[]) : (response as unknown[]);
  const rows = (response as { rows?: unknown } | undefined)?.rows;
  return Array.isArray(rows) ? (rows as unknown[]) : [];
}
