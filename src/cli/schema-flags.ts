import type { Flags } from './command.ts';

/** Flags of every command that makes scratch databases. */
export const scratchFlags = {
  scratch: {
    kind: 'text',
    summary:
      'URL of the server on which scratch databases are made; wins over the configuration and ALUDEL_SCRATCH_URL',
  },
} as const satisfies Flags;

/** Flags of every command that compares schemas or prints them. */
export const schemaFlags = {
  grants: { kind: 'boolean', summary: 'With the rights (GRANT) on what is in the schema; not on SQLite' },
  ...scratchFlags,
} as const satisfies Flags;

/** Flags of every command that shows or compares schemas. */
export const filterFlags = {
  include: { kind: 'list', summary: 'Only what is called so, with * and ?: table:shop_*, *:shop.*, users' },
  exclude: { kind: 'list', summary: 'Not what is called so: table:legacy_*' },
} as const satisfies Flags;

/** Flags of every command that compares schemas. */
export const renameFlags = {
  rename: { kind: 'list', summary: 'What has another name now: users:people, users.email:users.mail' },
  prompt: {
    kind: 'boolean',
    summary: 'Ask in a terminal whether something was renamed (the default); --no-prompt never does',
  },
} as const satisfies Flags;
