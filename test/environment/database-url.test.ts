import { describe, expect, it } from 'vitest';
import { databaseSettings, parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { isAludelError } from '../../src/support/aludel-error.ts';

const parse = (url: string) => parseDatabaseUrl(url, '/project');

function errorOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isAludelError(error))
      return { code: error.code, text: `${error.message} ${error.hint} ${JSON.stringify(error.facts)}` };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('SQLite', () => {
  it.for([
    ['sqlite:./app.db', '/project/app.db'],
    ['sqlite:app.db', '/project/app.db'],
    ['sqlite://app.db', '/project/app.db'],
    ['sqlite://./data/app.db', '/project/data/app.db'],
    ['sqlite:///var/lib/app.db', '/var/lib/app.db'],
    ['sqlite:/var/lib/app.db', '/var/lib/app.db'],
    ['sqlite3:app.db', '/project/app.db'],
    ['file:app.db', '/project/app.db'],
    ['file:///var/lib/app.db', '/var/lib/app.db'],
    ['file://localhost/var/lib/app.db', '/var/lib/app.db'],
    ['sqlite:./with%20space.db', '/project/with space.db'],
    ['sqlite::memory:', ':memory:'],
    ['sqlite://:memory:', ':memory:'],
  ] as const)('%s is the file %s', ([url, filename]) => {
    expect(parse(url)).toMatchObject({ dialect: 'sqlite', connection: { filename }, secrets: [] });
  });

  it('a question mark in the name of a file is written %3F', () => {
    expect(parse('sqlite:./what%3F.db').connection).toEqual({ filename: '/project/what?.db' });
    expect(parse('sqlite:./app.db?').connection).toEqual({ filename: '/project/app.db' });
  });

  it.for([
    ['sqlite:', 'it names no file'],
    ['sqlite:./app.db?mode=ro&token=s3cret', 'SQLite takes no parameters, and it has ?mode&token;'],
    ['sqlite:file:./app.db', 'it has two schemes'],
  ] as const)('%s is refused: %s', ([url, reason]) => {
    const error = errorOf(() => parse(url));
    expect(error.code).toBe('config.invalid');
    expect(error.text).toContain(reason);
    expect(error.text).not.toContain('s3cret');
  });
});

