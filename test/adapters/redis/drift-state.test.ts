import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type SandboxRedis, startRedis } from '../../../sandbox/src/redis.ts';
import { connectRedis, type RedisConnections } from '../../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../../src/adapters/redis/keys.ts';
import { redisDriftStore } from '../../../src/adapters/redis/shared-state.ts';

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

const STATE = { mapping: { tor: { worker1: '10.20.1.1' } }, atMs: 1, findings: {} };

test('how sessions were last seen is kept; where a later release wrote what this one does not know, the rest is read', async () => {
  const keys = redisKeys('t');
  const store = redisDriftStore(redis.prompt, keys);
  const seen = { ...STATE, sessions: { worker1: { '10.20.1.1': 'down' as const } } };
  await store.write('rack', seen);
  expect(await store.read('rack')).toEqual(seen);
  const later = { ...STATE, sessions: { worker1: { '10.20.1.1': 'damped' } } };
  await redis.prompt.set(keys.drift('rack'), JSON.stringify(later));
  expect(await store.read('rack')).toEqual(STATE);
});
