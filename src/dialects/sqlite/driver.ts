import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Database as SqliteDatabase } from 'sqlite3';
import type { ConnectOptions } from '../dialect.ts';
import type { Connection, DatabaseSettings, QueryResult, Row } from '../connection.ts';
import { createWaitingText, joinStatements } from '../waiting-text.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { whyNoDatabase } from './database-file.ts';

/** Between two attempts to interrupt a statement, in milliseconds. */
const againMs = 10;

/** Opens a SQLite file, or `:memory:`, through the sqlite3 package. */
export async function connectSqlite(settings: DatabaseSettings, options: ConnectOptions): Promise<Connection> {
  const { default: sqlite3 } = await import('sqlite3');
  const filename = filenameOf(settings);
  const reason = whyNoDatabase(filename);
  if (reason !== null) throw otherFile(settings, reason);
  const mode = options.readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
  const database = await new Promise<SqliteDatabase>((resolve, reject) => {
    const opened: SqliteDatabase = new sqlite3.Database(filename, mode, (error) => {
      if (error === null) resolve(opened);
      else reject(cannotOpen(settings, error));
    });
  });
  database.configure('busyTimeout', options.busyTimeoutMs);
  return connectionOf(database);
}

/** SQLite creates a file that is not there; a command that only reads must not. */
export function isMissingFile(settings: DatabaseSettings): boolean {
  const filename = filenameOf(settings);
  return filename === ':memory:' || !existsSync(filename);
}

export function filenameOf(settings: DatabaseSettings): string {
  return String(settings.connection['filename']);
}

function connectionOf(database: SqliteDatabase): Connection {
  const waiting = createWaitingText();
  let closed = false;
  const script = (sql: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const text = joinStatements([...waiting.take(), sql]);
      database.exec(text, (error) => (error === null ? resolve() : reject(error)));
    });
  let underWay: Promise<QueryResult> | null = null;
  const run = async (sql: string, bindings: readonly unknown[]): Promise<QueryResult> => {
    const values = bindings.map(toSqliteValue);
    if (values.length === 0 && isDefinition(sql)) {
      // One hand-over to the driver's thread instead of two: no prepared statement, and no count of rows.
      await script(sql);
      return { rows: [], rowCount: 0, native: { rows: [], lastID: 0, changes: 0 } };
    }
    const before = waiting.take();
    if (before.length > 0) await script(joinStatements(before));
    return returnsRows(sql) ? await rowsOf(database, sql, values) : await changesOf(database, sql, values);
  };
  return {
    script,
    sendWithNext: (sql) => waiting.add(sql),
    async query(sql, bindings = []) {
      const started = run(sql, bindings);
      underWay = started;
      try {
        return await started;
      } finally {
        if (underWay === started) underWay = null;
      }
    },
    session: null,
    async cancel() {
      // It reaches only what the driver's thread has begun: what is on its way there is interrupted when it arrives.
      const meant = underWay;
      database.interrupt();
      const isPending = (): boolean => meant !== null && underWay === meant;
      while (isPending()) {
        await setTimeout(againMs);
        if (isPending()) database.interrupt();
      }
    },
    lostBecause: () => (closed ? 'the connection was closed' : null),
    close: () =>
      new Promise<void>((resolve, reject) => {
        if (closed) {
          resolve();
          return;
        }
        closed = true;
        database.close((error) => (error === null ? resolve() : reject(error)));
      }),
  };
}

function rowsOf(database: SqliteDatabase, sql: string, values: readonly unknown[]): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    database.all<Row>(sql, values, (error, rows) => {
      if (error === null) resolve({ rows, rowCount: rows.length, native: { rows, lastID: 0, changes: 0 } });
      else reject(error);
    });
  });
}

function changesOf(database: SqliteDatabase, sql: string, values: readonly unknown[]): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    database.run(sql, values, function (error: Error | null) {
      if (error !== null) {
        reject(error);
        return;
      }
      const { changes, lastID } = this;
      resolve({ rows: [], rowCount: changes, insertId: lastID, native: { rows: [], lastID, changes } });
    });
  });
}

function isDefinition(sql: string): boolean {
  return /^\s*(?:create|alter|drop)\b/i.test(sql);
}

/** True for a statement whose answer is rows; the sqlite3 package needs to be told, `run` discards them. */
function returnsRows(sql: string): boolean {
  return (
    /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:select|pragma|values|with|explain)\b/i.test(sql) ||
    /\breturning\b/i.test(sql)
  );
}

/**
 * What SQLite stores for a JavaScript value. Dates become ISO 8601 text in UTC, which SQLite's own date functions read
 * (sqlite.org/lang_datefunc.html); the driver alone would store milliseconds as a number.
 */
export function toSqliteValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (Number.isNaN(value)) throw new AludelError('migration.failed', 'SQLite has no NaN: it would become NULL.');
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') {
    // The driver has no 64-bit binding: text keeps every digit, and a column of integer affinity turns it back.
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value;
}

function otherFile({ display }: DatabaseSettings, reason: string): AludelError {
  return new AludelError('database.unreachable', `The database ${display} cannot be opened: it is ${reason}.`, {
    where: display,
    hint: 'Check the path. Nothing was changed there.',
  });
}

function cannotOpen(settings: DatabaseSettings, error: Error): AludelError {
  return new AludelError(
    'database.unreachable',
    `The database ${settings.display} cannot be opened: ${messageOf(error)}.`,
    {
      where: settings.display,
      hint: 'Check that the path is right, that its directory exists, and that this user may read and write there.',
      cause: error,
    },
  );
}
