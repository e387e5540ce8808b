import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { absenceOf, dialectNames, describeOnEveryDialect } from '../servers.ts';
import {
  addFiles,
  contentsOf,
  directoryOf,
  expectError,
  revision,
  start,
  type Finished,
} from '../end-to-end/project.ts';
import { openShop } from './shop.ts';
import { createTwins, nameOf, runWell } from './twins.ts';

/** `aludel upgrade … --sql` in a directory, without a database in sight. */
function write(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return start(directory, ['upgrade', ...args, '--sql'], { env }).finished;
}

describe.each(dialectNames)('--sql for %s', (dialect) => {
  const asked = ['head', '--dialect', nameOf(dialect)];

  it('prints the script and nothing else', async () => {
    const { directory } = openShop(dialect);
    const { code, stdout, stderr } = await write(directory, asked);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^-- aludel \S+: upgrade head, for /);
    expect(stdout.endsWith(';\n') || stdout.endsWith('\\gset\n')).toBe(true);
  });

  it('keeps what a revision and the configuration say out of it', async () => {
    const { directory } = openShop(dialect);
    addFiles(directory, {
      'migrate.config.mjs': `console.info('configured');\nexport default { database: 'sqlite:./app.db' };\n`,
      'versions/d4.ts': revision('d4', {
        down: 'c3',
        upgrade: `  console.log('renaming');\n  console.table([1]);\n  await op.execute('SELECT 1');`,
      }),
    });
    const { code, stdout, stderr } = await write(directory, asked);
    expect({ code, says: /configured|renaming|│/.exec(stdout) }).toEqual({ code: 0, says: null });
    expect(stdout).toMatch(/^-- aludel \S+: upgrade head, for /);
    expect(stderr).toMatch(/^configured\nrenaming\n┌/);
  });

  it('gives the same bytes again, from another directory, in another time zone and another language', async () => {
    const { directory } = openShop(dialect);
    addFiles(directory, { 'migrate.config.json': '{}' });
    const elsewhere = directoryOf({ 'some/file': '' });
    const first = await write(directory, asked);
    expect(first.code).toBe(0);
    const config = join(directory, 'migrate.config.json');
    const abroad = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', USER: 'somebody' };
    for (const [place, args, env] of [
      [directory, asked, {}],
      [directory, asked, abroad],
      [join(elsewhere, 'some'), [...asked, '--config', config], abroad],
    ] as const) {
      const again = await write(place, args, env);
      expect(again.stdout).toBe(first.stdout);
    }
  });

  it('leaves nothing behind when a revision cannot be written', async () => {
    const { directory } = openShop(dialect);
    addFiles(directory, {
      'versions/d4.ts': revision('d4', {
        down: 'c3',
        upgrade: `  await op.execute('SELECT 1');\n  await op.inspect.tables();`,
      }),
      'kept.sql': 'SELECT 1;\n',
    });
    const before = contentsOf(directory);
    for (const more of [
      [],
      ['--output', 'new.sql'],
      ['--output', 'kept.sql'],
      ['--split', 'scripts'],
      ['--output', 'new.sql', '--rollback', 'back.sql'],
      ['--rollback', 'back.sql'],
    ]) {
      const failed = await write(directory, [...asked, ...more]);
      expectError(failed, 'offline.needs-database', 'd4', 'versions/d4.ts:9');
      expect(contentsOf(directory), more.join(' ')).toEqual(before);
      expect(existsSync(join(directory, 'scripts'))).toBe(false);
    }
  });

  it('says so when a range leaves no file to write', async () => {
    const { directory } = openShop(dialect);
    const empty = await write(directory, ['a1:a1', '--dialect', nameOf(dialect), '--split', 'scripts']);
    expect(empty).toEqual({ code: 0, stdout: 'There is no revision to write: no file was made.\n', stderr: '' });
    expect(existsSync(join(directory, 'scripts'))).toBe(false);
  });
});

await describeOnEveryDialect('the files of --sql', (dialect) => {
  it('run one after the other give what the one script gives, and the way back leads back', async () => {
    expect(await absenceOf(dialect)).toBeNull();
    const shop = openShop(dialect);
    const twins = await createTwins(dialect);
    onTestFinished(() => twins.drop());
    const { live, scripted } = twins;
    const asked = ['b2', '--dialect', nameOf(dialect)];
    const printed = await write(shop.directory, [...asked, '--rollback', 'back.sql']);
    expect(printed.code).toBe(0);
    expect((await write(shop.directory, [...asked, '--output', 'up.sql'])).code).toBe(0);
    expect((await write(shop.directory, [...asked, '--split', 'parts'])).code).toBe(0);
    const read = (path: string): string => readFileSync(join(shop.directory, path), 'utf8');
    expect(withoutName(read('up.sql'))).toBe(withoutName(printed.stdout));
    await runWell(live, read('up.sql'));
    const parts = readdirSync(join(shop.directory, 'parts')).toSorted();
    expect(parts).toEqual(['0001_a1.sql', '0002_b2.sql']);
    for (const part of parts) await runWell(scripted, read(join('parts', part)));
    expect(await scripted.state()).toEqual(await live.state());
    await runWell(live, read('back.sql'));
    await shop.succeed(scripted, 'downgrade', 'base');
    expect(await scripted.state()).toEqual(await live.state());
  });
});

/** The head names the file. */
function withoutName(script: string): string {
  return script.replaceAll(/\b(?:up|script)\.sql\b/g, 'FILE');
}
