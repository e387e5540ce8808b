import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject } from '../commands/live-project.ts';
import { repository } from '../docs/run-document.ts';
import { describeOn } from '../servers.ts';

/** The revisions that a page of the documentation shows, by file name. */
function revisionsOf(page: string): Record<string, string> {
  const markdown = readFileSync(join(repository, page), 'utf8');
  const blocks = markdown.matchAll(/^```ts\n\/\/ file: versions\/(\S+)\n(.*?)^```$/gms);
  return Object.fromEntries([...blocks].map(([, name = '', text = '']) => [name, text]));
}

await describeOn('postgresql', 'the examples of docs/operations-objects.md', () => {
  it('run up and down', async () => {
    const project = await liveProject('postgresql', revisionsOf('docs/operations-objects.md'));
    await upgrade(project.config, 'b2');
    await project.query(`INSERT INTO notes (text) VALUES ('one'), ('two'), ('three')`);
    await project.query('UPDATE notes SET text = text');
    await project.query('REFRESH MATERIALIZED VIEW notes_by_length');
    expect(await project.query('SELECT length, notes::int FROM notes_by_length ORDER BY 1')).toEqual([
      { length: 3, notes: 2 },
      { length: 5, notes: 1 },
    ]);
    await project.query('CALL forget_notes(2)');
    expect(await project.query('SELECT count(*)::int AS notes FROM notes')).toEqual([{ notes: 0 }]);
    expect(
      await project.query(`SELECT nextval('report_numbers')::int, nextval('report_numbers')::int AS next`),
    ).toEqual([{ nextval: 500, next: 510 }]);
    await downgrade(project.config, 'base');
    expect(
      await project.query(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relkind IN ('r', 'm', 'S', 'v') AND relname NOT LIKE 'aludel%'`),
    ).toEqual([]);
  });
});
