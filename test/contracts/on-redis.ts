import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { hasRedisServer, type SandboxRedis } from '../../sandbox/src/redis.ts';
import type { RedisConnections } from '../../src/adapters/redis/connect.ts';
import { openRedis } from './open-redis.ts';
import { type Contract, hold } from './under-test.ts';

/** What a promise is held against: connections to one Redis, as many as it wants. */
export interface RedisUnderTest {
  readonly kind: SandboxRedis['kind'];
  connect(): Promise<RedisConnections>;
}

export type Promises = (run: typeof test | typeof test.skip, redis: RedisUnderTest) => void;

/** Holds the same promises against the in-process Redis and a real one; without a `redis-server` those are listed as skipped. */
export function onBothRedis(name: string, promises: Promises): void {
  for (const kind of ['in-process', 'redis-server'] as const) onRedis(`${name} on ${kind}`, kind, promises);
}

/** Holds what is made of Redis to a contract, on the in-process Redis and on a real one. */
export function holdOnBothRedis<UnderTest>(
  name: string,
  contract: Contract<UnderTest>,
  open: (redis: RedisUnderTest) => UnderTest | Promise<UnderTest>,
): void {
  for (const kind of ['in-process', 'redis-server'] as const) {
    const here = kind === 'in-process' || hasRedisServer();
    const opened = async () => {
      const redis = await openRedis(kind);
      return { ...(await open({ ...redis, kind })), close: redis.close };
    };
    hold(`${name} on ${kind}`, contract, opened, here ? test : test.skip);
  }
}

function onRedis(name: string, kind: SandboxRedis['kind'], promises: Promises): void {
  const run = kind === 'in-process' || hasRedisServer() ? test : test.skip;
  describe(name, () => {
    let opened: Awaited<ReturnType<typeof openRedis>> | undefined;
    beforeAll(async () => {
      if (run === test) opened = await openRedis(kind);
    });
    afterAll(() => opened?.close());
    promises(run, {
      kind,
      connect() {
        if (opened === undefined) throw new Error('connecting: Redis was not started');
        return opened.connect();
      },
    });
  });
}
