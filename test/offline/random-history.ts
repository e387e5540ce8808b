import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGraph } from '../../src/graph/build-graph.ts';
import type { Revision } from '../../src/graph/revision.ts';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import type { Step } from '../operations/random-changes.ts';

/** What the revisions do: a file cannot hold a function of this process, so it asks for it by its path. */
const bodies = new Map<string, Pick<Step, 'up' | 'down'>>();
Object.assign(globalThis, { bodyOfRevision: (path: string) => bodies.get(path) });

/**
 * Writes a history whose revisions take these steps, one each in the order in which an upgrade to the heads runs them; the
 * last one takes what is left over.
 */
export function writeHistory(directory: string, revisions: readonly Revision[], steps: readonly Step[]): void {
  const versions = join(directory, 'versions');
  mkdirSync(versions, { recursive: true });
  const order = planUpgrade(buildGraph(revisions), [], ['heads']).steps.map(({ revision }) => revision);
  for (const [index, revision] of order.entries()) {
    const own = steps.slice(index, index + 1 === order.length ? undefined : index + 1);
    const path = join(versions, `${revision.id}.mjs`);
    bodies.set(path, {
      async up(op) {
        for (const step of own) await step.up(op);
      },
      async down(op) {
        for (const step of own.toReversed()) await step.down(op);
      },
    });
    writeFileSync(path, sourceOf(revision, path, own.map(({ title }) => title).join('; ')));
  }
}

function sourceOf({ id, downRevisions, branchLabels, dependsOn }: Revision, path: string, message: string): string {
  const body = (way: 'up' | 'down'): string => `(op) => globalThis.bodyOfRevision(${JSON.stringify(path)}).${way}(op)`;
  return `/** ${message.replaceAll('*/', '* /').replaceAll(/\s/g, ' ')} */
export const revision = ${JSON.stringify(id)};
export const down_revision = ${JSON.stringify(downRevisions)};
export const branch_labels = ${JSON.stringify(branchLabels)};
export const depends_on = ${JSON.stringify(dependsOn)};
export const upgrade = ${body('up')};
export const downgrade = ${body('down')};
`;
}
