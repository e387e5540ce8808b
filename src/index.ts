/** The library: every command as a function, typed results, nothing printed, no global state. */
export { branches } from './commands/branches.ts';
export type { CreationOptions } from './commands/create-revision.ts';
export { current } from './commands/current.ts';
export { downgrade } from './commands/downgrade.ts';
export { edit } from './commands/edit.ts';
export { ensureVersion } from './commands/ensure-version.ts';
export { heads, type HeadsOptions } from './commands/heads.ts';
export { history, type HistoryOptions } from './commands/history.ts';
export { init } from './commands/init.ts';
export { configAt, type ConfigLocation, type RunEvent } from './commands/invocation.ts';
export { listTemplates } from './commands/list-templates.ts';
export { log, type LogOptions } from './commands/log.ts';
export { merge } from './commands/merge.ts';
export type { ConfigSource } from './commands/open-project.ts';
export { repair, type Repair, type RepairOptions } from './commands/repair.ts';
export type * from './commands/results.ts';
export { revision, type RevisionOptions } from './commands/revision.ts';
export type { RunOptions } from './commands/run-migration.ts';
export { show, type ShowReport } from './commands/show.ts';
export { stamp, type StampOptions } from './commands/stamp.ts';
export { status } from './commands/status.ts';
export { upgrade } from './commands/upgrade.ts';
export { verify } from './commands/verify.ts';
export { defineConfig, type AludelConfig, type ConfigContext, type DatabaseConfig } from './environment/config.ts';
export type {
  CreateIndexOptions,
  DropIndexOptions,
  Operations,
  RevisionContext,
  TableOptions,
} from './operations/operations.ts';
export { AludelError, isAludelError } from './support/aludel-error.ts';
export { errorCatalog, type ErrorCode } from './support/error-catalog.ts';
