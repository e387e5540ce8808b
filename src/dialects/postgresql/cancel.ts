import type { EventEmitter } from 'node:events';
import type { Client } from 'pg';

/** How long the server may take to hear of it, in milliseconds. */
const timeoutMs = 5000;

/** What pg does not declare of itself (pg/lib/client.js and connection.js). */
interface Wire extends EventEmitter {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  /** Sends a CancelRequest (PostgreSQL manual, "Canceling Requests in Progress"). */
  cancel(pid: number | null, key: number | null): void;
  readonly stream: { destroy(): void };
}

/**
 * Cancels what a client's session is doing, by the protocol's own request on a second connection: unlike
 * pg_cancel_backend() it needs no login and finds its session behind a pooler too. Settles when the server has closed
 * that connection, which it does after passing the request on.
 */
export async function cancelStatement(client: Client): Promise<void> {
  const { default: pg } = await import('pg');
  const { processID, secretKey, ssl, sslNegotiation } = client as unknown as Readonly<{
    processID: number | null;
    secretKey: number | null;
    ssl: unknown;
    sslNegotiation: string;
  }>;
  const { Connection } = pg as unknown as { readonly Connection: new (options: object) => Wire };
  const wire = new Connection({ ssl, sslNegotiation });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => wire.emit('error', new Error('the server does not answer')), timeoutMs);
    wire.on('error', (error) => {
      clearTimeout(timer);
      wire.stream.destroy();
      reject(error as Error);
    });
    wire.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    if (ssl && sslNegotiation !== 'direct') wire.once('connect', () => wire.requestSsl());
    wire.once(ssl ? 'sslconnect' : 'connect', () => wire.cancel(processID, secretKey));
    const { host, port } = client;
    if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}
