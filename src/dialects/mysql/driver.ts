import type {
  Connection as MysqlConnection,
  FieldPacket,
  QueryResult as QueryAnswer,
  ResultSetHeader,
} from 'mysql2/promise';
import { createWaitingText, joinStatements } from '../waiting-text.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import type { Connection, DatabaseSettings, Row } from '../connection.ts';
import type { ConnectOptions } from '../dialect.ts';

/** Connects to MySQL or MariaDB through mysql2: one connection, never a pool. */
export async function connectMysql(settings: DatabaseSettings, options: ConnectOptions): Promise<Connection> {
  const { createConnection } = await import('mysql2/promise');
  let lost: string | null = null;
  const opened = await createConnection({
    ...settings.connection,
    // Our own text may hold several statements; what a revision runs is split before it gets here.
    multipleStatements: true,
    supportBigNumbers: true,
    connectAttributes: { program_name: options.applicationName },
  }).catch((error: unknown) => {
    throw cannotConnect(settings, error);
  });
  // Emitted when the server goes away while nothing is being asked; without a listener it would end the process.
  opened.on('error', (error: Error) => {
    lost ??= `the connection was lost (${error.message})`;
  });
  opened.on('end', () => {
    lost ??= 'the connection was closed';
  });
  const waiting = createWaitingText();
  return {
    async query(sql, bindings = []) {
      const before = waiting.take();
      if (before.length > 0 && bindings.length > 0) await opened.query(joinStatements(before));
      const native =
        before.length > 0 && bindings.length === 0
          ? await queryAfter(opened, before, sql)
          : await opened.query(sql, bindings.map(toMysqlValue));
      const [answer] = native;
      if (Array.isArray(answer)) return { rows: answer as Row[], rowCount: answer.length, native };
      return { rows: [], rowCount: answer.affectedRows, insertId: answer.insertId, native };
    },
    async script(sql) {
      await opened.query(joinStatements([...waiting.take(), sql]));
    },
    sendWithNext: (sql) => waiting.add(sql),
    lostBecause: () => lost,
    async close() {
      if (lost !== null) return;
      await opened.end();
    },
  };
}

/** Sends a statement in one message with those before it, and answers as for the statement alone. */
async function queryAfter(
  opened: MysqlConnection,
  before: readonly string[],
  sql: string,
): Promise<[QueryAnswer, FieldPacket[]]> {
  const [answers, fields] = (await opened.query<ResultSetHeader[]>(joinStatements([...before, sql]))) as unknown as [
    QueryAnswer[],
    FieldPacket[][],
  ];
  // A procedure answers more than once; everything after our own statements is its answer.
  const own = answers.slice(before.length);
  const [only] = own;
  return own.length === 1 && only !== undefined
    ? [only, fields[before.length] ?? []]
    : [own as unknown as QueryAnswer, fields.slice(before.length) as unknown as FieldPacket[]];
}

function toMysqlValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return JSON.stringify(value);
  return value;
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
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_DBACCESS_DENIED_ERROR':
      return 'Check the user name and the password, and what the user may do.';
    case 'ER_BAD_DB_ERROR':
      return 'The server is there but has no such database; create it first.';
    case 'ENOTFOUND':
      return 'The host name does not resolve; check it for a slip.';
    default:
      return 'Check host and port, and that the server runs.';
  }
}
