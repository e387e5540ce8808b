#!/usr/bin/env node
/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';

const argv = process.argv.slice(2);
const cli = new URL('../dist/cli.js', import.meta.url);
if (argv.includes('--version')) {
  // Answered before anything is loaded: scripts ask for the version often.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is our own package.json
  const { version } = /** @type {{ version: string }} */ (JSON.parse(text));
  process.stdout.write(`aludel ${version}\n`);
} else if (existsSync(cli)) {
  // What revisions and configurations say is no result: stdout is kept for the script, the report or the JSON. Made when it
  // is first used, since opening stderr takes milliseconds.
  const { Console } = console;
  /** @type {Console | undefined} */
  let ofUserCode;
  Object.defineProperty(globalThis, 'console', {
    configurable: true,
    get: () => (ofUserCode ??= new Console(process.stderr)),
    set(/** @type {Console} */ another) {
      ofUserCode = another;
    },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is src/cli/main.ts, built
  const { main } = /** @type {{ main: (argv: readonly string[]) => Promise<number> }} */ (await import(cli.href));
  process.exitCode = await main(argv);
} else {
  process.stderr.write('aludel is not built: dist/cli.js is missing. Run "npm run build" in the package directory.\n');
  process.exitCode = 2;
}
