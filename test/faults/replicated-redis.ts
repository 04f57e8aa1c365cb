import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { freePort } from '../../sandbox/src/free-port.ts';

/** What becomes of a primary: killed, frozen (its connections stay open), or told to hand over. */
export type FailOver = 'killed' | 'frozen' | 'asked to hand over';

/** A real Redis with replicas, of which one takes the place of a primary that fails. */
export interface ReplicatedRedis {
  /** For `REDIS_URL`. */
  readonly url: string;
  /** The primary of the bot's keys fails; resolves when another server takes writes. */
  failOver(how: FailOver): Promise<void>;
  stop(): Promise<void>;
}

const PASSWORD = 'p@ss/w:rd';
const SENTINEL_PASSWORD = 'watch&ful';
const NAME = 'bot';
/** One replica has a write before it is answered: none is lost, and a primary that was cut off takes none. */
const KEEPS = [
  ...[
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
    '--repl-diskless-sync-delay',
    '0',
  ],
  ...['--min-replicas-to-write', '1', '--min-replicas-max-lag', '1'],
];

/** One primary, two replicas and three sentinels, each with a password. */
export async function startSentinels(): Promise<ReplicatedRedis> {
  const parts = await open();
  const auth = ['--requirepass', PASSWORD, '--masterauth', PASSWORD];
  const [primary, ...replicas] = [
    await parts.server(auth),
    await parts.server(auth),
    await parts.server(auth),
  ];
  for (const { redis } of replicas) await redis.replicaof('127.0.0.1', primary.port);
  await until(async () => /connected_slaves:2/.test(await primary.redis.info('replication')));
  const sentinels = [
    await sentinel(parts, primary),
    await sentinel(parts, primary),
    await sentinel(parts, primary),
  ];
  const [first] = sentinels;
  if (first === undefined) throw new Error('starting Redis: there is no sentinel');
  for (const { redis } of sentinels)
    await until(async () => String(await redis.call('SENTINEL', ['CKQUORUM', NAME])).startsWith('OK 3'));
  for (const { redis } of sentinels)
    await until(async () => {
      const known = await redis.call('SENTINEL', ['REPLICAS', NAME]);
      return Array.isArray(known) && known.length === 2;
    });
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    url: `redis+sentinel://:${encodeURIComponent(PASSWORD)}@${hosts}/${NAME}?sentinelPassword=${encodeURIComponent(SENTINEL_PASSWORD)}`,
    async failOver(how) {
      if (how === 'asked to hand over') {
        // As docs/installing.md says: until it is a replica, its clients wait, and no write is lost.
        await primary.redis.call('CLIENT', ['PAUSE', 5_000, 'WRITE']);
        await first.redis.call('SENTINEL', ['FAILOVER', NAME]);
      } else primary.fail(how);
      await takesWrites(replicas);
    },
    stop: parts.stop,
  };
}

