import { describe, expect, test } from '@jest/globals';
import { type RedisLocation, readRedisUrl } from '../../../src/adapters/redis/redis-url.ts';
import { readEnvironment } from '../../../src/config/environment.ts';

const open = { login: {}, tls: false };
const sentinel = { ...open, kind: 'sentinel', name: 'bot', db: 0, sentinelLogin: {} } as const;
const at = (host: string, port: number) => ({ host, port });

const FORMS: readonly (readonly [url: string, location: RedisLocation])[] = [
  ['unix:///run/redis.sock', { kind: 'socket', path: '/run/redis.sock' }],
  ['redis://h', { ...open, kind: 'server', endpoint: at('h', 6379), db: 0 }],
  ['redis://h:1/', { ...open, kind: 'server', endpoint: at('h', 1), db: 0 }],
  ['rediss://h:1/3', { login: {}, tls: true, kind: 'server', endpoint: at('h', 1), db: 3 }],
  ['redis://[2001:db8::9]:1', { ...open, kind: 'server', endpoint: at('2001:db8::9', 1), db: 0 }],
  [
    'redis://bot:p%40ss%2Fw:rd@h',
    {
      login: { username: 'bot', password: 'p@ss/w:rd' },
      tls: false,
      kind: 'server',
      endpoint: at('h', 6379),
      db: 0,
    },
  ],
  ['redis+sentinel://a/bot', { ...sentinel, endpoints: [at('a', 26379)] }],
  ['redis+sentinel://a', { ...sentinel, name: 'mymaster', endpoints: [at('a', 26379)] }],
  [
    'redis+sentinel://a:1,[2001:db8::9]:2,c/bot',
    { ...sentinel, endpoints: [at('a', 1), at('2001:db8::9', 2), at('c', 26379)] },
  ],
  [
    'redis+sentinel://:secret@a:1,b:2/bot?db=4',
    { ...sentinel, login: { password: 'secret' }, endpoints: [at('a', 1), at('b', 2)], db: 4 },
  ],
  [
    'rediss+sentinel://bot:secret@a/bot?sentinelUsername=watch&sentinelPassword=an%26other',
    {
      ...sentinel,
      tls: true,
      login: { username: 'bot', password: 'secret' },
      endpoints: [at('a', 26379)],
      sentinelLogin: { username: 'watch', password: 'an&other' },
    },
  ],
  ['redis+cluster://a:7001,b', { ...open, kind: 'cluster', endpoints: [at('a', 7001), at('b', 6379)] }],
  [
    'rediss+cluster://:secret@a:7001,b:7002',
    {
      tls: true,
      login: { password: 'secret' },
      kind: 'cluster',
      endpoints: [at('a', 7001), at('b', 7002)],
    },
  ],
];

describe('where Redis is', () => {
  test.each(FORMS)('%s', (url, location) => {
    expect(readRedisUrl(url)).toEqual(location);
  });

  test.each(FORMS)('the settings take %s', (REDIS_URL) => {
    const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    expect(readEnvironment({ ...tokens, REDIS_URL }, () => '')).toMatchObject({ redisUrl: REDIS_URL });
  });

  test.each([
    ['two hosts for one server', 'redis://:s3cr3t@a,b', 'several hosts'],
    ['a port that is none', 'redis+sentinel://:s3cr3t@a:s3cr3t/bot', 'host:port'],
    ['a comma too many', 'redis+cluster://:s3cr3t@a,', 'host:port'],
    ['a password with a slash', 'redis+cluster://:s3cr3t/x@a', 'host:port'],
    ['a password with a percent sign', 'redis://:s3cr3t%@a', '%25'],
    ['a database that is no number', 'redis://:s3cr3t@a/s3cr3t', 'database'],
    ['another scheme', 'mysql://:s3cr3t@a', 'its format is unknown'],
  ])('%s is refused, and nothing of it is said', (_, url, why) => {
    const refused = (): unknown => readRedisUrl(url);
    expect(refused).toThrow(why);
    expect(refused).not.toThrow('s3cr3t');
  });
});
