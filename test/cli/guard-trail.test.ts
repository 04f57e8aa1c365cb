import { afterEach, expect, test } from '@jest/globals';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { guardTrail } from '../../src/cli/guard-trail.ts';
import type { RecordDraft } from '../../src/domain/audit/record.ts';
import { openRedis } from '../contracts/open-redis.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const STARTED: RecordDraft = { atMs: 1, event: 'bot.started', actor: 'bot' };

/** A bot on a Redis of its own, of which the audit channel was told up to a record. */
async function aBot(post: (text: string, channel: string) => Promise<void>, records: number, told: number) {
  const { connect, close } = await openRedis('in-process');
  opened.push(close);
  const { prompt } = await connect();
  const keys = redisKeys('guarded');
  const guarded = guardTrail(prompt, keys, { audit: { retention: {}, stream: 'off' } }, () => undefined);
  for (let seq = 1; seq <= records; seq += 1) await guarded.store.append({ record: STARTED });
  const anchor = { seq: told, hash: 'f'.repeat(64) };
  const begun = await guarded.begin({
    readAnchors: async () => [
      { name: 'the audit channel', anchors: [{ anchor, where: 'the audit channel' }], findings: [] },
    ],
    channels: ['C02AUDIT', 'C01CHANGES', 'C01CHANGES'],
    post,
    alarm: () => undefined,
    warn: () => undefined,
    record: (event) => guarded.store.append({ record: { ...STARTED, event } }),
  });
  opened.push(() => begun.stop());
  return guarded;
}

test('lesson 56: every channel is told of a loss once, also when Slack does not take it at first', async () => {
  const posted: string[] = [];
  let tries = 0;
  await aBot(
    async (text, channel) => {
      tries += 1;
      if (tries <= 2) throw new Error('no answer in 10 s');
      posted.push(`${channel} ${text}`);
    },
    3,
    9,
  );
  await eventually(() => expect(posted).toHaveLength(2), 15_000);
  expect(posted.map((text) => text.split(' ')[0]).toSorted()).toEqual(['C01CHANGES', 'C02AUDIT']);
  expect(posted[0]).toContain('ends with #3, but #9 was published earlier');
});
