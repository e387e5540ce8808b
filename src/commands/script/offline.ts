import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dialectOf } from '../../dialects/registry.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { shownPath } from '../../environment/shown-path.ts';
import type { SpoolFile } from '../../environment/spool-file.ts';
import { fields, flag, kinds, options, required, type Rule, text } from '../../operations/argument-rules.ts';
import type { MigrationPlan, StampPlan } from '../../planner/migration-plan.ts';
import {
  planOfflineDowngrade,
  planOfflineStamp,
  planOfflineUpgrade,
  refuseBackwards,
} from '../../planner/offline-range.ts';
import { reversePlan } from '../../planner/reverse-plan.ts';
import type { TransactionMode } from '../../runtime/run-ports.ts';
import { sectionsOf } from '../../runtime/script/write-script.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { requireArguments, statementKeys, stoppableKeys, texts } from '../call-rules.ts';
import { configSource, sinkOf } from '../invocation.ts';
import { openConfiguration, openProject, type ConfigSource, type Project } from '../open-project.ts';
import type { ScriptReport } from '../results.ts';
import { createScratch, type ScriptScratch } from './script-scratch.ts';
import { spoolScript, type ScriptOptions, type WantedScript } from './write-script.ts';

/**
 * What a script is to do. A range is `start:end`, or `end` alone, which starts from base (a downgrade needs its start); a
 * start of several rows is `a,b:end`. The targets of a stamp may be ranges of one start.
 */
export type ScriptRequest =
  | { readonly command: 'upgrade' | 'downgrade'; readonly range: string }
  | { readonly command: 'stamp'; readonly targets: readonly string[] }
  | { readonly command: 'ensure_version' };

export interface SaveOptions extends ScriptOptions {
  /** The file to write. A file of that name is replaced. */
  readonly output?: string;
  /** Instead a directory, which must be empty or not there: one numbered script for each revision of an upgrade or a downgrade. */
  readonly split?: string;
  /** A file for the script that takes it all back. */
  readonly rollback?: string;
}

type RequestOf<C> = Extract<ScriptRequest, { readonly command: C }>;

const ofRange = (command: Rule): Rule => fields<RequestOf<'upgrade' | 'downgrade'>>({ command, range: text });
const request = kinds<ScriptRequest['command']>(
  {
    upgrade: ofRange,
    downgrade: ofRange,
    stamp: (command) => fields<RequestOf<'stamp'>>({ command, targets: texts }),
    ensure_version: (command) => fields<RequestOf<'ensure_version'>>({ command }),
  },
  'command',
);
const scripted = { ...stoppableKeys, ...statementKeys, idempotent: flag, rollback: text };
const scriptSignature = {
  config: configSource,
  request,
  options: options<Omit<SaveOptions, 'output' | 'split'>>(scripted),
};
const saveSignature = {
  config: configSource,
  request,
  options: required(options<SaveOptions>({ ...scripted, output: text, split: text })),
};

/**
 * The script of a command as text in pieces: `for await (const piece of script(config, { command: 'upgrade', range:
 * 'base:head' })) …`. Nothing is connected to. The first piece comes when all of it is written, so whatever throws does so
 * before that: offline.needs-database, and what planning and loading throw.
 */
export async function* script(
  config: ConfigSource,
  request: ScriptRequest,
  options: ScriptOptions & Pick<SaveOptions, 'rollback'> = {},
): AsyncGenerator<string, void, undefined> {
  requireArguments('script', scriptSignature, [config, request, options]);
  const { scripts } = await prepare(config, request, options);
  try {
    for (const { spool } of scripts) spool.place();
    for (const { path, spool } of scripts) if (path === null) yield* spool.read();
  } finally {
    discardAll(scripts);
  }
}

/** Writes the script of a command into files, all of them or none. Throws as {@link script}, file.exists and file.not-writable. */
export async function saveScript(
  config: ConfigSource,
  request: ScriptRequest,
  options: SaveOptions,
): Promise<ScriptReport> {
  requireArguments('saveScript', saveSignature, [config, request, options]);
  if ((options.output === undefined) === (options.split === undefined)) {
    throw invalid('A script is saved into a file or into a directory.', 'Give either --output or --split.');
  }
  const { project, scripts, ...rows } = await prepare(config, request, options);
  try {
    for (const { spool } of scripts) spool.place();
    const files = scripts.flatMap(({ path, revisions }) =>
      path === null ? [] : [{ path: shownPath(path, project.configuration.workingDirectory), revisions }],
    );
    return { ...rows, files };
  } finally {
    discardAll(scripts);
  }
}

interface Spooled {
  readonly path: string | null;
  readonly revisions: readonly string[];
  readonly spool: SpoolFile;
}

/** Scripts that belong together and the rows that they lead from and to. */
interface Planned {
  readonly project: Pick<Project, 'configuration'>;
  readonly heads_before: readonly string[];
  readonly heads_after: readonly string[];
  readonly warnings: readonly string[];
  readonly wanted: readonly WantedScript[];
  readonly scratches: readonly ScriptScratch[];
}

/** Writes everything that is asked for, so that nothing is left to fail but the disk. */
async function prepare(
  config: ConfigSource,
  request: ScriptRequest,
  options: SaveOptions,
): Promise<Omit<Planned, 'wanted' | 'scratches'> & { readonly scripts: readonly Spooled[] }> {
  const { wanted, scratches, ...planned } = await plan(config, request, options);
  for (const text of planned.warnings) sinkOf(options)({ kind: 'warning', text });
  const scripts: Spooled[] = [];
  try {
    for (const one of wanted) {
      const { task, path } = one;
      const revisions = task.kind === 'run' ? task.plan.steps.map(({ revision }) => revision.id) : [];
      scripts.push({ path, revisions, spool: await spoolScript(planned.project, one, options) });
    }
    return { ...planned, scripts };
  } catch (error) {
    discardAll(scripts);
    throw error;
  } finally {
    for (const scratch of scratches) await scratch.close();
  }
}

