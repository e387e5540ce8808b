/** The lock by lease, asked for in the configuration: on Galera, which cannot be run here, nothing else would be different. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { liveProject, type LiveProject } from '../commands/live-project.ts';
import { describeOn } from '../servers.ts';
import { expectError, fileExists, revision, start, tableRevision, untilToldToGoOn } from './project.ts';

const waits = `
  await op.execute('INSERT INTO a1 VALUES (1)');${untilToldToGoOn}
  await op.execute('INSERT INTO a1 VALUES (2)');`;

/** A project whose runs hold a lease; the second revision waits to be told to go on. */
async function leaseProject(dialect: DialectName, lockLease: string): Promise<LiveProject> {
  const project = await liveProject(dialect, {
    'a1.ts': tableRevision('a1'),
    'b1.ts': revision('b1', { down: 'a1', upgrade: waits }),
  });
  writeFileSync(join(project.directory, 'migrate.config.json'), JSON.stringify({ lock: 'lease', lockLease }));
  return project;
}

function upgrade({ directory, url }: LiveProject): ReturnType<typeof start> {
  return start(directory, ['upgrade', 'head', '--url', url]);
}

function letGoOn({ directory }: LiveProject): void {
  writeFileSync(join(directory, 'go-on'), '');
}

const applied = "SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id";

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'runs that hold a lease', () => {
    it('ten that upgrade a new database at once: each revision is applied once, and all succeed', async () => {
      const project = await leaseProject(dialect, '60s');
      letGoOn(project);
      const runs = await Promise.all(Array.from({ length: 10 }, () => upgrade(project).finished));
      expect(runs.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(runs.map(() => 0));
      expect(await project.query(applied)).toEqual([{ revision: 'a1' }, { revision: 'b1' }]);
      expect(await project.query('SELECT id FROM a1 ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    });

    it('one that was stopped for too long is replaced, and changes nothing when it goes on', async () => {
      const project = await leaseProject(dialect, '2s');
      const holder = upgrade(project);
      await fileExists(join(project.directory, 'reached'));
      holder.child.kill('SIGSTOP');
      letGoOn(project);
      const next = await upgrade(project).finished;
      expect(next, next.stderr).toMatchObject({ code: 0 });
      const left = async (): Promise<unknown> => [
        await project.query('SELECT id FROM a1 ORDER BY id'),
        await project.query('SELECT * FROM aludel_log ORDER BY id'),
        await project.query('SELECT name, token, owner FROM aludel_lock ORDER BY name'),
      ];
      const state = await left();

      holder.child.kill('SIGCONT');
      expectError(await holder.finished, 'database.lock-lost', 'taken over', 'lockLease');
      expect(await left()).toEqual(state);
      expect(await project.query(applied)).toEqual([{ revision: 'a1' }, { revision: 'b1' }]);
      expect(await project.query('SELECT id FROM a1 ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    });

    it('one that is killed is replaced after its lease, not before', async () => {
      const project = await leaseProject(dialect, '3s');
      const holder = upgrade(project);
      await fileExists(join(project.directory, 'reached'));
      holder.child.kill('SIGKILL');
      await holder.finished;
      letGoOn(project);
      const [end] = await project.query("SELECT CONCAT(MAX(expires), '') AS lease FROM aludel_lock");
      const next = await upgrade(project).finished;
      expect(next, next.stderr).toMatchObject({ code: 0 });
      expect(await project.query(applied)).toEqual([{ revision: 'a1' }, { revision: 'b1' }]);
      expect(await project.query('SELECT id FROM a1 ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
      const later = await project.query(`SELECT name FROM aludel_lock WHERE since >= '${String(end?.['lease'])}'`);
      expect(later).toHaveLength(2);
    });
  });
}
