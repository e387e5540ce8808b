import type { Flags } from './command.ts';

/** Flags of every command; they may stand before or after its name. */
export const globalFlags = {
  config: {
    kind: 'text',
    alias: 'c',
    summary: 'Configuration file (default: migrate.config.ts, .mts, .cts, .js, .mjs, .cjs or .json)',
  },
  name: { kind: 'text', alias: 'n', summary: 'Which of several configured databases' },
  url: { kind: 'text', summary: 'Database URL; wins over the configuration and DATABASE_URL' },
  'wait-for-db': {
    kind: 'text',
    summary: 'How long to wait for a database that cannot be reached yet, such as 60s',
  },
  x: { kind: 'list', summary: 'key=value for the configuration; may be repeated' },
  quiet: { kind: 'boolean', alias: 'q', summary: 'Print nothing but errors and the result of --json' },
  json: { kind: 'boolean', summary: 'Print the result, or the error, as JSON on stdout' },
  color: { kind: 'boolean', summary: 'Colour the output even when piped; --no-color never does' },
  raiseerr: { kind: 'boolean', summary: 'Show the stack of an error, for reporting a defect' },
  version: { kind: 'boolean', summary: 'Print the version' },
  help: { kind: 'boolean', alias: 'h', summary: 'Print this help' },
} as const satisfies Flags;
