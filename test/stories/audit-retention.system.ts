import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import { hasRedisServer } from '../../sandbox/src/redis.ts';
import { redisAuditRetention } from '../../src/adapters/redis/audit-retention.ts';
import { connectRedis, type RedisConnections } from '../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { runProgram } from './run-program.ts';
import { ALICE, node, type Story, startStory } from './story.ts';

describe('a trail that is not kept for ever', () => {
  let story: Story;
  let folder: string;
  let redis: RedisConnections;
  let bot: BotProcess | undefined;
  const keys = redisKeys();
  beforeAll(async () => {
    story = await startStory();
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-retention-'));
    redis = await connectRedis(story.env.REDIS_URL ?? '', () => undefined);
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.carryOut(card, '✅ succeeded');
    await story.bot.stop();
  });
  afterAll(async () => {
    await bot?.stop();
    await redis?.close();
    await story?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  // The in-process Redis delivers from where a group stood before XGROUP SETID moved it.
  const onRealRedis = hasRedisServer() ? test : test.skip;
  onRealRedis(
    'what is beyond the count goes at the start of the bot, and every anchor still agrees',
    async () => {
      const store = redisStore(redis.prompt, keys);
      for (let count = 0; count < 1_200; count += 1)
        await store.append({ record: { atMs: Date.now(), event: 'query.requested', actor: 'bot' } });
      // As if cards, jobs and notices had all been told of them.
      for (const { group } of await redisAuditRetention(redis.prompt, keys, []).handled())
        await redis.prompt.xgroup('SETID', keys.records, group, '$');
      bot = await startBot({
        program: 'dist/cli.js',
        env: { ...story.env, AUDIT_KEEP_RECORDS: '1000' },
        logFile: join(folder, 'bot.log'),
      });
      await eventually(() => expect(story.audit()).toContain('are removed by the retention settings'));
      // Only once it was told.
      await eventually(async () => {
        for await (const { seq } of store.records(1)) return expect(seq).toBeGreaterThan(1);
      });
      await bot.stop();

      const { out: exported } = await runProgram(['audit', 'export'], story.env);
      const records = exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const checkpoint = records.find(({ event }) => event === 'audit.checkpoint');
      expect(checkpoint.data).toMatchObject({ through: records[0].seq - 1, hash: records[0].prev });
      expect(records.length).toBeGreaterThanOrEqual(1_000);
      expect(records.length).toBeLessThan(1_020);

      const file = join(folder, 'trail.jsonl');
      await writeFile(file, exported);
      const keeping = { ...story.env, AUDIT_KEEP_RECORDS: '1000' };
      const { out: printed } = await runProgram(['audit', 'anchors', '--print'], keeping);
      const [newest = ''] = printed.trim().split('\n').slice(-1);
      const unvouched = await runProgram(['audit', 'verify', file], {});
      expect(unvouched).toMatchObject({ code: 1 });
      expect(unvouched.err).toContain('nothing outside the trail confirms it');
      const verified = await runProgram(['audit', 'verify', file, '--anchor', newest], {});
      expect(verified).toMatchObject({ code: 0, err: '' });
      expect(verified.out).toContain(`whose removal the checkpoint in record ${checkpoint.seq} closes`);

      const unasked = await runProgram(['audit', 'anchors'], story.env);
      expect(unasked).toMatchObject({ code: 1 });
      expect(unasked.out).toContain('by the settings nothing is ever removed');
      const { code, out } = await runProgram(['audit', 'anchors'], keeping);
      expect(out).toMatch(/^ConfigMap spk-ingress\/spk-tor-bgp of \S+ +1 older than what is kept$/m);
      expect(out).toMatch(/^Slack channel C02AUDIT +\d+ ok, \d+ older than what is kept$/m);
      expect(out).toContain('All anchors agree with the trail.');
      expect(code).toBe(0);
    },
    60_000,
  );
});
