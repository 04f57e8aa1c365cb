import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hasRedisServer, type SandboxRedis, startRedis } from '../../../sandbox/src/redis.ts';
import { checkRedis } from '../../../src/adapters/redis/check-redis.ts';
import { connectRedis, type RedisConnections } from '../../../src/adapters/redis/connect.ts';

let server: SandboxRedis;
let redis: RedisConnections;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis(server.url, () => undefined);
});
afterAll(async () => {
  await redis?.close();
  await server?.stop();
});

const onServer = hasRedisServer() ? test : test.skip;

onServer('a Redis that may throw records away is refused, and what to set is said', async () => {
  await redis.prompt.config('SET', 'maxmemory-policy', 'allkeys-lru');
  expect((await checkRedis(redis.prompt)).refusals).toEqual([
    expect.stringContaining('Set maxmemory-policy to noeviction.'),
  ]);
  await redis.prompt.config('SET', 'maxmemory-policy', 'noeviction');
  expect((await checkRedis(redis.prompt)).refusals).toEqual([]);
});

onServer(
  'a Redis that forgets in a crash is a warning, and one that keeps what is written none',
  async () => {
    await redis.prompt.config('SET', 'appendonly', 'yes');
    expect((await checkRedis(redis.prompt)).warnings).toEqual([]);
    // A server does not end while it writes its first append-only file.
    await redis.prompt.config('SET', 'appendonly', 'no');
    expect((await checkRedis(redis.prompt)).warnings).toEqual([
      expect.stringContaining('Set appendonly to yes.'),
    ]);
  },
);

test('a Redis that hides its settings is not refused, and what it has to have is told', async () => {
  const hiding = Object.create(redis.prompt, {
    config: { value: () => Promise.reject(new Error('NOPERM')) },
  });
  expect(await checkRedis(hiding)).toEqual({
    refusals: [],
    warnings: ['Redis does not show its maxmemory-policy; it has to be noeviction.'],
  });
});
