import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the code blocks of a Markdown file from top to bottom, in a directory of its own:
 *
 * - `console`: lines `$ command`, each followed by what it prints on stdout and stderr. `…` stands for anything on a
 *   line; a line that is only `…` stands for any number of lines.
 * - `ts`, `js`, `json`, `yaml` and `sql` with a first line `// file: path` (`# file: path`, `-- file: path`) are written to that file.
 * - every `ts` block is type-checked; `json` without a file must parse.
 *
 * Other blocks (`text`, `sh`) are only shown.
 */
export async function runDocument(path: string): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'aludel-docs-'));
  try {
    const markdown = readFileSync(join(repository, path), 'utf8');
    const directory = layOut(place);
    if (!beginsProject.test(markdown)) mkdirSync(join(directory, 'versions'));
    const sources: string[] = [];
    for (const block of blocksOf(markdown)) {
      if (block.language === 'console') await runConsole(block, place, path);
      if (['ts', 'js', 'json', 'yaml', 'sql'].includes(block.language)) {
        if (block.language === 'json' && fileOf(block) === null) JSON.parse(block.text);
        const file = fileOf(block) ?? (block.language === 'ts' ? `example-at-line-${block.line}.ts` : null);
        if (file === null) continue;
        write(join(directory, file), textOf(block));
        if (file.endsWith('.ts')) sources.push(file);
      }
    }
    await checkTypes(directory, sources);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** A page that shows how a project begins; every other one has a project already. */
const beginsProject = /^\$ (?:npx )?aludel init\b/m;

interface Block {
  readonly language: string;
  readonly text: string;
  /** 1-based line of the document where the text begins. */
  readonly line: number;
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: markdown.slice(0, match.index).split('\n').length + 1,
  }));
}

const fileMarker = /^(?:\/\/|--|#) file: (\S+)\n/;

function fileOf({ text }: Block): string | null {
  return fileMarker.exec(text)?.[1] ?? null;
}

function textOf({ text }: Block): string {
  return text.replace(fileMarker, '');
}

/** A project whose `aludel`, `npx aludel` and `jiti` are this repository's. */
function layOut(place: string): string {
  const directory = join(place, 'project');
  mkdirSync(join(directory, 'node_modules'), { recursive: true });
  symlinkSync(repository, join(directory, 'node_modules', 'aludel'));
  write(join(directory, 'package.json'), '{ "type": "module" }\n');
  const node = `"${process.execPath}"`;
  executable(join(place, 'bin', 'aludel'), `exec ${node} "${join(repository, 'bin/aludel.js')}" "$@"`);
  executable(join(place, 'bin', 'npx'), 'exec "$@"');
  executable(
    join(place, 'bin', 'jiti'),
    `exec ${node} "${join(repository, 'node_modules/jiti/lib/jiti-cli.mjs')}" "$@"`,
  );
  return directory;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function executable(path: string, command: string): void {
  write(path, `#!/bin/sh\n${command}\n`);
  chmodSync(path, 0o755);
}

async function runConsole(block: Block, place: string, path: string): Promise<void> {
  for (const [index, part] of block.text.split(/^\$ /m).entries()) {
    if (index === 0) continue;
    const [command = '', ...expected] = part.trimEnd().split('\n');
    const printed = await outputOf(command, place);
    const shown = `${path}: the block at line ${block.line}\n$ ${command}`;
    if (!patternOf(expected.join('\n')).test(printed)) expect(printed, shown).toBe(expected.join('\n'));
  }
}

async function outputOf(command: string, place: string): Promise<string> {
  const { DATABASE_URL: _, ALUDEL_CONFIG: __, ...inherited } = process.env;
  const run = promisify(execFile)('sh', ['-c', `exec 2>&1\n${command}`], {
    cwd: join(place, 'project'),
    timeout: 30_000,
    env: {
      ...inherited,
      PATH: [join(place, 'bin'), process.env['PATH']].join(delimiter),
      NO_COLOR: '1',
      // An editor must never wait for a key.
      VISUAL: 'true',
      EDITOR: 'true',
    },
  });
  const stdout = await run.then(
    (done) => done.stdout,
    // What a failing command prints is compared like any other output.
    (failed: { readonly stdout: string }) => failed.stdout,
  );
  return stdout
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

function patternOf(expected: string): RegExp {
  const lines = expected.split('\n').map((line) => {
    if (line === '…') return '(?:.*\n)*?.*';
    return line
      .split('…')
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*');
  });
  return new RegExp(`^${lines.join('\n')}$`);
}

async function checkTypes(directory: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const configuration = {
    compilerOptions: {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(repository, 'node_modules/@types')],
    },
    files,
  };
  write(join(directory, 'tsconfig.json'), JSON.stringify(configuration));
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const run = promisify(execFile)(process.execPath, [compiler, '-p', directory], { cwd: directory });
  const complaints = await run.then(
    () => '',
    (failed: { readonly stdout: string }) => failed.stdout,
  );
  expect(complaints).toBe('');
}
