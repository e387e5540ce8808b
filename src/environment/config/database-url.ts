import { resolve } from 'node:path';
import type { DatabaseSettings, DialectName } from '../../dialects/connection.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { isSecretName, mask } from '../../support/redact.ts';
import { listed, nearest } from '../../support/text.ts';
import { isPlainObject, withMysqlSsl, withPostgresqlSsl } from './tls-options.ts';

/** Schemes of database URLs. `file:` is SQLite's own. */
const dialectOfScheme: Readonly<Record<string, DialectName>> = {
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  file: 'sqlite',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
};

/** Names knex users write as `client`. */
const dialectOfClient: Readonly<Record<string, DialectName>> = {
  sqlite3: 'sqlite',
  'better-sqlite3': 'sqlite',
  sqlite: 'sqlite',
  pg: 'postgresql',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql2: 'mysql',
  mysql: 'mysql',
  mariadb: 'mysql',
};

/** Every name `client` may have in a configuration. */
export const clientNames: readonly string[] = Object.keys(dialectOfClient);

/** A database as a configuration may describe it, in the words of knex. */
export interface DatabaseObject {
  readonly client: string;
  readonly connection: string | Readonly<Record<string, unknown>>;
  readonly searchPath?: string | readonly string[] | undefined;
}

/** The two packages hold different versions of SQLite, so what one of them can do the other may not. */
const servedBySqlite3 =
  'The client "better-sqlite3" is served by the package sqlite3: the same file, another build of SQLite. Write client: \'sqlite3\' to say so.';

/** Settings that name a dialect and no database, for scripts. Throws config.unsupported-database. */
export function settingsOfDialect(name: string): DatabaseSettings {
  const dialect = dialectOfScheme[name];
  if (dialect === undefined) throw unsupported(name, Object.keys(dialectOfScheme));
  return {
    dialect,
    connection: dialect === 'sqlite' ? { filename: memory } : {},
    display: name,
    secrets: [],
    searchPath: null,
    ...(name === 'mariadb' ? { isMariaDb: true } : {}),
  };
}

/** True for a text that begins with the scheme of a database, `sqlite:` or `postgresql:`. */
export function isDatabaseUrl(text: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  return scheme !== undefined && Object.hasOwn(dialectOfScheme, scheme.replace(/\+.*$/, ''));
}

/** Settings from what the configuration says: a URL, or an object as knex takes it. Errors as of {@link parseDatabaseUrl}. */
export function databaseSettings(database: string | DatabaseObject, directory: string): DatabaseSettings {
  if (typeof database === 'string') return parseDatabaseUrl(database, directory);
  const dialect = dialectOfClient[database.client];
  if (dialect === undefined) throw unsupported(database.client, clientNames);
  if (dialect !== 'postgresql') refuseSearchPath(dialect, { searchPath: database.searchPath });
  const settings = settingsOfConnection(dialect, database.connection, directory);
  return {
    ...settings,
    ...(database.searchPath === undefined ? {} : { searchPath: asSearchPath(database.searchPath) }),
    ...(database.client === 'better-sqlite3' ? { remark: servedBySqlite3 } : {}),
    ...(database.client === 'mariadb' ? { isMariaDb: true } : {}),
  };
}

function settingsOfConnection(
  dialect: DialectName,
  connection: DatabaseObject['connection'],
  directory: string,
): DatabaseSettings {
  if (typeof connection === 'string') {
    // knex takes a bare file name for SQLite, and a name of one letter is a Windows drive.
    const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(connection) && connection !== memory;
    if (dialect === 'sqlite' && !isUrl) return sqliteSettings(connection, {}, directory);
    const settings = parseDatabaseUrl(connection, directory);
    if (settings.dialect !== dialect) {
      throw invalidUrl(settings.display, `it is not a ${dialect} URL, but "client" says ${dialect}`);
    }
    return settings;
  }
  if (dialect === 'sqlite') {
    const { filename, ...options } = connection;
    return sqliteSettings(typeof filename === 'string' ? filename : memory, options, directory);
  }
  return serverSettings(dialect, withUrlRead(dialect, connection, directory), null, directory);
}

