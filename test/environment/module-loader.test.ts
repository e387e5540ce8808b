import { createRequire } from 'node:module';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeLoadFailure } from '../../src/environment/modules/load-failure.ts';
import { loadModule } from '../../src/environment/modules/module-loader.ts';
import { projectDirectory } from './project-directory.ts';

/** Loads one file of a fresh project; `node_modules` makes it cache inside itself. */
async function load(file: string, files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
  return loadModule(join(projectDirectory({ 'node_modules/.keep': '', ...files }), file));
}

async function failureOf(file: string, files: Readonly<Record<string, string>>) {
  const directory = projectDirectory({ 'node_modules/.keep': '', ...files });
  const error: unknown = await loadModule(join(directory, file)).catch((error: unknown) => error);
  const { message, place } = describeLoadFailure(error);
  return { message, place: place && { ...place, path: place.path.replace(`${directory}/`, '') } };
}

const nineLines = `/** nine */
type Unused = { a: string };

interface Other {
  b: number;
}
export const revision: string = '1';
const other: Other | null = null as Other | null;
throw new Error('on line nine' + (other ?? ''));
`;

describe('TypeScript modules', () => {
  it.for(['ts', 'mts', 'cts'])('.%s files load, whatever the type of the package', async (ending) => {
    for (const type of ['module', 'commonjs']) {
      const files = {
        'package.json': `{"type":"${type}"}`,
        [`a.${ending}`]: 'export const a: number = 1; export default "d";',
      };
      expect(await load(`a.${ending}`, files)).toMatchObject({ a: 1, default: 'd' });
    }
  });

  it('a type that is imported without the word type leaves no import behind', async () => {
    const source =
      "import { Nothing } from 'a-package-that-is-not-there'; export const a = (b: Nothing): Nothing => b;";
    expect(await load('a.ts', { 'a.ts': source })).toHaveProperty('a');
  });

  it('a top-level await is waited for', async () => {
    expect(await load('a.ts', { 'a.ts': 'export const a = await Promise.resolve(4);' })).toMatchObject({ a: 4 });
  });

  it('enums, __dirname and import.meta.url work', async () => {
    const source =
      'enum E { A = 7 } export const e = E.A; export const d = __dirname; export const u = import.meta.url;';
    const loaded = await load('a.ts', { 'package.json': '{"type":"module"}', 'a.ts': source });
    expect(loaded['e']).toBe(7);
    expect(loaded['u']).toBe(`file://${String(loaded['d'])}/a.ts`);
  });

  it('neighbours load with and without an ending, and JSON loads as data', async () => {
    const files = {
      'a.ts':
        "import { b } from './lib/b'; import { c } from './lib/c.ts'; import d from './d.json'; export const all = [b, c, d.e];",
      'lib/b.ts': 'export const b: string = "b";',
      'lib/c.ts': 'export const c: string = "c";',
      'd.json': '{"e":"e"}',
    };
    expect(await load('a.ts', files)).toMatchObject({ all: ['b', 'c', 'e'] });
  });

  it("packages of the user's project load", async () => {
    const files = {
      'a.ts': "import answer, { named } from 'some-package'; export const a = answer.answer; export const n = named;",
      'node_modules/some-package/package.json': '{"name":"some-package","main":"main.js"}',
      'node_modules/some-package/main.js': 'module.exports = { named: 1, answer: 42 };',
    };
    expect(await load('a.ts', files)).toMatchObject({ a: 42, n: 1 });
  });

  it('defineConfig is there although the project has no copy of this package', async () => {
    const source = "import { defineConfig } from 'aludel'; export default defineConfig({ versionTable: 'v' });";
    expect(await load('a.ts', { 'a.ts': source })).toMatchObject({ default: { versionTable: 'v' } });
  });

  it('a module whose only export is an object counts as exporting its properties', async () => {
    const source = "export default { revision: 'a', async upgrade() {} };";
    const loaded = await load('a.ts', { 'a.ts': source });
    expect(loaded['revision']).toBe('a');
    expect(loaded['upgrade']).toBeTypeOf('function');
    expect(await load('b.ts', { 'b.ts': 'module.exports = { revision: "b" };' })).toMatchObject({ revision: 'b' });
  });

  it('without a default export there is no default', async () => {
    expect(await load('a.ts', { 'a.ts': 'export const a = 1;' })).not.toHaveProperty('default');
    expect(await load('b.ts', { 'b.ts': "import { sep } from 'node:path'; export const a = sep;" })).not.toHaveProperty(
      'default',
    );
  });

  it('a module that is loaded and imported runs once', async () => {
    const directory = projectDirectory({
      'a.ts': 'export const state = { count: 0 };',
      'b.ts': "import { state } from './a.ts'; state.count += 1; export { state };",
    });
    const a = await loadModule(join(directory, 'a.ts'));
    const b = await loadModule(join(directory, 'b.ts'));
    expect(b['state']).toBe(a['state']);
    expect((await loadModule(join(directory, 'a.ts')))['state']).toBe(a['state']);
  });
});

