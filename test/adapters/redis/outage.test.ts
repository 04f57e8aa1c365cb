import { expect, test } from '@jest/globals';
import { describeOutage } from '../../../src/adapters/redis/outage.ts';

test.each([
  ["READONLY You can't write against a read only replica.", 'store_unwritable', 'READONLY'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'store_unwritable', 'OOM'],
  [
    "ERR Error running script (call to f_0a): @user_script:42: @user_script: 42: -OOM command not allowed when used memory > 'maxmemory'.",
    'store_unwritable',
    'OOM',
  ],
  ['MISCONF Redis is configured to save RDB snapshots, but it is unable to', 'store_unwritable', 'MISCONF'],
  ['NOREPLICAS Not enough good replicas to write.', 'store_unwritable', 'NOREPLICAS'],
  ['connect ECONNREFUSED 127.0.0.1:6379', 'store_unreachable', 'does not answer'],
  ['connect ENOENT /run/redis.sock', 'store_unreachable', 'does not answer'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'store_unreachable', 'does not answer'],
  ['Connection is closed.', 'store_unreachable', 'does not answer'],
  ['Command timed out', 'store_unreachable', 'does not answer'],
  ['Reached the max retries per request limit (which is 1).', 'store_unreachable', 'does not answer'],
  ['LOADING Redis is loading the dataset in memory', 'store_unreachable', 'does not answer'],
])('%s names Redis and what to do', (message, reasonCode, words) => {
  const refusal = describeOutage(new Error(message));
  expect(refusal).toMatchObject({ reasonCode, sentence: expect.stringContaining(words) });
  expect(refusal?.sentence).toContain('Redis');
  expect(refusal?.next).toMatch(/administrator|operator/);
});

test.each([new Error('WRONGTYPE Operation against a key'), new Error('a bug'), 'OOM', undefined])(
  'what is no fault of Redis is none: %s',
  (error) => expect(describeOutage(error)).toBeUndefined(),
);