/**
 * The options of a driver with those of the URL that may be among them, so that it is known what the driver connects to: for
 * pg the URL comes first, for mysql2 last. What is no URL, pg understands alone.
 */
function withUrlRead(
  dialect: DialectName,
  connection: Readonly<Record<string, unknown>>,
  directory: string,
): Readonly<Record<string, unknown>> {
  const { [dialect === 'mysql' ? 'uri' : 'connectionString']: url, ...options } = connection;
  if (typeof url !== 'string' || !isDatabaseUrl(url)) return connection;
  const read = settingsOfConnection(dialect, url, directory);
  const inUrl = { ...read.connection, ...(read.searchPath === null ? {} : { searchPath: read.searchPath }) };
  return dialect === 'mysql' ? { ...inUrl, ...options } : { ...options, ...inUrl };
}

/**
 * Settings from a database URL. A relative SQLite path counts from `directory`.
 *
 * `sqlite:./app.db`, `sqlite:///absolute/path.db`, `sqlite::memory:`, `file:…`, `postgres(ql)://user:password@host:port/name?…`,
 * `mysql://…`, `mariadb://…`. User, password and name are percent-decoded, but a bare `#`, `/`, `?`, `@` or `%` in a
 * password is understood as well. An IPv6 host stands in brackets; a socket is `?host=/var/run/postgresql` on PostgreSQL
 * and `?socketPath=/run/mysqld/mysqld.sock` on MySQL, or `%2Fvar%2Frun` as the host on either. Everything else after `?`
 * goes to the driver; files of certificates count from `directory` as well.
 *
 * Throws config.invalid for a malformed URL and config.unsupported-database for another scheme; neither shows a password.
 */
export function parseDatabaseUrl(url: string, directory: string): DatabaseSettings {
  const text = url.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw invalidUrl(null, 'it has no scheme such as sqlite: or postgresql:');
  // SQLAlchemy's "postgresql+psycopg2" names a Python driver; the database is the same.
  const dialect = dialectOfScheme[scheme.replace(/\+.*$/, '')];
  if (dialect === undefined) throw unsupported(scheme, Object.keys(dialectOfScheme));
  const rest = text.slice(scheme.length + 1);
  const settings = dialect === 'sqlite' ? parseSqliteUrl(rest, directory) : parseServerUrl(dialect, rest, directory);
  return scheme.startsWith('mariadb') ? { ...settings, isMariaDb: true } : settings;
}

const memory = ':memory:';

