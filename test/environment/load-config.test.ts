import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AludelConfig } from '../../src/environment/config/config.ts';
import type { ConfigRequest } from '../../src/environment/config/config-request.ts';
import { findConfigFile } from '../../src/environment/config/find-config-file.ts';
import { configure, loadConfig } from '../../src/environment/config/load-config.ts';
import { errorOf } from './error-of.ts';
import { projectDirectory } from './project-directory.ts';

const request = (directory: string, more: Partial<ConfigRequest> = {}): ConfigRequest => ({
  workingDirectory: directory,
  env: {},
  ...more,
});

/** Loads the configuration `config` of a fresh project, as TypeScript text. */
const load = (config: string, more: Partial<ConfigRequest> = {}) =>
  loadConfig(request(projectDirectory({ 'migrate.config.ts': config }), more));

const define = (body: string) => `import { defineConfig } from 'aludel'; export default defineConfig(${body});`;

describe('without a configuration file', () => {
  it('and without versions/ there is no project, whatever names the database', async () => {
    const env = { DATABASE_URL: 'postgresql://h/from_env' };
    for (const more of [{}, { env }, { url: 'sqlite:x.db' }]) {
      const error = await errorOf(() => loadConfig(request(projectDirectory(), more)));
      expect(error).toMatchObject({ code: 'config.not-loadable', exitCode: 2 });
      expect(error.message).toContain('There is no project here');
      expect(error.hint).toContain('aludel init');
    }
  });

  it('a SQLite file and versions/ in the working directory serve', async () => {
    const directory = projectDirectory({ 'versions/.gitkeep': '' });
    expect(await loadConfig(request(directory))).toEqual({
      file: null,
      directory,
      workingDirectory: directory,
      name: null,
      x: {},
      database: {
        dialect: 'sqlite',
        connection: { filename: join(directory, 'aludel.db') },
        display: 'sqlite:./aludel.db',
        secrets: [],
        searchPath: null,
      },
      versionLocations: [join(directory, 'versions')],
      hasDefaultVersionLocations: true,
      recursiveVersionLocations: false,
      versionTable: { schema: null, name: 'aludel_version' },
      template: null,
      fileTemplate: '{rev}_{slug}',
      revisionFormat: 'ts',
      truncateSlugLength: 40,
      timezone: null,
      transactionMode: 'revision',
      lockTimeoutMs: 60_000,
      lock: 'auto',
      lockLeaseMs: 30_000,
      busyTimeoutMs: 10_000,
      tableLockTimeoutMs: null,
      statementTimeoutMs: null,
      retries: 3,
      retryDelayMs: 500,
      waitForDbMs: 0,
      checksums: 'warn',
      target: null,
      testLocation: join(directory, 'versions-test'),
      hasDefaultTestLocation: true,
      grants: false,
      renames: [],
      include: [],
      exclude: [],
    });
  });

  it('test files stand beside the revisions, wherever those are', async () => {
    const directory = projectDirectory({
      'migrate.config.json': '{ "versionLocations": ["shop/revisions/", "more"] }',
    });
    expect((await loadConfig(request(directory))).testLocation).toBe(join(directory, 'shop', 'revisions-test'));
  });

  it('DATABASE_URL names the database, and --url comes before it', async () => {
    const env = { DATABASE_URL: 'postgresql://h/from_env' };
    const directory = projectDirectory({ 'versions/.gitkeep': '' });
    expect((await loadConfig(request(directory, { env }))).database.connection).toEqual({
      host: 'h',
      database: 'from_env',
    });
    const withUrl = await loadConfig(request(directory, { env, url: 'sqlite:here.db' }));
    expect(withUrl.database.connection).toEqual({ filename: join(directory, 'here.db') });
  });

  it.for([
    ['--url', { url: 'nonsense' }],
    ['DATABASE_URL', { env: { DATABASE_URL: ' ' } }],
    ['--scratch', { scratch: 'nonsense' }],
    ['ALUDEL_SCRATCH_URL', { env: { ALUDEL_SCRATCH_URL: 'nonsense' } }],
  ] as const)('a URL that is wrong is said to stand in %s', async ([where, more]) => {
    const directory = projectDirectory({ 'versions/.gitkeep': '' });
    expect(await errorOf(() => loadConfig(request(directory, more)))).toMatchObject({ code: 'config.invalid', where });
  });
});

