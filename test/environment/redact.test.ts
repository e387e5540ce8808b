import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redactDeep, redactError } from '../../src/support/redact-error.ts';
import { redact } from '../../src/support/redact.ts';

describe('redact', () => {
  it.for([
    ['connect postgres://ada:secret@h:5432/db failed', 'connect postgres://ada:***@h:5432/db failed'],
    ['"mysql://ada:p@ss:w@h/db"', '"mysql://ada:***@h/db"'],
    ['postgres://ada:pa/ss?wo#rd@h/db', 'postgres://ada:***@h/db'],
    ['postgres://:secret@h/db', 'postgres://:***@h/db'],
    ['postgres://ada@h:5432/db', 'postgres://ada@h:5432/db'],
    ['/srv/postgres:/ada:secret@h/db', '/srv/postgres:/ada:***@h/db'],
    ['a?sslmode=require&sslpassword=x&y=1', 'a?sslmode=require&sslpassword=***&y=1'],
    ['host=h password=secret dbname=d', 'host=h password=*** dbname=d'],
    ['two postgres://a:b@h postgres://c:d@h', 'two postgres://a:***@h postgres://c:***@h'],
    ['nothing to hide: 10:30 a@b.c', 'nothing to hide: 10:30 a@b.c'],
    ['https://example.com:8080/path', 'https://example.com:8080/path'],
    ["CREATE USER x PASSWORD 'a''b' LOGIN", "CREATE USER x PASSWORD '***' LOGIN"],
    ["ALTER ROLE x PASSWORD'secret'", "ALTER ROLE x PASSWORD'***'"],
    ["ALTER ROLE x ENCRYPTED PASSWORD E'a\\'b'", "ALTER ROLE x ENCRYPTED PASSWORD E'***'"],
    ['ALTER ROLE x PASSWORD $t$secret$t$;', 'ALTER ROLE x PASSWORD $t$***$t$;'],
    ["CREATE USER x IDENTIFIED BY 'secret' REQUIRE SSL", "CREATE USER x IDENTIFIED BY '***' REQUIRE SSL"],
    ['CREATE USER x IDENTIFIED WITH plugin BY "secret"', 'CREATE USER x IDENTIFIED WITH plugin BY "***"'],
    ["IDENTIFIED VIA ed25519 USING PASSWORD('secret')", "IDENTIFIED VIA ed25519 USING PASSWORD('***')"],
    ["SET PASSWORD FOR 'x'@'h' = PASSWORD('secret')", "SET PASSWORD FOR 'x'@'h' = PASSWORD('***')"],
    ["CHANGE MASTER TO MASTER_PASSWORD='s', PORT=1", "CHANGE MASTER TO MASTER_PASSWORD='***', PORT=1"],
    ["CONNECTION 'password=secret host=h'", "CONNECTION 'password=*** host=h'"],
    [`{ password: 'secret', "apiKey": "other" }`, `{ password: '***', "apiKey": "***" }`],
    [`'ALTER USER x PASSWORD \\'secret\\''`, `'ALTER USER x PASSWORD \\'***\\''`],
    ["ALTER USER x PASSWORD 'sec\\' LOGIN", "ALTER USER x PASSWORD '***' LOGIN"],
    ["ALTER USER x PASSWORD 'cut off", "ALTER USER x PASSWORD '***"],
    ['Authorization: Bearer abcdef123456==', 'Authorization: Bearer ***'],
    ["t.string('password', 60), ['token', 'x']", "t.string('password', 60), ['token', 'x']"],
    ["COPY t FROM '/etc/passwd' CSV DELIMITER ':'", "COPY t FROM '/etc/passwd' CSV DELIMITER ':'"],
    [`read("/run/secrets/db_password", 'utf8')`, `read("/run/secrets/db_password", 'utf8')`],
    ["FROM PROGRAM 'cat /my files/token' NULL 'x'", "FROM PROGRAM 'cat /my files/token' NULL 'x'"],
    ["'/etc/passwd'; ALTER ROLE x PASSWORD 'secret'", "'/etc/passwd'; ALTER ROLE x PASSWORD '***'"],
    [`{ "/run/secrets/token": "secret" }`, `{ "/run/secrets/token": "***" }`],
    [`mysql /password:"secret" /token "other"`, `mysql /password:"***" /token "***"`],
    ["ALTER ROLE x /* new */PASSWORD'secret'", "ALTER ROLE x /* new */PASSWORD'***'"],
    ['SET password=$1, token=? WHERE password IS NULL', 'SET password=$1, token=? WHERE password IS NULL'],
    ["`ALTER USER x PASSWORD '${process.env.PW}'`", "`ALTER USER x PASSWORD '${process.env.PW}'`"],
    ["EXECUTE 'ALTER ROLE x PASSWORD ''secret''';", "EXECUTE 'ALTER ROLE x PASSWORD ''***''';"],
    ["'EXECUTE ''ALTER ROLE x PASSWORD ''''a''''''''b'''''''", "'EXECUTE ''ALTER ROLE x PASSWORD ''''***'''''''"],
    ["ALTER ROLE x PASSWORD '''a''b'; SELECT 'c'", "ALTER ROLE x PASSWORD '***'; SELECT 'c'"],
    ["SET password = '', name = 'x' WHERE a = ''", "SET password = '', name = 'x' WHERE a = ''"],
    ["dblink('host=h password=''a b''')", "dblink('host=h password=''***''')"],
    ["E'host=h password=\\'secret\\''", "E'host=h password=\\'***\\''"],
    ["SET app.token TO 'secret'", "SET app.token TO '***'"],
    ["set_config('app.jwt_secret', 'x', false)", "set_config('app.jwt_secret', '***', false)"],
    ["SET password = crypt('secret', gen_salt('bf'))", "SET password = crypt('***', gen_salt('bf'))"],
    ["ALTER USER x IDENTIFIED BY 'a' REPLACE 'b'", "ALTER USER x IDENTIFIED BY '***' REPLACE '***'"],
    ['id=a;aws_secret_access_key=secret', 'id=a;aws_secret_access_key=***'],
    ["SET token = nextval('numbers')", "SET token = nextval('numbers')"],
  ] as const)('%s becomes %s', ([text, expected]) => {
    expect(redact(text)).toBe(expected);
    expect(redact(expected)).toBe(expected);
  });

  it('given secrets are masked wherever they stand, plain or percent-encoded', () => {
    expect(redact('wrong: p@ss word, p%40ss%20word', ['p@ss word'])).toBe('wrong: ***, ***');
    expect(redact('longer first: secret-long secret', ['secret', 'secret-long'])).toBe('longer first: *** ***');
  });

  it('a secret of one or two characters is not hunted for in words', () => {
    expect(redact('a table', ['a', ''])).toBe('a table');
  });

  it.for([
    `postgres://${'a:'.repeat(50_000)} ${'x='.repeat(50_000)} ${'://'.repeat(50_000)}`,
    `password${' '.repeat(200_000)}`,
    "password '".repeat(20_000),
    "password \\'".repeat(20_000),
    "password = ''x".repeat(20_000),
    'password=crypt(crypt(crypt( '.repeat(20_000),
    'set password for '.repeat(20_000),
  ])('text without an end is redacted in linear time: %#', (text) => {
    const started = performance.now();
    redact(text);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('redactError', () => {
  const hide = (text: string): string => redact(text, ['hush-hush']);

  it('masks the message, the stack, the own texts and the causes of an error', () => {
    const cause = Object.assign(new Error('no hush-hush'), { sql: "PASSWORD 'x1'", nested: { list: ['hush-hush'] } });
    const error = new AggregateError([new Error('inner hush-hush')], 'outer hush-hush', { cause });
    redactError(error, hide);
    expect(inspect(error, { depth: null })).not.toMatch(/hush-hush|x1/);
    expect(cause).toMatchObject({ message: 'no ***', sql: "PASSWORD '***'", nested: { list: ['***'] } });
  });

  it('leaves what holds no secret as it is', () => {
    const facts = { ids: ['a', 'b'], count: 2, at: new Date(0) };
    expect(redactDeep(facts, hide)).toBe(facts);
  });

  it('ends on an error that is its own cause', () => {
    const error = new Error('hush-hush');
    error.cause = error;
    redactError(error, hide);
    expect(error.message).toBe('***');
  });
});
