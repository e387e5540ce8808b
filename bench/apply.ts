import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  aludel,
  aludelCommand,
  bareNode,
  milliseconds,
  pairedRuns,
  peakMemoryOf,
  printTable,
  timeOf,
} from './measure.ts';
import { createProject, idOf, removeDatabase, type BenchProject } from './project.ts';

const count = 1_000;
const pairs = 5;

/**
 * Applies 1,000 TypeScript revisions to a fresh SQLite file, in turn with the sqlite3 shell running the same statements,
 * the same version rows and the same commits. The shell writes no journal and reads no files: that is our overhead.
 */
export function benchApply(): void {
  if (spawnSync('sqlite3', ['--version']).status !== 0) {
    console.log('\napply: skipped, there is no sqlite3 shell here');
    return;
  }
  const project = createProject(count);
  try {
    const statements = statementsOf(project);
    const start = pairedRuns(aludelCommand(project.directory, '--help'), bareNode(project.directory), pairs);
    const rows = [
      ['a transaction each', [], scriptEach(statements), '1.5 x'] as const,
      ['one transaction', ['--transaction-mode', 'all'], scriptAll(statements), '1.3 x + start'] as const,
    ].flatMap(([mode, flags, script, budget]) => {
      const ours = {
        ...aludelCommand(project.directory, 'upgrade', 'head', ...flags),
        before: () => removeDatabase(project),
      };
      const shell = {
        argv: ['sqlite3', '-bail', project.database] as const,
        cwd: project.directory,
        input: script,
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
      ];
    });
    printTable(
      `Apply ${count} TypeScript revisions to a SQLite file, medians of ${pairs} pairs (3 where nothing is compiled)`,
      ['commits', 'aludel, ms', 'sqlite3, ms', 'ratio', 'budget'],
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

/** The SQL of each revision in order, as an upgrade through the library reports it; this run also warms the cache. */
function statementsOf(project: BenchProject): readonly (readonly string[])[] {
  const library = JSON.stringify(pathToFileURL(aludel.builtFile.replace('cli.js', 'index.js')).href);
  const file = join(project.directory, 'statements.mjs');
  writeFileSync(
    file,
    `import { upgrade, configAt } from ${library};
const steps = [];
await upgrade(configAt({}), 'head', {
  onEvent: (event) => {
    if (event.kind === 'step-started') steps.push([]);
    if (event.kind === 'statement-started') steps.at(-1).push(event.sql);
  },
});
process.stdout.write(JSON.stringify(steps));
`,
  );
  removeDatabase(project);
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    cwd: project.directory,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr.toString());
  const steps: unknown = JSON.parse(stdout.toString());
  if (!Array.isArray(steps) || steps.length !== count) throw new Error('the statements of some revisions are missing');
  timeOf({ ...aludelCommand(project.directory, 'upgrade', 'head'), before: () => removeDatabase(project) });
  return steps as readonly (readonly string[])[];
}

const createVersionTable = 'CREATE TABLE aludel_version (version_num VARCHAR(255) NOT NULL PRIMARY KEY)';

function scriptEach(statements: readonly (readonly string[])[]): string {
  return sqlText([
    createVersionTable,
    ...statements.flatMap((own, index) => ['BEGIN', ...own, versionWrite(index), 'COMMIT']),
  ]);
}

function scriptAll(statements: readonly (readonly string[])[]): string {
  return sqlText([
    createVersionTable,
    'BEGIN',
    ...statements.flatMap((own, index) => [...own, versionWrite(index)]),
    'COMMIT',
  ]);
}

function versionWrite(index: number): string {
  return index === 0
    ? `INSERT INTO aludel_version (version_num) VALUES ('${idOf(1)}')`
    : `UPDATE aludel_version SET version_num = '${idOf(index + 1)}' WHERE version_num = '${idOf(index)}'`;
}

function sqlText(statements: readonly string[]): string {
  return statements.map((sql) => `${sql};\n`).join('');
}
