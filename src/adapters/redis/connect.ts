import { Cluster, Redis as Server } from 'ioredis';
import { type RedisLocation, readRedisUrl } from './redis-url.ts';

/** One connection, to a server, to whichever is primary by the sentinels, or to a cluster: the same commands for all. */
export type Redis = Server | Cluster;

export interface RedisConnections {
  /** Fails fast when Redis does not answer, because people wait for it. */
  readonly prompt: Redis;
  /** For reads that block, and for BullMQ's workers: waits for Redis to come back. */
  openPatient(): Redis;
  close(): Promise<void>;
}

const PROMPT = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 };
const PATIENT = { enableOfflineQueue: true, maxRetriesPerRequest: null } as const;

/** Connects to what `redis-url.ts` reads. Rejects when it cannot. */
export async function connectRedis(url: string, onError: (error: Error) => void): Promise<RedisConnections> {
  const location = readRedisUrl(url);
  const opened: Redis[] = [];
  const open = (options: typeof PROMPT | typeof PATIENT): Redis => {
    const redis = openLazily(location, options);
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

const SENTINEL_TIMEOUT_MS = 2_000;
const SLOTS_REFRESH_EVERY_MS = 2_000;

function openLazily(location: RedisLocation, options: typeof PROMPT | typeof PATIENT): Redis {
  if (location.kind === 'socket') return new Server({ path: location.path, ...options, lazyConnect: true });
  const { login, tls } = location;
  const shared = { ...login, ...(tls ? { tls: {} } : {}), ...options, lazyConnect: true };
  if (location.kind === 'server') return new Server({ ...location.endpoint, db: location.db, ...shared });
  if (location.kind === 'cluster') {
    const { enableOfflineQueue, lazyConnect, ...redisOptions } = shared;
    return new Cluster([...location.endpoints], {
      enableOfflineQueue,
      lazyConnect,
      redisOptions,
      // A primary that was frozen closes no connection; that another one has its slots is found by asking.
      slotsRefreshInterval: SLOTS_REFRESH_EVERY_MS,
      // Certificates are for names: what a node announces is not looked up first.
      ...(tls ? { dnsLookup: (address, done) => done(null, address) } : {}),
    });
  }
  const { username, password } = location.sentinelLogin;
  return comingBack(
    new Server({
      ...shared,
      db: location.db,
      name: location.name,
      sentinels: [...location.endpoints],
      ...(username === undefined ? {} : { sentinelUsername: username }),
      ...(password === undefined ? {} : { sentinelPassword: password }),
      ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      // A sentinel that hangs is passed over, and the next one is asked.
      sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
      // A primary that was frozen or cut off closes no connection: the sentinels tell who took its place.
      failoverDetector: true,
      // One that became a replica executed nothing: connect to its successor and send the command again.
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    }),
  );
}

/**
 * ioredis ends a connection for good when its fail-over detector interrupts an attempt to connect; this one, and what BullMQ
 * duplicates of it, connects again. An end that was asked for comes without that error, and stays.
 */
function comingBack(redis: Server): Server {
  let interrupted = false;
  redis.on('error', ({ message }: Error) => {
    interrupted = message === 'Connection is closed.';
  });
  redis.on('end', () => {
    if (!interrupted) return;
    interrupted = false;
    // What it fails with comes as an error event too.
    redis.connect().catch(() => undefined);
  });
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (...options) => comingBack(duplicate(...options));
  return redis;
}
