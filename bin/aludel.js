#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';

const argv = process.argv.slice(2);
const cli = new URL('../dist/cli.js', import.meta.url);
if (argv.includes('--version')) {
  // Answered before anything is loaded: scripts ask for the version often.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`aludel ${version}\n`);
} else if (existsSync(cli)) {
  const { main } = await import(cli.href);
  process.exitCode = await main(argv);
} else {
  process.stderr.write('aludel is not built: dist/cli.js is missing. Run "npm run build" in the package directory.\n');
  process.exitCode = 2;
}
