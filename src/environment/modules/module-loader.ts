import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import type { Jiti, TransformOptions } from 'jiti';
import { messageOf } from '../../support/aludel-error.ts';
import { defineConfig } from '../config/config.ts';
import { ownEntryFile } from '../package-root.ts';
import { readTransformed, writeTransformed, type TransformInput } from './transform-cache.ts';
import { untilSettled } from '../until-settled.ts';
import { withoutExit } from '../without-exit.ts';

/**
 * Loads a TypeScript, JavaScript or JSON module of the user's project and returns what it exports.
 *
 * `path` is absolute; `source` is what its file holds, from a caller that has read it. A module without exports of its own
 * but with an object as its default export counts as if it exported that object's properties; `default` is kept. A module
 * loads once per process, and again when its file has been changed meanwhile; what it imports does not load again.
 *
 * Throws whatever the module or the compiler throws, with the user's own file and line: see load-failure.ts.
 */
export async function loadModule(path: string, source?: string): Promise<Readonly<Record<string, unknown>>> {
  if (/\.json$/i.test(path)) return { default: parseJson(path) };
  const text = source ?? readFileSync(path, 'utf8');
  const before = loadedFrom.get(path);
  if (before !== undefined && before !== text) forgetModule(path);
  loadedFrom.set(path, text);
  const isTypeScript = /\.[cm]?tsx?$/i.test(path);
  const load = isTypeScript ? loadTypeScript : loadJavaScript;
  return exportsOf(await withoutExit(() => untilSettled(load(path, text), neverLoads)));
}

/**
 * Runs the text of a TypeScript or JavaScript module that has no file any more and returns what it exports, as
 * {@link loadModule} does. What it imports is looked for from `path`, the absolute path its file had; stack traces name it.
 *
 * Throws whatever the module or the compiler throws.
 */
export async function loadModuleText(path: string, source: string): Promise<Readonly<Record<string, unknown>>> {
  const jiti = await loadJiti();
  const before = moduleCache[path];
  const load = async (): Promise<unknown> =>
    await jiti.evalModule(source, { filename: path, async: true, forceTranspile: true, cache: {} });
  try {
    return exportsOf(await withoutExit(() => untilSettled(load(), neverLoads)));
  } finally {
    // Should a file stand there again, or another one stand there now, it is that one which counts.
    if (before === undefined) delete moduleCache[path];
    else moduleCache[path] = before;
  }
}

/**
 * Lets a module go that {@link loadModule} has loaded, so that thousands of them do not stay in memory together; it is loaded
 * anew when it is asked for again. JavaScript that Node has loaded as an ES module stays in memory: Node forgets none.
 */
export function forgetModule(path: string): void {
  delete moduleCache[path];
  loadedFrom.delete(path);
  if (!isNative.has(path)) return;
  isNative.delete(path);
  timesForgotten.set(path, (timesForgotten.get(path) ?? 0) + 1);
}

/** The text that each module was made from: the same process may run a revision, have it edited, and run it again. */
const loadedFrom = new Map<string, string>();

/** What Node's own loader has loaded, and how often one of them was let go: Node knows a module by its URL. */
const isNative = new Set<string>();
const timesForgotten = new Map<string, number>();

function neverLoads(): Error {
  return new Error('its top level waits for something that can no longer happen');
}

/** Tells the place of an error the way jiti does: a last line of the message, with the column counted from 0. */
function parseJson(path: string): unknown {
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = messageOf(error);
    const position = Number(/ at position (\d+)/.exec(message)?.[1] ?? text.length);
    const before = text.slice(0, position).split('\n');
    const words = message.replace(/ in JSON at position [\s\S]*$/, ' in JSON');
    throw new Error(`${words}\n${path}:${before.length}:${before.at(-1)?.length ?? 0}`, { cause: error });
  }
}

function exportsOf(loaded: unknown): Readonly<Record<string, unknown>> {
  if (typeof loaded === 'function') return { default: loaded, ...propertiesOf(loaded) };
  const own = propertiesOf(loaded);
  const named = Object.keys(own).filter(
    (name) => name !== 'default' && name !== 'module.exports' && name !== '__esModule',
  );
  const isCommonJs =
    named.length > 0 && isPlainObject(own['default']) && named.every((name) => name in propertiesOf(own['default']));
  return named.length > 0 && !isCommonJs ? own : { ...propertiesOf(own['default']), ...own };
}

function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  // Copying reads each property once through jiti's proxy and the module's live bindings.
  return isPlainObject(value) || typeof value === 'function' ? Object.fromEntries(Object.entries(value)) : {};
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Most configurations and revisions import nothing but types and `defineConfig`. Once compiled, such a module needs
 * nothing from jiti, and leaving jiti out saves every command some 45 ms: its JavaScript, kept from the last run, is
 * evaluated here the way jiti itself does it. Everything else, and every failure to compile, goes through jiti.
 */
