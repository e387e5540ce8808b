import { warnProcess } from '../environment/system.ts';
import { flag, options, type Rule, rule, text } from '../operations/argument-rules.ts';
import type { EventSink } from '../runtime/run-event.ts';
import { messageOf } from '../support/aludel-error.ts';
import { milliseconds, requireArguments, texts } from './call-rules.ts';

export type { RunEvent } from '../runtime/run-event.ts';

/** Where to find the configuration, for callers that do not hold it themselves. Made by `configAt`. */
export interface ConfigLocation {
  readonly kind: 'config-location';
  /** Path of the configuration file; without it, migrate.config.* is looked for from `cwd` upwards. */
  readonly file?: string;
  /** Name of one of the configuration's `databases`. */
  readonly name?: string;
  /** Database URL that overrides the configured one. */
  readonly url?: string;
  /** URL of the server on which scratch databases are made; overrides the configured one. */
  readonly scratch?: string;
  /** The `-x` arguments, `key=value` each. */
  readonly x?: readonly string[];
  /** Dialect of a script (`sqlite`, `postgresql`, `mysql` or `mariadb`), whatever the configured database is. */
  readonly dialect?: string;
  /** Whether rights are a part of schemas; overrides the configuration's. */
  readonly grants?: boolean;
  /** How long to wait for a database that cannot be reached yet, in milliseconds; overrides the configuration's. */
  readonly waitForDbMs?: number;
  /** Directory that relative paths count from; the working directory of the process when left out. */
  readonly cwd?: string;
}

const configLocation = options<ConfigLocation>({
  kind: text,
  file: text,
  name: text,
  url: text,
  scratch: text,
  x: texts,
  dialect: text,
  grants: flag,
  waitForDbMs: milliseconds,
  cwd: text,
});
/** A promise of one has no keys, and would be read as one that says nothing. */
const object = rule(
  'a configuration',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise),
);
/** What a configuration itself holds is looked at when it is opened. */
export const configSource: Rule = (value) => {
  const found = object(value);
  if (found !== null) return { ...found, advice: 'Pass one as an object, or say where it is: configAt({ … }).' };
  return isLocation(value) ? configLocation(value) : null;
};

function isLocation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'config-location';
}

const signature = { options: configLocation };

/** Points at a configuration file instead of passing the configuration: `upgrade(configAt({ cwd }), 'head')`. */
export function configAt(location: Omit<ConfigLocation, 'kind'> = {}): ConfigLocation {
  requireArguments('configAt', signature, [location]);
  return { kind: 'config-location', ...location };
}

/** Options of every command that may take a while. */
export interface Watched {
  /** Told what happens while the command runs. */
  readonly onEvent?: EventSink;
}

/** Options of the commands that make scratch databases. */
export interface Stoppable extends Watched {
  /** Stops the command: its scratch databases are removed, and migration.interrupted is thrown. */
  readonly signal?: AbortSignal;
}

/** What a stoppable command hands on to everything that it does. */
export interface Watch {
  readonly onEvent: EventSink;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The sink of {@link Watched}, or one that hears nothing. What it throws, or rejects with, changes nothing in the run: the
 * process is warned of it, once for each sink.
 */
export function sinkOf({ onEvent }: Watched): EventSink {
  if (onEvent === undefined) return () => undefined;
  return (event) => {
    try {
      // An async function answers a promise, whatever its type says; nobody else would look at it.
      const answer: unknown = onEvent(event);
      if (answer instanceof Promise) answer.catch((error: unknown) => warnOnce(onEvent, error));
    } catch (error) {
      warnOnce(onEvent, error);
    }
  };
}

const failed = new WeakSet<EventSink>();

function warnOnce(sink: EventSink, error: unknown): void {
  if (failed.has(sink)) return;
  failed.add(sink);
  warnProcess(`onEvent failed, and the run goes on: ${messageOf(error)}`);
}