function discardAll(scripts: readonly Spooled[]): void {
  // A directory goes with the first file that was to be in it.
  for (const { spool } of scripts.toReversed()) spool.discard();
}

async function plan(config: ConfigSource, request: ScriptRequest, options: SaveOptions): Promise<Planned> {
  const unchanged = { heads_before: [], heads_after: [], warnings: [], scratches: [] };
  const pathOf = ({ workingDirectory }: Configuration, file: string | undefined): string | null =>
    file === undefined ? null : resolve(workingDirectory, file);
  if (request.command === 'stamp' || request.command === 'ensure_version') refuseWhatRunsHave(request.command, options);
  if (request.command === 'ensure_version') {
    const configuration = await openConfiguration(config);
    const path = pathOf(configuration, options.output);
    const wanted = [{ task: { kind: 'prepare' }, asked: 'ensure_version', path }] as const;
    return { ...unchanged, project: { configuration }, wanted };
  }
  const project = await openProject(config);
  const { configuration, graph } = project;
  const output = pathOf(configuration, options.output);
  if (request.command === 'stamp') {
    const stamped = planOfflineStamp(graph, request.targets);
    const asked = `stamp ${request.targets.join(' ')}`;
    const wanted = [{ task: { kind: 'stamp', plan: stamped }, asked, path: output }] as const;
    return { ...unchanged, ...rowsOf(stamped), project, wanted };
  }
  const asked = `${request.command} ${request.range}`;
  const run = (request.command === 'upgrade' ? planOfflineUpgrade : planOfflineDowngrade)(graph, request.range);
  if (request.command === 'upgrade') refuseBackwards(graph, request.range, run);
  const dialect = await dialectOf(configuration.database.dialect);
  const scratch = createScratch(project, dialect, run);
  const directory = pathOf(configuration, options.split);
  const wanted =
    directory === null
      ? [{ task: { kind: 'run' as const, plan: run, scratch }, asked, path: output }]
      : splitScripts(run, asked, directory, scratch, configuration, options.transactionMode);
  const back = pathOf(configuration, options.rollback);
  if (back !== null && wanted.some(({ path }) => path === back))
    throw invalid('A script and the way back from it cannot be one file.', 'Name two.');
  if (back === null) return { ...rowsOf(run), project, wanted, warnings: run.warnings, scratches: [scratch] };
  const reverse = reversePlan(run);
  const scratchBack = createScratch(project, dialect, reverse);
  const rollback = { kind: 'run' as const, plan: reverse, scratch: scratchBack };
  return {
    ...rowsOf(run),
    project,
    wanted: [...wanted, { task: rollback, asked: `the way back from ${asked}`, path: back }],
    warnings: run.warnings,
    scratches: [scratch, scratchBack],
  };
}

/** The command line knows no such flags; a program would get no file, or no way back, without a word. */
function refuseWhatRunsHave(command: string, { split, rollback, idempotent = false }: SaveOptions): void {
  const given = { split: split !== undefined, rollback: rollback !== undefined, idempotent };
  const wrong = Object.entries(given).find(([, isGiven]) => isGiven)?.[0];
  if (wrong === undefined) return;
  throw invalid(
    `The script of ${command} runs no revision: "${wrong}" does nothing.`,
    'It is for upgrade and downgrade.',
  );
}

function rowsOf({
  headsBefore,
  headsAfter,
}: Pick<StampPlan, 'headsBefore' | 'headsAfter'>): Pick<Planned, 'heads_before' | 'heads_after'> {
  return { heads_before: headsBefore, heads_after: headsAfter };
}

/** One script for each step, from the rows before it to those after it, numbered in their order. */
function splitScripts(
  run: MigrationPlan,
  asked: string,
  directory: string,
  scratch: ScriptScratch,
  { workingDirectory, transactionMode: configured }: Configuration,
  transactionMode: TransactionMode = configured,
): readonly WantedScript[] {
  if (transactionMode === 'all') {
    throw invalid('One transaction cannot span several scripts.', 'Use --transaction-mode revision, or --output.');
  }
  refuseFilledDirectory(directory, workingDirectory);
  const digits = Math.max(4, String(run.steps.length).length);
  return sectionsOf(run, transactionMode).map(({ revision, rowsBefore, rowsAfter }, index) => {
    const steps = run.steps.slice(index, index + 1);
    const one = { headsBefore: rowsBefore, headsAfter: rowsAfter, steps, warnings: [] };
    // An id may hold what no file name may.
    const name = `${String(index + 1).padStart(digits, '0')}_${revision.replaceAll(/[^\w.-]/gu, '_')}.sql`;
    const part = `${asked}, part ${index + 1} of ${run.steps.length}`;
    return { task: { kind: 'run', plan: one, scratch }, asked: part, path: join(directory, name) };
  });
}

/** What another range has left there would be run with what this one writes. */
function refuseFilledDirectory(directory: string, workingDirectory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  const shown = shownPath(directory, workingDirectory);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new AludelError('file.exists', `${shown} is no directory; it was left as it is.`, {
      where: shown,
      hint: 'Name a directory for --split, or write one file with --output.',
      facts: { path: shown },
    });
  }
  if (readdirSync(directory).length === 0) return;
  throw new AludelError('file.exists', `The directory ${shown} is not empty; it was left as it is.`, {
    where: shown,
    hint: 'Choose another one, or empty it first.',
    facts: { path: shown },
  });
}

function invalid(message: string, hint: string): AludelError {
  return new AludelError('usage.invalid', message, { hint });
}
