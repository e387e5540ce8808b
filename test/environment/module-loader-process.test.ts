import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loaderProcess } from './loader-process.ts';
import { projectDirectory } from './project-directory.ts';

const builtEntry = join(import.meta.dirname, '../../dist/index.js');

let loader: Awaited<ReturnType<typeof loaderProcess>>;
beforeAll(async () => {
  loader = await loaderProcess();
});
afterAll(() => loader.dispose());

describe('JavaScript modules', () => {
  it.for([
    ['a.mjs', 'commonjs', 'export const a = 1;'],
    ['a.cjs', 'module', 'exports.a = 1;'],
    ['a.js', 'module', 'export const a = 1;'],
    ['a.js', 'commonjs', 'module.exports = { a: 1 };'],
    ['a.js', 'commonjs', 'const value = () => ({ a: 1 }); module.exports = value();'],
    ['a.js', 'commonjs', 'export const a = 1;'],
    ['a.js', 'commonjs', "import { sep } from 'node:path'; export const a = sep.length;"],
  ] as const)('%s of a %s package loads: %s', ([file, type, source]) => {
    const directory = projectDirectory({ 'package.json': `{"type":"${type}"}`, [file]: source });
    expect(loader.load(join(directory, file)).exports).toMatchObject({ a: 1 });
  });

  it.for([
    ['a.mjs', 'export const a = 1;', 'export const a = 2;'],
    ['a.cjs', 'exports.a = 1;', 'exports.a = 2;'],
    ['a.ts', 'export const a: number = 1;', 'export const a: number = 2;'],
    [
      'a.ts',
      "import { b } from './b.mjs'; export const a = b;",
      "import { b } from './b.mjs'; export const a = b + 1;",
    ],
    ['a.js', 'export const a = 1;', 'export const a = 2;'],
    ['a.json', '{"a":1}', '{"a":2}'],
  ] as const)('%s loads again when it has been edited meanwhile: %s', ([file, source, edited]) => {
    const directory = projectDirectory({ [file]: source, 'b.mjs': 'export const b = 1;' });
    const { exports } = loader.load(join(directory, file), edited);
    expect(file === 'a.json' ? exports?.['default'] : exports).toMatchObject({ a: 2 });
  });

  it('what is wrong with an edited module is told with its line', () => {
    const directory = projectDirectory({ 'a.mjs': 'export const a = 1;' });
    const { failure } = loader.load(join(directory, 'a.mjs'), '\n\nthrow new TypeError("no");');
    expect(failure?.place).toMatchObject({ path: join(directory, 'a.mjs'), line: 3 });
  });

  it('JSON is the default export', () => {
    const directory = projectDirectory({ 'a.json': '\uFEFF{"a":1}' });
    expect(loader.load(join(directory, 'a.json')).exports).toEqual({ default: { a: 1 } });
  });

  it.for([
    ['a.mjs', '\nlet = = 3;', 2],
    ['a.cjs', '\nlet x = = 3;', 2],
    ['a.mjs', '\n\nthrow new TypeError("no");', 3],
    ['a.cjs', '\n\nthrow new TypeError("no");', 3],
    ['a.mjs', "import './broken.mjs';", 4],
  ] as const)('what is wrong with %s is told with its line: %j', ([file, source, line]) => {
    const directory = projectDirectory({ [file]: source, 'broken.mjs': '\n\n\nexport const = 1;' });
    const place = loader.load(join(directory, file)).failure?.place;
    expect(place).toMatchObject({ path: join(directory, line === 4 ? 'broken.mjs' : file), line });
  });

  it('an error while a module runs does not run it again', () => {
    const source =
      "import { appendFileSync } from 'node:fs'; appendFileSync(import.meta.dirname + '/runs', '.'); JSON.parse('{');";
    const directory = projectDirectory({ 'a.mjs': `${source}\n`, 'b.mjs': "import './a.mjs';" });
    expect(loader.load(join(directory, 'b.mjs')).failure?.place).toMatchObject({
      path: join(directory, 'a.mjs'),
      line: 1,
    });
    expect(existsSync(join(directory, 'runs'))).toBe(true);
    expect(readFileSync(join(directory, 'runs'), 'utf8')).toBe('.');
  });

  it('a name that a module does not export is an error, not undefined', () => {
    const files = {
      'a.mjs': "import { nothing } from './b.mjs'; export const a = nothing;",
      'b.mjs': 'export const b = 1;',
    };
    const message = loader.load(join(projectDirectory(files), 'a.mjs')).failure?.message;
    expect(message).toContain("does not provide an export named 'nothing'");
  });
});

describe('this package', () => {
  it.skipIf(!existsSync(builtEntry)).for([
    ['a.js', "import { defineConfig } from 'aludel'; export const { a } = defineConfig({ a: 1 });"],
    ['a.cjs', "const { defineConfig } = require('aludel'); exports.a = defineConfig({ a: 1 }).a;"],
    [
      'a.ts',
      "import { defineConfig, AludelError } from 'aludel'; export const { a } = defineConfig({ a: 1 }); void AludelError;",
    ],
  ] as const)('is there although the project has no copy of it: %s: %s', ([file, source]) => {
    const directory = projectDirectory({ 'package.json': '{"type":"module"}', [file]: source });
    expect(loader.load(join(directory, file)).exports).toMatchObject({ a: 1 });
  });
});

describe('a second process', () => {
  const second = (files: Readonly<Record<string, string>>) => {
    const path = join(projectDirectory({ 'node_modules/.keep': '', ...files }), 'a.ts');
    const first = loader.load(path);
    expect(first.startedJiti).toBe(true);
    const again = loader.load(path);
    expect(again.exports).toEqual(first.exports);
    expect(again.failure).toEqual(first.failure);
    return again;
  };

  it.for([
    "import { defineConfig } from 'aludel'; export default defineConfig({ database: 'sqlite:./app.db' });",
    "import { defineConfig, type AludelConfig } from 'aludel'; export default defineConfig(async () => ({}) as AludelConfig);",
    "import type { Operations } from 'aludel'; export const revision = 'a'; export async function upgrade(op: Operations) {}",
    'export const a = await Promise.resolve(__filename.length);',
    'enum E { A = 7 } export const e = E.A;',
    'export const a = 1;\nthrow new Error("no");',
  ])('does without jiti: %s', (source) => {
    expect(second({ 'a.ts': source }).startedJiti).toBe(false);
  });

  it.for([
    "import { b } from './b'; export const a = b;",
    "import { sep } from 'node:path'; export const a = sep;",
    "export const a = (await import('./b.ts')).b;",
    "export const a = require('./b.ts').b;",
    'export const a = import.meta.resolve("./b.ts").length;',
    'module.exports = { a: 1 };',
  ])('starts jiti where a module needs it: %s', (source) => {
    expect(second({ 'a.ts': source, 'b.ts': 'export const b = 1;' }).startedJiti).toBe(true);
  });
});
