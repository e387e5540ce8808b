/** The library: every command as a function, typed results, nothing printed, no global state. */
import { library } from './commands/library.ts';

export const {
  adoptDrift,
  autogenerate,
  branches,
  check,
  current,
  diff,
  downgrade,
  drift,
  dump,
  edit,
  ensureVersion,
  heads,
  history,
  init,
  listTemplates,
  log,
  merge,
  repair,
  revision,
  saveScript,
  show,
  stamp,
  status,
  testRevisions,
  types,
  upgrade,
  verify,
} = library;
export { configAt, script } from './commands/library.ts';
export type { AutogenerateOptions } from './commands/schema/autogenerate.ts';
export type { CheckOptions } from './commands/schema/check.ts';
export type { CreationOptions } from './commands/create-revision.ts';
export type { DiffOptions } from './commands/schema/diff.ts';
export type { AdoptOptions } from './commands/schema/drift.ts';
export type { DumpOptions } from './commands/schema/dump.ts';
export type { GenerateOptions } from './commands/schema/generate-revision.ts';
export type { FilterOptions } from './commands/schema/filter-options.ts';
export type { HeadsOptions } from './commands/heads.ts';
export type { HistoryOptions } from './commands/history.ts';
export type { AskRename, CompareOptions, PossibleRename } from './commands/schema/compare-schemas.ts';
export type { ConfigLocation, RunEvent } from './commands/invocation.ts';
export type { LogOptions } from './commands/log.ts';
export type { SaveOptions, ScriptRequest } from './commands/script/offline.ts';
export type { ConfigSource } from './commands/open-project.ts';
export type { Repair, RepairOptions } from './commands/repair.ts';
export type * from './commands/results.ts';
export type { RevisionOptions } from './commands/revision.ts';
export type { RunOptions } from './commands/run/run-migration.ts';
export type { ShowReport } from './commands/show.ts';
export type { StampOptions } from './commands/stamp.ts';
export type { TestOptions } from './commands/trial/test-revisions.ts';
export type { TypesOptions } from './commands/schema/types.ts';
export type { ScriptOptions } from './commands/script/write-script.ts';
export {
  defineConfig,
  type AludelConfig,
  type ConfigContext,
  type DatabaseConfig,
} from './environment/config/config.ts';
export type { GrantObject, PolicyOptions, Privilege } from './operations/access.ts';
export type { BackfillOptions } from './operations/backfill.ts';
export type { Batch } from './operations/batch.ts';
export type { ChangeOptions, SafeChangeOptions } from './operations/columns.ts';
export type { CommentTarget } from './operations/comments.ts';
export type { Constraint, ConstraintKind, ReferentialAction } from './operations/constraint.ts';
export type { BulkInsertOptions, InsertRow } from './operations/data.ts';
export type { CreateIndexOptions, DropIndexOptions, IndexPart } from './operations/indexes.ts';
export type { ColumnInfo, IndexInfo, Inspect } from './operations/inspect.ts';
export type { Operations, ResultRows, RevisionContext } from './operations/operations.ts';
export type { DropRoutineOptions, RoutineOptions, TriggerOptions } from './operations/routines.ts';
export type { AlterSequenceOptions, CreateSequenceOptions } from './operations/sequences.ts';
export type { RawSql, RowValue, ValueOrSql } from './operations/sql-value.ts';
export type { ColumnBuild, ColumnChanges, Recreate } from './operations/table-change.ts';
export type { TableOptions } from './operations/table-options.ts';
export type { CreateViewOptions, DropViewOptions } from './operations/views.ts';
export type { Snapshot } from './schema/snapshot.ts';
export { AludelError, isAludelError } from './support/aludel-error.ts';
export { errorCatalog, type ErrorCode } from './support/error-catalog.ts';
