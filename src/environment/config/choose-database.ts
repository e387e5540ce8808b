import type { DatabaseSettings } from '../../dialects/connection.ts';
import { AludelError, isAludelError } from '../../support/aludel-error.ts';
import { isSecretName } from '../../support/redact.ts';
import { listed } from '../../support/text.ts';
import type { AludelConfig } from './config.ts';
import type { ConfigRequest } from './config-request.ts';
import { databaseSettings, parseDatabaseUrl, settingsOfDialect, type DatabaseObject } from './database-url.ts';

/**
 * The database that the command line, the configuration or the environment names, in this order, with its secrets and the
 * server of its scratch databases. `names` are those of `databases`; relative paths of the configuration count from
 * `directory`. Throws config.invalid and config.unsupported-database.
 */
export function chooseDatabase(
  config: AludelConfig,
  names: readonly string[],
  directory: string,
  request: ConfigRequest,
): DatabaseSettings {
  const chosen = withSecretsOf(request, databaseOfDialect(config, names, directory, request));
  return withScratchServer(chosen, config, directory, request);
}

/** Secrets that come another way: PGPASSWORD is read by pg itself, and `-x password=…` may end in a statement. */
function withSecretsOf({ env, x = {} }: ConfigRequest, settings: DatabaseSettings): DatabaseSettings {
  const given = Object.entries({ ...x, PGPASSWORD: env['PGPASSWORD'] });
  const secrets = given.flatMap(([name, value]) => (isSecretName(name) && value ? [value] : []));
  return secrets.length === 0 ? settings : { ...settings, secrets: [...settings.secrets, ...secrets] };
}

/**
 * The database with the server of its scratch databases. One of another kind is an error where somebody said that the two
 * belong together; else it is for other databases than the one that the command line chose.
 */
function withScratchServer(
  database: DatabaseSettings,
  config: AludelConfig,
  directory: string,
  { scratch: given, url, dialect, env, workingDirectory }: ConfigRequest,
): DatabaseSettings {
  const fromEnvironment = env['ALUDEL_SCRATCH_URL'];
  const scratch =
    given !== undefined
      ? placed('--scratch', () => parseDatabaseUrl(given, workingDirectory))
      : config.scratch !== undefined
        ? settingsIn('scratch', config.scratch, directory)
        : fromEnvironment
          ? placed('ALUDEL_SCRATCH_URL', () => parseDatabaseUrl(fromEnvironment, workingDirectory))
          : null;
  if (scratch === null) return database;
  const belongs = given !== undefined || (config.scratch !== undefined && url === undefined && dialect === undefined);
  if (scratch.dialect === database.dialect && scratch.dialect !== 'sqlite')
    return { ...database, secrets: [...database.secrets, ...scratch.secrets], scratch };
  if (!belongs) return database;
  throw new AludelError(
    'config.invalid',
    `Scratch databases of ${database.display} cannot be made on ${scratch.display}, which is ${scratch.dialect}.`,
    {
      where: given === undefined ? 'scratch' : `--scratch ${scratch.display}`,
      hint:
        database.dialect === 'sqlite'
          ? 'On SQLite they are temporary files, and nothing has to be said.'
          : `Name a server of ${database.dialect}. Where there are several databases, the key belongs to each of them.`,
      facts: { database: database.dialect, scratch: scratch.dialect },
    },
  );
}

/** The chosen database as one of the dialect asked for: where it is none, its name and secrets are all that is left of it. */
function databaseOfDialect(
  config: AludelConfig,
  names: readonly string[],
  directory: string,
  request: ConfigRequest,
): DatabaseSettings {
  if (request.dialect === undefined) return namedDatabase(config, names, directory, request);
  const asked = settingsOfDialect(request.dialect);
  if (request.url === undefined && config.database === undefined && !request.env['DATABASE_URL']) return asked;
  const chosen = namedDatabase(config, names, directory, request);
  return chosen.dialect === asked.dialect
    ? { ...chosen, isMariaDb: asked.isMariaDb ?? chosen.isMariaDb ?? false }
    : { ...asked, secrets: chosen.secrets };
}

function namedDatabase(
  config: AludelConfig,
  names: readonly string[],
  directory: string,
  request: ConfigRequest,
): DatabaseSettings {
  const { url } = request;
  if (url !== undefined) return placed('--url', () => parseDatabaseUrl(url, request.workingDirectory));
  if (config.database !== undefined) return settingsIn('database', config.database, directory);
  if (names.length > 0 && request.name === undefined) {
    throw new AludelError('config.invalid', 'The configuration has several databases, and none was chosen.', {
      hint: `Choose one with -n: ${listed(names, 'or')}.`,
      facts: { databases: names },
    });
  }
  const fromEnvironment = request.env['DATABASE_URL'];
  if (fromEnvironment) return placed('DATABASE_URL', () => parseDatabaseUrl(fromEnvironment, request.workingDirectory));
  return parseDatabaseUrl('sqlite:./aludel.db', directory);
}

function settingsIn(key: string, database: string | DatabaseObject, directory: string): DatabaseSettings {
  return placed(`${key} of the configuration`, () => databaseSettings(database, directory));
}

/** An error of reading a URL, with where the URL stands: there are several places. */
function placed(where: string, read: () => DatabaseSettings): DatabaseSettings {
  try {
    return read();
  } catch (error) {
    if (!isAludelError(error) || error.where !== null) throw error;
    const { code, message, hint, facts, cause } = error;
    throw new AludelError(code, message, { where, hint, facts, cause });
  }
}
