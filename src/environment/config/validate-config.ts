import * as v from 'valibot';
import { AludelError } from '../../support/aludel-error.ts';
import { redact } from '../../support/redact.ts';
import { counted, nearest } from '../../support/text.ts';
import type { AludelConfig, TargetFunction } from './config.ts';
import { clientNames } from './database-url.ts';
import { parseDuration } from '../duration.ts';
import { count, flag, text } from '../value-rules.ts';

/** One thing wrong with a configuration. */
interface ConfigProblem {
  /** Path of the key: `databases.shop.lockTimeout`, `versionLocations[1]`; empty for the configuration itself. */
  readonly path: string;
  readonly message: string;
}

const duration = v.pipe(
  v.union([v.number(), v.string()], 'must be a number of milliseconds or text such as "60s"'),
  v.check(
    (value) => parseDuration(value) !== null,
    'must be a number of milliseconds or text such as "60s", "500ms" or "5m"',
  ),
);

const timezone = v.pipe(
  text,
  v.check(isTimeZone, 'is not a time zone this Node.js knows, such as UTC or Europe/Vienna'),
);

const driverOptions = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  "must be a URL or an object with the driver's options",
);

const databaseObject = v.object(
  {
    client: v.picklist(
      clientNames,
      ({ input }) => `is not a client: ${JSON.stringify(input)}; known are ${clientNames.join(', ')}`,
    ),
    connection: v.lazy((input) => (typeof input === 'string' ? text : driverOptions)),
    searchPath: v.optional(
      v.lazy((input) => (typeof input === 'string' ? text : v.array(text, 'must be text or a list of text'))),
    ),
  },
  'must be a URL or an object { client, connection }',
);

const targetFunction = v.custom<TargetFunction>(
  (value) => typeof value === 'function',
  'must be a file, a directory, a database URL, { command } or a function',
);

const anyDatabase = v.lazy((input) => (typeof input === 'string' ? text : databaseObject));

const rename = v.pipe(text, v.regex(/^[^:]+:[^:]+$/, 'must be of the form old:new, as users.email:users.mail'));

const targetCommand = v.object({
  command: v.lazy((input) =>
    typeof input === 'string'
      ? text
      : v.pipe(v.array(text, 'must be text or a list of text'), v.minLength(1, 'must name a program')),
  ),
  timeout: v.optional(duration),
});

const perDatabase = {
  database: v.optional(anyDatabase),
  scratch: v.optional(anyDatabase),
  versionLocations: v.optional(
    v.pipe(v.array(text, 'must be a list of directories'), v.minLength(1, 'must name at least one directory')),
  ),
  recursiveVersionLocations: v.optional(flag),
  versionTable: v.optional(text),
  versionTableSchema: v.optional(v.nullable(text)),
  template: v.optional(text),
  fileTemplate: v.optional(text),
  revisionFormat: v.optional(v.picklist(['ts', 'sql'], "must be 'ts' or 'sql'")),
  truncateSlugLength: v.optional(v.pipe(count, v.minValue(1, 'must be at least 1'))),
  timezone: v.optional(timezone),
  transactionMode: v.optional(v.picklist(['revision', 'all', 'none'], "must be 'revision', 'all' or 'none'")),
  checksums: v.optional(v.picklist(['warn', 'refuse', 'ignore'], "must be 'warn', 'refuse' or 'ignore'")),
  lockTimeout: v.optional(duration),
  lock: v.optional(v.picklist(['auto', 'session', 'lease'], "must be 'auto', 'session' or 'lease'")),
  lockLease: v.optional(
    v.pipe(
      duration,
      v.check((value) => (parseDuration(value) ?? 0) >= 1000, 'must be at least 1 second'),
    ),
  ),
  busyTimeout: v.optional(duration),
  tableLockTimeout: v.optional(duration),
  statementTimeout: v.optional(duration),
  retries: v.optional(count),
  retryDelay: v.optional(duration),
  waitForDb: v.optional(duration),
  testLocation: v.optional(text),
  grants: v.optional(flag),
  target: v.optional(
    v.lazy((input) => {
      if (typeof input === 'string') return text;
      return typeof input === 'object' ? targetCommand : targetFunction;
    }),
  ),
  renames: v.optional(v.array(rename, 'must be a list of old:new')),
  include: v.optional(v.array(text, "must be a list such as ['table:shop_*']")),
  exclude: v.optional(v.array(text, "must be a list such as ['table:legacy_*']")),
};

