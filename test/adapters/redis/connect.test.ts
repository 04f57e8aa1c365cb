import { expect, test } from '@jest/globals';
import { freePort } from '../../../sandbox/src/free-port.ts';
import { connectRedis } from '../../../src/adapters/redis/connect.ts';

const WITHIN_MS = 200;

test.each([
  ['a server', 'redis', '', 'connect ECONNREFUSED 127.0.0.1'],
  [
    'the only sentinel',
    'redis+sentinel',
    '/bot',
    'no sentinel names a primary: failed to connect to sentinel 127.0.0.1',
  ],
  ['the only node of a cluster', 'redis+cluster', '', 'Failed to refresh slots cache'],
])('where %s does not answer, connecting ends, and says so', async (_, scheme, name, words) => {
  const url = `${scheme}://127.0.0.1:${await freePort()}${name}`;
  await expect(connectRedis(url, () => undefined, WITHIN_MS)).rejects.toThrow(words);
});
