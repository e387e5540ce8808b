import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultFileTemplate, isRevisionFile, revisionFileName, slugOf } from '../../src/revisions/revision-file.ts';
import { messageOf } from '../../src/support/aludel-error.ts';

const date = { year: 2025, month: 3, day: 4, hour: 5, minute: 6, second: 7, epoch: 1_741_064_767 };
const parts = { rev: 'ae1027', slug: 'add_users', date };

describe('a slug is the words of the message', () => {
  test.each([
    ['Add users', 'add_users'],
    ["  it's a -- test!  ", 'it_s_a_test'],
    ['snake_case stays', 'snake_case_stays'],
    ['Größe ändern', 'größe_ändern'],
    ['Gro\u0308ße', 'größe'],
    ['добавить 表', 'добавить_表'],
    ['İstanbul', 'istanbul'],
    ['../../etc/passwd', 'etc_passwd'],
    ['!?', ''],
    ['', ''],
  ])('%j becomes %j', (message, slug) => {
    expect(slugOf(message)).toBe(slug);
  });

  test('a long one loses its last word and shows the cut, as in Alembic', () => {
    const message = 'add a very long message that goes on and on for ever';
    expect(slugOf(message)).toBe('add_a_very_long_message_that_goes_on_');
    expect(slugOf(message, 5)).toBe('add_');
    expect(slugOf('x'.repeat(50))).toBe(`${'x'.repeat(40)}_`);
    expect(slugOf('x'.repeat(40))).toBe('x'.repeat(40));
    expect(slugOf(message, 0)).toBe('');
  });

  test('whatever the message, only letters, digits and underscores come out, and not too many', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.nat({ max: 60 }), (message, maxLength) => {
        const slug = slugOf(message, maxLength);
        expect(slug).toMatch(/^[\p{L}\p{N}_]*$/u);
        expect(Array.from(slug).length).toBeLessThanOrEqual(maxLength + 1);
      }),
    );
  });
});

describe('a file name is made from its template', () => {
  test.each([
    [defaultFileTemplate, 'ae1027_add_users.ts'],
    ['{year}_{month}_{day}_{hour}{minute}{second}-{rev}_{slug}', '2025_03_04_050607-ae1027_add_users.ts'],
    ['{epoch}-{rev}', '1741064767-ae1027.ts'],
    ['%(rev)s_%(slug)s', 'ae1027_add_users.ts'],
    ['%(year)d_%(month).2d_%(day)02d_%(hour)d-%(rev)s', '2025_03_04_5-ae1027.ts'],
    ['%(epoch)s%%{{{rev}}}', '1741064767%{ae1027}.ts'],
    ['{year}/{month}/{rev}', '2025/03/ae1027.ts'],
    ['100%_{rev}', '100%_ae1027.ts'],
  ])('%s gives %s', (template, name) => {
    expect(revisionFileName(template, parts)).toBe(name);
  });

  test.each([
    [defaultFileTemplate, 'ae1027.ts'],
    ['%(rev)s_%(slug)s', 'ae1027.ts'],
    ['{slug}_{rev}', 'ae1027.ts'],
    ['{year}/{slug}-{rev}', '2025/ae1027.ts'],
    ['{rev}_{slug}_{year}', 'ae1027_2025.ts'],
  ])('without a slug %s gives %s', (template, name) => {
    expect(revisionFileName(template, { ...parts, slug: '' })).toBe(name);
  });

  test('the extension may be another one', () => {
    expect(revisionFileName('{rev}', parts, '.sql')).toBe('ae1027.sql');
  });

  test.each([
    ['{rev}_{slugg}', 'unknown token "slugg"', 'Did you mean {slug}?'],
    [
      '{rev}_{colour}',
      'unknown token "colour"',
      'Tokens are rev, slug, year, month, day, hour, minute, second and epoch.',
    ],
    ['%(revv)s', 'unknown token "revv"', 'Did you mean {rev}?'],
    ['%(rev)x', 'must end with "s" or "d"', null],
    ['%(rev)', 'must end with "s" or "d"', null],
    ['{rev', 'has a single "{"', null],
    ['rev}', 'has a single "}"', null],
    ['../{rev}', 'leads out of the version location', null],
    ['a/../../{rev}', 'leads out of the version location', null],
    ['/{rev}', 'not inside the version location', null],
    ['a//{rev}', 'has an empty part', null],
    ['a/', 'would not be read back', null],
    ['C:/{rev}', 'character that not every system allows', null],
    ['a\\{rev}', 'has a backslash', null],
    ['a./{rev}', 'ends with a dot or a space', null],
    ['con', 'the name of a device on Windows', null],
    ['aux/{rev}', 'the name of a device on Windows', null],
    ['.{rev}', 'would not be read back', null],
    ['{rev}.test', 'would not be read back', null],
    ['{rev}\n', 'character that not every system allows', null],
    [`{rev}${'é'.repeat(125)}`, 'has 259 bytes; 255 are allowed', null],
  ])('%j is refused', (template, message, hint) => {
    let thrown: unknown = null;
    try {
      revisionFileName(template, parts);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'config.invalid', hint });
    expect(messageOf(thrown)).toContain(message);
  });

  test.each(['a/b', '..\\x', 'a\0', 'a:b', ''])('an id like %j cannot be part of a file name', (rev) => {
    expect(() => revisionFileName('{rev}', { ...parts, rev })).toThrow(
      expect.objectContaining({ code: 'revision.invalid' }),
    );
  });

  test('every name that is given stays inside the directory and is read back as a revision', () => {
    const piece = fc.constantFrom('{rev}', '{slug}', '/', '.', '..', '_', '-', '%(day).2d', 'a', ' ', 'nul', '\\', ':');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.string().map((message) => slugOf(message)),
        (pieces, slug) => {
          let name: string;
          try {
            name = revisionFileName(pieces.join(''), { ...parts, slug });
          } catch (error) {
            expect(error).toMatchObject({ code: 'config.invalid' });
            return;
          }
          const segments = name.split('/');
          expect(segments).not.toContain('..');
          expect(segments).not.toContain('');
          expect(isRevisionFile(segments.at(-1) ?? '')).toBe(true);
        },
      ),
    );
  });
});

test.each([
  ['a.ts', true],
  ['a.mts', true],
  ['a.cts', true],
  ['a.js', true],
  ['a.mjs', true],
  ['a.cjs', true],
  ['a.sql', true],
  ['index.ts', true],
  ['a.SQL', true],
  ['a.Test.SQL', false],
  ['a.b.ts', true],
  ['a.d.ts', false],
  ['a.d.mts', false],
  ['a.d.cts', false],
  ['a.test.ts', false],
  ['a.spec.mjs', false],
  ['a.test.sql', false],
  ['.a.ts', false],
  ['.ts', false],
  ['a.ts~', false],
  ['a.ts.tmp', false],
  ['a.tsx', false],
  ['a.json', false],
  ['README.md', false],
  ['ts', false],
  ['', false],
])('%j as a revision file: %s', (name, expected) => {
  expect(isRevisionFile(name)).toBe(expected);
});
