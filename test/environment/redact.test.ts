import { describe, expect, it } from 'vitest';
import { redact } from '../../src/support/redact.ts';

describe('redact', () => {
  it.for([
    ['connect postgres://ada:secret@h:5432/db failed', 'connect postgres://ada:***@h:5432/db failed'],
    ['"mysql://ada:p@ss:w@h/db"', '"mysql://ada:***@h/db"'],
    ['postgres://ada:pa/ss?wo#rd@h/db', 'postgres://ada:***@h/db'],
    ['postgres://:secret@h/db', 'postgres://:***@h/db'],
    ['postgres://ada@h:5432/db', 'postgres://ada@h:5432/db'],
    ['a?sslmode=require&sslpassword=x&y=1', 'a?sslmode=require&sslpassword=***&y=1'],
    ['host=h password=secret dbname=d', 'host=h password=*** dbname=d'],
    ['two postgres://a:b@h postgres://c:d@h', 'two postgres://a:***@h postgres://c:***@h'],
    ['nothing to hide: 10:30 a@b.c', 'nothing to hide: 10:30 a@b.c'],
    ['https://example.com:8080/path', 'https://example.com:8080/path'],
  ] as const)('%s becomes %s', ([text, expected]) => {
    expect(redact(text)).toBe(expected);
  });

  it('given secrets are masked wherever they stand, plain or percent-encoded', () => {
    expect(redact('wrong: p@ss word, p%40ss%20word', ['p@ss word'])).toBe('wrong: ***, ***');
    expect(redact('longer first: secret-long secret', ['secret', 'secret-long'])).toBe('longer first: *** ***');
  });

  it('a secret of one or two characters is not hunted for in words', () => {
    expect(redact('a table', ['a', ''])).toBe('a table');
  });

  it('text without an end is redacted in linear time', () => {
    const started = performance.now();
    redact(`postgres://${'a:'.repeat(50_000)} ${'x='.repeat(50_000)} ${'://'.repeat(50_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