/** Three primaries, of which the one with the bot's keys has two replicas. */
export async function startRedisCluster(keyPrefix = '{tor-bgp-bot}'): Promise<ReplicatedRedis> {
  const parts = await open();
  const cluster = [
    '--cluster-enabled',
    'yes',
    '--cluster-node-timeout',
    '1000',
    '--cluster-allow-replica-migration',
    'no',
  ];
  // Without replicas of their own the other two could keep no promise about writes.
  const plain = [...cluster, '--min-replicas-to-write', '0'];
  const primary = await parts.server(cluster);
  const others = [await parts.server(plain), await parts.server(plain)];
  const replicas = [await parts.server(cluster), await parts.server(cluster)];
  const slot = Number(await primary.redis.cluster('KEYSLOT', keyPrefix));
  const half = slot < 8_192 ? [8_192, 16_383] : [0, 8_191];
  const [from = 0, to = 0] = slot < 8_192 ? [0, 8_191] : [8_192, 16_383];
  await primary.redis.call('CLUSTER', ['ADDSLOTSRANGE', from, to]);
  const [low = 0, high = 0] = half;
  const [left, right] = others;
  await left?.redis.call('CLUSTER', ['ADDSLOTSRANGE', low, low + 4_095]);
  await right?.redis.call('CLUSTER', ['ADDSLOTSRANGE', low + 4_096, high]);
  const all = [primary, ...others, ...replicas];
  for (const [index, { redis }] of all.entries())
    await redis.call('CLUSTER', ['SET-CONFIG-EPOCH', index + 1]);
  for (const { redis, port } of all.slice(1)) {
    const [, busPort = ''] = await configOf(redis, 'cluster-port');
    await primary.redis.call('CLUSTER', ['MEET', '127.0.0.1', port, busPort]);
  }
  const id = String(await primary.redis.call('CLUSTER', ['MYID']));
  for (const { redis } of replicas) {
    await until(async () => String(await redis.call('CLUSTER', ['NODES'])).includes(id));
    await until(async () => (await redis.call('CLUSTER', ['REPLICATE', id])) === 'OK');
  }
  await until(async () => /connected_slaves:2/.test(await primary.redis.info('replication')));
  for (const { redis } of all)
    await until(async () => {
      const nodes = String(await redis.call('CLUSTER', ['NODES']));
      const known = nodes.split('\n').filter((line) => /master|slave/.test(line));
      const info = String(await redis.call('CLUSTER', ['INFO']));
      return (
        known.length === all.length && info.includes('cluster_state:ok') && !/handshake|fail/.test(nodes)
      );
    });
  const [successor] = replicas;
  return {
    url: `redis+cluster://${all.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    async failOver(how) {
      if (how === 'asked to hand over') await successor?.redis.call('CLUSTER', ['FAILOVER']);
      else primary.fail(how);
      await takesWrites(replicas);
    },
    stop: parts.stop,
  };
}

async function configOf(redis: Redis, name: string): Promise<readonly string[]> {
  return z.array(z.string()).parse(await redis.config('GET', name));
}

interface Part {
  readonly port: number;
  readonly redis: Redis;
  fail(how: Exclude<FailOver, 'asked to hand over'>): void;
}

interface Parts {
  readonly folder: string;
  start(args: readonly string[], port: number, password?: string): Promise<Part>;
  server(args: readonly string[]): Promise<Part>;
  stop(): Promise<void>;
}

async function open(): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-redis-'));
  const children: ChildProcess[] = [];
  const clients: Redis[] = [];
  const start: Parts['start'] = async (args, port, password) => {
    const child = spawn('redis-server', [...args, '--port', String(port), '--bind', '127.0.0.1'], {
      stdio: 'ignore',
    });
    children.push(child);
    const redis = new Redis({
      host: '127.0.0.1',
      port,
      ...(password === undefined ? {} : { password }),
      maxRetriesPerRequest: null,
    });
    redis.on('error', () => undefined);
    clients.push(redis);
    const exited = new Promise<never>((_, reject) => {
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: port ${port}`)));
    });
    exited.catch(() => undefined);
    await Promise.race([redis.ping(), exited]);
    return {
      port,
      redis,
      fail: (how) => child.kill(how === 'killed' ? 'SIGKILL' : 'SIGSTOP'),
    };
  };
  return {
    folder,
    start,
    async server(args) {
      const port = await freePort();
      const password = args.includes('--requirepass') ? PASSWORD : undefined;
      return start(
        [
          ...KEEPS,
          '--dir',
          folder,
          '--dbfilename',
          `${port}.rdb`,
          '--cluster-config-file',
          `${port}.nodes`,
          // Its own choice lies among the ports that the system gives to outgoing connections.
          '--cluster-port',
          String(await freePort()),
          ...args,
        ],
        port,
        password,
      );
    },
    async stop() {
      for (const client of clients) client.disconnect();
      for (const child of children.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function sentinel(parts: Parts, primary: Part): Promise<Part> {
  const port = await freePort();
  const file = join(parts.folder, `sentinel-${port}.conf`);
  const lines = [
    `port ${port}`,
    `dir ${parts.folder}`,
    `requirepass "${SENTINEL_PASSWORD}"`,
    `sentinel sentinel-pass "${SENTINEL_PASSWORD}"`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 2`,
    `sentinel auth-pass ${NAME} "${PASSWORD}"`,
    `sentinel down-after-milliseconds ${NAME} 1000`,
    `sentinel failover-timeout ${NAME} 3000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return parts.start([file, '--sentinel'], port, SENTINEL_PASSWORD);
}

/** Resolves when one of them is a primary that takes a write. */
async function takesWrites(servers: readonly Part[]): Promise<void> {
  await until(async () => {
    const roles = await Promise.all(servers.map(({ redis }) => redis.info('replication')));
    return roles.some((role) => role.includes('role:master') && /connected_slaves:[1-9]/.test(role));
  });
}

async function until(holds: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
  let why = '';
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
    const held = await holds().catch((error: unknown) => {
      why = String(error);
      return false;
    });
    if (held) return;
    await sleep(50);
  }
  throw new Error(`Redis did not come to it: ${holds}; ${why}`);
}
