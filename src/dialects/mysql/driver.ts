import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import type {
  Connection as MysqlConnection,
  FieldPacket,
  QueryResult as QueryAnswer,
  ResultSetHeader,
} from 'mysql2/promise';
import { createWaitingText, joinStatements } from '../waiting-text.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { cannotConnect } from '../cannot-connect.ts';
import { fillPlaceholders } from '../fill-placeholders.ts';
import type { Connection, DatabaseSettings, Row } from '../connection.ts';
import type { ConnectOptions } from '../dialect.ts';
import { createLoss } from '../loss.ts';
import { killQuery, serverIn, serverQuestion } from './cancel.ts';
import { connectAdvice, refuseWithoutDatabase } from './connect-failure.ts';
import { mysqlRules } from './lexical-rules.ts';
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

const rules = mysqlRules();

/** How long a server may take to hear good-bye, in milliseconds. */
const goodbyeMs = 2000;

/** Connects to MySQL or MariaDB through mysql2: one connection, never a pool. */
export async function connectMysql(settings: DatabaseSettings, options: ConnectOptions): Promise<Connection> {
  refuseUncheckedAddress(settings);
  refuseWithoutDatabase(settings);
  const { createConnection } = await import('mysql2/promise');
  const loss = createLoss(endsConnection);
  const opened = await openedWith(settings, () =>
    createConnection({
      // mysql2 would write and read dates in the time zone of the process; `timezone` of the connection says otherwise.
      timezone: 'Z',
      ...settings.connection,
      // Our own text may hold several statements; what a revision runs is split before it gets here.
      multipleStatements: true,
      supportBigNumbers: true,
      // A stack for each query, should it fail, is what we have already: from the call in the revision.
      trace: false,
      ...(options.timeoutMs === undefined ? {} : { connectTimeout: options.timeoutMs }),
      connectAttributes: { program_name: options.applicationName },
    }),
  );
  // Emitted when the server goes away while nothing is being asked; without a listener it would end the process.
  opened.on('error', (error: Error) => {
    loss.notice(`the connection was lost (${error.message})`);
  });
  opened.on('end', () => {
    loss.notice('the connection was closed');
  });
  const waiting = createWaitingText();
  /** Which server this is; asked together with the first query, so that it costs no round trip. */
  let server: string | null = null;
  return {
    async query(sql, bindings = []) {
      const before = [...(server === null ? [serverQuestion] : []), ...waiting.take()];
      const values = bindings.map((value) => boundText(opened, toMysqlValue(value)));
      const text = fillPlaceholders(sql, values, rules);
      const { native, first } = await loss.watching(queryAfter(opened, before, text));
      server ??= serverIn(first);
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
      await killQuery(settings.connection, opened.threadId, server);
      // One that came too late for its statement ends this one instead.
      await opened.query('DO 0').catch(() => undefined);
    },
    lostBecause: () => loss.because(),
    async close() {
      if (loss.because() !== null) return;
      // Cut while it says good-bye it is closed all the same; one that hangs never hears it.
      const over = setTimeout(() => socketOf(opened).destroy(), goodbyeMs);
      await Promise.race([opened.end().catch(() => undefined), once(socketOf(opened), 'close')]);
      clearTimeout(over);
    },
  };
}

/** mysql2 throws at once for options that it cannot read, and rejects for everything that happens after. */
async function openedWith(settings: DatabaseSettings, open: () => Promise<MysqlConnection>): Promise<MysqlConnection> {
  let opening: Promise<MysqlConnection>;
  try {
    opening = open();
  } catch (error) {
    throw new AludelError(
      'config.invalid',
      `mysql2 cannot read the options of ${settings.display}: ${messageOf(error)}.`,
      {
        where: settings.display,
        hint: 'Encrypted connections are asked for by ssl-mode; the other options are those of mysql2.',
        cause: error,
      },
    );
  }
  try {
    return await opening;
  } catch (error) {
    throw cannotConnect(settings, error, connectAdvice);
  }
}

/** What mysql2 does not declare of itself (mysql2/lib/base/connection.js): its own destroy() waits for the other side. */
function socketOf(opened: MysqlConnection): Socket {
  return (opened as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;
}

/**
 * Network errors are fatal to mysql2; those of the server are not, though it closes the connection after them:
 * ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED of MariaDB, ER_SESSION_WAS_KILLED of MySQL (error references of both).
 */
function endsConnection(error: unknown): boolean {
  const { fatal, errno } = (error ?? {}) as { readonly fatal?: unknown; readonly errno?: unknown };
  return fatal === true || errno === 1053 || errno === 1927 || errno === 3169;
}

interface AnswerAfter {
  /** As for the statement alone. */
  readonly native: [QueryAnswer, FieldPacket[]];
  /** Of the first statement in the message. */
  readonly first: QueryAnswer | undefined;
}

/** Sends a statement in one message with those before it. */
async function queryAfter(opened: MysqlConnection, before: readonly string[], sql: string): Promise<AnswerAfter> {
  if (before.length === 0) {
    const native = await opened.query(sql);
    return { native, first: native[0] };
  }
  const [answers, fields] = (await opened.query<ResultSetHeader[]>(joinStatements([...before, sql]))) as unknown as [
    QueryAnswer[],
    FieldPacket[][],
  ];
  // A procedure answers more than once; everything after our own statements is its answer.
  const own = answers.slice(before.length);
  const [only] = own;
  const native: AnswerAfter['native'] =
    own.length === 1 && only !== undefined
      ? [only, fields[before.length] ?? []]
      : [own as unknown as QueryAnswer, fields.slice(before.length) as unknown as FieldPacket[]];
  return { native, first: answers[0] };
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