function parseSqliteUrl(rest: string, directory: string): DatabaseSettings {
  const [beforeQuery, query] = splitOnce(rest, '?');
  // After // comes an authority, which SQLite has none of: "sqlite://app.db" can only mean the file app.db.
  const path = decode(beforeQuery.replace(/^\/\//, '').replace(/^localhost(?=\/)/, ''), 'path');
  if (path === '') throw invalidUrl(null, 'it names no file; write sqlite:./app.db, or sqlite::memory:');
  if (path.startsWith('file:')) throw invalidUrl(null, 'it has two schemes; write sqlite:./app.db or file:./app.db');
  // Passed over, ?mode=ro would be written to. SQLite reads parameters only where its driver opens names as URIs.
  if (query !== null && query !== '') {
    const reason = `SQLite takes no parameters, and it has ?${[...new URLSearchParams(query).keys()].join('&')}`;
    throw invalidUrl(null, `${reason}; take them away, or write %3F for a question mark in the name of the file`);
  }
  // /C:/app.db is how a Windows path looks in a URL.
  return sqliteSettings(path.replace(/^\/(?=[a-z]:[\\/])/i, ''), {}, directory);
}

function sqliteSettings(path: string, options: Readonly<Record<string, unknown>>, directory: string): DatabaseSettings {
  const inMemory = path === memory || path === '';
  const filename = inMemory ? memory : resolve(directory, path);
  return {
    dialect: 'sqlite',
    connection: { ...options, filename },
    display: inMemory ? 'sqlite::memory:' : `sqlite:${path}`,
    secrets: secretsOf(options),
    searchPath: null,
  };
}

/**
 * user:password@host:port/name?query, read from the outside in because passwords are often not encoded:
 * 1. the query begins at the first ? that a `name=` follows (a password may hold a bare ?);
 * 2. the credentials end at the last @ before it, the user at their first colon;
 * 3. the rest is host, port and name.
 */
function parseServerUrl(dialect: DialectName, rest: string, directory: string): DatabaseSettings {
  if (!rest.startsWith('//')) throw invalidUrl(null, `it must begin with ${dialect}://`);
  const body = rest.slice(2);
  const [main, query] = splitQuery(body);
  const at = main.lastIndexOf('@');
  const [user, password] = at < 0 ? ['', null] : splitOnce(main.slice(0, at), ':');
  const address = /^(\[[^\]]*\]|[^:/]*)(?::(\d*))?(?:\/(.*))?$/s.exec(main.slice(at + 1));
  if (address === null) throw invalidUrl(null, 'what follows the credentials is not host:port/name');
  const [, host = '', port = '', name = ''] = address;
  const portNumber = Number(port);
  if (portNumber > 65_535) throw invalidUrl(null, `the port ${port} is above 65535`);
  const plainHost = decode(host.replace(/^\[(.*)\]$/, '$1'), 'host');
  const options: Record<string, unknown> = {
    ...(plainHost === '' ? {} : hostOption(dialect, plainHost)),
    ...(port === '' ? {} : { port: portNumber }),
    ...(user === '' ? {} : { user: decode(user, 'user') }),
    ...(password === null ? {} : { password: decode(password, 'password') }),
    ...(name === '' ? {} : { database: decode(name, 'name') }),
    ...queryOptions(query),
  };
  return serverSettings(dialect, options, query, directory);
}

/** A host that is a path is a socket: pg takes it as the host, mysql2 as socketPath. */
function hostOption(dialect: DialectName, host: string): Readonly<Record<string, unknown>> {
  return dialect === 'mysql' && host.startsWith('/') ? { socketPath: host } : { host };
}

function splitQuery(body: string): readonly [string, string | null] {
  const index = body.search(/\?(?:[^=&@/?]+=|$)/);
  return index < 0 ? [body, null] : [body.slice(0, index), body.slice(index + 1)];
}

/** What every server has in common, from driver options: connection options of ours taken out, secrets found, display made. */
function serverSettings(
  dialect: DialectName,
  given: Readonly<Record<string, unknown>>,
  query: string | null,
  directory: string,
): DatabaseSettings {
  if (dialect === 'postgresql') refuseForeignSchema(given);
  else refuseSearchPath(dialect, given);
  const { search_path: inUrl, searchPath: asKnex, ...options } = given;
  const searchPath = inUrl ?? asKnex;
  return {
    dialect,
    connection: (dialect === 'mysql' ? withMysqlSsl : withPostgresqlSsl)(options, directory),
    display: displayOf(dialect, options, query),
    secrets: secretsOf(options),
    searchPath: typeof searchPath === 'string' || Array.isArray(searchPath) ? asSearchPath(searchPath) : null,
  };
}

/** Prisma's and JDBC's: passed over, every table would go to another schema than the one that is meant. */
function refuseForeignSchema(given: Readonly<Record<string, unknown>>): void {
  const foreign = ['schema', 'currentSchema'].find((name) => given[name] !== undefined);
  if (foreign === undefined) return;
  throw new AludelError('config.invalid', `"${foreign}" is no option of PostgreSQL: it would be passed over.`, {
    where: foreign,
    hint: 'Write search_path in a URL, and searchPath in an object.',
  });
}

/** Passed over likewise: only PostgreSQL looks for tables in several schemas. */
function refuseSearchPath(dialect: DialectName, given: Readonly<Record<string, unknown>>): void {
  const name = ['search_path', 'searchPath'].find((one) => given[one] !== undefined);
  if (name === undefined) return;
  throw new AludelError('config.invalid', `"${name}" is for PostgreSQL alone: it would be passed over.`, {
    where: name,
    hint:
      dialect === 'sqlite' ? 'Leave it out.' : 'Leave it out; a schema of MySQL is a database, which the URL names.',
  });
}

/** A list is of names. In a text they stand as in SET search_path: one in quotes may hold commas and blanks. */
function asSearchPath(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map((schema) => String(schema).trim()).filter((schema) => schema !== '');
  const written = typeof value === 'string' ? (value.match(/(?:"(?:[^"]|"")*"|[^,"])+/g) ?? []) : [];
  return written.map((schema) => unquoted(schema.trim())).filter((schema) => schema !== '');
}

