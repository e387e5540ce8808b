import type { Command } from './command.ts';
import { branchesCommand } from './commands/branches.ts';
import { checkCommand } from './commands/check.ts';
import { completionCommand } from './commands/completion.ts';
import { currentCommand } from './commands/current.ts';
import { diffCommand } from './commands/diff.ts';
import { downgradeCommand } from './commands/downgrade.ts';
import { driftCommand } from './commands/drift.ts';
import { dumpCommand } from './commands/dump.ts';
import { editCommand } from './commands/edit.ts';
import { ensureVersionCommand } from './commands/ensure-version.ts';
import { headsCommand } from './commands/heads.ts';
import { historyCommand } from './commands/history.ts';
import { initCommand } from './commands/init.ts';
import { listTemplatesCommand } from './commands/list-templates.ts';
import { logCommand } from './commands/log.ts';
import { mergeCommand } from './commands/merge.ts';
import { repairCommand } from './commands/repair.ts';
import { revisionCommand } from './commands/revision.ts';
import { showCommand } from './commands/show.ts';
import { stampCommand } from './commands/stamp.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { typesCommand } from './commands/types.ts';
import { upgradeCommand } from './commands/upgrade.ts';
import { verifyCommand } from './commands/verify.ts';

/** Every command, in the order of a project's life: the order of `aludel --help`. */
export const commandList: readonly Command[] = [
  initCommand,
  listTemplatesCommand,
  revisionCommand,
  mergeCommand,
  editCommand,
  upgradeCommand,
  downgradeCommand,
  stampCommand,
  repairCommand,
  ensureVersionCommand,
  statusCommand,
  currentCommand,
  headsCommand,
  historyCommand,
  showCommand,
  branchesCommand,
  logCommand,
  verifyCommand,
  checkCommand,
  driftCommand,
  testCommand,
  dumpCommand,
  diffCommand,
  typesCommand,
  completionCommand,
];
