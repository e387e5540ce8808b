import { resolve } from 'node:path';
import {
  createRevisionFile,
  draftRevision,
  type RevisionDraft,
} from '../environment/revisions/create-revision-file.ts';
import { openEditor } from '../environment/open-editor.ts';
import { randomRevisionId, systemClock } from '../environment/system.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { revisionAt } from '../graph/shape.ts';
import type { NewRevision } from '../planner/new-revision.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { Project } from './open-project.ts';
import type { CreatedRevision } from './results.ts';

/** What every command that creates a revision may be told. */
export interface CreationOptions {
  readonly message?: string;
  readonly branchLabel?: string | readonly string[];
  /** The id; without it 12 random hexadecimal digits. */
  readonly revId?: string;
  /** Allows a parent that has a child already. */
  readonly splice?: boolean;
  /** One of the configured version locations. */
  readonly versionPath?: string;
  /** Writes a .sql revision. */
  readonly sqlFile?: boolean;
  /** Opens the new file in the user's editor. */
  readonly edit?: boolean;
}

/** The id of a new revision: the one asked for, or a random one. */
export function chosenId(options: CreationOptions): string {
  return options.revId ?? randomRevisionId();
}

export function labelsOf({ branchLabel }: CreationOptions): readonly string[] {
  if (branchLabel === undefined) return [];
  return typeof branchLabel === 'string' ? [branchLabel] : branchLabel;
}

/** What a generated revision does, and how it is proved. */
export interface RevisionBodies {
  /** As the template takes them, in the language of the file. */
  readonly upgrade: string;
  readonly downgrade: string;
  /** Sections of a SQL revision that must not run inside a transaction. */
  readonly withoutTransaction: readonly ('upgrade' | 'downgrade')[];
  /** Throws when the revision does not do what it should: then nothing is written. */
  readonly prove: (draft: RevisionDraft) => Promise<void>;
}

const emptyBodies: RevisionBodies = {
  upgrade: '',
  downgrade: '',
  withoutTransaction: [],
  prove: () => Promise.resolve(),
};

/** Writes the file of a revision that the planner has checked, whole or not at all, and never over another file. */
export async function writeRevision(
  { configuration, graph }: Project,
  revision: NewRevision,
  options: CreationOptions,
  { upgrade, downgrade, withoutTransaction, prove }: RevisionBodies = emptyBodies,
): Promise<CreatedRevision> {
  const message = options.message ?? '';
  const draft = await draftRevision(
    {
      ...revision,
      message,
      format: options.sqlFile === true ? 'sql' : 'ts',
      upgrade,
      downgrade,
      withoutTransaction,
      versionLocation: versionLocationOf({ configuration, graph }, revision, options),
      now: systemClock.now(),
    },
    configuration,
  );
  // The file as it will be read back, among the files that are there.
  buildGraph([...graph.revisions, draft.revision]);
  await prove(draft);
  const { workingDirectory } = configuration;
  createRevisionFile(draft, workingDirectory);
  if (options.edit === true) await openEditor(draft.file, workingDirectory, process.env);
  return {
    revision: revision.id,
    down_revision: revision.downRevisions,
    depends_on: revision.dependsOn,
    branch_labels: revision.branchLabels,
    message: draft.revision.message,
    path: draft.revision.path,
  };
}

/**
 * Where the file goes: as asked; else, with several locations, beside its first parent. A base in a project with
 * several locations must say, because no place is more right than another.
 */
function versionLocationOf(
  { configuration, graph }: Project,
  revision: NewRevision,
  options: CreationOptions,
): string | null {
  const { versionLocations: locations, directory, workingDirectory } = configuration;
  if (options.versionPath !== undefined) {
    const asked = [resolve(workingDirectory, options.versionPath), resolve(directory, options.versionPath)];
    const found = asked.find((path) => locations.includes(path));
    if (found !== undefined) return found;
    throw new AludelError('usage.invalid', `"${options.versionPath}" is not one of the version locations.`, {
      hint: `They are ${locations.join(', ')}; versionLocations in the configuration lists them.`,
    });
  }
  if (locations.length <= 1) return null;
  const parent = graph.positionOf.get(revision.downRevisions[0] ?? '');
  const parentFile = parent === undefined ? null : resolve(workingDirectory, revisionAt(graph, parent).path);
  const beside = locations.find((location) => parentFile?.startsWith(`${location}/`));
  if (beside !== undefined) return beside;
  throw new AludelError('usage.invalid', 'There are several version locations, and none was chosen.', {
    hint: `Say which with --version-path: ${locations.join(', ')}.`,
  });
}
