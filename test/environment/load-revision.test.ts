import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRevision } from '../../src/environment/revisions/load-revision.ts';
import { readRevisions } from '../../src/environment/revisions/read-revisions.ts';
import { errorOf } from './error-of.ts';
import { projectDirectory } from './project-directory.ts';

/** Reads the only revision of a project and gives a way to load it, perhaps after something has changed. */
async function project(file: string, text: string) {
  const directory = projectDirectory({ [`versions/${file}`]: text });
  const [revision] = await readRevisions({
    workingDirectory: directory,
    versionLocations: [join(directory, 'versions')],
    hasDefaultVersionLocations: false,
    recursiveVersionLocations: false,
  });
  return { file: join(directory, 'versions', file), load: () => loadRevision(revision!, directory) };
}

const header = "export const revision = 'a1'; export const down_revision = null;";

describe('a code revision', () => {
  it('gives its functions and its text', async () => {
    const text = `${header}\nexport async function upgrade() { return 'up'; }\nexport function downgrade() {}`;
    const { load } = await project('a1.ts', text);
    const loaded = await load();
    expect(loaded).toMatchObject({ kind: 'module', source: text });
    expect(loaded.kind === 'module' && loaded.downgrade).toBeTypeOf('function');
  });

  it('may be a default export', async () => {
    const { load } = await project(
      'a1.ts',
      "export default { revision: 'a1', down_revision: null, async upgrade() {} };",
    );
    expect(await load()).toMatchObject({ kind: 'module', downgrade: null });
  });

  it('without a downgrade cannot be undone, which is no error yet', async () => {
    expect(await (await project('a1.ts', `${header} export async function upgrade() {}`)).load()).toMatchObject({
      downgrade: null,
    });
  });

  it('without an upgrade is refused, with the slip of the finger', async () => {
    const { load } = await project('a1.ts', `${header} export async function upgarde() {}`);
    const error = await errorOf(load);
    expect(error).toMatchObject({ code: 'revision.not-loadable', where: 'versions/a1.ts' });
    expect(error.message).toContain('did you mean upgrade by upgarde?');
  });

  it('of a merge point needs no functions', async () => {
    const { load } = await project('m.ts', "export const revision = 'm'; export const down_revision = ['a', 'b'];");
    expect(await load()).toMatchObject({ kind: 'module', upgrade: null, downgrade: null });
  });

  it('whose upgrade is no function is refused', async () => {
    const { load } = await project('a1.ts', `${header} export const upgrade = 'drop table users';`);
    expect((await errorOf(load)).message).toContain('upgrade must be a function; it is of type string');
  });

  it('that throws while it loads is reported at its own line', async () => {
    const { load } = await project(
      'a1.ts',
      `${header}\n\nthrow new Error('broken');\nexport async function upgrade() {}`,
    );
    expect(await errorOf(load)).toMatchObject({ code: 'revision.not-loadable', where: 'versions/a1.ts:3' });
  });

  it('that changed since the history was read is refused', async () => {
    const { file, load } = await project('a1.ts', `${header} export async function upgrade() {}`);
    writeFileSync(file, `${header.replace('null', "'b2'")} export async function upgrade() {}`);
    const error = await errorOf(load);
    expect(error).toMatchObject({ code: 'revision.not-loadable', where: 'versions/a1.ts:1' });
    expect(error.message).toContain('down_revision (line 1) [] then, ["b2"] now');
  });

  it('whose file is gone is refused', async () => {
    const { file, load } = await project('a1.ts', `${header} export async function upgrade() {}`);
    rmSync(file);
    expect(await errorOf(load)).toMatchObject({ code: 'revision.not-loadable' });
  });
});

describe('a SQL revision', () => {
  it('gives its sections', async () => {
    const text =
      '-- revision: a1\n-- down_revision:\n-- migrate:up transaction:false\ncreate table a (b int);\n-- migrate:down\ndrop table a;\n';
    expect(await (await project('a1.sql', text)).load()).toEqual({
      kind: 'sql',
      upgrade: { text: 'create table a (b int);\n', firstLine: 4, transaction: false },
      downgrade: { text: 'drop table a;\n', firstLine: 6, transaction: true },
      limits: { tableLockTimeoutMs: null, statementTimeoutMs: null },
      source: text,
    });
  });

  it('with a wrong marker is refused at its line', async () => {
    const { load } = await project('a1.sql', '-- revision: a1\n-- down_revision:\n-- migrate:up\n-- migrate:don\n');
    expect(await errorOf(load)).toMatchObject({ code: 'revision.not-loadable', where: 'versions/a1.sql:4' });
  });
});

describe('limits of a revision', () => {
  const sqlHeader = '-- revision: a1\n-- down_revision: null';
  const body = 'export async function upgrade() {}\n';

  it('are exported by a module, as text with a unit or as milliseconds', async () => {
    const text = `${header}\nexport const lock_timeout = '5s';\nexport const statement_timeout = 90_000;\n${body}`;
    expect(await (await project('a1.ts', text)).load()).toMatchObject({
      limits: { tableLockTimeoutMs: 5000, statementTimeoutMs: 90_000 },
    });
  });

  it('stand in lines before the first section of a .sql file', async () => {
    const text = `${sqlHeader}\n-- lock_timeout: 500ms\n--  Statement_Timeout : 10m\n-- migrate:up\n-- lock_timeout: 1s\n`;
    expect(await (await project('a1.sql', text)).load()).toMatchObject({
      limits: { tableLockTimeoutMs: 500, statementTimeoutMs: 600_000 },
    });
  });

  it.each([
    [
      'a1.ts',
      `${header}\nexport const lock_timeout = 'soon';\n${body}`,
      'versions/a1.ts:2',
      'lock_timeout is no duration: "soon"',
    ],
    [
      'a1.ts',
      `${header}\nexport const statement_timeout = -1;\n${body}`,
      'versions/a1.ts:2',
      'statement_timeout is no duration: -1',
    ],
    ['a1.ts', `${header}\nexport const lockTimeout = '5s';\n${body}`, 'versions/a1.ts:2', 'did you mean lock_timeout?'],
    [
      'a1.sql',
      `${sqlHeader}\n-- lock_timeout: 5 parsecs\n-- migrate:up\n`,
      'versions/a1.sql:3',
      'lock_timeout is no duration: "5 parsecs"',
    ],
    [
      'a1.sql',
      `${sqlHeader}\n-- statement_timout: 5s\n-- migrate:up\n`,
      'versions/a1.sql:3',
      'did you mean statement_timeout?',
    ],
    [
      'a1.sql',
      `${sqlHeader}\n-- lock_timeout: 1s\n-- lock_timeout: 2s\n-- migrate:up\n`,
      'versions/a1.sql:4',
      'written twice',
    ],
  ])('that are wrong in %s refuse the file at their line: %#', async (name, text, where, reason) => {
    const error = await errorOf((await project(name, text)).load);
    expect(error).toMatchObject({ code: 'revision.not-loadable', where });
    expect(error.message).toContain(reason);
  });
});