describe('finding the file', () => {
  it.for(['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'])('migrate.config.%s is found', (ending) => {
    const directory = projectDirectory({ [`migrate.config.${ending}`]: '' });
    expect(findConfigFile(request(directory))).toBe(join(directory, `migrate.config.${ending}`));
  });

  it('directories above are searched up to the package root', () => {
    const directory = projectDirectory({
      'migrate.config.ts': '',
      'packages/api/package.json': '{}',
      'packages/api/src/.keep': '',
      'tools/deep/er/.keep': '',
    });
    expect(findConfigFile(request(join(directory, 'tools/deep/er')))).toBe(join(directory, 'migrate.config.ts'));
    expect(findConfigFile(request(join(directory, 'packages/api/src')))).toBeNull();
  });

  it('several in one directory are refused by name', async () => {
    const directory = projectDirectory({ 'migrate.config.ts': '', 'migrate.config.json': '{}' });
    const error = await errorOf(() => loadConfig(request(directory)));
    expect(error).toMatchObject({ code: 'config.not-loadable', exitCode: 2 });
    expect(error.message).toContain('migrate.config.ts and migrate.config.json');
  });

  it('--config comes before ALUDEL_CONFIG, and both before the search', async () => {
    const json = (table: string) => JSON.stringify({ versionTable: table });
    const directory = projectDirectory({
      'migrate.config.json': json('searched'),
      'a.json': json('a'),
      'sub/b.json': json('b'),
    });
    const tableOf = async (more: Partial<ConfigRequest>) =>
      (await loadConfig(request(directory, more))).versionTable.name;
    expect(await tableOf({})).toBe('searched');
    expect(await tableOf({ env: { ALUDEL_CONFIG: 'a.json' } })).toBe('a');
    expect(await tableOf({ env: { ALUDEL_CONFIG: 'a.json' }, configFile: 'sub/b.json' })).toBe('b');
  });

  it('a given file that is missing is named, with the nearest that is there', async () => {
    const directory = projectDirectory({ 'conf/migrate.config.ts': '' });
    const error = await errorOf(() => loadConfig(request(directory, { configFile: 'conf/migrate.confg.ts' })));
    expect(error).toMatchObject({ code: 'config.not-loadable', where: 'conf/migrate.confg.ts' });
    expect(error.hint).toBe('Did you mean conf/migrate.config.ts?');
  });

  it('a given directory is told as one, with the file in it', async () => {
    const directory = projectDirectory({ 'conf/migrate.config.ts': '', 'empty/.keep': '', file: '' });
    const hintOf = async (configFile: string) =>
      (await errorOf(() => loadConfig(request(directory, { configFile })))).hint;
    expect(await hintOf('conf')).toBe('Name the file in it: conf/migrate.config.ts');
    expect(await hintOf('empty')).toBe('Name a file.');
    expect(await hintOf('file/inside.ts')).toBe('Make one with: aludel init');
  });
});

