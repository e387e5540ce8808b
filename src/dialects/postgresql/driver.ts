import { userInfo } from 'node:os';
import type { Client, QueryResult as PgResult } from 'pg';
import { cannotConnect } from '../cannot-connect.ts';
import type { Connection, DatabaseSettings, Row } from '../connection.ts';
import { createLoss, type Loss } from '../loss.ts';
import { createWaitingText, joinStatements } from '../waiting-text.ts';
import type { ConnectOptions } from '../dialect.ts';
import { cancelStatement } from './cancel.ts';
import { connectAdvice } from './connect-failure.ts';

/** Connects to PostgreSQL through pg: one client, never a pool, which would replace a lost connection in silence. */
export async function connectPostgresql(settings: DatabaseSettings, options: ConnectOptions): Promise<Connection> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...userOfSystem(),
    ...settings.connection,
    application_name: options.applicationName,
    keepAlive: true,
    ...(options.timeoutMs === undefined ? {} : { connectionTimeoutMillis: options.timeoutMs }),
    // In the start-up packet, so that it costs no round trip.
    ...(settings.searchPath === null ? {} : { options: searchPathOption(settings) }),
  });
  const loss = createLoss(endsConnection);
  // An idle client that loses its server emits this; without a listener it would end the process.
  client.on('error', (error) => {
    loss.notice(`the connection was lost (${error.message})`);
  });
  client.on('end', () => {
    loss.notice('the connection was closed');
  });
  try {
    await client.connect();
  } catch (error) {
    throw cannotConnect(settings, error, connectAdvice);
  }
  return connectionOf(client, loss);
}

/**
 * Who connects where nobody is named: the user of the operating system (PostgreSQL manual, "Parameter Key Words"). pg looks
 * for that one in the environment alone, where a container has nothing.
 */
function userOfSystem(): { readonly user?: string } {
  const { PGUSER, USER, USERNAME } = process.env;
  if ([PGUSER, USER, USERNAME].some((name) => name !== undefined && name !== '')) return {};
  try {
    return { user: userInfo().username };
  } catch {
    // A user without a name has none to connect by; the server asks for one.
    return {};
  }
}

function connectionOf(client: Client, loss: Loss): Connection {
  const waiting = createWaitingText();
  const script = async (sql: string): Promise<void> => {
    await loss.watching(client.query(joinStatements([...waiting.take(), sql])));
  };
  return {
    script,
    sendWithNext: (sql) => waiting.add(sql),
    async query(sql, bindings = []) {
      const before = waiting.take();
      if (before.length > 0 && bindings.length > 0) await script(joinStatements(before));
      // Several statements fit into one message only without bindings.
      const result = await loss.watching(
        before.length > 0 && bindings.length === 0
          ? queryAfter(client, before, sql, (unsent) => waiting.add(unsent))
          : client.query<Row>(sql, bindings.map(toPgValue)),
      );
      return { rows: result.rows, rowCount: result.rowCount ?? 0, native: result };
    },
    cancel: () => cancelStatement(client),
    lostBecause: () => loss.because(),
    async close() {
      if (loss.because() === null) await client.end();
    },
    session: (client as unknown as { readonly processID: number | null }).processID,
  };
}

/** After an error of this severity the server closes the connection (manual, "Error and Notice Message Fields"). */
function endsConnection(error: unknown): boolean {
  const { severity } = (error ?? {}) as { readonly severity?: unknown };
  return severity === 'FATAL' || severity === 'PANIC';
}

/** Errors with which the server may not have got past reading a message (manual, "PostgreSQL Error Codes"). */
const unreadable: ReadonlySet<string> = new Set(['42601', '22021']);

/**
 * Sends a statement in one message with those before it; an error's position counts from the start of its own statement.
 * Gives those before it to `keep` when the server could not read the message: none of it has run then, BEGIN neither.
 */
async function queryAfter(
  client: Client,
  before: readonly string[],
  sql: string,
  keep: (sql: string) => void,
): Promise<PgResult<Row>> {
  const lead = joinStatements([...before, '']);
  try {
    // The driver answers with a list when there were several statements.
    const results: unknown = await client.query<Row>(lead + sql);
    return (Array.isArray(results) ? results.at(-1) : results) as PgResult<Row>;
  } catch (error) {
    const failed = error as { position?: string | undefined; code?: string };
    const position = Number(failed.position) - Array.from(lead).length;
    failed.position = position > 0 ? String(position) : undefined;
    if (unreadable.has(failed.code ?? '') && !(await isInsideTransaction(client)))
      for (const statement of before) keep(statement);
    throw error;
  }
}

/** A body that CREATE FUNCTION cannot read fails with the same codes, but behind BEGIN. The answer to '' tells the state. */
async function isInsideTransaction(client: Client): Promise<boolean> {
  // A connection that is lost is noticed by whoever uses it next.
  await client.query('').catch(() => undefined);
  return client.getTransactionStatus() !== 'I';
}

/** pg renders dates in the local time zone of the process; the instant is what is meant. */
function toPgValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  return value;
}

/** `options` of the start-up packet: blanks and backslashes are escaped (PostgreSQL manual, libpq "options"). */
function searchPathOption(settings: DatabaseSettings): string {
  const given = settings.connection['options'];
  const quoted = (settings.searchPath ?? []).map((schema) => `"${schema.replaceAll('"', '""')}"`).join(',');
  const ours = `-c search_path=${quoted.replaceAll('\\', '\\\\').replaceAll(' ', '\\ ')}`;
  return typeof given === 'string' ? `${given} ${ours}` : ours;
}
