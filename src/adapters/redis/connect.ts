import { Cluster, Redis as Server } from 'ioredis';
import { type RedisLocation, readRedisUrl } from './redis-url.ts';

/** One connection: to a server, to the primary named by the sentinels, or to a cluster; with the same commands. */
export type Redis = Server | Cluster;

export interface RedisConnections {
  /** Fails fast when Redis does not answer, because people are waiting. */
  readonly prompt: Redis;
  /** Opens a connection for blocking reads and BullMQ's workers: it waits for Redis to come back. */
  openPatient(): Redis;
  close(): Promise<void>;
}

const PROMPT = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 };
const PATIENT = { enableOfflineQueue: true, maxRetriesPerRequest: null } as const;

/** How long sentinels are asked for a primary at first; ioredis itself asks them for ever. */
const PRIMARY_WITHIN_MS = 15_000;

/** Connects to a URL in the format of `redis-url.ts`. Rejects when it cannot. */
export async function connectRedis(
  url: string,
  onError: (error: Error) => void,
  primaryWithinMs = PRIMARY_WITHIN_MS,
): Promise<RedisConnections> {
  const location = readRedisUrl(url);
  let givesUpAtMs = Date.now() + primaryWithinMs;
  const askAgain: AskAgain = (times) =>
    Date.now() < givesUpAtMs ? Math.min(times * FIRST_PAUSE_MS, LAST_PAUSE_MS) : null;
  const opened: Redis[] = [];
  const open = (options: typeof PROMPT | typeof PATIENT): Redis => {
    const redis = openLazily(location, options, askAgain);
    redis.on('error', onError);
    opened.push(redis);
    return redis;
  };
  const close = (): void => {
    // ioredis starts a timer of 2 s for a connection that is closed already, and never clears it.
    for (const redis of opened) if (redis.status !== 'end') redis.disconnect();
  };
  const prompt = open(PROMPT);
  let last: Error | undefined;
  let unnamed: Error | undefined;
  prompt.on('error', (error: Error) => {
    last = error;
  });
  prompt.on('sentinelError', (error: Error) => {
    unnamed = error;
  });
  // The rejection of ioredis only says that the connection is closed; the event before it says why.
  await prompt.connect().catch((error: unknown) => {
    close();
    if (unnamed !== undefined) throw new Error(`no sentinel names a primary: ${unnamed.message}`);
    throw last ?? error;
  });
  givesUpAtMs = Number.POSITIVE_INFINITY;
  return {
    prompt,
    openPatient: () => {
      const redis = open(PATIENT);
      redis.connect().catch(onError);
      return redis;
    },
    close: async () => close(),
  };
}

/** Milliseconds until the sentinels are asked again; null: not again. */
type AskAgain = (times: number) => number | null;

const FIRST_PAUSE_MS = 10;
const LAST_PAUSE_MS = 1_000;
const SENTINEL_TIMEOUT_MS = 2_000;
const SLOTS_REFRESH_EVERY_MS = 2_000;

function openLazily(
  location: RedisLocation,
  options: typeof PROMPT | typeof PATIENT,
  askAgain: AskAgain,
): Redis {
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
      // A frozen primary closes no connection; only a refresh shows that another one has its slots.
      slotsRefreshInterval: SLOTS_REFRESH_EVERY_MS,
      // Certificates are issued for names: an announced host name is not resolved first.
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
      // A sentinel that hangs is skipped, and the next one is queried.
      sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
      sentinelRetryStrategy: askAgain,
      // A primary that is frozen or cut off closes no connection: the sentinels name its successor.
      failoverDetector: true,
      // A server that became a replica did not execute the command: connect to its successor and send it again.
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    }),
  );
}

/**
 * ioredis closes a connection permanently when its failover detector interrupts a connection attempt; this connection, and
 * BullMQ's duplicates of it, reconnect. A requested end comes without that error, and is final.
 */
function comingBack(redis: Server): Server {
  let interrupted = false;
  redis.on('error', ({ message }: Error) => {
    interrupted = message === 'Connection is closed.';
  });
  redis.on('end', () => {
    if (!interrupted) return;
    interrupted = false;
    // Its failure is also emitted as an error event.
    redis.connect().catch(() => undefined);
  });
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (...options) => comingBack(duplicate(...options));
  return redis;
}
