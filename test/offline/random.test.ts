import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import type { ScriptRequest } from '../../src/commands/script/offline.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { histories } from '../arbitraries/histories.ts';
import { plans, scriptOf } from '../operations/random-changes.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { writeHistory } from './random-history.ts';
import { createTwins, expectAlike, liveConfig, offlineConfig, runWell, scriptText } from './twins.ts';

/** How long a dialect may take, in milliseconds; what was tried by then counts. */
const enoughMs = 60_000;

const modes = fc.constantFrom('revision' as const, 'none' as const);

await describeOnEveryDialect('scripts of random operations in random histories', (dialect) => {
  it('do what the live run does, up and down', async () => {
    let taken = 0;
    const until = Date.now() + enoughMs;
    await fc.assert(
      fc.asyncProperty(histories, plans, fc.boolean(), modes, async (revisions, plan, idempotent, transactionMode) => {
        // Not fast-check's own limit: it would leave the databases of the run that it cuts off.
        if (Date.now() > until) return;
        const directory = mkdtempSync(join(tmpdir(), 'aludel-offline-'));
        const twins = await createTwins(dialect);
        try {
          const { prepare, steps } = scriptOf(plan, dialect, { offline: true });
          const empty = { title: 'prepare', up: prepare, down: () => Promise.resolve() };
          writeHistory(directory, revisions, [empty, ...steps]);
          const live = liveConfig(directory, twins.live);
          const offline = offlineConfig(directory, dialect);
          // An idempotent script of SQLite's writes into its directory.
          const run = async (request: ScriptRequest): Promise<void> =>
            await runWell(twins.scripted, await scriptText(offline, request, { idempotent, transactionMode }), {
              directory,
            });
          const { heads_after: heads } = await upgrade(live, 'heads', { transactionMode });
          await run({ command: 'upgrade', range: 'base:heads' });
          await expectAlike(twins, 'up');
          await downgrade(live, 'base', { transactionMode });
          await run({ command: 'downgrade', range: `${heads.join(',') || 'base'}:base` });
          await expectAlike(twins, 'down');
          taken += steps.length;
        } finally {
          await twins.drop();
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: 25 },
    );
    expect(taken).toBeGreaterThan(10);
  });
});
