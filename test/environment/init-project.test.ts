import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initProject, listTemplates } from '../../src/environment/init-project.ts';
import { loadConfig } from '../../src/environment/config/load-config.ts';
import { errorOf } from './error-of.ts';
import { projectDirectory } from './project-directory.ts';

describe('initProject', () => {
  it('every template makes a project whose configuration loads', async () => {
    for (const { name, description } of listTemplates()) {
      expect(description).toMatch(/\.$/);
      const directory = projectDirectory();
      const { created, kept, advice } = await initProject(directory, name, directory);
      expect(created).toContain('migrate.config.ts');
      expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toContain('\n*-aludel-lock\n');
      expect(advice).toEqual([]);
      expect(kept).toEqual([]);
      const databaseName = name === 'multi' ? 'analytics' : undefined;
      const configuration = await loadConfig({ workingDirectory: directory, env: {}, name: databaseName });
      expect(configuration.revisionFormat).toBe(name === 'sql' ? 'sql' : 'ts');
      for (const location of configuration.versionLocations) expect(statSync(location).isDirectory()).toBe(true);
    }
    expect(listTemplates().map(({ name }) => name)).toEqual(['default', 'multi', 'sql']);
  });

  it('keeps what is there, and a configuration with another ending counts', async () => {
    const directory = projectDirectory({ 'migrate.config.mjs': 'mine', 'versions/a.ts': 'mine' });
    expect(await initProject(directory, 'default', directory)).toEqual({
      template: 'default',
      created: ['.gitignore'],
      kept: ['migrate.config.mjs', 'versions'],
      advice: [],
    });
    expect(readFileSync(join(directory, 'migrate.config.mjs'), 'utf8')).toBe('mine');
  });

  it('a .gitignore that is there is not written to, and the line it lacks is named', async () => {
    const lacking = projectDirectory({ '.gitignore': 'node_modules/\n' });
    const { kept, advice } = await initProject(lacking, 'default', lacking);
    expect(kept).toEqual(['.gitignore']);
    expect(advice).toEqual(['Add *-aludel-lock to .gitignore: such a file stands beside each SQLite database.']);
    expect(readFileSync(join(lacking, '.gitignore'), 'utf8')).toBe('node_modules/\n');
    const complete = projectDirectory({ '.gitignore': '*.db-aludel-lock\n' });
    expect((await initProject(complete, 'default', complete)).advice).toEqual([]);
  });

  it('a second time changes nothing', async () => {
    const directory = projectDirectory();
    const first = await initProject(directory, 'multi', directory);
    expect(first.created).toEqual(['.gitignore', 'migrate.config.ts', 'versions/main', 'versions/analytics']);
    expect(await initProject(directory, 'multi', directory)).toEqual({ ...first, created: [], kept: first.created });
  });

  it('an unknown template is answered with the nearest', async () => {
    const error = await errorOf(() => initProject(projectDirectory(), 'defualt', '/'));
    expect(error).toMatchObject({ code: 'usage.invalid', hint: 'Did you mean "default"?' });
  });
});
