import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  addFiles,
  aludel,
  contentsOf,
  directoryOf,
  expectError,
  expectRefused,
  projectOf,
  start,
  succeed,
  tableRevision,
} from './project.ts';

/** Permissions do not stop root, so that root runs the command as nobody. */
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: 65_534 } : {};

test('an unknown configuration key is named with the nearest known one', async () => {
  const directory = directoryOf({ 'migrate.config.json': '{ "databse": "sqlite:./app.db" }' });
  await expectRefused(
    directory,
    ['upgrade', 'head'],
    'config.invalid',
    'databse',
    'did you mean database',
    'migrate.config.json',
  );
});

test('a configuration that throws is told with its file and line', async () => {
  const directory = directoryOf({
    'migrate.config.ts': `\nthrow new Error('no settings today');\nexport default {};\n`,
  });
  await expectRefused(directory, ['upgrade', 'head'], 'config.not-loadable', 'migrate.config.ts', 'no settings today');
});

test.each([
  ['ends the process', 'process.exit(0);\nexport default {};\n', 'process.exit(0) was called'],
  ['is a function that ends the process', 'export default () => process.exit(0);\n', 'process.exit(0) was called'],
  ['never answers', 'export default () => new Promise(() => undefined);\n', 'can no longer happen'],
])('a configuration that %s does not end in success', async (_, source, mention) => {
  const directory = directoryOf({ 'migrate.config.mjs': source });
  await expectRefused(directory, ['upgrade', 'head'], 'config.not-loadable', 'migrate.config.mjs', mention);
});

test('a configuration file that is not there is told by name', async () => {
  await expectRefused(projectOf({}), ['heads', '-c', 'other.config.ts'], 'config.not-loadable', 'other.config.ts');
});

test('a database that aludel does not have is told by its scheme', async () => {
  const args = ['upgrade', 'head', '--url', 'oracle://scott:tiger@db/x'];
  const directory = projectOf({});
  await expectRefused(directory, args, 'config.unsupported-database', 'oracle');
  expect((await aludel(directory, ...args)).stderr).not.toContain('tiger');
});

test.each([['upgrade', 'head'], ['current'], ['stamp', 'head']])(
  'a file that is no database is left as it is by %s %s',
  async (...args) => {
    const directory = projectOf({ 'a1.ts': tableRevision('a1') });
    addFiles(directory, { 'app.db': 'Dear diary, this is not a database.\n'.repeat(200) });
    const before = contentsOf(directory);
    const run = await aludel(directory, ...args.filter((arg) => arg !== undefined));
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^database\.(unreachable|failed): /);
    expect(run.stderr).toContain('not a database');
    expect(run.stderr).not.toMatch(/^\s+at |defect:/m);
    expect(contentsOf(directory)).toEqual(before);
  },
);

test(`a database that may not be written is left as it is${isRoot ? ', run as nobody because nothing is read-only to root' : ''}`, async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1'), 'b1.ts': tableRevision('b1', { down: 'a1' }) });
  await succeed(directory, 'upgrade', 'a1');
  chmodSync(join(directory, 'app.db'), 0o444);
  chmodSync(directory, 0o555);
  const before = readFileSync(join(directory, 'app.db'));
  const run = await start(directory, ['upgrade', 'head'], nobody).finished;
  const reading = await start(directory, ['current'], nobody).finished;
  chmodSync(directory, 0o755);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/^database\.(unreachable|failed): /);
  expect(run.stderr).not.toMatch(/^\s+at |defect:/m);
  expect(readFileSync(join(directory, 'app.db')).equals(before)).toBe(true);
  expect(reading).toMatchObject({ code: 0 });
  expect(reading.stdout).toContain('a1');
});

test(`a directory of revisions that may not be read is told by name${isRoot ? ', run as nobody because root may read everything' : ''}`, async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  chmodSync(directory, 0o755);
  chmodSync(join(directory, 'versions'), 0o000);
  const run = await start(directory, ['upgrade', 'head'], nobody).finished;
  chmodSync(join(directory, 'versions'), 0o755);
  expectError(run, 'history.unreadable', 'versions');
});

test(`a directory of revisions that may not be written keeps its files${isRoot ? ', run as nobody because root may write everywhere' : ''}`, async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  chmodSync(directory, 0o755);
  chmodSync(join(directory, 'versions'), 0o555);
  const before = contentsOf(directory);
  const run = await start(directory, ['revision', '-m', 'x'], nobody).finished;
  expectError(run, 'file.not-writable', 'versions');
  expect(contentsOf(directory)).toEqual(before);
});

test('a revision file that is no text is refused by name', async () => {
  await expectRefused(
    projectOf({ 'a1.ts': 'export const revision = ' }),
    ['heads'],
    'history.broken',
    'versions/a1.ts',
  );
});
