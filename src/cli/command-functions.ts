import type { branches } from '../commands/branches.ts';
import type { current } from '../commands/current.ts';
import type { downgrade } from '../commands/downgrade.ts';
import type { edit } from '../commands/edit.ts';
import type { ensureVersion } from '../commands/ensure-version.ts';
import type { heads } from '../commands/heads.ts';
import type { history } from '../commands/history.ts';
import type { init } from '../commands/init.ts';
import type { listTemplates } from '../commands/list-templates.ts';
import type { log } from '../commands/log.ts';
import type { merge } from '../commands/merge.ts';
import type { repair } from '../commands/repair.ts';
import type { revision } from '../commands/revision.ts';
import type { show } from '../commands/show.ts';
import type { stamp } from '../commands/stamp.ts';
import type { status } from '../commands/status.ts';
import type { upgrade } from '../commands/upgrade.ts';
import type { verify } from '../commands/verify.ts';

/** The commands of the library as the command line calls them; a test passes its own. */
export interface CommandFunctions {
  readonly upgrade: typeof upgrade;
  readonly downgrade: typeof downgrade;
  readonly stamp: typeof stamp;
  readonly current: typeof current;
  readonly heads: typeof heads;
  readonly history: typeof history;
  readonly branches: typeof branches;
  readonly show: typeof show;
  readonly status: typeof status;
  readonly revision: typeof revision;
  readonly log: typeof log;
  readonly merge: typeof merge;
  readonly repair: typeof repair;
  readonly edit: typeof edit;
  readonly ensureVersion: typeof ensureVersion;
  readonly init: typeof init;
  readonly verify: typeof verify;
  readonly listTemplates: typeof listTemplates;
}

/** The library itself. Each command is loaded when it is called, so that `--help` pays for none and `heads` for no driver. */
export const libraryFunctions: CommandFunctions = {
  upgrade: async (...given) => (await import('../commands/upgrade.ts')).upgrade(...given),
  downgrade: async (...given) => (await import('../commands/downgrade.ts')).downgrade(...given),
  stamp: async (...given) => (await import('../commands/stamp.ts')).stamp(...given),
  current: async (...given) => (await import('../commands/current.ts')).current(...given),
  heads: async (...given) => (await import('../commands/heads.ts')).heads(...given),
  history: async (...given) => (await import('../commands/history.ts')).history(...given),
  branches: async (...given) => (await import('../commands/branches.ts')).branches(...given),
  show: async (...given) => (await import('../commands/show.ts')).show(...given),
  status: async (...given) => (await import('../commands/status.ts')).status(...given),
  revision: async (...given) => (await import('../commands/revision.ts')).revision(...given),
  log: async (...given) => (await import('../commands/log.ts')).log(...given),
  repair: async (...given) => (await import('../commands/repair.ts')).repair(...given),
  merge: async (...given) => (await import('../commands/merge.ts')).merge(...given),
  edit: async (...given) => (await import('../commands/edit.ts')).edit(...given),
  ensureVersion: async (...given) => (await import('../commands/ensure-version.ts')).ensureVersion(...given),
  init: async (...given) => (await import('../commands/init.ts')).init(...given),
  verify: async (...given) => (await import('../commands/verify.ts')).verify(...given),
  listTemplates: async (...given) => (await import('../commands/list-templates.ts')).listTemplates(...given),
};
