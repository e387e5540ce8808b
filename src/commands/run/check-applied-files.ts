import type { MigrationPlan } from '../../planner/migration-plan.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { counted } from '../../support/text.ts';
import { compareRevisions } from '../compare-revisions.ts';
import type { Database } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import type { VerifiedRevision } from '../results.ts';

/** Warnings that are written out; `aludel verify` lists all. */
const shownWarnings = 8;

/**
 * What the policy `checksums` says before a run: a warning for each applied revision whose file was edited or is
 * missing. A plan that has nothing to do asks for nothing. Revisions that the plan takes down by what was kept of them
 * are no surprise.
 *
 * Throws revision.edited, with all of them, where the policy is to refuse.
 */
export async function checkAppliedFiles(
  project: Project,
  database: Database,
  { steps, headsBefore }: MigrationPlan,
): Promise<readonly string[]> {
  const policy = project.configuration.checksums;
  if (policy === 'ignore' || steps.length === 0) return [];
  const planned = new Set(steps.map(({ revision }) => revision.id));
  const changed = (await compareRevisions(project, database, headsBefore)).filter(
    ({ state, revision }) => state === 'edited' || (state === 'missing' && !planned.has(revision)),
  );
  if (changed.length === 0) return [];
  const sentences = changed.map(describeChange);
  if (policy === 'refuse') throw refused(changed, sentences);
  const more = changed.length - shownWarnings;
  return more <= 0
    ? sentences
    : [...sentences.slice(0, shownWarnings), `${more} more differ from what was applied: aludel verify lists them.`];
}

function describeChange({ state, revision, path, applied_at, applied_by }: VerifiedRevision): string {
  const applied = `applied on ${applied_at} by ${applied_by}`;
  return state === 'edited'
    ? `${path} was edited after revision ${revision} was ${applied}.`
    : `No file has revision ${revision}, which was ${applied}.`;
}

function refused(changed: readonly VerifiedRevision[], sentences: readonly string[]): AludelError {
  return new AludelError(
    'revision.edited',
    [
      `${counted(changed.length, 'file')} of applied revisions ${changed.length === 1 ? 'is' : 'are'} not as applied:`,
      ...sentences,
    ].join('\n'),
    {
      hint: 'Nothing was run. Put the files back and write a new revision for the change; or set checksums to "warn".',
      facts: { revisions: changed },
    },
  );
}
