import { AludelError } from '../../support/aludel-error.ts';
import type { DatabaseSettings } from '../connection.ts';
import { codeOf, isNetworkFailure } from '../cannot-connect.ts';

/** What to do about an error of connecting, by its name (MySQL manual, "Server Error Message Reference"). */
export const connectAdvice: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'Check the user name and the password, and what the user may do.',
  // MariaDB, for a user that it does not know.
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'Check the user name and the password, and what the user may do.',
  ER_DBACCESS_DENIED_ERROR: 'Check the user name and the password, and what the user may do.',
  ER_BAD_DB_ERROR: 'The server is there but has no such database; create it first.',
  ER_CON_COUNT_ERROR: 'The server has no connection left; close some, or raise max_connections.',
};

/** The server hung up while it was starting or stopping; too many connections. */
const passing: ReadonlySet<string> = new Set(['PROTOCOL_CONNECTION_LOST', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR']);

export function mayComeUp(error: unknown): boolean {
  return isNetworkFailure(error) || passing.has(codeOf(error) ?? '');
}

/** A server is happy without a database, and then refuses every table. Throws config.invalid. */
export function refuseWithoutDatabase({ connection, display }: DatabaseSettings): void {
  if (typeof connection['database'] === 'string' && connection['database'] !== '') return;
  throw new AludelError('config.invalid', `${display} names no database.`, {
    where: display,
    hint: 'Write its name behind the address: mysql://user@host/name.',
  });
}
