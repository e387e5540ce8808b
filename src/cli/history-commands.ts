/** The commands that need no database, in one import; see database-commands.ts. */
export { branches } from '../commands/branches.ts';
export { heads } from '../commands/heads.ts';
export { history } from '../commands/history.ts';
export { show } from '../commands/show.ts';
