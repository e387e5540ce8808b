import { alembicCommand, hasAlembic } from './alembic.ts';
import { aludelCommand, milliseconds, pairedRuns, peakMemoryOf, printTable, timeOf, type Command } from './measure.ts';
import { knexCompile } from './knex.ts';
import { createProject } from './project.ts';

const pairs = 5;

/**
 * Writes the script of a whole history, in turn with Alembic writing the script of the same one, where it is, and with a Node
 * that only loads the bodies and has knex compile them. No database takes part. Everything is compiled before the first pair.
 */
export function benchOffline(): void {
  const withAlembic = hasAlembic('upgrade');
  const rows = [1_000, 10_000].flatMap((count) => {
    const project = createProject(count, 'postgresql://localhost/bench');
    try {
      const ours = aludelCommand(project.directory, 'upgrade', 'base:head', '--sql');
      timeOf(ours);
      const alembic = (): Command =>
        alembicCommand(project, count, 'postgresql://localhost/bench')('upgrade', 'base:head', '--sql');
      const peak = String(Math.round(peakMemoryOf(ours)));
      return [
        ...(withAlembic ? [['Alembic', alembic()] as const] : []),
        ['Node and knex alone', knexCompile(project, count, 'pg')] as const,
      ].map(([name, other]) => {
        const { ms, referenceMs, ratio } = pairedRuns(ours, other, pairs);
        return [String(count), name, milliseconds(ms), milliseconds(referenceMs), (1 / ratio).toFixed(1), peak];
      });
    } finally {
      project.remove();
    }
  });
  printTable(
    `\`upgrade base:head --sql\` for PostgreSQL, everything compiled, medians of ${pairs} pairs`,
    ['revisions', 'compared with', 'aludel, ms', 'other, ms', 'times faster', 'peak MB'],
    rows,
  );
}
