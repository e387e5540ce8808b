import { dialectOf } from '../../dialects/registry.ts';
import { newRevision, type NewRevision } from '../../planner/new-revision.ts';
import { sqlBody, typescriptBody, type GeneratedChange } from '../../revisions/generated-body.ts';
import type { Change, ObjectRules } from '../../schema/change.ts';
import { inverseOf } from '../../schema/rename.ts';
import type { SchemaObject } from '../../schema/snapshot.ts';
import { withDropped, withRenames } from './apply-renames.ts';
import { renameChanges, type CompareOptions, type Comparison } from './compare-schemas.ts';
import { chosenId, labelsOf, writeRevision } from '../create-revision.ts';
import { generatedChanges } from './generated-changes.ts';
import type { Project } from '../open-project.ts';
import { proveRevision } from './prove-revision.ts';
import type { AutogenerateReport } from '../results.ts';
import type { RevisionOptions } from '../revision.ts';
import { writeReadable, type Directions } from './write-readable.ts';
import type { Watch } from '../invocation.ts';

const directions = ['upgrade', 'downgrade'] as const;

export interface GenerateOptions extends RevisionOptions, CompareOptions {}

/** The revision that the options ask for, checked against the history before anything else is done. */
export function generatedRevision({ graph }: Project, options: GenerateOptions): NewRevision {
  const { head } = options;
  return newRevision(graph, {
    id: chosenId(options),
    ...(head === undefined ? {} : { parents: typeof head === 'string' ? [head] : head }),
    splice: options.splice ?? false,
    dependsOn: options.dependsOn ?? [],
    branchLabels: labelsOf(options),
  });
}

/**
 * Writes the revision that leads from one end of a comparison to the other, and back; none when they are the same. It has run up and down on a
 * scratch database before it is written.
 */
export async function generateRevision(
  project: Project,
  revision: NewRevision,
  { start, named, renames, target, changes: upgrade, cautions, changesBack }: Comparison,
  options: RevisionOptions,
  watch: Watch,
): Promise<AutogenerateReport> {
  if (upgrade.length === 0) return { created: null, changes: [], cautions: [] };
  const dialect = await dialectOf(target.dialect);
  const inverses = renames.map(inverseOf).toReversed();
  const back = await withRenames(named.schema, inverses, start, project.configuration, watch);
  const downgrade = [
    ...changesBack,
    ...renameChanges(back, dialect.schema),
    ...[back, named].flatMap(({ dropped }) => creations(dropped.toReversed(), dialect.schema)),
  ];
  const before = withDropped(named);
  const written = options.sqlFile === true ? 'sql' : 'typescript';
  const bodies: Directions = {
    upgrade: generatedChanges(upgrade, { from: before, to: target }, dialect, written),
    downgrade: generatedChanges(downgrade, { from: target, to: before }, dialect, written),
  };
  const leavesTransaction = ({ statements }: GeneratedChange): boolean =>
    statements.some((sql) => dialect.traitsOf(sql).outsideTransaction);
  const write = ({ upgrade: forward, downgrade: backward }: Directions) => {
    const bodyOf = (list: readonly GeneratedChange[]): string =>
      written === 'sql' ? sqlBody(list, (statements) => dialect.schema.script(statements)) : typescriptBody(list);
    return writeRevision(project, revision, options, {
      upgrade: bodyOf(forward),
      downgrade: bodyOf(backward),
      withoutTransaction: directions.filter((direction) => bodies[direction].some(leavesTransaction)),
      prove: (draft) => proveRevision(project, draft, { start, target }, watch),
    });
  };
  return { created: await writeReadable(bodies, write, dialect), changes: upgrade, cautions };
}

function creations(objects: readonly SchemaObject[], rules: ObjectRules): readonly Change[] {
  return objects.map((object) => ({ kind: 'create', object: object.id, statements: rules.create(object), loses: [] }));
}
