/** `npm run bench [-- name…]`: runs the named benchmarks, or all of them, against dist/ as it is built. */
import { existsSync } from 'node:fs';
import { benchApplyServers } from './apply-servers.ts';
import { benchApply } from './apply.ts';
import { benchCommands } from './commands.ts';
import { benchGraph } from './graph.ts';
import { aludel } from './measure.ts';
import { benchOffline } from './offline.ts';
import { benchSchema } from './schema.ts';

const benchmarks: Readonly<Record<string, () => Promise<void> | void>> = {
  graph: benchGraph,
  commands: benchCommands,
  apply: benchApply,
  servers: benchApplyServers,
  offline: benchOffline,
  schema: benchSchema,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}; there are: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
} else if (!existsSync(aludel.builtFile)) {
  console.error('dist/ is missing: run "npm run build" first.');
  process.exitCode = 2;
} else {
  for (const [name, run] of Object.entries(benchmarks)) {
    if (wanted.length === 0 || wanted.includes(name)) await run();
  }
}
