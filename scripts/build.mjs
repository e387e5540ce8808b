/**
 * Builds dist/: declarations by tsc, code by esbuild. It is made beside the old one, which it replaces once all of it is
 * there: a build that fails leaves what worked.
 *
 * The command line is bundled because loading yargs as forty separate modules costs more than a bare Node start does
 * (measured in bench/README.md). knex, the drivers, jiti, ejs, yaml and the prompt stay outside: they load on first use.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const dist = `${root}dist`;
const fresh = `${root}dist.new`;
const old = `${root}dist.old`;

/** @param {string} directory */
const remove = (directory) => rmSync(directory, { recursive: true, force: true });

[fresh, old].forEach(remove);
try {
  execFileSync(process.execPath, [tsc, '-p', `${root}tsconfig.build.json`, '--outDir', fresh], { stdio: 'inherit' });
  await bundle();
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
} finally {
  [fresh, old].forEach(remove);
}

async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
    outdir: fresh,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    // Every command reads its own code first: a quarter less of it is felt. Names stay, for the stacks of --raiseerr.
    minifyWhitespace: true,
    minifySyntax: true,
    // string-width (a dependency of yargs) sets up Intl.Segmenter, which costs as much as starting Node does.
    alias: { 'string-width': './src/cli/render/text-width.ts' },
    external: ['knex', 'pg', 'mysql2', 'sqlite3', 'better-sqlite3', 'jiti', 'ejs', 'yaml', '@inquirer/select'],
    banner: {
      // Bundled CommonJS dependencies of yargs call require for Node's own modules.
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}
