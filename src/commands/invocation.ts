import type { EventSink } from '../runtime/run-event.ts';

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
  /** The `-x` arguments, `key=value` each. */
  readonly x?: readonly string[];
  /** How long to wait for a database that cannot be reached yet, in milliseconds; overrides the configuration's. */
  readonly waitForDbMs?: number;
  /** Directory that relative paths count from; the working directory of the process when left out. */
  readonly cwd?: string;
}

/** Points at a configuration file instead of passing the configuration: `upgrade(configAt({ cwd }), 'head')`. */
export function configAt(location: Omit<ConfigLocation, 'kind'> = {}): ConfigLocation {
  return { kind: 'config-location', ...location };
}

/** Options of every command that may take a while. */
export interface Watched {
  /** Told what happens while the command runs. */
  readonly onEvent?: EventSink;
}

/** The sink of {@link Watched}, or one that hears nothing. */
export function sinkOf({ onEvent }: Watched): EventSink {
  return onEvent ?? (() => undefined);
}
