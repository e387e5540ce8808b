import { AludelError } from '../../support/aludel-error.ts';

const howWritten =
  'Name what is there now before the colon and its new name behind it: --rename users.email:users.mail.';

/** usage.invalid for a rename, with the reason in words. */
export function cannotRename(rename: string, reason: string, hint = howWritten): AludelError {
  return new AludelError('usage.invalid', `--rename ${rename} cannot be done: ${reason}.`, {
    where: `--rename ${rename}`,
    hint,
    facts: { rename },
  });
}
