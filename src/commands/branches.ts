import { branchPoints } from '../planner/show-revisions.ts';
import { requireArguments } from './call-rules.ts';
import { configSource } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { BranchesReport } from './results.ts';

const signature = { config: configSource };

/** Every revision with more than one child, newest first, with its children. Asks no database. */
export async function branches(config: ConfigSource): Promise<BranchesReport> {
  requireArguments('branches', signature, [config]);
  const { graph } = await openProject(config);
  const report = reporter(graph);
  return {
    branches: branchPoints(graph).map(({ revision, children }) => ({
      revision: report(revision),
      children: children.map(report),
    })),
  };
}
