import { isIP } from 'node:net';
import type {
  Connection as MysqlConnection,
  FieldPacket,
  QueryResult as QueryAnswer,
  ResultSetHeader,
} from 'mysql2/promise';
import { createWaitingText, joinStatements } from '../waiting-text.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { cannotConnect } from '../cannot-connect.ts';
import type { Connection, DatabaseSettings, Row } from '../connection.ts';
import type { ConnectOptions } from '../dialect.ts';
import { createLoss } from '../loss.ts';
import { connectAdvice } from './connect-failure.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { literal } from './literal.ts';

/** mysql2 compares the certificate with "localhost" when the host is an address. */
function refuseUncheckedAddress({ connection: { host, ssl }, display }: DatabaseSettings): void {
  const isChecked = typeof ssl === 'object' && ssl !== null && 'verifyIdentity' in ssl && ssl.verifyIdentity === true;
  if (!isChecked || typeof host !== 'string' || isIP(host) === 0) return;
  throw new AludelError('config.invalid', `The certificate of ${display} cannot be compared with an address.`, {
    where: display,
    hint: 'Write the host by the name in its certificate, or ask for VERIFY_CA, which takes any name.',
  });
}

/** How long to try to reach the server a second time, to cancel a statement. */
const cancelTimeoutMs = 5000;

/** Connects to MySQL or MariaDB through mysql2: one connection, never a pool. */
export async function connectMysql(settings: DatabaseSettings, options: ConnectOptions): Promise<Connection> {
  refuseUncheckedAddress(settings);
  const { createConnection } = await import('mysql2/promise');
  const loss = createLoss(endsConnection);
  const opened = await createConnection({
    ...settings.connection,
    // Our own text may hold several statements; what a revision runs is split before it gets here.
    multipleStatements: true,
    supportBigNumbers: true,
    ...(options.timeoutMs === undefined ? {} : { connectTimeout: options.timeoutMs }),
    connectAttributes: { program_name: options.applicationName },
  }).catch((error: unknown) => {
    throw cannotConnect(settings, error, connectAdvice);
  });
  // Emitted when the server goes away while nothing is being asked; without a listener it would end the process.
  opened.on('error', (error: Error) => {
    loss.notice(`the connection was lost (${error.message})`);
  });
  opened.on('end', () => {
    loss.notice('the connection was closed');
  });
  const waiting = createWaitingText();
  return {
    async query(sql, bindings = []) {
      const before = waiting.take();
      const values = bindings.map((value) => boundText(opened, toMysqlValue(value)));
      const text = values.length === 0 ? sql : fillPlaceholders(sql, values);
      const native = await loss.watching(before.length > 0 ? queryAfter(opened, before, text) : opened.query(text));
      const [answer] = native;
      if (Array.isArray(answer)) return { rows: answer as Row[], rowCount: answer.length, native };
      return { rows: [], rowCount: answer.affectedRows, insertId: answer.insertId, native };
    },
    async script(sql) {
      await loss.watching(opened.query(joinStatements([...waiting.take(), sql])));
    },
    sendWithNext: (sql) => waiting.add(sql),
    session: opened.threadId,
    async cancel() {
      const messenger = await createConnection({ ...settings.connection, connectTimeout: cancelTimeoutMs });
      try {
        await messenger.query(`KILL QUERY ${opened.threadId}`);
      } finally {
        await messenger.end();
      }
      // One that came too late for its statement ends this one instead.
      await opened.query('DO 0').catch(() => undefined);
    },
    lostBecause: () => loss.because(),
    async close() {
      if (loss.because() !== null) return;
      // Cut while it says good-bye it is closed all the same.
      await opened.end().catch(() => undefined);
    },
  };
}

/**
 * Network errors are fatal to mysql2; those of the server are not, though it closes the connection after them:
 * ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED of MariaDB, ER_SESSION_WAS_KILLED of MySQL (error references of both).
 */
function endsConnection(error: unknown): boolean {
  const { fatal, errno } = (error ?? {}) as { readonly fatal?: unknown; readonly errno?: unknown };
  return fatal === true || errno === 1053 || errno === 1927 || errno === 3169;
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

/** The driver takes a backslash in a text for an escape, which it is not under NO_BACKSLASH_ESCAPES: texts are written by us. */
function boundText(opened: MysqlConnection, value: unknown): string {
  return typeof value === 'string' ? literal(value) : opened.escape(value);
}

function toMysqlValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return JSON.stringify(value);
  return value;
}