describe('what the file says', () => {
  it('paths count from its directory, not from the working directory', async () => {
    const directory = projectDirectory({
      'migrate.config.ts': define("{ database: 'sqlite:./app.db', versionLocations: ['a', 'b/c'], template: 'own' }"),
    });
    mkdirSync(join(directory, 'src'));
    const configuration = await loadConfig(request(join(directory, 'src')));
    expect(configuration.database.connection['filename']).toBe(join(directory, 'app.db'));
    expect(configuration.versionLocations).toEqual([join(directory, 'a'), join(directory, 'b/c')]);
    expect(configuration.template).toBe(join(directory, 'own'));
    expect(configuration.hasDefaultVersionLocations).toBe(false);
  });

  it('every key is taken, and durations may have a unit', async () => {
    const configuration = await load(
      define(`{
        versionTable: 'v', versionTableSchema: 's', recursiveVersionLocations: true, fileTemplate: '{rev}', timezone: 'Europe/Vienna',
        truncateSlugLength: 10, transactionMode: 'all', lockTimeout: '2m', busyTimeout: '1.5s',
        tableLockTimeout: '2s', statementTimeout: 0, retries: 0, retryDelay: '1s', waitForDb: '30s',
        revisionFormat: 'sql', lock: 'lease', lockLease: '5m',
      }`),
    );
    expect(configuration).toMatchObject({
      versionTable: { schema: 's', name: 'v' },
      recursiveVersionLocations: true,
      fileTemplate: '{rev}',
      timezone: 'Europe/Vienna',
      truncateSlugLength: 10,
      transactionMode: 'all',
      lockTimeoutMs: 120_000,
      busyTimeoutMs: 1500,
      tableLockTimeoutMs: 2000,
      statementTimeoutMs: 0,
      retries: 0,
      retryDelayMs: 1000,
      waitForDbMs: 30_000,
      lock: 'lease',
      lockLeaseMs: 300_000,

      revisionFormat: 'sql',
    });
  });

  it('a function gets name, x and env, and may be async', async () => {
    const config = "async ({ name, x, env }) => ({ versionTable: `${name}_${x['tenant']}_${env['STAGE']}` })";
    const databases = config.replace('({ versionTable', '({ databases: { shop: {} }, versionTable');
    const more = { name: 'shop', x: { tenant: 'acme' }, env: { STAGE: 'test' } };
    expect((await load(define(databases), more)).versionTable.name).toBe('shop_acme_test');
  });

  it('an unset environment variable is as if the key were not there', async () => {
    const config = define("{ database: process.env['SURELY_NOT_SET'], versionTable: undefined }");
    const configuration = await load(config, { env: { DATABASE_URL: 'mysql://h/d' } });
    expect(configuration).toMatchObject({ database: { dialect: 'mysql' }, versionTable: { name: 'aludel_version' } });
  });

  it('JSON that is none is told without a word of running it', async () => {
    const directory = projectDirectory({ 'migrate.config.json': '{"versionTable":"v",}' });
    expect(await errorOf(() => loadConfig(request(directory)))).toMatchObject({
      code: 'config.not-loadable',
      hint: 'JSON has no comments, and no comma before a closing bracket.',
    });
  });

  it('a list is no configuration', async () => {
    const error = await errorOf(() => load('export default []'));
    expect(error).toMatchObject({ code: 'config.invalid', facts: { problems: [{ message: 'must be an object' }] } });
  });

  it('a URL that is wrong there is told with its key', async () => {
    const error = await errorOf(() => load(define("{ database: 'nonsense' }")));
    expect(error).toMatchObject({ code: 'config.invalid', where: 'database of the configuration' });
  });

  it('JSON may have a $schema', async () => {
    const directory = projectDirectory({ 'migrate.config.json': '{"$schema":"x","versionTable":"v"}' });
    expect((await loadConfig(request(directory))).versionTable.name).toBe('v');
  });
});

describe('several databases', () => {
  const config = define(`{
    versionTable: 'top', lockTimeout: '5s',
    databases: { shop: { database: 'sqlite:shop.db', versionTable: 'shop' }, stats: { database: 'sqlite:stats.db', versionTable: undefined } },
  }`);

  it('-n chooses one, which takes from the top level what it does not set', async () => {
    const shop = await load(config, { name: 'shop' });
    expect(shop).toMatchObject({ name: 'shop', versionTable: { name: 'shop' }, lockTimeoutMs: 5000 });
    expect(shop.database.display).toBe('sqlite:shop.db');
    expect(await load(config, { name: 'stats' })).toMatchObject({ versionTable: { name: 'top' } });
  });

  it('an unknown name is answered with the nearest', async () => {
    expect(await errorOf(() => load(config, { name: 'stat' }))).toMatchObject({
      code: 'config.invalid',
      hint: 'Did you mean "stats"?',
    });
    expect(await errorOf(() => load(define('{}'), { name: 'x' }))).toMatchObject({ code: 'config.invalid' });
    expect(await errorOf(() => load(config, { name: 'toString' }))).toMatchObject({ code: 'config.invalid' });
  });

  it('without -n none is guessed, also not from DATABASE_URL', async () => {
    const error = await errorOf(() => load(config, { env: { DATABASE_URL: 'sqlite:x.db' } }));
    expect(error).toMatchObject({ code: 'config.invalid', hint: 'Choose one with -n: shop or stats.' });
    expect((await load(config, { url: 'sqlite:x.db' })).database.display).toBe('sqlite:x.db');
  });
});

