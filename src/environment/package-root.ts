import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | null = null;

/**
 * The directory of this package: the nearest package.json above this file whose name is aludel.
 *
 * Found by walking up because the code runs from src/environment in tests, and from dist/ or dist/chunks/ when built.
 */
export function packageRoot(): string {
  root ??= findPackageRoot(dirname(fileURLToPath(import.meta.url)));
  return root;
}

function findPackageRoot(from: string): string {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = join(directory, 'package.json');
    if (existsSync(file) && /"name"\s*:\s*"aludel"/.test(readFileSync(file, 'utf8'))) return directory;
    if (directory === dirname(directory)) throw new Error(`no package.json named aludel above ${from}`);
  }
}

/**
 * The file that `import 'aludel'` of a revision or configuration means: this very package, also when it is installed
 * globally or run by npx and the project has no copy. Built code answers with dist, source with src.
 */
export function ownEntryFile(): string {
  const runsFromSource = import.meta.url.endsWith('.ts');
  return join(packageRoot(), runsFromSource ? 'src/index.ts' : 'dist/index.js');
}

/** The version of this package, as its package.json says. */
export function packageVersion(): string {
  const manifest = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return /"version"\s*:\s*"([^"]+)"/.exec(manifest)?.[1] ?? 'unknown';
}

/** The directory with the built-in project templates. */
export function builtInTemplates(): string {
  return join(packageRoot(), 'templates');
}
