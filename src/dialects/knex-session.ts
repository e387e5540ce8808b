import type { Knex } from 'knex';
import type { BuildRules, SchemaBuilder } from '../operations/schema-builder.ts';
import type { QueryResult } from './connection.ts';
import type { BuilderRun } from './dialect.ts';

/** The members of a knex client that are replaced or called here. knex's own types leave all of them out. */
interface KnexClient {
  queryBuilder(...args: unknown[]): KnexQueryBuilder;
  queryCompiler(builder: KnexQueryBuilder, ...rest: unknown[]): unknown;
  raw(...args: unknown[]): object;
  schemaBuilder(): object;
  runner(builder: object): unknown;
}

interface KnexQueryBuilder {
  readonly _method?: string;
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
  const neverCompiled = new Map<KnexQueryBuilder, Error>();
  /** Where `knex.raw` and `knex.schema` were called: no compiler is made for them. */
  const places = new WeakMap<object, Error>();
  /** Where the query that is about to run was built: the outermost one compiled since the last query ran. */
  let builtAt: Error | null = null;

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
      const origin = builtAt;
      builtAt = null;
      const result = await on.run({ sql: withoutTerminator(query.sql), bindings: query.bindings ?? [] }, origin);
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
      const builder = super.queryBuilder(...args);
      neverCompiled.set(builder, new Error('built here'));
      return builder;
    }
    override queryCompiler(builder: KnexQueryBuilder, ...rest: unknown[]): unknown {
      builtAt ??= neverCompiled.get(builder) ?? null;
      neverCompiled.delete(builder);
      return super.queryCompiler(builder, ...rest);
    }
    override raw(...args: unknown[]): object {
      const built = super.raw(...args);
      places.set(built, new Error('built here'));
      return built;
    }
    override schemaBuilder(): object {
      const built = super.schemaBuilder();
      places.set(built, new Error('built here'));
      return built;
    }
    override runner(builder: object): unknown {
      builtAt ??= places.get(builder) ?? null;
      return super.runner(builder);
    }
  }

  return {
    knex: knex({ ...settings.config, client: SessionClient }),
    rules: settings.rules,
    takeForgotten() {
      const forgotten = [...neverCompiled].filter(([builder]) => writes.has(builder._method ?? ''));
      neverCompiled.clear();
      return forgotten.map(([, builtAt]) => builtAt);
    },
  };
}

const writes = new Set(['insert', 'update', 'del', 'truncate']);

/** knex ends savepoint statements with a semicolon; a statement of ours has no terminator. */
function withoutTerminator(sql: string): string {
  return sql.endsWith(';') ? sql.slice(0, -1) : sql;
}

function rowsOf(response: unknown): readonly unknown[] {
  if (Array.isArray(response)) return Array.isArray(response[0]) ? (response[0] as unknown[]) : (response as unknown[]);
  const rows = (response as { rows?: unknown } | undefined)?.rows;
  return Array.isArray(rows) ? (rows as unknown[]) : [];
}
