import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { hasRedisServer, startRedis } from '../../../sandbox/src/redis.ts';

describe.each(['redis-server', 'in-process'] as const)('a cut of %s', (kind) => {
  const run = kind === 'in-process' || hasRedisServer() ? test : test.skip;

  run('ends every connection and refuses new ones; afterwards what was kept is there', async () => {
    const redis = await startRedis(kind);
    const open = () =>
      new Redis(redis.url.replace('unix://', ''), { retryStrategy: () => null, maxRetriesPerRequest: 0 }).on(
        'error',
        () => undefined,
      );
    const connection = open();
    const listening = open();
    try {
      await connection.set('key', 'value');
      await listening.subscribe('channel');
      const ended = [connection, listening].map((one) => new Promise((resolve) => one.once('end', resolve)));
      await redis.cut(600);
      expect(redis.isCut()).toBe(true);
      await Promise.all(ended);
      await expect(open().get('key')).rejects.toThrow();
      await new Promise((resolve) => setTimeout(resolve, 800));
      expect(redis.isCut()).toBe(false);
      const again = open();
      expect(await again.get('key')).toBe('value');
      again.disconnect();
    } finally {
      for (const one of [connection, listening]) if (one.status !== 'end') one.disconnect();
      await redis.stop();
    }
  });

  run('may be as short as it likes, and be mended twice at once', async () => {
    const redis = await startRedis(kind);
    for (let round = 0; round < 20; round += 1) {
      await redis.cut(1);
      await redis.cut(1);
      while (redis.isCut()) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const connection = new Redis(redis.url.replace('unix://', ''));
    expect(await connection.set('key', 'value')).toBe('OK');
    connection.disconnect();
    await redis.cut(1);
    await redis.stop();
    expect(redis.isCut()).toBe(false);
  });

  run('does not keep Redis from being stopped', async () => {
    const redis = await startRedis(kind);
    await redis.cut(60_000);
    await redis.stop();
    expect(redis.isCut()).toBe(false);
  });
});