describe('servers', () => {
  it('the parts of a URL become options of the driver', () => {
    expect(parse('postgres://ada:secret@db.example:5433/shop?application_name=x&connect_timeout=5')).toEqual({
      dialect: 'postgresql',
      connection: {
        host: 'db.example',
        port: 5433,
        user: 'ada',
        password: 'secret',
        database: 'shop',
        application_name: 'x',
        connect_timeout: 5,
      },
      display: 'postgresql://ada:***@db.example:5433/shop?application_name=x&connect_timeout=5',
      secrets: ['secret'],
      searchPath: null,
    });
    expect(parse('mariadb://ada@localhost/shop')).toMatchObject({
      dialect: 'mysql',
      connection: { host: 'localhost', user: 'ada', database: 'shop' },
      display: 'mysql://ada@localhost/shop',
    });
  });

  it.for([
    ['p%40ss%2Fw%3Ard', 'p@ss/w:rd'],
    ['p@ss', 'p@ss'],
    ['pa:ss', 'pa:ss'],
    ['pa/ss', 'pa/ss'],
    ['pa#ss', 'pa#ss'],
    ['pa?ss', 'pa?ss'],
    ['100%', '100%'],
    ['pass%', 'pass%'],
    ['käse', 'käse'],
  ] as const)('the password %s is %s and is never shown', ([written, password]) => {
    const settings = parse(`postgresql://ada:${written}@h/db?x=1`);
    expect(settings.connection).toMatchObject({ host: 'h', user: 'ada', password, database: 'db', x: 1 });
    expect(settings.secrets).toEqual([password]);
    expect(settings.display).toBe('postgresql://ada:***@h/db?x=1');
  });

  it('an IPv6 host stands in brackets', () => {
    const settings = parse('postgresql://ada@[2001:db8::1]:5433/db');
    expect(settings.connection).toMatchObject({ host: '2001:db8::1', port: 5433 });
    expect(settings.display).toBe('postgresql://ada@[2001:db8::1]:5433/db');
  });

  it('a socket is a host of PostgreSQL and a socketPath of MySQL', () => {
    expect(parse('postgresql:///db?host=/var/run/postgresql').connection).toEqual({
      host: '/var/run/postgresql',
      database: 'db',
    });
    expect(parse('postgresql://ada@%2Fvar%2Frun/db').connection).toMatchObject({ host: '/var/run' });
    expect(parse('mysql://ada@%2Frun%2Fmysqld.sock/db').connection).toMatchObject({ socketPath: '/run/mysqld.sock' });
    expect(parse('mysql://ada@localhost/db?socketPath=/run/mysqld.sock').connection).toMatchObject({
      socketPath: '/run/mysqld.sock',
    });
  });

  it.for([
    'postgresql:///db?host=/var/run/postgresql',
    'postgresql://ada@%2Fvar%2Frun/db',
    'mysql://ada@%2Frun%2Fmysqld.sock/db',
    'mysql://ada@localhost/db?socketPath=/run/mysqld.sock',
    'mysql:///db?socketPath=/run/mysqld.sock',
  ])('%s is shown as it was written', (url) => {
    expect(parse(url).display).toBe(url);
  });

  it('a socket of an object is shown as a URL would have it', () => {
    const connection = { host: '/var/run', database: 'db' };
    expect(databaseSettings({ client: 'pg', connection }, '/').display).toBe('postgresql://%2Fvar%2Frun/db');
  });

  it('a URL among the options of pg comes before them, and its secrets and schemas are known', () => {
    const connectionString = 'postgresql://ada:hunter2@h/db?search_path=shop&sslmode=no-verify';
    const settings = databaseSettings(
      { client: 'pg', connection: { connectionString, port: 5433, host: 'other' } },
      '/',
    );
    expect(settings).toMatchObject({
      connection: { host: 'h', port: 5433, user: 'ada', database: 'db', ssl: { rejectUnauthorized: false } },
      display: 'postgresql://ada:***@h:5433/db',
      secrets: ['hunter2'],
      searchPath: ['shop'],
    });
    expect(settings.connection).not.toHaveProperty('connectionString');
  });

  it('a URL among the options of mysql2 comes after them', () => {
    const connection = { uri: 'mysql://ada@h/db', host: 'other' };
    expect(databaseSettings({ client: 'mysql2', connection }, '/')).toMatchObject({
      connection: { host: 'other', user: 'ada', database: 'db' },
      display: 'mysql://ada@other/db',
    });
    const wrong = errorOf(() => databaseSettings({ client: 'mysql2', connection: { uri: 'postgresql://h/db' } }, '/'));
    expect(wrong.text).toContain('it is not a mysql URL');
  });

  it('search_path is refused where no database knows it', () => {
    const given = [
      () => parse('mysql://h/db?search_path=shop'),
      () => databaseSettings({ client: 'mysql2', connection: { host: 'h', searchPath: ['shop'] } }, '/'),
      () => databaseSettings({ client: 'mysql2', connection: 'mysql://h/db', searchPath: 'shop' }, '/'),
      () => databaseSettings({ client: 'sqlite3', connection: { filename: 'a.db' }, searchPath: 'shop' }, '/'),
    ];
    for (const error of given.map(errorOf)) {
      expect(error.code).toBe('config.invalid');
      expect(error.text).toMatch(/"search_?[pP]ath" is for PostgreSQL alone/);
    }
  });

  it('search_path is a setting of its own, and options stay with the driver', () => {
    expect(parse('postgresql://h/db?search_path=app,public&options=-c%20lock_timeout%3D5s')).toMatchObject({
      connection: { host: 'h', database: 'db', options: '-c lock_timeout=5s' },
      searchPath: ['app', 'public'],
    });
  });

  it.for(['schema', 'currentSchema'])('%s of other tools is refused: the tables would go elsewhere', (name) => {
    const given = [
      () => parse(`postgresql://h/db?${name}=shop`),
      () => databaseSettings({ client: 'pg', connection: { host: 'h', [name]: 'shop' } }, '/'),
    ];
    for (const error of given.map(errorOf)) {
      expect(error.code).toBe('config.invalid');
      expect(error.text).toContain(`"${name}" is no option of PostgreSQL`);
      expect(error.text).toContain('Write search_path in a URL, and searchPath in an object.');
    }
  });

  it('a schema of the search_path may stand in quotes, as in SET search_path', () => {
    const url = 'postgresql://h/db?search_path=%22My%20Schema%22,%20%22a,%22%22b%22,%22$user%22,public';
    expect(parse(url).searchPath).toEqual(['My Schema', 'a,"b', '$user', 'public']);
    const knex = { client: 'pg', connection: {}, searchPath: ['"quoted"', 'public'] };
    expect(databaseSettings(knex, '/').searchPath).toEqual(['"quoted"', 'public']);
  });

  it.for([
    ['postgresql://h/db?sslmode=required', 'sslmode has no value "required"', 'Did you mean "require"?'],
    ['postgresql://h/db?sslmode=', 'sslmode has no value ""', 'Its values are disable,'],
    ['postgresql://h/db?ssl-mode=REQUIRED', '"ssl-mode" is called sslmode on PostgreSQL', 'Its values are disable,'],
    ['mysql://127.0.0.1/db?ssl-mode=no-verify', 'ssl-mode has no value "no-verify"', 'Its values are DISABLED,'],
  ] as const)('%s is refused: a mode that nobody knows could mean no encryption', ([url, message, hint]) => {
    const { code, text } = errorOf(() => parse(url));
    expect(code).toBe('config.invalid');
    expect(text).toContain(message);
    expect(text).toContain(hint);
  });

  it.for([
    ['', undefined],
    ['?sslmode=disable', false],
    ['?sslmode=require', {}],
    ['?sslmode=verify-full', {}],
    ['?sslmode=no-verify', { rejectUnauthorized: false }],
    ['?sslmode=require&uselibpqcompat=true', { rejectUnauthorized: false }],
  ] as const)('PostgreSQL%s asks the driver for ssl %j', ([query, ssl]) => {
    expect(parse(`postgresql://h/db${query}`).connection['ssl']).toEqual(ssl);
  });

  it.for([
    ['', undefined],
    ['?ssl-mode=DISABLED', undefined],
    ['?ssl-mode=REQUIRED', { rejectUnauthorized: false }],
    ['?ssl-mode=VERIFY_CA', { rejectUnauthorized: true }],
    ['?sslmode=verify-identity', { rejectUnauthorized: true, verifyIdentity: true }],
    ['?sslmode=verify-full', { rejectUnauthorized: true, verifyIdentity: true }],
    ['?ssl={"rejectUnauthorized":true}', { rejectUnauthorized: true }],
  ] as const)('MySQL%s asks the driver for ssl %j', ([query, ssl]) => {
    expect(parse(`mysql://h/db${query}`).connection['ssl']).toEqual(ssl);
  });

  it('secrets among the options are masked', () => {
    const settings = parse('postgresql://h/db?user=ada&password=hunter2&sslpassword=key%20pass&auth_token=t0ken');
    expect(settings.secrets).toEqual(['hunter2', 'key pass', 't0ken']);
    expect(settings.display).toBe('postgresql://ada:***@h/db?user=ada&password=***&sslpassword=***&auth_token=***');
  });

  it("a driver's name in the scheme, as SQLAlchemy writes it, is passed over", () => {
    expect(parse('postgresql+psycopg2://ada@h/db').dialect).toBe('postgresql');
  });

  it.for([
    'postgresql:ada:hunter2@h/db',
    'postgresql://ada:hunter2@h:x/db',
    'postgresql://ada:hunter2@h:99999/db',
    'postgresql://ada:hunter2@[::1/db',
    'mongodb://ada:hunter2@h/db',
    'ada:hunter2@h/db',
    'hunter2',
  ])('the error for %s shows no password', (url) => {
    expect(errorOf(() => parse(url)).text).not.toContain('hunter2');
  });

  it('another database is unsupported, with the nearest known one', () => {
    expect(errorOf(() => parse('postgre://h/db'))).toMatchObject({
      code: 'config.unsupported-database',
      text: expect.stringContaining('Did you mean "postgres"?') as unknown,
    });
  });
});

