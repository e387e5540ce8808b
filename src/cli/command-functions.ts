import type {
  BranchesReport,
  CreatedRevision,
  CurrentReport,
  HeadsReport,
  HistoryReport,
  InitReport,
  RevisionDetail,
  RunReport,
  StampReport,
  StatusReport,
  TemplateReport,
} from '../commands/results.ts';
import type { ConfigLocation, Watched } from '../commands/invocation.ts';

export interface RunOptions extends Watched {
  readonly plan?: boolean;
  readonly transactionMode?: 'revision' | 'all' | 'none';
  readonly lockTimeout?: number;
}

export interface RevisionOptions {
  readonly message?: string;
  readonly head?: string | readonly string[];
  readonly splice?: boolean;
  readonly branchLabel?: string | readonly string[];
  readonly versionPath?: string;
  readonly revId?: string;
  readonly dependsOn?: readonly string[];
  readonly sqlFile?: boolean;
}

export interface MergeOptions {
  readonly message?: string;
  readonly branchLabel?: string | readonly string[];
  readonly revId?: string;
  readonly splice?: boolean;
}

/** The commands of the library as the command line calls them; a test passes its own. */
export interface CommandFunctions {
  upgrade(config: ConfigLocation, target: string | readonly string[], options: RunOptions): Promise<RunReport>;
  downgrade(config: ConfigLocation, target: string, options: RunOptions): Promise<RunReport>;
  stamp(
    config: ConfigLocation,
    targets: readonly string[],
    options: Watched & { readonly purge?: boolean },
  ): Promise<StampReport>;
  current(config: ConfigLocation): Promise<CurrentReport>;
  heads(config: ConfigLocation, options: { readonly resolveDependencies?: boolean }): Promise<HeadsReport>;
  history(
    config: ConfigLocation,
    options: { readonly range?: string; readonly indicateCurrent?: boolean },
  ): Promise<HistoryReport>;
  branches(config: ConfigLocation): Promise<BranchesReport>;
  show(config: ConfigLocation, targets: readonly string[]): Promise<{ readonly revisions: readonly RevisionDetail[] }>;
  status(config: ConfigLocation): Promise<StatusReport>;
  revision(config: ConfigLocation, options: RevisionOptions): Promise<CreatedRevision>;
  merge(config: ConfigLocation, revisions: readonly string[], options: MergeOptions): Promise<CreatedRevision>;
  edit(config: ConfigLocation, targets: readonly string[]): Promise<unknown>;
  ensureVersion(config: ConfigLocation): Promise<unknown>;
  init(directory: string, options: { readonly template?: string }): Promise<InitReport>;
  listTemplates(): Promise<readonly TemplateReport[]>;
}

async function notYet(): Promise<never> {
  throw new Error('not there yet');
}

export const libraryFunctions: CommandFunctions = {
  upgrade: notYet,
  downgrade: notYet,
  stamp: notYet,
  current: notYet,
  heads: notYet,
  history: notYet,
  branches: notYet,
  show: notYet,
  status: notYet,
  revision: notYet,
  merge: notYet,
  edit: notYet,
  ensureVersion: notYet,
  init: notYet,
  listTemplates: notYet,
};
