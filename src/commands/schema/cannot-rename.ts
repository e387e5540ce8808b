import { AludelError } from '../../support/aludel-error.ts';

/** usage.invalid for a rename, with the reason in words. */
export function cannotRename(rename: string, reason: string): AludelError {
  return new AludelError('usage.invalid', `--rename ${rename} cannot be done: ${reason}.`, {
    where: `--rename ${rename}`,
    hint: 'Name what is there now before the colon and its new name behind it: --rename users.email:users.mail.',
    facts: { rename },
  });
}
