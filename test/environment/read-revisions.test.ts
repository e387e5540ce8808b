import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VersionLocations } from '../../src/environment/revisions/list-revision-files.ts';
import { readRevisions } from '../../src/environment/revisions/read-revisions.ts';
import { errorOf } from './error-of.ts';
import { projectDirectory } from './project-directory.ts';

const config = (directory: string, more: Partial<VersionLocations> = {}): VersionLocations => ({
  workingDirectory: directory,
  versionLocations: [join(directory, 'versions')],
  hasDefaultVersionLocations: false,
  recursiveVersionLocations: false,
  ...more,
});

const source = (id: string, down: string | null = null) => `/** add ${id} */
import type { Operations } from 'aludel';

export const revision = '${id}';
export const down_revision = ${JSON.stringify(down)};
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {}
`;

const idsOf = async (directory: string, more: Partial<VersionLocations> = {}) =>
  (await readRevisions(config(directory, more))).map(({ id }) => id);

describe('reading', () => {
  it('a TypeScript revision gives its header, doc and shown path', async () => {
    const text = source('a1', 'b2').replace('/** add a1 */', '/**\n * add a1\n *\n * because of b2\n */');
    const directory = projectDirectory({ 'versions/a1_add.ts': text });
    expect(await readRevisions(config(directory))).toEqual([
      {
        id: 'a1',
        downRevisions: ['b2'],
        dependsOn: [],
        branchLabels: [],
        message: 'add a1',
        doc: 'add a1\n\nbecause of b2',
        path: 'versions/a1_add.ts',
        lines: { revision: 8, downRevision: 9, branchLabels: 10, dependsOn: 11 },
      },
    ]);
  });

  it('a SQL revision gives the same', async () => {
    const text = '-- revision: a1\n-- down_revision: b2, c3\n-- message: join\n\n-- migrate:up\n-- migrate:down\n';
    const [revision] = await readRevisions(config(projectDirectory({ 'versions/a1.sql': text })));
    expect(revision).toMatchObject({ id: 'a1', downRevisions: ['b2', 'c3'], message: 'join', path: 'versions/a1.sql' });
  });

  it('a header behind the first 2 KiB is read, also where the limit cuts a character', async () => {
    for (const length of [2040, 2041, 2042, 2043, 2044, 5000]) {
      const text = `// ${'x'.repeat(length)}äöü€😀\n${source('a1')}`;
      expect(await idsOf(projectDirectory({ 'versions/a1.ts': text }))).toEqual(['a1']);
    }
  });

  it('a field that is an expression is asked of the loaded file', async () => {
    const text =
      "const n = 40; export const revision = 'a' + (n + 2); export const down_revision = null; export const message = 'm';";
    const [revision] = await readRevisions(config(projectDirectory({ 'versions/a.ts': text })));
    expect(revision).toMatchObject({ id: 'a42', downRevisions: [], message: 'm' });
  });

  it('no code of a revision with plain fields runs', async () => {
    const text = `${source('a1')}\nthrow new Error('it ran');`;
    expect(await idsOf(projectDirectory({ 'versions/a1.ts': text }))).toEqual(['a1']);
  });

  it('a byte-order mark of UTF-8 is no part of the text', async () => {
    expect(await idsOf(projectDirectory({ 'versions/a1.ts': `\uFEFF${source('a1')}` }))).toEqual(['a1']);
  });
});