const notAnObject = 'must be an object';

const schema: v.GenericSchema<unknown, AludelConfig> = v.object(
  {
    ...perDatabase,
    databases: v.optional(
      v.record(v.string(), v.object(perDatabase, notAnObject), 'must be an object of databases by name'),
    ),
  },
  notAnObject,
);

/**
 * The value as a configuration. `shownFile` names the file in errors; null when the value comes from no file.
 *
 * Throws config.invalid with every problem at once, an unknown key with the nearest known one.
 */
export function validateConfig(value: unknown, shownFile: string | null): AludelConfig {
  const result = v.safeParse(schema, value);
  // valibot's strict objects tell only the first unknown key of each object.
  const problems = Array.isArray(value)
    ? [{ path: '', message: notAnObject }]
    : [...unknownKeysOf(value), ...(result.issues ?? []).map(problemOf)];
  if (result.success && problems.length === 0) return result.output;
  throw invalidConfig(problems, shownFile);
}

function invalidConfig(problems: readonly ConfigProblem[], shownFile: string | null): AludelError {
  const lines = problems.map(({ path, message }) => `  ${path === '' ? message : `${path}: ${message}`}`);
  const subject = shownFile === null ? 'The configuration' : shownFile;
  return new AludelError(
    'config.invalid',
    // What somebody wrote where a name belongs may be a URL with its password.
    redact(`${subject} has ${counted(problems.length, 'problem')}:\n${lines.join('\n')}`),
    {
      where: shownFile,
      facts: { problems: problems.map(({ path, message }) => ({ path, message: redact(message) })) },
    },
  );
}

function problemOf(issue: v.BaseIssue<unknown>): ConfigProblem {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const path = keys.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`));
  // Where a key is missing, what is expected is its name in quotes.
  const isMissing = issue.type === 'object' && issue.expected?.startsWith('"') === true;
  return { path: path.join(''), message: isMissing ? 'is missing' : issue.message };
}

const databaseKeys = Object.keys(perDatabase);
const connectionKeys = Object.keys(databaseObject.entries);
const commandKeys = Object.keys(targetCommand.entries);

function unknownKeysOf(config: unknown): readonly ConfigProblem[] {
  const databases = propertiesOf(propertiesOf(config)['databases']);
  return [
    ...unknownKeys(config, [...databaseKeys, 'databases'], ''),
    ...unknownInnerKeys(config, ''),
    ...Object.entries(databases).flatMap(([name, database]) => [
      ...unknownKeys(database, databaseKeys, `databases.${name}.`),
      ...unknownInnerKeys(database, `databases.${name}.`),
    ]),
  ];
}

/** Of what is an object itself. */
function unknownInnerKeys(config: unknown, path: string): readonly ConfigProblem[] {
  const known = { database: connectionKeys, scratch: connectionKeys, target: commandKeys };
  return Object.entries(known).flatMap(([key, keys]) => unknownKeys(propertiesOf(config)[key], keys, `${path}${key}.`));
}

function unknownKeys(value: unknown, known: readonly string[], path: string): readonly ConfigProblem[] {
  return Object.keys(propertiesOf(value))
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: path + key, message: unknownKey(key, known) }));
}

function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function unknownKey(key: string, known: readonly string[]): string {
  // Alembic's users write version_locations; the hyphenated spelling is that of command-line flags.
  const camelCase = key.replace(/[-_]+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const near = nearest(camelCase, known);
  return near === null ? `is not a key; known are ${known.join(', ')}` : `is not a key; did you mean ${near}?`;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
