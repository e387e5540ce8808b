import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { driverAlone } from './driver.ts';
import { aludelCommand, bareNode, milliseconds, pairedRuns, peakMemoryOf, printTable, timeOf } from './measure.ts';
import { createProject, removeDatabase } from './project.ts';
import { inOneTransaction, inTransactionEach, sqlText, statementsOf } from './statements.ts';

const count = 1_000;
const pairs = 5;

/**
 * Applies 1,000 TypeScript revisions to a fresh SQLite file, in turn with the sqlite3 shell running the same statements,
 * the same version rows and the same commits. The shell writes no journal and reads no files: that is our overhead. How much
 * of it is the driver's is told by a Node that does nothing but send those statements.
 */
export function benchApply(): void {
  if (spawnSync('sqlite3', ['--version']).status !== 0) {
    console.log('\napply: skipped, there is no sqlite3 shell here');
    return;
  }
  const project = createProject(count);
  try {
    const statements = statementsOf(project, count);
    timeOf({ ...aludelCommand(project.directory, 'upgrade', 'head'), before: () => removeDatabase(project) });
    const start = pairedRuns(aludelCommand(project.directory, '--help'), bareNode(project.directory), pairs);
    const rows = [
      ['a transaction each', [], inTransactionEach(statements), '1.5 x'] as const,
      ['one transaction', ['--transaction-mode', 'all'], inOneTransaction(statements), '1.3 x + start'] as const,
    ].flatMap(([mode, flags, script, budget]) => {
      const ours = {
        ...aludelCommand(project.directory, 'upgrade', 'head', ...flags),
        before: () => removeDatabase(project),
      };
      const shell = {
        argv: ['sqlite3', '-bail', project.database] as const,
        cwd: project.directory,
        input: sqlText(script),
        before: () => removeDatabase(project),
      };
      const driver = {
        ...driverAlone(project.directory, 'sqlite3', project.database, script),
        before: () => removeDatabase(project),
      };
      const cold = {
        ...ours,
        before: () => {
          removeDatabase(project);
          rmSync(project.transformCache, { recursive: true, force: true });
        },
      };
      const row = (label: string, times: ReturnType<typeof pairedRuns>, limit: string): string[] => [
        `${mode}, ${label}`,
        milliseconds(times.ms),
        milliseconds(times.referenceMs),
        times.ratio.toFixed(2),
        limit,
      ];
      return [
        row('warm', pairedRuns(ours, shell, pairs), budget),
        row('nothing compiled yet', pairedRuns(cold, shell, 3), ''),
        row('the driver alone', pairedRuns(driver, shell, pairs), ''),
      ];
    });
    printTable(
      `Apply ${count} TypeScript revisions to a SQLite file, medians of ${pairs} pairs (3 where nothing is compiled)`,
      ['commits', 'ms', 'sqlite3, ms', 'ratio', 'budget'],
      rows,
    );
    removeDatabase(project);
    const peak = peakMemoryOf(aludelCommand(project.directory, 'upgrade', 'head'));
    console.log(
      `\nStart-up of aludel (\`--help\`): ${milliseconds(start.ms)} ms. Peak memory of the upgrade: ${Math.round(peak)} MB.`,
    );
  } finally {
    project.remove();
  }
}
