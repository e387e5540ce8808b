import type { Knex } from 'knex';
import type { BuildRules, SchemaBuilder } from '../operations/schema-builder.ts';
import type { QueryResult } from './connection.ts';
import type { BuilderRun } from './dialect.ts';

/** The members of a knex client that are replaced or called here. knex's own types leave all of them out. */
interface KnexClient {
  queryBuilder(...args: unknown[]): KnexQueryBuilder;
  queryCompiler(builder: KnexQueryBuilder, ...rest: unknown[]): unknown;
  schemaBuilder(): KnexSchemaBuilder;
  schemaCompiler(builder: KnexSchemaBuilder): unknown;
  raw(...args: unknown[]): KnexRaw;
  runner(builder: object): KnexRunner;
}

interface KnexRunner {
  query(query: unknown): unknown;
}

interface KnexQueryBuilder {
  readonly _method?: string;
  clone(): KnexQueryBuilder;
}

interface KnexSchemaBuilder {
  readonly _sequence: readonly unknown[];
}

interface KnexRaw {
  readonly sql?: unknown;
  toSQL(...args: unknown[]): unknown;
}

/** What was built with knex and not compiled yet. */
interface Built {
  readonly at: Error;
  /** Whether it would change anything: a builder takes on its statement only after it was made. */
  readonly changes: () => boolean;
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
  const neverCompiled = new Map<object, Built>();
  /** Where what knex runs was built. */
  const places = new WeakMap<object, Error>();
  /** Where the query that is about to run was built; for a stream, the outermost one compiled since the last query ran. */
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
      return watched(super.queryBuilder(...args));
    }
    override queryCompiler(builder: KnexQueryBuilder, ...rest: unknown[]): unknown {
      builtAt ??= neverCompiled.get(builder)?.at ?? null;
      neverCompiled.delete(builder);
      return super.queryCompiler(builder, ...rest);
    }
    override schemaBuilder(): KnexSchemaBuilder {
      const builder = super.schemaBuilder();
      const at = new Error('built here');
      places.set(builder, at);
      neverCompiled.set(builder, { at, changes: () => builder._sequence.length > 0 });
      return builder;
    }
    override schemaCompiler(builder: KnexSchemaBuilder): unknown {
      neverCompiled.delete(builder);
      return super.schemaCompiler(builder);
    }
    override raw(...args: unknown[]): KnexRaw {
      const raw = super.raw(...args);
      const at = new Error('built here');
      places.set(raw, at);
      // Most raw SQL is a part of something else, and knex makes some itself.
      if (typeof raw.sql !== 'string' || !changingStatement.test(raw.sql)) return raw;
      neverCompiled.set(raw, { at, changes: () => true });
      const toSQL = raw.toSQL.bind(raw);
      raw.toSQL = (...rest) => {
        neverCompiled.delete(raw);
        return toSQL(...rest);
      };
      return raw;
    }
    override runner(builder: object): KnexRunner {
      const runner = super.runner(builder);
      const query = runner.query.bind(runner);
      // At once before it runs: what was compiled last may never run, and others may be compiled meanwhile.
      runner.query = (compiled) => {
        builtAt = places.get(builder) ?? null;
        return query(compiled);
      };
      return runner;
    }
  }

  function watched(builder: KnexQueryBuilder): KnexQueryBuilder {
    const at = new Error('built here');
    places.set(builder, at);
    neverCompiled.set(builder, { at, changes: () => writes.has(builder._method ?? '') });
    const clone = builder.clone.bind(builder);
    builder.clone = () => {
      // What is cloned is a pattern: the clone is to run, not itself.
      neverCompiled.delete(builder);
      return watched(clone());
    };
    return builder;
  }

  return {
    knex: knex({ ...settings.config, client: SessionClient }),
    rules: settings.rules,
    takeForgotten() {
      const forgotten = [...neverCompiled.values()].filter(({ changes }) => changes());
      neverCompiled.clear();
      return forgotten.map(({ at }) => at);
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
