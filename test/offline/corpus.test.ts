import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, it, onTestFinished } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { corpusGraphs, corpusIsPresent, tangledPart, writeRevisions } from './corpus-graphs.ts';
import { createTwins, expectAlike, liveConfig, offlineConfig, runWell, scriptText, type Twins } from './twins.ts';

/** Revisions of a graph that are run, its most tangled ones. A server writes to its disk for each statement that makes something. */
const most: Readonly<Record<DialectName, number>> = { sqlite: 30, postgresql: 12, mysql: 8 };

if (!corpusIsPresent) {
  console.warn('LEFT OUT: scripts of real histories: no corpus; set ALUDEL_CORPUS to its folder');
  describe.skip('scripts of real histories (LEFT OUT: no corpus; set ALUDEL_CORPUS to its folder)', () => {
    it('are not there', () => undefined);
  });
} else {
  await describeOnEveryDialect('scripts of real histories', (dialect) => {
    // Each history leads back to base, so that the next one finds them empty.
    let twins: Twins;
    beforeAll(async () => {
      twins = await createTwins(dialect);
    });
    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      await twins.drop();
      twins = await createTwins(dialect);
    });
    afterAll(() => twins.drop());

    it.each(corpusGraphs())('%s is as a live run makes it, up and down', async (name) => {
      const directory = mkdtempSync(join(tmpdir(), 'aludel-offline-'));
      onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
      const nodes = tangledPart(name, most[dialect]);
      writeRevisions(directory, nodes, dialect);
      const offline = offlineConfig(directory, dialect);
      const live = liveConfig(directory, twins.live);
      // In pieces: what follows on two lines begins at several rows.
      let rows: readonly string[] = [];
      for (const target of [
        nodes[Math.floor(nodes.length / 2)]?.id,
        nodes[Math.floor(nodes.length * 0.8)]?.id,
        'heads',
      ]) {
        const { heads_after: after } = await upgrade(live, target ?? '');
        const range = `${rows.length === 0 ? 'base' : rows.join(',')}:${target}`;
        await runWell(twins.scripted, await scriptText(offline, { command: 'upgrade', range }));
        rows = after;
      }
      await expectAlike(twins, 'up');
      await downgrade(live, 'base');
      await runWell(
        twins.scripted,
        await scriptText(offline, { command: 'downgrade', range: `${rows.join(',')}:base` }),
      );
      await expectAlike(twins, 'down');
    });
  });
}
