import { alembicCommand, hasAlembic } from './alembic.ts';
import { aludelCommand, bareNode, milliseconds, pairedRuns, peakMemoryOf, printTable, timeOf } from './measure.ts';
import { createProject } from './project.ts';

const pairs = 5;

/**
 * Writes the script of a whole history, in turn with Alembic writing the script of the same one, or with a bare Node
 * where there is no Alembic. No database takes part. Everything is compiled before the first pair.
 */
export function benchOffline(): void {
  const withAlembic = hasAlembic('upgrade');
  const rows = [1_000, 10_000].map((count) => {
    const project = createProject(count, 'postgresql://localhost/bench');
    try {
      const ours = aludelCommand(project.directory, 'upgrade', 'base:head', '--sql');
      timeOf(ours);
      const reference = withAlembic
        ? alembicCommand(project, count, 'postgresql://localhost/bench')('upgrade', 'base:head', '--sql')
        : bareNode(project.directory);
      const { ms, referenceMs, ratio } = pairedRuns(ours, reference, pairs);
      const shown = [milliseconds(ms), milliseconds(referenceMs), (1 / ratio).toFixed(1)];
      return [String(count), ...shown, String(Math.round(peakMemoryOf(ours)))];
    } finally {
      project.remove();
    }
  });
  const other = withAlembic ? 'Alembic' : 'bare Node';
  printTable(
    `\`upgrade base:head --sql\` for PostgreSQL, everything compiled, medians of ${pairs} pairs`,
    ['revisions', 'aludel, ms', `${other}, ms`, 'times faster', 'peak MB'],
    rows,
  );
}
