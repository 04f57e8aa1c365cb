import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { runProgram } from './run-program.ts';
import { ALICE, AUDIT, node, type Story, startStory } from './story.ts';
import { warmProgram } from './warm-program.ts';

describe('the anchors outside Redis', () => {
  let story: Story;
  let redis: Redis;
  const { records } = redisKeys();
  beforeAll(async () => {
    story = await startStory();
    redis = openRedis(story.env.REDIS_URL ?? '');
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.carryOut(card, '✅ succeeded');
    await story.bot.stop();
  });
  afterAll(async () => {
    await auditAnchors.stop();
    redis?.disconnect();
    await story?.stop();
  });

  const auditAnchors = warmProgram('audit-anchors.js', 'auditAnchors');
  const anchors = (env = story.env) => auditAnchors.run([{ print: false }], env);
  const noted = async (): Promise<string> => {
    const { metadata } = await story.core.readNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
    });
    return metadata?.annotations?.['tor-bgp-bot/audit-anchor'] ?? '';
  };

  test('the ConfigMap carries the anchor of the record that announced its write', async () => {
    const exported = await runProgram(['audit', 'export'], story.env);
    const intended = exported.out.split('\n').find((line) => line.includes('"step.intended"')) ?? '{}';
    const { seq, hash } = JSON.parse(intended);
    expect(await noted()).toBe(`${seq}:${hash}`);
  });

  test('all agree with a trail that nobody touched, whatever people type into the channel', async () => {
    story.slack.control.say({ channel: AUDIT, user: ALICE, text: `#3 ${'f'.repeat(64)}` });
    const { code, out } = await anchors();
    expect(out).toMatch(/^Slack channel C02AUDIT +\d+ ok$/m);
    expect(out).toMatch(/^ConfigMap spk-ingress\/spk-tor-bgp of \S+ +1 ok$/m);
    expect(out).toMatch(/^ConfigMap spk-ingress\/spk-tor-bgp-v6 of \S+ +no anchor$/m);
    expect(out).toContain('All anchors agree with the trail.');
    expect(code).toBe(0);
  });

  test('Slack’s Retry-After is heeded', async () => {
    story.slack.control.fault({ method: 'conversations.history', times: 1, status: 429, retryAfterSec: 1 });
    expect((await anchors()).code).toBe(0);
  });

  test('--print gives each once, as audit verify takes it', async () => {
    const { code, out } = await runProgram(['audit', 'anchors', '--print'], story.env);
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    for (const line of lines) expect(line).toMatch(/^\d+:([0-9a-f]{20}|[0-9a-f]{64})$/);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines).toContain(await noted());
  });

  test('what cannot be reached is named, and is not taken for agreement', async () => {
    story.slack.control.fault({ method: 'conversations.history', times: 1, error: 'not_in_channel' });
    const { code, out } = await anchors();
    expect(out).toMatch(/! not reached: Slack channel C02AUDIT: .*not_in_channel/);
    expect(out).not.toContain('All anchors agree');
    expect(code).toBe(69);
    const env = { ...story.env, REDIS_URL: 'redis://127.0.0.1:1' };
    const without = await anchors(env);
    expect(without.out).toMatch(/! not reached: Redis: /);
    expect(without.code).toBe(69);
    expect((await anchors({ ...env, REDIS_URL: 'mysql://x' })).code).toBe(78);
  });

  test('a forged record is shown by every anchor from there on, by name and source', async () => {
    const seq = Number((await noted()).split(':')[0]);
    const all = await redis.xrange(records, '-', '+');
    const text = all.find(([id]) => id === `${seq}-0`)?.[1][1] ?? '';
    // A stream's entry cannot be replaced: all of them are written again.
    const rewrite = async (record: string): Promise<void> => {
      await redis.del(records);
      for (const [id, fields] of all)
        await redis.xadd(records, id, ...(id === `${seq}-0` ? ['record', record] : fields));
    };
    await rewrite(text.replace('10.20.4.1', '10.20.4.2'));
    const { code, out } = await anchors();
    expect(code).toBe(1);
    expect(out).toMatch(/^ConfigMap spk-ingress\/spk-tor-bgp of \S+ +1 differs$/m);
    expect(out).toContain(`✗ differs: ${await noted()} from ConfigMap spk-ingress/spk-tor-bgp of`);
    expect(out).toMatch(/✗ differs: \d+:[0-9a-f]{20} from Slack channel C02AUDIT, message of 2\d{3}-/);
    await rewrite(text);
    expect((await anchors()).code).toBe(0);
  });

  test('a tail that was cut off is missing', async () => {
    const seq = Number((await noted()).split(':')[0]);
    for (const [id] of await redis.xrange(records, `(${seq}-0`, '+')) await redis.xdel(records, id);
    const { code, out } = await anchors();
    expect(code).toBe(1);
    expect(out).toMatch(/^ConfigMap spk-ingress\/spk-tor-bgp of \S+ +1 ok$/m);
    expect(out).toMatch(
      new RegExp(`✗ missing: \\d+:\\S+ from Slack .*: the trail ends with #${seq}: its tail was cut off`),
    );
  });

  test('an annotation that somebody wrote by hand is named', async () => {
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'replace', path: '/metadata/annotations/tor-bgp-bot~1audit-anchor', value: 'mine' }],
    });
    const { code, out } = await anchors();
    expect(out).toMatch(/✗ ConfigMap .*: its annotation tor-bgp-bot\/audit-anchor is not an anchor: "mine"/);
    expect(code).toBe(1);
  });
});

function openRedis(url: string): Redis {
  return url.startsWith('unix://') ? new Redis({ path: url.slice('unix://'.length) }) : new Redis(url);
}
