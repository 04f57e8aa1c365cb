import { Redis } from 'ioredis';

export interface RedisConnections {
  /** Fails fast when Redis does not answer, because people wait for it. */
  readonly prompt: Redis;
  /** For reads that block, and for BullMQ's workers: waits for Redis to come back. */
  openPatient(): Redis;
  close(): Promise<void>;
}

const PROMPT = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 };
const PATIENT = { maxRetriesPerRequest: null } as const;

/** Connects to `redis://`, `rediss://`, `unix:///path` or `redis+sentinel://host:port,…/name`. Rejects when it cannot. */
export async function connectRedis(url: string, onError: (error: Error) => void): Promise<RedisConnections> {
  const where = whereOf(url);
  const opened: Redis[] = [];
  const open = (options: typeof PROMPT | typeof PATIENT): Redis => {
    const redis = new Redis({ ...where, ...options, lazyConnect: true });
    redis.on('error', onError);
    opened.push(redis);
    return redis;
  };
  const prompt = open(PROMPT);
  let last: Error | undefined;
  prompt.on('error', (error: Error) => {
    last = error;
  });
  // What ioredis rejects with says only that the connection is closed; the event before it says why.
  await prompt.connect().catch((error: unknown) => {
    throw last ?? error;
  });
  return {
    prompt,
    openPatient: () => {
      const redis = open(PATIENT);
      redis.connect().catch(onError);
      return redis;
    },
    async close() {
      // ioredis starts a timer of 2 s for a connection that is closed already, and nothing ends it.
      for (const redis of opened) if (redis.status !== 'end') redis.disconnect();
    },
  };
}

type Where =
  | { readonly path: string }
  | { readonly name: string; readonly sentinels: { host: string; port: number }[] }
  | {
      readonly host: string;
      readonly port: number;
      readonly db: number;
      readonly username?: string;
      readonly password?: string;
      readonly tls?: object;
    };

function whereOf(url: string): Where {
  if (url.startsWith('unix://')) return { path: url.slice('unix://'.length) };
  if (url.startsWith('redis+sentinel://')) {
    const [hosts = '', name = 'mymaster'] = url.slice('redis+sentinel://'.length).split('/');
    return {
      name,
      sentinels: hosts
        .split(',')
        .map((host) => ({ host: host.split(':')[0] ?? '', port: Number(host.split(':')[1] ?? 26_379) })),
    };
  }
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  const db = Number(pathname.slice(1) || 0);
  return {
    host: hostname || '127.0.0.1',
    port: Number(port || 6379),
    db,
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
