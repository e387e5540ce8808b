import { describe, expect, test } from 'vitest';
import { errorReport, errorText } from '../../src/cli/render/error.ts';
import { jsonText } from '../../src/cli/render/json.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { plain } from '../../src/cli/render/palette.ts';
import { picture } from './reports.ts';

const quietly = { showStack: false, palette: plain };

describe('an error as text', () => {
  test('says what happened, where, and what to do', () => {
    const error = new AludelError('history.broken', 'Revision 5b2c names down_revision "ae10", which is in no file.', {
      where: 'versions/5b2c.ts:4',
      hint: 'Did you mean ae1027 (add users)?\nRestore the file, or fix the id.',
    });
    expect(errorText(error, quietly)).toBe(
      picture(`
        history.broken: Revision 5b2c names down_revision "ae10", which is in no file.
          in versions/5b2c.ts:4
          Did you mean ae1027 (add users)?
          Restore the file, or fix the id.
      `),
    );
  });

  test('a place that the message names is not said twice', () => {
    const error = new AludelError('target.unknown', 'No revision or branch is called "nope".', { where: 'nope' });
    expect(errorText(error, quietly)).toBe('target.unknown: No revision or branch is called "nope".');
  });

  test('nor is one of several words', () => {
    for (const where of ['no such', 'a,b', ' a1']) {
      const message = `No revision or branch is called "${where}".`;
      expect(errorText(new AludelError('target.unknown', message, { where }), quietly)).toBe(
        `target.unknown: ${message}`,
      );
    }
    const part = new AludelError('target.unknown', 'No revision or branch is called "nope".', { where: 'no' });
    expect(errorText(part, quietly)).toContain('in no');
  });

  test('a message of several lines keeps them, indented', () => {
    const error = new AludelError('history.broken', 'The history has 2 defects.\none\ntwo');
    expect(errorText(error, quietly)).toBe('history.broken: The history has 2 defects.\n  one\n  two');
  });

  test('shows the source with a caret when the facts carry it', () => {
    const source = "/** add */\nexport const revision = 'b';\n\texport const down_revision = a;\n";
    const error = new AludelError('history.unreadable', 'A header is not a literal.', {
      where: 'versions/b.ts:3',
      facts: { file: 'versions/b.ts', line: 3, column: 30, source },
    });
    expect(errorText(error, quietly)).toBe(
      picture(`
        history.unreadable: A header is not a literal.
          in versions/b.ts:3
            2 | export const revision = 'b';
          > 3 |  export const down_revision = a;
              |                              ^
            4 |
      `),
    );
  });

  test('shows the statement that failed, at most its first twelve lines', () => {
    const statement = ['INSERT INTO nowhere VALUES', ...Array.from({ length: 20 }, (_, i) => `(${i}),`)].join('\n');
    const error = new AludelError('migration.failed', 'Revision b failed.', {
      where: 'versions/b.ts:9',
      facts: { statement },
    });
    const lines = errorText(error, quietly).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'migration.failed: Revision b failed.',
      '  in versions/b.ts:9',
      '  the statement:',
      '    INSERT INTO nowhere VALUES',
      '    (0),',
    ]);
    expect(lines).toHaveLength(16);
    expect(lines.at(-1)).toBe('    …');
  });

  test('marks the place in the statement that the database named', () => {
    const shown = (statement: string, offset: number): string[] => {
      const error = new AludelError('migration.failed', 'Revision b failed.', { facts: { statement, offset } });
      return errorText(error, quietly).split('\n').slice(2);
    };
    const statement = `INSERT INTO t\n\tVALUES ('é𝄞', nosuch)`;
    expect(shown(statement, statement.indexOf('nosuch'))).toEqual([
      '    INSERT INTO t',
      `    \tVALUES ('é𝄞', nosuch)`,
      `    \t              ^`,
    ]);
    expect(shown('SELECT (', 8)).toEqual(['    SELECT (', '            ^']);
    const long = Array.from({ length: 20 }, (_, i) => `${i},`).join('\n');
    expect(shown(long, long.indexOf('15,'))).toEqual([
      '    …',
      ...Array.from({ length: 12 }, (_, i) => `    ${i + 4},`),
      '    ^',
      '    …',
    ]);
  });

  test('a place outside the text is left out', () => {
    const error = new AludelError('history.unreadable', 'Broken.', {
      facts: { file: 'a', line: 9, column: 1, source: 'x' },
    });
    expect(errorText(error, quietly)).toBe('history.unreadable: Broken.');
  });

  test('cannot steer the terminal', () => {
    const error = new AludelError('database.unknown-revision', 'Row "\u001b]0;owned\u0007\u001b[2J" is in no file.');
    expect(errorText(error, quietly)).toBe('database.unknown-revision: Row "" is in no file.');
  });
});

describe('an error as a record', () => {
  test('of another copy of the package is known by its brand', () => {
    const foreign = Object.assign(new Error('Locked.'), {
      [Symbol.for('aludel.error')]: true,
      code: 'database.locked',
      where: null,
      hint: null,
      facts: {},
    });
    expect(errorReport(foreign).error.code).toBe('database.locked');
  });

  test('of a defect hides the password in its message', () => {
    expect(errorReport(new Error('cannot reach mysql://me:secret@host/db')).error).toMatchObject({
      code: 'defect',
      message: 'cannot reach mysql://me:***@host/db',
    });
  });
});

describe('JSON', () => {
  test('equals the record when parsed, and cannot steer the terminal', () => {
    const record = { message: 'a\u001b[2J\u009b\u202e\u2028漢', list: [1, null, true] };
    expect(JSON.parse(jsonText(record))).toEqual(record);
    expect(jsonText(record)).not.toMatch(/[\u007f-\u009f\u202e\u2028]/);
    expect(jsonText(record)).toContain('漢');
  });

  test('writes what JSON lacks as its nearest', () => {
    const facts = { count: 3n, ids: new Set(['a']), by: new Map([['k', 1]]), cause: new TypeError('no') };
    expect(JSON.parse(jsonText(facts))).toEqual({
      count: '3',
      ids: ['a'],
      by: { k: 1 },
      cause: { name: 'TypeError', message: 'no' },
    });
  });
});
