import type { Client, QueryResult as PgResult } from 'pg';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import type { Connection, DatabaseSettings, Row } from '../connection.ts';
import { createWaitingText, joinStatements } from '../waiting-text.ts';
import type { ConnectOptions } from '../dialect.ts';

/** The pinned pg client behind a connection of this dialect, for what the port does not carry. */
export interface PostgresqlConnection extends Connection {
  /** Process id the server announced at the start. A pooler announces one of its own. */
  readonly announcedPid: number | null;
}

/** Connects to PostgreSQL through pg: one client, never a pool, which would replace a lost connection in silence. */
export async function connectPostgresql(
  settings: DatabaseSettings,
  options: ConnectOptions,
): Promise<PostgresqlConnection> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...settings.connection,
    application_name: options.applicationName,
    keepAlive: true,
    // In the start-up packet, so that it costs no round trip.
    ...(settings.searchPath === null ? {} : { options: searchPathOption(settings) }),
  });
  let lost: string | null = null;
  // An idle client that loses its server emits this; without a listener it would end the process.
  client.on('error', (error) => {
    lost ??= `the connection was lost (${error.message})`;
  });
  client.on('end', () => {
    lost ??= 'the connection was closed';
  });
  try {
    await client.connect();
  } catch (error) {
    throw cannotConnect(settings, error);
  }
  return connectionOf(client, () => lost);
}

function connectionOf(client: Client, lostBecause: () => string | null): PostgresqlConnection {
  const waiting = createWaitingText();
  const script = async (sql: string): Promise<void> => {
    await client.query(joinStatements([...waiting.take(), sql]));
  };
  return {
    script,
    sendWithNext: (sql) => waiting.add(sql),
    async query(sql, bindings = []) {
      const before = waiting.take();
      if (before.length > 0 && bindings.length > 0) await script(joinStatements(before));
      // Several statements fit into one message only without bindings.
      const result =
        before.length > 0 && bindings.length === 0
          ? await queryAfter(client, before, sql)
          : await client.query<Row>(sql, bindings.map(toPgValue));
      return { rows: result.rows, rowCount: result.rowCount ?? 0, native: result };
    },
    lostBecause,
    async close() {
      if (lostBecause() === null) await client.end();
    },
    announcedPid: (client as unknown as { readonly processID: number | null }).processID,
  };
}

/** Sends a statement in one message with those before it; an error's position counts from the start of its own statement. */
async function queryAfter(client: Client, before: readonly string[], sql: string): Promise<PgResult<Row>> {
  const lead = joinStatements([...before, '']);
  try {
    // The driver answers with a list when there were several statements.
    const results: unknown = await client.query<Row>(lead + sql);
    return (Array.isArray(results) ? results.at(-1) : results) as PgResult<Row>;
  } catch (error) {
    const failed = error as { position?: string | undefined };
    const position = Number(failed.position) - [...lead].length;
    failed.position = position > 0 ? String(position) : undefined;
    throw error;
  }
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

function cannotConnect(settings: DatabaseSettings, error: unknown): AludelError {
  const code = (error as { code?: unknown } | null)?.code;
  const message =
    messageOf(error) === '' && error instanceof AggregateError ? messageOf(error.errors[0]) : messageOf(error);
  return new AludelError('database.unreachable', `Cannot connect to ${settings.display}: ${message}.`, {
    where: settings.display,
    hint: adviceFor(code),
    facts: { code: typeof code === 'string' ? code : null },
    cause: error,
  });
}

function adviceFor(code: unknown): string {
  switch (code) {
    case '28P01':
    case '28000':
      return 'Check the user name and the password.';
    case '3D000':
      return 'The server is there but has no such database; create it first (createdb).';
    case '57P03':
      return 'The server is starting up; try again in a moment.';
    case 'ENOTFOUND':
      return 'The host name does not resolve; check it for a slip.';
    default:
      return 'Check host and port, and that the server runs.';
  }
}