describe('locations', () => {
  it('files are found in the order of locations and names; helpers, tests and declarations are not revisions', async () => {
    const directory = projectDirectory({
      'versions/b.ts': source('b'),
      'versions/a.mts': source('a'),
      'versions/_helper.ts': 'export const help = 1;',
      'versions/a.test.ts': '',
      'versions/a.d.ts': '',
      'versions/.hidden.ts': '',
      'versions/README.md': '',
      'versions/sub/c.ts': source('c'),
      'more/d.ts': source('d'),
    });
    const versionLocations = [join(directory, 'versions'), join(directory, 'more')];
    expect(await idsOf(directory, { versionLocations })).toEqual(['a', 'b', 'd']);
    expect(await idsOf(directory, { versionLocations, recursiveVersionLocations: true })).toEqual(['a', 'b', 'c', 'd']);
  });

  it('a file that several ways lead to is there once, and links in a circle end', async () => {
    const directory = projectDirectory({ 'versions/a.ts': source('a'), 'versions/sub/b.ts': source('b') });
    symlinkSync(join(directory, 'versions'), join(directory, 'versions/sub/again'));
    symlinkSync(join(directory, 'versions'), join(directory, 'same'));
    symlinkSync(join(directory, 'versions/a.ts'), join(directory, 'versions/0_link.ts'));
    const versionLocations = ['versions', 'same', 'versions/sub', 'versions/'].map((path) => join(directory, path));
    const revisions = await readRevisions(config(directory, { versionLocations, recursiveVersionLocations: true }));
    expect(revisions.map(({ path }) => path)).toEqual(['versions/a.ts', 'versions/sub/b.ts']);
  });

  it('a link to a file elsewhere is a revision', async () => {
    const directory = projectDirectory({ 'versions/.keep': '', 'shared/a.ts': source('a') });
    symlinkSync(join(directory, 'shared/a.ts'), join(directory, 'versions/a.ts'));
    expect(await idsOf(directory)).toEqual(['a']);
  });

  it('a missing default location is a fresh project; a missing chosen one is an error', async () => {
    const directory = projectDirectory();
    expect(await idsOf(directory, { hasDefaultVersionLocations: true })).toEqual([]);
    expect(await errorOf(() => idsOf(directory))).toMatchObject({
      code: 'history.unreadable',
      where: 'versions',
      hint: expect.stringContaining('aludel init') as unknown,
    });
  });

  it('a location that is a file, and a link to nothing, are errors', async () => {
    const directory = projectDirectory({ versions: 'a file', 'other/.keep': '' });
    expect(await errorOf(() => idsOf(directory))).toMatchObject({ code: 'history.unreadable' });
    symlinkSync(join(directory, 'gone.ts'), join(directory, 'other/a.ts'));
    const versionLocations = [join(directory, 'other')];
    expect(await errorOf(() => idsOf(directory, { versionLocations }))).toMatchObject({ code: 'history.unreadable' });
  });
});

describe('files that are no revision', () => {
  it('all are told at once, with line and reason', async () => {
    const directory = projectDirectory({
      'versions/a.ts': source('a'),
      'versions/helper.ts': 'export function help() {}',
      'versions/number.ts': source('1').replace("'1'", '1'),
      'versions/latin.ts': Buffer.from(`// ok\n// caf\xe9\n${source('l')}`, 'latin1'),
      'versions/utf16.ts': Buffer.from(`\uFEFF${source('u')}`, 'utf16le'),
      'versions/no.sql': '-- migrate:up\n',
      'versions/throws.ts':
        "export const revision = String(fail());\nfunction fail() {\n  throw new Error('at load');\n}",
    });
    const error = await errorOf(() => idsOf(directory));
    expect(error).toMatchObject({ code: 'history.broken', exitCode: 2 });
    const lines = error.message.split('\n');
    expect(lines[0]).toBe('6 files cannot be read as a revision:');
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^ {2}versions\/helper\.ts:1: no revision is exported/),
      '  versions/latin.ts: it is not UTF-8: byte 12 (line 2) begins no character; save it as UTF-8',
      expect.stringMatching(/^ {2}versions\/no\.sql:1: /),
      expect.stringMatching(/^ {2}versions\/number\.ts:4: revision is a number; write it in quotes/),
      expect.stringMatching(/^ {2}versions\/throws\.ts:3: .*at load/),
      '  versions/utf16.ts: it is UTF-16; save it as UTF-8',
    ]);
    expect(error.hint).toContain('begins with "_"');
  });

  it('a name whose ending has capitals is told with the name it needs; as a helper or a test it is nothing', async () => {
    const directory = projectDirectory({
      'versions/a.ts': source('a'),
      'versions/b.SQL': '-- revision: b\n-- down_revision: a\n-- migrate:up\n',
      'versions/c.Ts': source('c', 'a'),
      'versions/_HELPER.TS': '',
      'versions/d.test.TS': '',
      'versions/e.D.TS': '',
      'versions/NOTES.TXT': '',
    });
    const error = await errorOf(() => idsOf(directory));
    expect(error).toMatchObject({ code: 'history.broken', exitCode: 2 });
    expect(error.message.split('\n').slice(1)).toEqual([
      '  versions/b.SQL: its ending has capitals, which is not read as a revision; rename it to b.sql',
      '  versions/c.Ts: its ending has capitals, which is not read as a revision; rename it to c.ts',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('a file without permission is unreadable', async () => {
    const directory = projectDirectory({ 'versions/a.ts': source('a') });
    chmodSync(join(directory, 'versions/a.ts'), 0o000);
    expect(await errorOf(() => idsOf(directory))).toMatchObject({ code: 'history.unreadable' });
  });
});
