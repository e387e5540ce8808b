import { idsAt, effectiveHeads } from '../../graph/shape.ts';
import { planUpgrade } from '../../planner/plan-upgrade.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { listedBriefly } from '../../support/text.ts';
import { halfDoneFirst } from '../run/half-done-first.ts';
import type { Project } from '../open-project.ts';
import { schemaAt } from './schema-at.ts';
import { presentSchema } from './schema-of-applied.ts';
import type { Watch } from '../invocation.ts';

/** What a target is compared with: the database, which must be at the heads then, or what the revisions make. */
export type StartingPoint = 'database' | 'revisions';

/** The schema as it is. Throws database.not-at-head for a database with pending revisions, and migration.half-done. */
export async function schemaToStartFrom(project: Project, from: StartingPoint, watch: Watch): Promise<Snapshot> {
  if (from === 'revisions') return await schemaAt(project, ['heads'], watch);
  const { configuration, graph } = project;
  const { rows, present, halfDone } = await presentSchema(project, watch);
  if (halfDone !== null) throw halfDoneFirst(halfDone);
  const pending = planUpgrade(graph, rows, ['heads']).steps.map(({ revision }) => revision.id);
  if (pending.length > 0) {
    throw new AludelError(
      'database.not-at-head',
      `${configuration.database.display} is not at the heads: ${listedBriefly(pending)} ${pending.length === 1 ? 'is' : 'are'} pending.`,
      {
        where: configuration.database.display,
        hint: 'Run "aludel upgrade heads" first, or compare with --from revisions, which needs no database of yours.',
        facts: { pending, heads: idsAt(graph, effectiveHeads(graph)) },
      },
    );
  }
  return present;
}
