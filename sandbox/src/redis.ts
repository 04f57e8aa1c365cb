import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SandboxRedis {
  /** For `REDIS_URL`. */
  readonly url: string;
  readonly kind: 'redis-server' | 'in-process';
  /** Kills a `redis-server` without a word and starts it again on what it had written to disk. */
  crash(downMs: number): Promise<void>;
  /** Nobody reaches it for so long: every connection ends, and new ones are refused. Resolves once it is cut. */
  cut(forMs: number): Promise<void>;
  isCut(): boolean;
  stop(): Promise<void>;
}

/** Whether the machine has a Redis of its own. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** The machine's `redis-server` on a socket of its own, else one in this process that keeps nothing. */
export async function startRedis(prefer: SandboxRedis['kind'] = 'redis-server'): Promise<SandboxRedis> {
  return prefer === 'redis-server' && hasRedisServer() ? startServer() : startInProcess();
}

async function startServer(): Promise<SandboxRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-redis-'));
  const socket = join(folder, 'redis.sock');
  const options = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ];
  let child = await launch(options);
  // Under another name nobody finds the socket, while the server goes on with what it has.
  const hidden = `${socket}.cut`;
  const cutting = cuts({
    async begin() {
      await rename(socket, hidden);
      await endConnections(hidden);
    },
    end: () => rename(hidden, socket),
  });
  return {
    url: `unix://${socket}`,
    kind: 'redis-server',
    ...cutting,
    async crash(downMs) {
      await ended(child, 'SIGKILL');
      await rm(socket, { force: true });
      await sleep(downMs);
      child = await launch(options);
    },
    async stop() {
      await cutting.mend();
      await ended(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(options: readonly string[]): Promise<ChildProcess> {
  // A process group of its own: Ctrl-C in the terminal must reach the bot first, which still writes its last record.
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  await ready(child);
  return child;
}

async function ended(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code ?? 'a signal'}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (/ready to accept connections/i.test(chunk.toString())) resolve();
    });
  });
}

async function startInProcess(): Promise<SandboxRedis> {
  const { attachSession, createRedisCommandExecutor, RedisServerState, SocketConnectionTransport } =
    await import('js-redis-server/core');
  const state = new RedisServerState({ databaseCount: 1 });
  const executor = createRedisCommandExecutor();
  const sockets = new Set<Socket>();
  // The package's own server leaves a read that blocks waiting after its client has gone: it would take the next entry
  // of a stream, or the next job of a queue, for nobody. Redis ends such a read with its connection, and so does this.
  const server = createServer((socket) => {
    sockets.add(socket);
    const transport = new SocketConnectionTransport(socket);
    const { session } = attachSession(transport, { state, executor });
    socket.once('close', () => {
      sockets.delete(socket);
      session.close();
    });
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('starting Redis: no port was given');
  const cutting = cuts({ begin: close, end: () => listen(address.port) });
  return {
    url: `redis://127.0.0.1:${address.port}`,
    kind: 'in-process',
    ...cutting,
    crash: () => Promise.reject(new Error('a Redis in this process cannot crash alone')),
    async stop() {
      // Where its port is somebody else's by now, it ends all the same.
      await cutting.mend().catch(() => undefined);
      await close();
      state.close();
    },
  };
}

const MENDS_AGAIN_IN_MS = 500;

/** One cut at a time; a second one while it lasts makes it no longer. */
function cuts({ begin, end }: { begin(): Promise<void>; end(): Promise<void> }): {
  cut(forMs: number): Promise<void>;
  isCut(): boolean;
  mend(): Promise<void>;
} {
  let begun: Promise<void> | undefined;
  let ending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const mend = async (): Promise<void> => {
    clearTimeout(timer);
    const cut = begun;
    if (cut === undefined) return;
    ending ??= cut
      .then(end)
      .then(() => {
        begun = undefined;
      })
      .finally(() => {
        ending = undefined;
      });
    await ending;
  };
  // Somebody else may have the port in this moment.
  const mendSoon = (inMs: number): void => {
    timer = setTimeout(() => void mend().catch(() => mendSoon(MENDS_AGAIN_IN_MS)), inMs);
  };
  return {
    async cut(forMs) {
      if (begun !== undefined) return;
      begun = begin();
      await begun.catch((error: unknown) => {
        begun = undefined;
        throw error;
      });
      if (begun !== undefined) mendSoon(forMs);
    },
    isCut: () => begun !== undefined,
    mend,
  };
}

/** Ends the connections of all clients, those that listen to channels too. */
function endConnections(socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    connection.once('error', reject);
    connection.once('close', () => resolve());
    connection.resume();
    connection.end('CLIENT KILL TYPE normal\r\nCLIENT KILL TYPE pubsub\r\nQUIT\r\n');
  });
}
