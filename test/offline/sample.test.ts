import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { createTwins, expectAlike, liveConfig, offlineConfig, runWell, scriptText, type Twins } from './twins.ts';

const directory = fileURLToPath(new URL('../..', import.meta.url));

await describeOnEveryDialect('the scripts of the sample of this repository', (dialect) => {
  let twins: Twins;
  beforeAll(async () => {
    twins = await createTwins(dialect);
  });
  afterAll(() => twins.drop());

  it('do what the live runs do, up and down', async () => {
    const offline = offlineConfig(directory, dialect);
    await upgrade(liveConfig(directory, twins.live), 'heads');
    await runWell(twins.scripted, await scriptText(offline, { command: 'upgrade', range: 'base:heads' }));
    await expectAlike(twins, 'up');
    expect((await twins.live.state()).length).toBeGreaterThan(10);
    await downgrade(liveConfig(directory, twins.live), 'base');
    await runWell(twins.scripted, await scriptText(offline, { command: 'downgrade', range: 'head:base' }));
    await expectAlike(twins, 'down');
  });
});
