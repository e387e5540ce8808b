import {
  aludelCommand,
  bareNode,
  bareReading,
  milliseconds,
  pairedRuns,
  peakMemoryOf,
  printTable,
  timeOf,
} from './measure.ts';
import { createProject, removeDatabase } from './project.ts';

const sizes = [100, 1_000, 10_000];
const pairs = 11;

/** The budgets, as ratios: of `--version` to a bare Node, of the others to one that only reads 10,000 revision files. */
const budgets: Readonly<Record<string, string>> = {
  '--version': '1.5 x',
  heads: '2 x',
  history: '2 x',
  current: '2.3 x',
  'upgrade head': '2.7 x',
};

/** Whole commands on a database that is at head, each in turn with a bare Node: one that reads the files, where they do. */
export function benchCommands(): void {
  const rows: string[][] = [];
  for (const size of sizes) {
    const project = createProject(size);
    try {
      removeDatabase(project);
      timeOf(aludelCommand(project.directory, 'stamp', 'head'));
      for (const [name, budget] of Object.entries(budgets)) {
        if (name === '--version' && size !== sizes[0]) continue;
        const reference = name === '--version' ? bareNode : bareReading;
        const command = aludelCommand(project.directory, ...name.split(' '));
        const { ms, referenceMs, ratio } = pairedRuns(command, reference(project.directory), pairs);
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
    ['command', '.ts files', 'ms', 'bare Node, ms', 'ratio', 'peak MB', 'budget'],
    rows,
  );
}
