import { messageOf } from '../../support/aludel-error.ts';
import { codeOf, isNetworkFailure } from '../cannot-connect.ts';

/** What to do about an error of connecting, by SQLSTATE (PostgreSQL manual, appendix A). */
export const connectAdvice: Readonly<Record<string, string>> = {
  '28P01': 'Check the user name and the password.',
  '28000': 'Check the user name and the password.',
  '3D000': 'The server is there but has no such database; create it first (createdb).',
  '53300': 'The server has no connection left; close some, or raise max_connections.',
  '57P03': 'The server is starting up; try again in a moment, or let --wait-for-db do so.',
};

/** Too many connections; shutting down; crashed and recovering; starting up. */
const passing: ReadonlySet<string> = new Set(['53300', '57P01', '57P02', '57P03']);

/** pg gives no code when the server hangs up before it has answered, and when its own connectionTimeoutMillis is over. */
const passingMessage = /^(?:Connection terminated|timeout expired)/;

export function mayComeUp(error: unknown): boolean {
  const code = codeOf(error);
  return isNetworkFailure(error) || (code === null ? passingMessage.test(messageOf(error)) : passing.has(code));
}