describe('the cache of compiled modules', () => {
  const entriesOf = (directory: string) =>
    readdirSync(join(directory, 'node_modules/.cache/aludel')).map((name) =>
      join(directory, 'node_modules/.cache/aludel', name),
    );

  it('is in node_modules of the project and is used while the source is the same', async () => {
    const directory = projectDirectory({ 'node_modules/.keep': '', 'a.ts': 'export const a: number = 1;' });
    await loadModule(join(directory, 'a.ts'));
    expect(entriesOf(directory)).toHaveLength(1);
    expect(readFileSync(entriesOf(directory)[0]!, 'utf8')).toContain('exports.a = 1;');
  });

  it('an entry that was cut short or made from another source is made anew', async () => {
    for (const spoil of [
      (text: string) => text.slice(0, -12),
      (text: string) => text.replace('number = 1', 'number = 2'),
      () => '',
    ]) {
      const directory = projectDirectory({ 'node_modules/.keep': '', 'a.ts': 'export const a: number = 1;' });
      await loadModule(join(directory, 'a.ts'));
      const [entry] = entriesOf(directory);
      writeFileSync(entry!, spoil(readFileSync(entry!, 'utf8')));
      forget(join(directory, 'a.ts'));
      expect(await loadModule(join(directory, 'a.ts'))).toMatchObject({ a: 1 });
    }
  });

  it('a project without node_modules loads too', async () => {
    expect(await loadModule(join(projectDirectory({ 'a.ts': 'export const a: 1 = 1;' }), 'a.ts'))).toMatchObject({
      a: 1,
    });
  });
});

describe('what does not load', () => {
  it.for(['a.ts', 'a.mts', 'a.cts'])('a throw on line 9 of %s is reported on line 9', async (file) => {
    expect(await failureOf(file, { [file]: nineLines })).toEqual({
      message: 'on line nine',
      place: { path: file, line: 9, column: null },
    });
  });

  it('a throw on line 9 of an imported neighbour is reported there', async () => {
    const failure = await failureOf('a.ts', { 'a.ts': "import './b.ts'; export const a = 1;", 'b.ts': nineLines });
    expect(failure.place).toMatchObject({ path: 'b.ts', line: 9 });
  });

  it('a syntax error names file, line and column', async () => {
    const failure = await failureOf('a.ts', { 'a.ts': 'export const a = 1;\nexport const b: = 2;\n' });
    expect(failure.place).toEqual({ path: 'a.ts', line: 2, column: 17 });
    expect(failure.message).toMatch(/^Unexpected token/);
  });

  it('an import that leads nowhere is named, without the require stack of the tool', async () => {
    const failure = await failureOf('a.ts', { 'a.ts': "import { b } from './missing.ts'; export const a = b;" });
    expect(failure.message).toContain('missing.ts');
    expect(failure.message).not.toContain('\n');
  });
});

/** Lets the next load run the file again: the module cache of the process is what a second process would not have. */
function forget(path: string): void {
  delete createRequire(import.meta.url).cache[path];
}