async function loadTypeScript(path: string, source: string): Promise<unknown> {
  const known = moduleCache[path];
  if (known?.loaded === true) return known.exports;
  const code = readTransformed({ path, source, flavour: entryFlavour }) ?? (await compile(path, source));
  const run = standsAlone(code) ? scriptOf(path, code) : null;
  return run === null ? (await loadJiti()).import(path) : evaluate(path, run);
}

const moduleCache = createRequire(import.meta.url).cache;

/** What jiti asks its compiler for when a TypeScript file is imported; see {@link flavourOf}. */
const entryFlavour = 'ts async interop';

async function compile(path: string, source: string): Promise<string> {
  const jiti = await loadJiti();
  return jiti.transform({ filename: path, source, ts: true, async: true });
}

const importOfAludel = /\bvar (_aludel\d*) = await jitiImport\((["'])aludel\2\);/;

/** True when compiled code asks for nothing but `defineConfig`: any other word of a module system sends it to jiti. */
function standsAlone(code: string): boolean {
  const name = importOfAludel.exec(code)?.[1];
  const rest = name === undefined ? code : code.replace(importOfAludel, '').replaceAll(`${name}.defineConfig`, '');
  return !/\b(?:require|import|module|jitiImport|jitiESMResolve|_aludel\w*|arguments|__JITI_ERROR__)\b/.test(rest);
}

type ModuleScript = (...parameters: readonly unknown[]) => Promise<void>;

/** The wrapper and its parameters are those of jiti. Null when V8 refuses the text: jiti then tries it as an ES module. */
function scriptOf(path: string, code: string): ModuleScript | null {
  const wrapper = `(async function (exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve) { ${code}\n});`;
  try {
    const script: unknown = runInThisContext(wrapper, { filename: path });
    return isModuleScript(script) ? script : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isModuleScript(value: unknown): value is ModuleScript {
  return typeof value === 'function';
}

/** The entry in the module cache is where jiti looks before it loads a file, so both see one module. */
async function evaluate(path: string, run: ModuleScript): Promise<unknown> {
  const module = new Module(path);
  module.filename = path;
  moduleCache[path] = module;
  try {
    await run(module.exports, undefined, module, path, dirname(path), async () => ({ defineConfig }));
  } catch (error) {
    delete moduleCache[path];
    throw error;
  }
  module.loaded = true;
  return module.exports;
}

let jitiLoading: Promise<Jiti> | null = null;

function loadJiti(): Promise<Jiti> {
  jitiLoading ??= startJiti();
  return jitiLoading;
}

async function startJiti(): Promise<Jiti> {
  const { createJiti } = await import('jiti');
  const compiler = createJiti(import.meta.url, { fsCache: false, interopDefault: true });
  return createJiti(import.meta.url, {
    // Ours instead: one private or project-local place for every file, checked against the whole source.
    fsCache: false,
    moduleCache: true,
    interopDefault: true,
    tryNative: false,
    alias: { aludel: ownEntryFile() },
    transform: (options) => ({ code: transformCached(compiler, options) }),
  });
}

function transformCached(compiler: Jiti, options: TransformOptions): string {
  const { filename, source } = options;
  if (filename === undefined) return compiler.transform(options);
  const input: TransformInput = { path: filename, source, flavour: flavourOf(options) };
  const kept = readTransformed(input);
  if (kept !== null) return kept;
  const code = compiler.transform(options);
  if (!code.includes('__JITI_ERROR__')) writeTransformed(input, code);
  return code;
}

function flavourOf({ ts, async, interopDefault, jsx }: TransformOptions): string {
  return [ts && 'ts', async && 'async', interopDefault && 'interop', jsx && 'jsx'].filter(Boolean).join(' ');
}

/**
 * JavaScript loads natively. jiti takes over where Node alone fails before anything has run: a project without a copy of
 * this package that imports it; an ES module in a .js file of a package that does not say `"type": "module"`; and a real
 * syntax error, of which jiti tells file, line and column and Node's error object does not.
 */
async function loadJavaScript(path: string, source: string): Promise<unknown> {
  if (importsMissingAludel(path, source)) return (await loadJiti()).import(path);
  const url = pathToFileURL(path);
  const forgotten = timesForgotten.get(path);
  if (forgotten !== undefined) url.search = String(forgotten);
  isNative.add(path);
  try {
    return (await import(url.href)) as unknown;
  } catch (error) {
    if (!failedToCompile(error)) throw error;
    return (await loadJiti()).import(path);
  }
}

function importsMissingAludel(path: string, source: string): boolean {
  if (!/(["'`])aludel\1/.test(source)) return false;
  try {
    createRequire(path).resolve('aludel');
    return false;
  } catch (error) {
    // An import-only package has no main for require(): it is there all the same.
    return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  }
}

/** Names of the functions of Node that hand a module's text to V8: with one of them on top, nothing of the module has run. */
const compilingFrame = /\n\s+at (?:compileSourceTextModule|wrapSafe|compileFunctionForCJSLoader) \(node:/;

function failedToCompile(error: unknown): boolean {
  if (!(error instanceof SyntaxError)) return false;
  const firstFrame = /\n\s+at [^\n]*/.exec(error.stack ?? '')?.[0] ?? '';
  return compilingFrame.test(firstFrame);
}
