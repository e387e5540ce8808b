import { aludelCommand, bareNode, milliseconds, pairedRuns, peakMemoryOf, printTable, timeOf } from './measure.ts';
import { createProject, removeDatabase } from './project.ts';

const sizes = [100, 1_000, 10_000];
const pairs = 11;

/** What a budget says: a ratio to a bare Node, or milliseconds on a quiet machine. */
const budgets: Readonly<Record<string, string>> = {
  '--version': '1.5 x',
  heads: '300 ms',
  history: '300 ms',
  current: '350 ms',
  'upgrade head': '400 ms',
};

/** Whole commands on a database that is at head, each in turn with `node -e 0`. */
export function benchCommands(): void {
  const rows: string[][] = [];
  for (const size of sizes) {
    const project = createProject(size);
    try {
      removeDatabase(project);
      timeOf(aludelCommand(project.directory, 'stamp', 'head'));
      for (const [name, budget] of Object.entries(budgets)) {
        if (name === '--version' && size !== sizes[0]) continue;
        const command = aludelCommand(project.directory, ...name.split(' '));
        const { ms, referenceMs, ratio } = pairedRuns(command, bareNode(project.directory), pairs);
        rows.push([
          name === 'upgrade head' ? '`upgrade head`, nothing to do' : `\`${name}\``,
          name === '--version' ? '' : String(size),
          milliseconds(ms),
          milliseconds(referenceMs),
          ratio.toFixed(2),
          String(Math.round(peakMemoryOf(command))),
          size === sizes.at(-1) || name === '--version' ? budget : '',
        ]);
      }
    } finally {
      project.remove();
    }
  }
  printTable(
    `Whole commands, medians of ${pairs} pairs`,
    ['command', '.ts files', 'ms', 'node -e 0, ms', 'ratio', 'peak MB', 'budget'],
    rows,
  );
}
