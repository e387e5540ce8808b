import {
  callback,
  fields,
  flag,
  kinds,
  listOf,
  oneOf,
  optional,
  options,
  required,
  rule,
  text,
  type Rule,
} from '../operations/argument-rules.ts';
import type { OptionsOf } from '../operations/check-arguments.ts';
import type { CreationOptions } from './create-revision.ts';
import type { ensureVersion } from './ensure-version.ts';
import type { HeadsOptions } from './heads.ts';
import type { HistoryOptions } from './history.ts';
import type { init } from './init.ts';
import type { ConfigLocation, Stoppable, Watched } from './invocation.ts';
import type { LogOptions } from './log.ts';
import type { RepairOptions } from './repair.ts';
import type { RevisionOptions } from './revision.ts';
import type { RunOptions } from './run/run-migration.ts';
import type { AutogenerateOptions } from './schema/autogenerate.ts';
import type { CheckOptions } from './schema/check.ts';
import type { DiffOptions } from './schema/diff.ts';
import type { AdoptOptions } from './schema/drift.ts';
import type { DumpOptions } from './schema/dump.ts';
import type { TypesOptions } from './schema/types.ts';
import type { SaveOptions, ScriptRequest } from './script/offline.ts';
import type { StampOptions } from './stamp.ts';
import type { TestOptions } from './trial/test-revisions.ts';

const milliseconds = rule('a number of milliseconds', (value) => typeof value === 'number' && value >= 0);
const count = rule('a whole number', (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0);
/** Not by its class: test runners have one of their own. */
const abortSignal = rule(
  'an AbortSignal',
  (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
);
const texts = listOf(text);
const textOrTexts: Rule = (value) => (Array.isArray(value) ? texts(value) : text(value));

/** For `configAt`, which may be given nothing. */
export const location = {
  file: text,
  name: text,
  url: text,
  scratch: text,
  x: texts,
  dialect: text,
  grants: flag,
  waitForDbMs: milliseconds,
  cwd: text,
};
const configLocation = options<ConfigLocation>({ kind: text, ...location });
const object = rule('a configuration', (value) => typeof value === 'object' && value !== null && !Array.isArray(value));
/** What a configuration itself holds is looked at when it is opened. */
const config: Rule = (value) => {
  const found = object(value);
  if (found !== null) return { ...found, advice: 'Pass one as an object, or say where it is: configAt({ … }).' };
  return isLocation(value) ? configLocation(value) : null;
};

function isLocation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'config-location';
}

const watched = { onEvent: callback };
const stoppable = { ...watched, signal: abortSignal };
const filter = { include: texts, exclude: texts };
const comparison = { ...filter, renames: texts, askRename: callback };
const target = { ...comparison, from: oneOf('database', 'revisions') };
const limits = { tableLockTimeoutMs: milliseconds, statementTimeoutMs: milliseconds };
const transactionMode = oneOf('revision', 'all', 'none');
const lockTimeoutMs = milliseconds;
const creation = {
  message: text,
  branchLabel: textOrTexts,
  revId: text,
  splice: flag,
  versionPath: text,
  sqlFile: flag,
  edit: flag,
};
const newRevision = { ...creation, head: textOrTexts, dependsOn: texts };
const run = options<RunOptions>({
  ...stoppable,
  ...limits,
  plan: flag,
  transactionMode,
  lockTimeoutMs,
  retries: count,
});

type RequestOf<C> = Extract<ScriptRequest, { readonly command: C }>;

const range = (command: Rule): Rule => fields<RequestOf<'upgrade' | 'downgrade'>>({ command, range: text });
const request = kinds<ScriptRequest['command']>(
  {
    upgrade: range,
    downgrade: range,
    stamp: (command) => fields<RequestOf<'stamp'>>({ command, targets: texts }),
    ensure_version: (command) => fields<RequestOf<'ensure_version'>>({ command }),
  },
  'command',
);
const scripted = { ...stoppable, ...limits, transactionMode, idempotent: flag, rollback: text };

export const scriptSignature = {
  config,
  request,
  options: options<Omit<SaveOptions, 'output' | 'split'>>(scripted),
};

/** What the functions of the library must be given. */
export const signatures = {
  adoptDrift: {
    config,
    options: options<AdoptOptions>({ ...newRevision, ...comparison, ...stoppable, stamp: flag }),
  },
  autogenerate: { config, options: options<AutogenerateOptions>({ ...newRevision, ...target, ...stoppable }) },
  branches: { config },
  check: { config, options: options<CheckOptions>({ ...target, ...stoppable }) },
  current: { config, options: options<Watched>(watched) },
  diff: { config, from: text, to: text, options: options<DiffOptions>({ ...comparison, ...stoppable }) },
  downgrade: { config, target: text, options: run },
  drift: { config, options: options<Stoppable>(stoppable) },
  dump: { config, options: options<DumpOptions>({ ...filter, ...stoppable, revision: text }) },
  edit: { config, targets: texts },
  ensureVersion: { config, options: options<OptionsOf<typeof ensureVersion>>({ ...watched, lockTimeoutMs }) },
  heads: { config, options: options<HeadsOptions>({ resolveDependencies: flag }) },
  history: { config, options: options<HistoryOptions>({ ...watched, range: text, indicateCurrent: flag }) },
  init: { directory: text, options: options<OptionsOf<typeof init>>({ template: text, cwd: text }) },
  listTemplates: {},
  log: { config, options: options<LogOptions>({ ...watched, revision: text, limit: count }) },
  merge: { config, revisions: texts, options: options<CreationOptions>(creation) },
  repair: {
    config,
    options: options<RepairOptions>({
      ...stoppable,
      repair: oneOf('resume', 'assume-done', 'mark-applied', 'mark-reverted'),
      lockTimeoutMs,
    }),
  },
  revision: { config, options: options<RevisionOptions>(newRevision) },
  saveScript: { config, request, options: required(options<SaveOptions>({ ...scripted, output: text, split: text })) },
  show: { config, targets: texts, options: options<Watched>(watched) },
  stamp: { config, targets: texts, options: options<StampOptions>({ ...watched, purge: flag, lockTimeoutMs }) },
  status: { config, options: options<Watched>(watched) },
  testRevisions: { config, target: optional(text), options: options<TestOptions>({ ...stoppable, strict: flag }) },
  types: { config, options: options<TypesOptions>({ ...filter, ...stoppable, revision: text, output: text }) },
  upgrade: { config, target: textOrTexts, options: run },
  verify: { config, options: options<Watched>(watched) },
};