describe('the server of scratch databases', () => {
  const app = `database: 'postgresql://app@db/app'`;

  it('is --scratch, then the configuration, then ALUDEL_SCRATCH_URL, then that of the database', async () => {
    const env = { ALUDEL_SCRATCH_URL: 'postgresql://env' };
    const configured = define(`{ ${app}, scratch: 'postgresql://dev:secret@configured' }`);
    const found = [
      await load(configured, { env, scratch: 'postgresql://given' }),
      await load(configured, { env }),
      await load(define(`{ ${app} }`), { env }),
      await load(define(`{ ${app} }`)),
    ];
    expect(found.map(({ database }) => database.scratch?.connection['host'])).toEqual([
      'given',
      'configured',
      'env',
      undefined,
    ]);
    expect(found[1]?.database.secrets).toEqual(['secret']);
  });

  it('of another kind is refused where it was said to belong to the database, and else is not for this one', async () => {
    const scratch = `scratch: 'mysql://dev@h'`;
    const wrong = await errorOf(() => load(define(`{ ${app}, ${scratch} }`)));
    expect(wrong).toMatchObject({ code: 'config.invalid', where: 'scratch' });
    const given = await errorOf(() => load(define(`{ ${app} }`), { scratch: 'mysql://dev:secret@h' }));
    expect(given).toMatchObject({ code: 'config.invalid', where: '--scratch mysql://dev:***@h/' });
    for (const chosen of [
      await load(define(`{ ${scratch} }`), { url: 'postgresql://other/app' }),
      await load(define(`{ ${app} }`), { env: { ALUDEL_SCRATCH_URL: 'mysql://dev@h' } }),
    ]) {
      expect(chosen.database.scratch).toBeUndefined();
    }
  });

  it('has no meaning on SQLite', async () => {
    const error = await errorOf(() => load(define(`{ database: 'sqlite:app.db', scratch: 'sqlite:other.db' }`)));
    expect(error.hint).toContain('temporary files');
  });

  it('may be an object, whose keys are checked', async () => {
    const error = await errorOf(() => load(define(`{ scratch: { client: 'pg', connection: {}, pool: 1 } }`)));
    expect(error.message).toContain('scratch.pool');
  });
});

describe('what is wrong with it', () => {
  const problemsOf = async (config: string) => {
    const error = await errorOf(() => load(config));
    expect(error).toMatchObject({ code: 'config.invalid', exitCode: 2, where: 'migrate.config.ts' });
    const lines = error.message.split('\n').slice(1);
    expect(error.facts['problems']).toHaveLength(lines.length);
    return lines.map((line) => line.trim());
  };

  it('all problems are told at once, each with its key', async () => {
    const problems = await problemsOf(`export default {
      versionTabel: 'v', version_locations: ['v'], versionLocations: ['a', 3], truncateSlugLength: -1, lockTimeout: 'soon', timezone: 'Mars/Base',
      transactionMode: 'each', database: { client: 'pgg', connection: 5, extra: 1 }, databases: { shop: { busyTimeot: '1s', databases: {} } },
    }`);
    expect(problems.sort()).toEqual([
      'database.client: is not a client: "pgg"; known are sqlite3, better-sqlite3, sqlite, pg, postgres, postgresql, mysql2, mysql, mariadb',
      "database.connection: must be a URL or an object with the driver's options",
      'database.extra: is not a key; known are client, connection, searchPath',
      'databases.shop.busyTimeot: is not a key; did you mean busyTimeout?',
      'databases.shop.databases: is not a key; did you mean database?',
      'lockTimeout: must be a number of milliseconds or text such as "60s", "500ms" or "5m"',
      'timezone: is not a time zone this Node.js knows, such as UTC or Europe/Vienna',
      "transactionMode: must be 'revision', 'all' or 'none'",
      'truncateSlugLength: must be at least 1',
      'truncateSlugLength: must not be negative',
      'versionLocations[1]: must be text',
      'versionTabel: is not a key; did you mean versionTable?',
      'version_locations: is not a key; did you mean versionLocations?',
    ]);
  });

  it.for([
    ['export default 5', 'must be an object'],
    ['export default null', 'must be an object'],
    ['export default { database: 5 }', 'database: must be a URL or an object { client, connection }'],
    ["export default { database: { client: 'pg' } }", 'database.connection: is missing'],
    ['export default { versionLocations: [] }', 'versionLocations: must name at least one directory'],
    ["export default { lock: 'row' }", "lock: must be 'auto', 'session' or 'lease'"],
    ['export default { lockLease: 30 }', 'lockLease: must be at least 1 second'],
  ] as const)('%s: %s', async ([config, problem]) => {
    expect(await problemsOf(config)).toEqual([problem]);
  });

  it('a configuration of a program is checked the same way', async () => {
    const directory = projectDirectory();
    expect(configure({ database: 'sqlite:a.db' }, request(directory)).database.display).toBe('sqlite:a.db');
    const wrong = { truncateSlugLength: 0, versionTabel: 'v' };
    expect(await errorOf(() => configure(wrong, request(directory)))).toMatchObject({
      code: 'config.invalid',
      where: null,
    });
  });
});

