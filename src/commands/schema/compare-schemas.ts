import { dialectOf } from '../../dialects/registry.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { cautions } from '../../schema/cautions.ts';
import type { Change, ObjectRules, SchemaPair } from '../../schema/change.ts';
import { diff } from '../../schema/diff.ts';
import { leaveOut, refuseTouching } from '../../schema/leave-out.ts';
import type { ObjectFilter } from '../../schema/object-filter.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { withDropped, withRenames, type RenamedSchema } from './apply-renames.ts';
import { chooseRenames, type AskRename } from './choose-renames.ts';
import { filterOf, warnOfUnmatched, type FilterOptions } from './filter-options.ts';
import type { ChangeReport } from '../results.ts';
import { unlessInterrupted } from '../run/stoppable.ts';
import type { Watch } from '../invocation.ts';

export type { AskRename, PossibleRename } from './choose-renames.ts';

export interface RenameOptions {
  /** What has another name now: `users:people`, `users.email:users.mail`. Without it a rename is a drop and a creation. */
  readonly renames?: readonly string[];
  /** Asked about what may be a rename; without it nobody is, and a warning names it. */
  readonly askRename?: AskRename | undefined;
}

/** How two schemas are compared. */
export interface CompareOptions extends FilterOptions, RenameOptions {}

/** {@link CompareOptions} with its patterns read. */
export interface Comparing extends RenameOptions {
  readonly filter: ObjectFilter;
}

/** Reads the patterns, before anything is opened. Throws usage.invalid for one that means nothing. */
export function comparing(options: CompareOptions, configuration: Configuration): Comparing {
  return { ...options, filter: filterOf(options, configuration) };
}

/** A schema that is wanted. */
export interface WantedSchema {
  readonly schema: Snapshot;
  /** Renames that are declared in it, `users.email:users.mail`. */
  readonly renames: readonly string[];
}

/** Two schemas, with everything settled that nobody can see from them. */
export interface Comparison {
  /** As it is. */
  readonly start: Snapshot;
  /** With what was renamed under its new name. */
  readonly named: RenamedSchema;
  readonly renames: readonly string[];
  /** With what is left out as it is at the start. */
  readonly target: Snapshot;
  /** What leads from the start to the target: the renames, then all else. None when there is no difference. */
  readonly changes: readonly ChangeReport[];
  /** What rows that are there may have against them, a clause each. */
  readonly cautions: readonly string[];
  /** What leads from the target to the start under its new names. */
  readonly changesBack: readonly Change[];
}

/**
 * Settles the renames and what is left out. Throws usage.invalid for a rename that means nothing, and
 * schema.cannot-change where what is left out would have to be touched.
 */
export async function compareSchemas(
  start: Snapshot,
  wanted: WantedSchema,
  { filter, renames: given = [], askRename }: Comparing,
  configuration: Configuration,
  watch: Watch,
): Promise<Comparison> {
  const dialect = await dialectOf(start.dialect);
  warnOfUnmatched(filter, [start, wanted.schema], watch.onEvent);
  for (const what of new Set([...start.unread, ...wanted.schema.unread])) {
    watch.onEvent({ kind: 'warning', text: `not compared: ${what}` });
  }
  const known = { given, declared: [...wanted.renames, ...configuration.renames] };
  const { to, kept: keptAtStart } = leaveOut({ from: start, to: wanted.schema }, filter);
  const ask: AskRename | undefined =
    askRename === undefined ? undefined : (question) => unlessInterrupted(watch.signal, () => askRename(question));
  const renames = await chooseRenames({ from: start, to }, known, ask, watch.onEvent);
  const named = await withRenames(start, renames, wanted.schema, configuration, watch);
  const renamed = renameChanges(named, dialect.schema);
  refuseTouching(renamed, keptAtStart);
  const { to: target, kept, remarks } = leaveOut({ from: named.schema, to: wanted.schema }, filter);
  for (const text of remarks) watch.onEvent({ kind: 'warning', text });
  const between = (schemas: SchemaPair): readonly Change[] => {
    const changes = diff(schemas, dialect.schema);
    refuseTouching(changes, kept);
    return changes;
  };
  const up = between({ from: named.schema, to: target });
  const commits = ({ statements }: Change): boolean =>
    statements.some((sql) => dialect.traitsOf(sql).outsideTransaction);
  const present = { from: withDropped(named), to: target };
  return {
    start,
    named,
    renames,
    target,
    // A rename that something commits half-way could not be rolled back.
    changes: [...up.filter(commits), ...renamed, ...up.filter((change) => !commits(change))],
    cautions: up.flatMap((change) => cautions(change, present, 'sql')),
    changesBack: up.length === 0 ? [] : between({ from: target, to: named.schema }),
  };
}

/** Renames as changes, with the drops that they need. */
export function renameChanges({ dropped, steps }: RenamedSchema, rules: ObjectRules): readonly ChangeReport[] {
  return [
    ...dropped.map((object) => ({
      kind: 'drop' as const,
      object: object.id,
      statements: rules.drop(object),
      loses: [],
    })),
    ...steps.map(({ rename, statements }) => ({ kind: 'rename' as const, object: rename, statements, loses: [] })),
  ];
}
