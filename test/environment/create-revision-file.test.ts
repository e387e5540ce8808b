import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createRevisionFile,
  draftRevision,
  type DraftConfig,
  type NewRevision,
} from '../../src/environment/revisions/create-revision-file.ts';
import { readRevisions } from '../../src/environment/revisions/read-revisions.ts';
import { errorOf } from './error-of.ts';
import { projectDirectory } from './project-directory.ts';

const config = (directory: string, more: Partial<DraftConfig> = {}): DraftConfig => ({
  workingDirectory: directory,
  versionLocations: [join(directory, 'versions')],
  recursiveVersionLocations: false,
  fileTemplate: '{rev}_{slug}',
  truncateSlugLength: 40,
  timezone: 'UTC',
  template: null,
  ...more,
});

const wanted = (more: Partial<NewRevision> = {}): NewRevision => ({
  id: '3f2a91c07b5e',
  downRevisions: ['b81c0a4d9e22'],
  dependsOn: [],
  branchLabels: [],
  message: 'add phone number',
  format: 'ts',
  upgrade: '',
  downgrade: '',
  withoutTransaction: [],
  versionLocation: null,
  now: Date.UTC(2026, 10, 21, 4, 31, 28),
  ...more,
});

/** Writes a revision into a fresh project and reads the project back. */
async function roundTrip(revision: NewRevision) {
  const directory = projectDirectory();
  const draft = await draftRevision(revision, config(directory));
  createRevisionFile(draft, directory);
  const [read] = await readRevisions({ ...config(directory), hasDefaultVersionLocations: false });
  expect(read).toEqual(draft.revision);
  return { draft, read, text: readFileSync(draft.file, 'utf8') };
}

describe('the built-in templates', () => {
  it('make the TypeScript revision of the manual', async () => {
    const { draft, text } = await roundTrip(
      wanted({ upgrade: "await op.dropTable('a');\n\nawait op.dropTable('b');\n" }),
    );
    expect(draft.revision.path).toBe('versions/3f2a91c07b5e_add_phone_number.ts');
    expect(text).toBe(`/** add phone number */
import type { Operations } from 'aludel';

export const revision = '3f2a91c07b5e';
export const down_revision = 'b81c0a4d9e22';
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.dropTable('a');

  await op.dropTable('b');
}

export async function downgrade(op: Operations): Promise<void> {
}
`);
  });

  it('make a SQL revision', async () => {
    const { text } = await roundTrip(
      wanted({ format: 'sql', upgrade: 'create table a (b int);\n', downgrade: 'drop table a;' }),
    );
    expect(text).toBe(`-- revision: 3f2a91c07b5e
-- down_revision: b81c0a4d9e22
-- branch_labels: null
-- depends_on: null
-- message: add phone number

-- migrate:up
create table a (b int);

-- migrate:down
drop table a;
`);
  });

  it.for(['ts', 'sql'] as const)(
    'whatever the ids, labels and message are, the .%s file says the same',
    async (format) => {
      for (const more of [
        { downRevisions: [] },
        { downRevisions: ['a', 'b'], dependsOn: ["it's", 'd,e'], branchLabels: ['null', 'Käse'] },
        { message: '' },
        { message: '*/ process.exit() /* <%= 1 %> ${x} `' },
        { message: 'two\nlines -- migrate:down' },
        { message: "-- revision: other\n-- migrate:up\n export const revision = 'x'" },
        { branchLabels: ['"quoted"'] },
      ]) {
        const revision = wanted({ format, ...more });
        const { read } = await roundTrip(revision);
        const { id, downRevisions, dependsOn, branchLabels } = revision;
        expect(read).toMatchObject({ id, downRevisions, dependsOn, branchLabels });
      }
    },
  );
});

