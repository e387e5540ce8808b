import type { ConnectionOptions, QueryResult } from 'mysql2/promise';

/** How long to try to reach the server a second time, in milliseconds. */
const timeoutMs = 5000;

/** Asks for the name of a server: behind one address may be several, each of which counts its sessions from 1. */
export const serverQuestion = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_id) AS server";

/** What {@link serverQuestion} was answered. */
export function serverIn(answer: QueryResult | undefined): string | null {
  const [row] = Array.isArray(answer) ? (answer as readonly { readonly server?: unknown }[]) : [];
  return typeof row?.server === 'string' ? row.server : null;
}

/**
 * Cancels what a session is doing, from a second connection. Throws when that reaches another server, where the number
 * would be somebody else's session.
 */
export async function killQuery(options: ConnectionOptions, session: number, server: string | null): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const messenger = await createConnection({ ...options, connectTimeout: timeoutMs });
  try {
    const [answer] = await messenger.query(serverQuestion);
    const reached = serverIn(answer);
    if (reached === null || reached !== server) throw new Error(`another server answered: ${reached}, not ${server}`);
    await messenger.query(`KILL QUERY ${session}`);
  } finally {
    await messenger.end();
  }
}
