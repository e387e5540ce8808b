import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { current, defineConfig, ensureVersion, upgrade, type RunEvent } from '../../src/index.ts';

test.each(['better-sqlite3', 'sqlite3'])(
  'the client %s is served by sqlite3, which is said when it is another',
  async (client) => {
    const directory = mkdtempSync(join(tmpdir(), 'aludel-client-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const config = defineConfig({
      database: { client, connection: { filename: join(directory, 'app.db') } },
      versionLocations: [directory],
    });
    const warnings: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'warning') warnings.push(event.text);
    };
    await ensureVersion(config);
    for (const command of [() => upgrade(config, 'heads', { onEvent }), () => current(config, { onEvent })]) {
      warnings.length = 0;
      await command();
      if (client === 'sqlite3') expect(warnings).toEqual([]);
      else expect(warnings).toEqual([expect.stringContaining('served by the package sqlite3')]);
    }
  },
);
