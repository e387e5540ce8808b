import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRevision } from '../../src/environment/load-revision.ts';
import { readRevisions } from '../../src/environment/read-revisions.ts';
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
      '-- revision: a1\n-- migrate:up transaction:false\ncreate table a (b int);\n-- migrate:down\ndrop table a;\n';
    expect(await (await project('a1.sql', text)).load()).toEqual({
      kind: 'sql',
      upgrade: { text: 'create table a (b int);\n', firstLine: 3, transaction: false },
      downgrade: { text: 'drop table a;\n', firstLine: 5, transaction: true },
      source: text,
    });
  });

  it('with a wrong marker is refused at its line', async () => {
    const { load } = await project('a1.sql', '-- revision: a1\n-- migrate:up\n-- migrate:don\n');
    expect(await errorOf(load)).toMatchObject({ code: 'revision.not-loadable', where: 'versions/a1.sql:3' });
  });
});
