import type { autogenerate } from '../commands/schema/autogenerate.ts';
import type { branches } from '../commands/branches.ts';
import type { check } from '../commands/schema/check.ts';
import type { current } from '../commands/current.ts';
import type { diff } from '../commands/schema/diff.ts';
import type { downgrade } from '../commands/downgrade.ts';
import type { adoptDrift, drift } from '../commands/schema/drift.ts';
import type { dump } from '../commands/schema/dump.ts';
import type { edit } from '../commands/edit.ts';
import type { ensureVersion } from '../commands/ensure-version.ts';
import type { heads } from '../commands/heads.ts';
import type { history } from '../commands/history.ts';
import type { init } from '../commands/init.ts';
import type { listTemplates } from '../commands/list-templates.ts';
import type { log } from '../commands/log.ts';
import type { saveScript, script } from '../commands/script/offline.ts';
import type { merge } from '../commands/merge.ts';
import type { repair } from '../commands/repair.ts';
import type { revision } from '../commands/revision.ts';
import type { show } from '../commands/show.ts';
import type { stamp } from '../commands/stamp.ts';
import type { status } from '../commands/status.ts';
import type { testRevisions } from '../commands/trial/test-revisions.ts';
import type { types } from '../commands/schema/types.ts';
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
  readonly script: typeof script;
  readonly saveScript: typeof saveScript;
  readonly verify: typeof verify;
  readonly check: typeof check;
  readonly autogenerate: typeof autogenerate;
  readonly drift: typeof drift;
  readonly adoptDrift: typeof adoptDrift;
  readonly dump: typeof dump;
  readonly diff: typeof diff;
  readonly testRevisions: typeof testRevisions;
  readonly types: typeof types;
  readonly listTemplates: typeof listTemplates;
}

const ofHistory = () => import('./history-commands.ts');
const ofDatabase = () => import('./database-commands.ts');

/** The library itself, loaded when a command is called, so that `--help` pays for none of it and `heads` for half. */
export const libraryFunctions: CommandFunctions = {
  upgrade: async (...given) => (await ofDatabase()).upgrade(...given),
  downgrade: async (...given) => (await ofDatabase()).downgrade(...given),
  stamp: async (...given) => (await ofDatabase()).stamp(...given),
  current: async (...given) => (await ofDatabase()).current(...given),
  heads: async (...given) => (await ofHistory()).heads(...given),
  history: async (...given) => (await ofHistory()).history(...given),
  branches: async (...given) => (await ofHistory()).branches(...given),
  show: async (...given) => (await ofHistory()).show(...given),
  status: async (...given) => (await ofDatabase()).status(...given),
  revision: async (...given) => (await ofDatabase()).revision(...given),
  log: async (...given) => (await ofDatabase()).log(...given),
  repair: async (...given) => (await ofDatabase()).repair(...given),
  merge: async (...given) => (await ofDatabase()).merge(...given),
  edit: async (...given) => (await ofDatabase()).edit(...given),
  ensureVersion: async (...given) => (await ofDatabase()).ensureVersion(...given),
  init: async (...given) => (await ofDatabase()).init(...given),
  async *script(...given) {
    yield* (await ofDatabase()).script(...given);
  },
  saveScript: async (...given) => (await ofDatabase()).saveScript(...given),
  verify: async (...given) => (await ofDatabase()).verify(...given),
  check: async (...given) => (await import('../commands/schema/check.ts')).check(...given),
  autogenerate: async (...given) => (await import('../commands/schema/autogenerate.ts')).autogenerate(...given),
  drift: async (...given) => (await import('../commands/schema/drift.ts')).drift(...given),
  adoptDrift: async (...given) => (await import('../commands/schema/drift.ts')).adoptDrift(...given),
  diff: async (...given) => (await import('../commands/schema/diff.ts')).diff(...given),
  dump: async (...given) => (await ofDatabase()).dump(...given),
  testRevisions: async (...given) => (await import('../commands/trial/test-revisions.ts')).testRevisions(...given),
  types: async (...given) => (await import('../commands/schema/types.ts')).types(...given),
  listTemplates: async (...given) => (await ofDatabase()).listTemplates(...given),
};
