import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { LoadFailure } from '../../src/environment/modules/load-failure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a process of its own got from loading a module. */
export interface LoadedElsewhere {
  /** Exports as JSON keeps them; null when loading failed. */
  readonly exports: Readonly<Record<string, unknown>> | null;
  readonly failure: LoadFailure | null;
  /** True when jiti had to be started. */
  readonly startedJiti: boolean;
}

interface LoaderProcess {
  /** Loads a module; with `changedTo` it loads, gets that text, and loads again in the same process. */
  load(path: string, changedTo?: string): LoadedElsewhere;
  dispose(): void;
}

const program = `
  import { loadModule } from './src/environment/modules/module-loader.ts';
  import { describeLoadFailure } from './src/environment/modules/load-failure.ts';
  import { createRequire } from 'node:module';
  import { writeFileSync } from 'node:fs';
  let answer = { exports: null, failure: null };
  const [path, changedTo] = process.argv.slice(2);
  try {
    if (changedTo !== undefined) {
      await loadModule(path);
      writeFileSync(path, changedTo);
    }
    answer.exports = { ...(await loadModule(path)) };
  } catch (error) {
    answer.failure = describeLoadFailure(error);
  }
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  answer.startedJiti = loaded.some((path) => path.includes('jiti.cjs'));
  process.stdout.write('\\n' + JSON.stringify(answer));
`;

/**
 * Builds the loader as it ships and runs it in processes of its own: inside vitest, import() is vitest's and not Node's.
 * The bundle lies below node_modules of this package so that it finds its dependencies there.
 */
export async function loaderProcess(): Promise<LoaderProcess> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'loader-'));
  const bundle = join(directory, 'loader.mjs');
  await build({
    stdin: { contents: program, resolveDir: root },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['jiti'],
  });
  return {
    load: (path, changedTo) => {
      const given = changedTo === undefined ? [path] : [path, changedTo];
      const output = execFileSync(process.execPath, [bundle, ...given], { encoding: 'utf8' });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written a few lines above
      return JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as LoadedElsewhere;
    },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}
