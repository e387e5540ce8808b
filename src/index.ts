/** The library: every command as a function, typed results, nothing printed, no global state. */
export { autogenerate, type AutogenerateOptions } from './commands/schema/autogenerate.ts';
export { branches } from './commands/branches.ts';
export { check, type CheckOptions } from './commands/schema/check.ts';
export type { CreationOptions } from './commands/create-revision.ts';
export { current } from './commands/current.ts';
export { diff, type DiffOptions } from './commands/schema/diff.ts';
export { downgrade } from './commands/downgrade.ts';
export { adoptDrift, drift, type AdoptOptions } from './commands/schema/drift.ts';
export { dump, type DumpOptions } from './commands/schema/dump.ts';
export { edit } from './commands/edit.ts';
export { ensureVersion } from './commands/ensure-version.ts';
export type { GenerateOptions } from './commands/schema/generate-revision.ts';
export type { FilterOptions } from './commands/schema/filter-options.ts';
export { heads, type HeadsOptions } from './commands/heads.ts';
export { history, type HistoryOptions } from './commands/history.ts';
export { init } from './commands/init.ts';
export type { AskRename, CompareOptions, PossibleRename } from './commands/schema/compare-schemas.ts';
export { configAt, type ConfigLocation, type RunEvent } from './commands/invocation.ts';
export { listTemplates } from './commands/list-templates.ts';
export { log, type LogOptions } from './commands/log.ts';
export { merge } from './commands/merge.ts';
export { saveScript, script, type SaveOptions, type ScriptRequest } from './commands/script/offline.ts';
export type { ConfigSource } from './commands/open-project.ts';
export { repair, type Repair, type RepairOptions } from './commands/repair.ts';
export type * from './commands/results.ts';
export { revision, type RevisionOptions } from './commands/revision.ts';
export type { RunOptions } from './commands/run/run-migration.ts';
export { show, type ShowReport } from './commands/show.ts';
export { stamp, type StampOptions } from './commands/stamp.ts';
export { status } from './commands/status.ts';
export { testRevisions, type TestOptions } from './commands/trial/test-revisions.ts';
export { types, type TypesOptions } from './commands/schema/types.ts';
export { upgrade } from './commands/upgrade.ts';
export { verify } from './commands/verify.ts';
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