describe('the target', () => {
  it('is a path from the configuration, a URL, or a command with its time limit', async () => {
    const directory = projectDirectory();
    const targetOf = (target: AludelConfig['target']) => configure({ target }, request(directory)).target;

    expect(targetOf('schema')).toBe(join(directory, 'schema'));
    expect(targetOf('mysql://h/wanted')).toBe('mysql://h/wanted');
    expect(targetOf({ command: 'x' })).toEqual({ command: 'x', timeoutMs: 300_000 });
    expect(targetOf({ command: ['x', 'y'], timeout: '2s' })).toEqual({ command: ['x', 'y'], timeoutMs: 2000 });
  });

  it('that cannot be one is told with what it can be', async () => {
    const problems = async (target: unknown) =>
      (await errorOf(() => load(define(JSON.stringify({ target }))))).facts['problems'];

    expect(await problems(7)).toMatchObject([
      { path: 'target', message: expect.stringContaining('{ command }') as string },
    ]);
    expect(await problems({ comand: 'x', command: 'x' })).toMatchObject([
      { path: 'target.comand', message: 'is not a key; did you mean command?' },
    ]);
    expect(await problems({ command: [] })).toMatchObject([{ path: 'target.command', message: 'must name a program' }]);
    expect(await problems({ command: 'x', timeout: 'soon' })).toMatchObject([{ path: 'target.timeout' }]);
  });
});

describe('what is compared', () => {
  it('is told by lists of text', async () => {
    const problems = async (config: object) =>
      (await errorOf(() => load(define(JSON.stringify(config))))).facts['problems'];

    expect(configure({ renames: ['a:b'], exclude: ['table:x'] }, request(projectDirectory()))).toMatchObject({
      renames: ['a:b'],
      include: [],
      exclude: ['table:x'],
    });
    expect(await problems({ renames: ['users'], include: 'users', exclude: [1] })).toMatchObject([
      { path: 'renames[0]', message: 'must be of the form old:new, as users.email:users.mail' },
      { path: 'include' },
      { path: 'exclude[0]' },
    ]);
  });
});

describe('a file that does not load', () => {
  it.for([
    ['migrate.config.ts', '\n\nthrow new Error("no such secret");', 'migrate.config.ts:3', 'no such secret'],
    ['migrate.config.ts', 'export default {\n  a: = 1,\n};', 'migrate.config.ts:2:6', 'Unexpected token'],
    ['migrate.config.ts', "import './missing.ts';", 'migrate.config.ts:1', 'missing.ts'],
    ['migrate.config.ts', 'export default () => {\n  throw new Error("inside");\n};', 'migrate.config.ts:2', 'inside'],
    ['migrate.config.ts', 'export const config = {};', 'migrate.config.ts', 'has no default export'],
    ['migrate.config.json', '{\n  "a": 1,\n}', 'migrate.config.json:3:1', 'JSON'],
    ['migrate.config.ts', 'throw "just text"', 'migrate.config.ts', 'just text'],
    ['migrate.config.ts', "throw new Error('postgres://a:hunter2@h/d')", 'migrate.config.ts:1', 'a:***@h'],
  ] as const)('%s with %j is reported at %s', async ([file, source, where, message]) => {
    const error = await errorOf(() => loadConfig(request(projectDirectory({ [file]: source }))));
    expect(error).toMatchObject({ code: 'config.not-loadable', exitCode: 2, where });
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/\n\s+at /);
  });
});
