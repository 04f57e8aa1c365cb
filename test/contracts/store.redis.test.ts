import { test } from '@jest/globals';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { openReplicas } from './open-redis.ts';
import { describeStore } from './store.contract.ts';

describeStore('the store on a real Redis', hasRedisServer() ? test : test.skip, () =>
  openReplicas('redis-server'),
);
