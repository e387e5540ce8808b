import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createRevisionFile, type RevisionDraft } from '../../environment/revisions/create-revision-file.ts';
import { randomRevisionId } from '../../environment/system.ts';
import { shownPath } from '../../environment/shown-path.ts';
import { buildGraph } from '../../graph/build-graph.ts';
import { planDowngrade } from '../../planner/plan-downgrade.ts';
import { planUpgrade } from '../../planner/plan-upgrade.ts';
import type { ObjectRules } from '../../schema/change.ts';
import { diff } from '../../schema/diff.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { AludelError, isAludelError, messageOf } from '../../support/aludel-error.ts';
import { listedBriefly } from '../../support/text.ts';
import { applySchema } from './apply-schema.ts';
import { withDatabase } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import { readSchema } from './read-schema.ts';
import { runMigration, type Planner } from '../run/run-migration.ts';
import { stampProject } from '../stamp.ts';
import { withScratch } from './with-scratch.ts';
import type { Watch } from '../invocation.ts';

/**
 * Runs a revision that is not written yet up and down on a scratch database. Throws schema.not-proved unless it leads from
 * `start` to `target` and back.
 *
 * It runs from a file in its own directory, so that what its template imports is found, under a name that is no revision's.
 */
export async function proveRevision(
  { configuration, graph }: Project,
  draft: RevisionDraft,
  { start, target }: { readonly start: Snapshot; readonly target: Snapshot },
  watch: Watch,
): Promise<void> {
  // A name of its own for each proof: modules are kept by their names.
  const file = join(dirname(draft.file), `_aludel_proof_${randomRevisionId()}_${basename(draft.file)}`);
  const { id } = draft.revision;
  const path = shownPath(file, configuration.workingDirectory);
  const extended = buildGraph([...graph.revisions, { ...draft.revision, path }]);
  createRevisionFile({ ...draft, file }, configuration.workingDirectory);
  try {
    await withScratch(configuration, watch, async (scratch) => {
      await withDatabase(scratch, { access: 'write', ...watch }, ({ connection, dialect }) =>
        applySchema(start, connection, dialect),
      );
      if (graph.revisions.length > 0) await stampProject({ configuration: scratch, graph }, ['heads'], {});
      const project = { configuration: scratch, graph: extended };
      const leads = leadsTo(project, draft.text, watch);
      await leads('upgrade', (all, rows) => planUpgrade(all, rows, [id]), target);
      await leads('downgrade', (all, rows) => planDowngrade(all, rows, `${id}@-1`), start);
    });
  } finally {
    rmSync(file, { force: true });
  }
}

function leadsTo({ configuration, graph }: Pick<Project, 'configuration' | 'graph'>, text: string, watch: Watch) {
  return async (direction: 'upgrade' | 'downgrade', planner: Planner, wanted: Snapshot): Promise<void> => {
    try {
      await runMigration({ configuration, graph }, planner, {
        withGone: false,
        ...(watch.signal === undefined ? {} : { signal: watch.signal }),
      });
    } catch (error) {
      const number = /:(\d+)$/.exec((isAludelError(error) ? error.where : null) ?? '')?.[1];
      const line = number === undefined ? null : (text.split('\n')[Number(number) - 1]?.trim() ?? null);
      throw notProved(`it fails: ${messageOf(error)}`, { direction, objects: [], line }, error);
    }
    const left = await withDatabase(configuration, { access: 'read', ...watch }, async ({ connection, dialect }) =>
      differences(await readSchema(connection, dialect, configuration), wanted, dialect.schema),
    );
    if (left.length > 0) {
      throw notProved(`these still differ: ${listedBriefly(left)}`, { direction, objects: left, line: null });
    }
  };
}

function differences(from: Snapshot, to: Snapshot, rules: ObjectRules): readonly string[] {
  return diff({ from, to }, rules).map(({ object }) => object);
}

/** `objects` are the ids of what differs, none when the revision failed; `line` is the call that did. */
function notProved(
  reason: string,
  facts: { readonly direction: string; readonly objects: readonly string[]; readonly line: string | null },
  cause?: unknown,
): AludelError {
  return new AludelError(
    'schema.not-proved',
    `The generated ${facts.direction} does not lead where it should on a scratch database: ${reason}.`,
    {
      hint: 'Nothing was written. Write this revision by hand; "aludel diff" shows the SQL.',
      facts,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