describe('a database as knex describes it', () => {
  it.for([
    ['sqlite3', { filename: './app.db' }, { filename: '/project/app.db' }],
    ['better-sqlite3', './app.db', { filename: '/project/app.db' }],
    ['better-sqlite3', ':memory:', { filename: ':memory:' }],
    ['sqlite3', 'sqlite:app.db', { filename: '/project/app.db' }],
    ['pg', 'postgres://h/db', { host: 'h', database: 'db' }],
    [
      'mysql2',
      { host: 'h', password: 'secret', charset: 'utf8mb4' },
      { host: 'h', password: 'secret', charset: 'utf8mb4' },
    ],
  ] as const)('%s with %j connects with %j', ([client, connection, expected]) => {
    expect(databaseSettings({ client, connection }, '/project').connection).toEqual(expected);
  });

  it('its password is a secret and its ssl object is passed through as it is', () => {
    const ssl = { ca: 'certificate', key: 'private key' };
    const connection = { host: 'h', user: 'ada', password: 'secret', ssl };
    const settings = databaseSettings({ client: 'pg', connection, searchPath: ['app', 'public'] }, '/');
    expect(settings.connection['ssl']).toBe(ssl);
    expect(settings.secrets).toEqual(['secret', 'private key']);
    expect(settings.searchPath).toEqual(['app', 'public']);
    expect(settings.display).toBe('postgresql://ada:***@h/');
  });

  it('a URL of another database than the client is refused', () => {
    expect(errorOf(() => databaseSettings({ client: 'pg', connection: 'mysql://a:hunter2@h/d' }, '/'))).toMatchObject({
      code: 'config.invalid',
      text: expect.not.stringContaining('hunter2') as unknown,
    });
  });
});
