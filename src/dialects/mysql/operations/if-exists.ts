import { whetherItExists, type Ask } from '../../operations/render-port.ts';
import { isMariaDb } from '../server.ts';

/** Asks what MySQL has to be asked. Where a server is MariaDB, a script knows by its own dialect alone. */
export function whetherItIsThere(ask: Ask): Ask {
  const forMariaDb = ' A script for MariaDB (--dialect mariadb) can hold both, with a call for each column.';
  return whetherItExists(ask, forMariaDb);
}

/**
 * What stands for IF EXISTS: the words themselves on MariaDB, which has them nearly everywhere, so that a script may hold them too. MySQL
 * has them nearly nowhere: nothing stands there when a look finds the object. Null when there is nothing to do.
 */
export async function ifExists(
  isWanted: boolean,
  ask: Ask,
  find: (ask: Ask) => Promise<boolean>,
): Promise<string | null> {
  if (!isWanted) return '';
  if (await isMariaDb(ask)) return 'IF EXISTS ';
  return (await find(whetherItIsThere(ask))) ? '' : null;
}

/** What stands for IF NOT EXISTS, as {@link ifExists}. */
export async function ifNotExists(
  isWanted: boolean,
  ask: Ask,
  find: (ask: Ask) => Promise<boolean>,
): Promise<string | null> {
  if (!isWanted) return '';
  if (await isMariaDb(ask)) return 'IF NOT EXISTS ';
  return (await find(whetherItIsThere(ask))) ? null : '';
}
