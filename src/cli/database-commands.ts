/**
 * The other commands, in one import: the more of them the bundler sees, the more files it makes of what they share, and each
 * file takes Node a millisecond whatever its size.
 */
export { current } from '../commands/current.ts';
export { downgrade } from '../commands/downgrade.ts';
export { dump } from '../commands/schema/dump.ts';
export { edit } from '../commands/edit.ts';
export { ensureVersion } from '../commands/ensure-version.ts';
export { init } from '../commands/init.ts';
export { listTemplates } from '../commands/list-templates.ts';
export { log } from '../commands/log.ts';
export { saveScript, script } from '../commands/script/offline.ts';
export { merge } from '../commands/merge.ts';
export { repair } from '../commands/repair.ts';
export { revision } from '../commands/revision.ts';
export { stamp } from '../commands/stamp.ts';
export { status } from '../commands/status.ts';
export { upgrade } from '../commands/upgrade.ts';
export { verify } from '../commands/verify.ts';
