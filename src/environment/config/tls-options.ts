import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { listed, nearest } from '../../support/text.ts';

const postgresqlModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
const mysqlModes = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'];

/**
 * As pg reads its own URLs (pg-connection-string): every mode from `prefer` up verifies, unless uselibpqcompat=true. Files
 * count from `directory`.
 *
 * Throws config.invalid for a mode that is not known, and for MySQL's name of it, which pg would pass over without TLS.
 */
export function withPostgresqlSsl(
  options: Readonly<Record<string, unknown>>,
  directory: string,
): Readonly<Record<string, unknown>> {
  const { sslmode, sslrootcert, sslcert, sslkey, uselibpqcompat, ...rest } = options;
  const foreign = ['ssl-mode', 'ssl_mode', 'sslMode'].find((name) => rest[name] !== undefined);
  if (foreign !== undefined) {
    throw new AludelError('config.invalid', `"${foreign}" is called sslmode on PostgreSQL.`, {
      where: foreign,
      hint: `Its values are ${listed(postgresqlModes)}.`,
    });
  }
  if (sslmode !== undefined && !postgresqlModes.some((mode) => mode === sslmode))
    throw unknownMode('sslmode', sslmode, postgresqlModes);
  if (sslmode === undefined && sslrootcert === undefined && sslcert === undefined && sslkey === undefined) return rest;
  if (sslmode === 'disable') return { ...rest, ssl: false };
  const files = {
    ...(typeof sslrootcert === 'string' && sslrootcert !== 'system'
      ? { ca: fileContent('sslrootcert', sslrootcert, directory) }
      : {}),
    ...(typeof sslcert === 'string' ? { cert: fileContent('sslcert', sslcert, directory) } : {}),
    ...(typeof sslkey === 'string' ? { key: fileContent('sslkey', sslkey, directory) } : {}),
  };
  const asLibpq = uselibpqcompat === true || uselibpqcompat === 'true';
  const unverified =
    sslmode === 'no-verify' ||
    (asLibpq && (sslmode === 'prefer' || (sslmode === 'require' && sslrootcert === undefined)));
  const anyName = asLibpq && (sslmode === 'verify-ca' || (sslmode === 'require' && sslrootcert !== undefined));
  return {
    ...rest,
    ssl: {
      ...files,
      ...(unverified ? { rejectUnauthorized: false } : {}),
      ...(anyName ? { checkServerIdentity: () => undefined } : {}),
    },
  };
}

/**
 * mysql2 knows no ssl-mode; the names are those of the mysql client, with or without the hyphens, and libpq's. As there,
 * a certificate of an authority without a mode asks for VERIFY_CA; one of the client's own asks for REQUIRED. Files count from
 * `directory`. Throws config.invalid for a mode that is not known.
 */
export function withMysqlSsl(
  options: Readonly<Record<string, unknown>>,
  directory: string,
): Readonly<Record<string, unknown>> {
  const rest = { ...options };
  const take = (...names: readonly string[]): string | undefined => {
    const found = names.map((name) => rest[name]).find((value) => typeof value === 'string');
    for (const name of names) if (typeof rest[name] === 'string') delete rest[name];
    return found;
  };
  const ca = take('ssl-ca', 'sslca', 'sslrootcert');
  const cert = take('ssl-cert', 'sslcert');
  const key = take('ssl-key', 'sslkey');
  const implied = ca !== undefined ? 'VERIFY_CA' : cert !== undefined || key !== undefined ? 'REQUIRED' : undefined;
  const mode = take('ssl-mode', 'sslmode', 'sslMode') ?? implied;
  if (mode === undefined) return rest;
  const given = isPlainObject(rest['ssl']) ? rest['ssl'] : {};
  const files = {
    ...(ca === undefined ? {} : { ca: fileContent('ssl-ca', ca, directory) }),
    ...(cert === undefined ? {} : { cert: fileContent('ssl-cert', cert, directory) }),
    ...(key === undefined ? {} : { key: fileContent('ssl-key', key, directory) }),
  };
  switch (mode.toLowerCase().replaceAll('-', '_')) {
    case 'disabled':
    case 'disable':
      return { ...rest, ssl: undefined };
    case 'preferred':
    case 'prefer':
    case 'required':
    case 'require':
      return { ...rest, ssl: { ...given, ...files, rejectUnauthorized: false } };
    case 'verify_ca':
      return { ...rest, ssl: { ...given, ...files, rejectUnauthorized: true } };
    case 'verify_identity':
    case 'verify_full':
      // Without verifyIdentity mysql2 takes a certificate for any host.
      return { ...rest, ssl: { ...given, ...files, rejectUnauthorized: true, verifyIdentity: true } };
    default:
      throw unknownMode('ssl-mode', mode, mysqlModes);
  }
}

function unknownMode(option: string, given: unknown, known: readonly string[]): AludelError {
  const mode = typeof given === 'string' ? given : JSON.stringify(given);
  const near = nearest(mode, known);
  return new AludelError('config.invalid', `${option} has no value "${mode}".`, {
    where: option,
    hint: near === null ? `Its values are ${listed(known)}.` : `Did you mean "${near}"?`,
    facts: { option, value: mode, known },
  });
}

function fileContent(option: string, path: string, directory: string): string {
  try {
    return readFileSync(resolve(directory, path), 'utf8');
  } catch (error) {
    throw new AludelError('config.invalid', `The file of ${option} cannot be read: ${messageOf(error)}`, {
      where: path,
      facts: { option, path },
      cause: error,
    });
  }
}

/** True for an object that is no list. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
