import { existsSync } from 'node:fs';
import type { Database as SqliteDatabase } from 'sqlite3';
import type { ConnectOptions } from '../dialect.ts';
import type { Connection, DatabaseSettings, QueryResult, Row } from '../connection.ts';
import { createWaitingText, joinStatements } from '../waiting-text.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';

/** Opens a SQLite file, or `:memory:`, through the sqlite3 package. */
export async function connectSqlite(settings: DatabaseSettings, options: ConnectOptions): Promise<Connection> {
  const { default: sqlite3 } = await import('sqlite3');
  const filename = filenameOf(settings);
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
  return {
    script,
    sendWithNext: (sql) => waiting.add(sql),
    async query(sql, bindings = []) {
      const values = bindings.map(toSqliteValue);
      if (values.length === 0 && isDefinition(sql)) {
        // One hand-over to the driver's thread instead of two: no prepared statement, and no count of rows.
        await script(sql);
        return { rows: [], rowCount: 0, native: { rows: [], lastID: 0, changes: 0 } };
      }
      const before = waiting.take();
      if (before.length > 0) await script(joinStatements(before));
      return returnsRows(sql) ? await rowsOf(database, sql, values) : await changesOf(database, sql, values);
    },
    session: null,
    cancel: async () => database.interrupt(),
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
