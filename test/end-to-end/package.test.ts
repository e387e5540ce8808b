import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { addFiles, directoryOf, projectOf, tableRevision } from './project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Packs the package and unpacks it where an install would put it, with the dependencies this repository has. */
function install(directory: string): string {
  const packed = directoryOf({});
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', packed], { cwd: root });
  const modules = join(directory, 'node_modules');
  const installed = join(modules, 'aludel');
  mkdirSync(installed, { recursive: true });
  const [tarball] = readdirSync(packed);
  execFileSync('tar', ['-xzf', join(packed, tarball!), '-C', installed, '--strip-components=1']);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.') && name !== 'aludel') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return installed;
}

function run(
  directory: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly output: string } {
  const { DATABASE_URL: _database, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

test('the packed package serves an import, its bin and the type checker', async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  const installed = install(directory);
  addFiles(directory, {
    'program.mjs': `
import { current, defineConfig, isAludelError, upgrade } from 'aludel';
const config = defineConfig({ database: 'sqlite:./program.db' });
const { steps } = await upgrade(config, 'head');
const { revisions } = await current(config);
const code = await upgrade(config, 'nope').catch((error) => isAludelError(error) && error.code);
console.log(JSON.stringify([steps.map(({ revision }) => revision), revisions.map(({ revision }) => revision), code]));
`,
    'migrate.config.ts': `import { defineConfig } from 'aludel';\nexport default defineConfig({ database: 'sqlite:./app.db' });\n`,
    'wrong.ts': `import type { Operations } from 'aludel';\nexport const wrong = (op: Operations) => op.dropTabel('x');\n`,
    'tsconfig.json': JSON.stringify({
      compilerOptions: { module: 'NodeNext', target: 'ES2023', strict: true, noEmit: true, types: ['node'] },
      include: ['versions', 'migrate.config.ts'],
    }),
    'tsconfig.wrong.json': JSON.stringify({ extends: './tsconfig.json', include: ['wrong.ts'] }),
  });

  expect(run(directory, 'program.mjs')).toEqual({ status: 0, output: '[["a1"],["a1"],"target.unknown"]\n' });

  const bin = join(installed, 'bin/aludel.js');
  const manifest: unknown = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ bin: { aludel: 'bin/aludel.js' } });
  const upgraded = run(directory, bin, '-c', 'migrate.config.ts', 'upgrade', 'head');
  expect(upgraded).toMatchObject({ status: 0, output: expect.stringContaining('Upgraded 1 revision') as unknown });
  expect(run(directory, bin, 'list_templates').output).toContain('default');

  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(run(directory, tsc, '-p', 'tsconfig.json')).toEqual({ status: 0, output: '' });
  expect(run(directory, tsc, '-p', 'tsconfig.wrong.json').output).toContain("Property 'dropTabel' does not exist");
});
