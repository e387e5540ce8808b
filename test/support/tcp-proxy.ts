import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** When a {@link TcpProxy} cuts the connection on which a client sends a certain message. */
export type CutMoment =
  /** The message never reaches the server. */
  | 'before-request'
  /** The server has it and has been at work on it for a moment, or is done already; the client hears nothing. */
  | 'during-request'
  /** The server has answered; the client never hears. */
  | 'before-answer';

/** A stretch of the network between a client and a database server, which a test can break. */
export interface TcpProxy {
  readonly port: number;
  /** The address of the server, led through the proxy. */
  through(url: string): string;
  /** Resets every connection there is; new ones are served. */
  cut(): void;
  /** Cuts, once, at the next message of a client that holds this text, or that has this number; settles when it has happened. */
  cutAt(message: string | number, moment: CutMoment): Promise<void>;
  /** Holds back all bytes in both directions; connections stay open and new ones seem to be accepted. */
  pause(): void;
  resume(): void;
  /** How many connections clients have made. */
  connections(): number;
  /** Client messages from number 0, as Latin-1 text: all a client sent between two answers is one, so each is a round trip. */
  messages(): readonly string[];
  /** Cuts everything and stops listening. */
  close(): Promise<void>;
}

/** Time that the server gets to begin on a statement which is cut while under way, in milliseconds. */
const headStartMs = 50;

/** Forwards a port of this machine to the server that a database URL names. A free port is taken when none is given. */
export async function startTcpProxy(serverUrl: string, { port = 0 } = {}): Promise<TcpProxy> {
  const { hostname, port: serverPort, protocol } = new URL(serverUrl);
  const target = {
    host: hostname === '' ? '127.0.0.1' : hostname,
    port: Number(serverPort === '' ? (protocol.startsWith('postgres') ? 5432 : 3306) : serverPort),
  };
  const pairs = new Set<readonly [client: Socket, server: Socket]>();
  const messages: string[] = [];
  let connections = 0;
  let paused = false;
  let trap: { readonly at: string | number; readonly moment: CutMoment; readonly sprung: () => void } | null = null;

  const listener = createServer((client) => {
    connections++;
    const server = connect(target);
    const pair = [client, server] as const;
    pairs.add(pair);
    /** Whether the client spoke last, so that what comes next from it belongs to the same message. */
    let clientSpoke = false;
    let cutAtAnswer: (() => void) | null = null;
    const end = (): void => {
      pairs.delete(pair);
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const message = (clientSpoke ? (messages.pop() ?? '') : '') + text;
      clientSpoke = true;
      messages.push(message);
      const isTrapped = typeof trap?.at === 'string' ? message.includes(trap.at) : trap?.at === messages.length - 1;
      if (trap === null || !isTrapped) {
        server.write(bytes);
        return;
      }
      const { moment, sprung } = trap;
      trap = null;
      const spring = (): void => {
        end();
        sprung();
      };
      if (moment !== 'before-request') server.write(bytes);
      if (moment === 'before-request') spring();
      else cutAtAnswer = spring;
      if (moment === 'during-request') setTimeout(spring, headStartMs);
    });
    server.on('data', (bytes) => {
      clientSpoke = false;
      if (cutAtAnswer === null) client.write(bytes);
      else cutAtAnswer();
    });
    for (const [from, to] of [pair, [server, client]] as const) {
      from.on('end', () => to.end());
      from.on('error', end);
      from.on('close', () => pairs.delete(pair));
      if (paused) from.pause();
    }
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has an address and a port
  const given = (listener.address() as AddressInfo).port;

  const cut = (): void => {
    for (const sockets of pairs) for (const socket of sockets) socket.resetAndDestroy();
    pairs.clear();
  };
  return {
    port: given,
    through(url) {
      const led = new URL(url);
      led.hostname = '127.0.0.1';
      led.port = String(given);
      return led.href;
    },
    cut,
    cutAt: (at, moment) =>
      new Promise((sprung) => {
        trap = { at, moment, sprung };
      }),
    pause() {
      paused = true;
      for (const sockets of pairs) for (const socket of sockets) socket.pause();
    },
    resume() {
      paused = false;
      for (const sockets of pairs) for (const socket of sockets) socket.resume();
    },
    connections: () => connections,
    messages: () => messages,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        cut();
      }),
  };
}
