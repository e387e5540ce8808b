import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aludel, aludelCommand } from './measure.ts';
import { versionWrite, type BenchProject } from './project.ts';

/** The SQL of each revision in order, as an upgrade of the empty database through the library reports it. It also compiles every revision. */
export function statementsOf({ directory }: BenchProject, count: number): readonly (readonly string[])[] {
  const library = JSON.stringify(pathToFileURL(aludel.builtFile.replace('cli.js', 'index.js')).href);
  const file = join(directory, 'statements.mjs');
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
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    cwd: directory,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr.toString());
  const steps: unknown = JSON.parse(stdout.toString());
  if (!Array.isArray(steps) || steps.length !== count) throw new Error('the statements of some revisions are missing');
  return steps as readonly (readonly string[])[];
}

/** What `upgrade base:head --sql` writes of the project: the statements with their version rows and the journal. */
export function scriptOf({ directory }: BenchProject): string {
  const [node, ...args] = aludelCommand(directory, 'upgrade', 'base:head', '--sql').argv;
  const { stdout, stderr, status } = spawnSync(node, args, { cwd: directory, maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}

/** One text for a database shell. */
export function sqlText(statements: readonly string[]): string {
  return statements.map((sql) => `${sql};\n`).join('');
}

/** Each revision in a transaction with the write of its version row. */
export function inTransactionEach(statements: readonly (readonly string[])[]): readonly string[] {
  return [createVersionTable, ...statements.flatMap((own, index) => ['BEGIN', ...own, versionWrite(index), 'COMMIT'])];
}

/** All revisions and the writes of their version rows in one transaction. */
export function inOneTransaction(statements: readonly (readonly string[])[]): readonly string[] {
  return [createVersionTable, 'BEGIN', ...statements.flatMap((own, index) => [...own, versionWrite(index)]), 'COMMIT'];
}

const createVersionTable = 'CREATE TABLE aludel_version (version_num VARCHAR(255) NOT NULL PRIMARY KEY)';