function unquoted(name: string): string {
  return /^".*"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Parameters after the ?; true, false, numbers and JSON objects become values, as mysql2 does it. */
function queryOptions(query: string | null): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(query ?? '')) {
    options[name] = isSecretName(name) || name === 'user' ? value : asValue(value);
  }
  return options;
}

function asValue(text: string): unknown {
  if (!/^(?:true|false|\d{1,9}|[[{].*[\]}])$/s.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Values of secret options, also those inside such as ssl.key. */
function secretsOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (typeof value === 'string') return value !== '' && (isSecretName(name) || name === 'key') ? [value] : [];
    return isPlainObject(value) ? secretsOf(value) : [];
  });
}

function displayOf(dialect: DialectName, options: Readonly<Record<string, unknown>>, query: string | null): string {
  const text = (name: string): string => {
    const value = options[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const hasPassword = options['password'] !== undefined && options['password'] !== '';
  const credentials = `${encodeURIComponent(text('user'))}${hasPassword ? `:${mask}` : ''}`;
  const host = text('host') || text('socketPath') || 'localhost';
  const authority = host.startsWith('/') ? socketAuthority(host, query) : host.includes(':') ? `[${host}]` : host;
  const port = text('port') === '' ? '' : `:${text('port')}`;
  const shown = [...new URLSearchParams(query ?? '')]
    .map(([name, value]) => `${name}=${isSecretName(name) ? mask : value}`)
    .join('&');
  return `${dialect}://${credentials === '' ? '' : `${credentials}@`}${authority}${port}/${text('database')}${shown && `?${shown}`}`;
}

/** A path as the host would be read as another URL: it is shown where it was written, behind the ? or encoded. */
function socketAuthority(path: string, query: string | null): string {
  return [...new URLSearchParams(query ?? '').values()].includes(path) ? '' : encodeURIComponent(path);
}

/** A stray % is a character of the password, not a defect of the URL. */
function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    if (part === 'password' || part === 'user') return text;
    throw invalidUrl(null, `the ${part} is not well percent-encoded`);
  }
}

function splitOnce(text: string, separator: string): readonly [string, string | null] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, null] : [text.slice(0, index), text.slice(index + 1)];
}

function invalidUrl(shown: string | null, reason: string): AludelError {
  return new AludelError(
    'config.invalid',
    `The database URL ${shown === null ? '' : `${shown} `}is not valid: ${reason}.`,
    {
      hint: 'Examples: sqlite:./app.db, postgresql://user:password@localhost:5432/app, mysql://user:password@localhost/app.',
    },
  );
}

function unsupported(name: string, known: readonly string[]): AludelError {
  const near = nearest(name, known);
  return new AludelError('config.unsupported-database', `"${name}" is not a database this version knows.`, {
    hint: near === null ? `Known are ${listed(known)}.` : `Did you mean "${near}"?`,
    facts: { name, known },
  });
}