describe('the file', () => {
  it('is named by the template, with the date of the configured time zone', async () => {
    const directory = projectDirectory();
    const nameIn = async (timezone: string, fileTemplate: string) => {
      const draft = await draftRevision(wanted(), config(directory, { timezone, fileTemplate }));
      return draft.revision.path;
    };
    const template = '%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s';
    expect(await nameIn('UTC', template)).toBe('versions/2026_11_21_0431-3f2a91c07b5e_add_phone_number.ts');
    expect(await nameIn('Asia/Kolkata', template)).toBe('versions/2026_11_21_1001-3f2a91c07b5e_add_phone_number.ts');
    expect(await nameIn('America/Los_Angeles', template)).toContain('2026_11_20_2031');
  });

  it('never replaces another', async () => {
    const directory = projectDirectory({ 'versions/3f2a91c07b5e_add_phone_number.ts': 'mine' });
    const draft = await draftRevision(wanted(), config(directory));
    expect(await errorOf(() => createRevisionFile(draft, directory))).toMatchObject({
      code: 'file.exists',
      where: draft.revision.path,
    });
  });

  it('goes into a sub-directory only when those are searched', async () => {
    const directory = projectDirectory();
    const fileTemplate = '{year}/{rev}';
    expect(await errorOf(() => draftRevision(wanted(), config(directory, { fileTemplate })))).toMatchObject({
      code: 'config.invalid',
      hint: 'Set recursiveVersionLocations: true.',
    });
    const draft = await draftRevision(wanted(), config(directory, { fileTemplate, recursiveVersionLocations: true }));
    expect(draft.revision.path).toBe('versions/2026/3f2a91c07b5e.ts');
  });

  it.for(['../{rev}', '/tmp/{rev}', '_{rev}', '{ref}'])('is refused outside its place: %s', async (fileTemplate) => {
    const more = { fileTemplate, recursiveVersionLocations: true };
    expect(await errorOf(() => draftRevision(wanted(), config(projectDirectory(), more)))).toMatchObject({
      code: 'config.invalid',
    });
  });

  it('goes only to a location of the configuration', async () => {
    const directory = projectDirectory();
    const revision = wanted({ versionLocation: join(directory, 'elsewhere') });
    expect(await errorOf(() => draftRevision(revision, config(directory)))).toMatchObject({ code: 'config.invalid' });
  });
});

describe("a template of the user's", () => {
  const own = (template: string) => {
    const directory = projectDirectory({ 'own/revision.ts.ejs': template });
    return config(directory, { template: join(directory, 'own') });
  };

  it('is used, and the built-in one stands in for the language it does not have', async () => {
    const mine = own(
      '// <%= create_date %>\nexport const revision = <%= revision %>;\nexport const down_revision = <%= down_revision %>;\n',
    );
    expect((await draftRevision(wanted(), mine)).text).toBe(
      "// 2026-11-21 04:31:28+00:00\nexport const revision = '3f2a91c07b5e';\nexport const down_revision = 'b81c0a4d9e22';\n",
    );
    expect((await draftRevision(wanted({ format: 'sql' }), mine)).text).toContain('-- migrate:up');
  });

  it.for([
    [
      'export const revision = <%- revision %>; export const down_revision = null;',
      'down_revision should be ["b81c0a4d9e22"] and is []',
    ],
    ['export const revision = <%- revision %>;', 'there is no down_revision'],
    [
      "export const revision = 'always', down_revision = null;",
      'revision should be ["3f2a91c07b5e"] and is ["always"]',
    ],
    ['nothing at all', 'no revision is exported'],
    ['<%- missing %>', 'missing is not defined'],
    ['<% if (', 'fails'],
  ] as const)('that does not make what was asked for is refused: %s', async ([template, reason]) => {
    const error = await errorOf(() => draftRevision(wanted(), own(template)));
    expect(error).toMatchObject({ code: 'revision.invalid', exitCode: 2, where: 'own/revision.ts.ejs' });
    expect(error.message).toContain(reason);
  });

  it('in a directory that is not there is refused', async () => {
    const directory = projectDirectory();
    const mine = config(directory, { template: join(directory, 'gone') });
    expect(await errorOf(() => draftRevision(wanted(), mine))).toMatchObject({ code: 'config.invalid', where: 'gone' });
  });
});
