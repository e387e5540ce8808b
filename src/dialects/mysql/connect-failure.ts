import { codeOf, isNetworkFailure } from '../cannot-connect.ts';

/** What to do about an error of connecting, by its name (MySQL manual, "Server Error Message Reference"). */
export const connectAdvice: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'Check the user name and the password, and what the user may do.',
  ER_DBACCESS_DENIED_ERROR: 'Check the user name and the password, and what the user may do.',
  ER_BAD_DB_ERROR: 'The server is there but has no such database; create it first.',
  ER_CON_COUNT_ERROR: 'The server has no connection left; close some, or raise max_connections.',
};

/** The server hung up while it was starting or stopping; too many connections. */
const passing: ReadonlySet<string> = new Set(['PROTOCOL_CONNECTION_LOST', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR']);

export function mayComeUp(error: unknown): boolean {
  return isNetworkFailure(error) || passing.has(codeOf(error) ?? '');
}
