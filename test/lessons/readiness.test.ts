import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { freePort } from '../../sandbox/src/free-port.ts';
import { connectRedis, type RedisConnections } from '../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { getFromElsewhere } from './from-elsewhere.ts';

const TOKEN = 'a-token-of-the-probes';

describe('readiness, with one target of two dead', () => {
  let story: Story;
  let redis: RedisConnections;
  beforeAll(async () => {
    story = await startStory({
      policy: aPolicy((policy) => {
        policy.targets.push({ ...policy.targets[0], name: 'far', context: 'far' });
      }),
      environment: async (folder, { kubeconfig }) => {
        const config = parse(kubeconfig);
        const server = `https://127.0.0.1:${await freePort()}`;
        config.clusters.push({ name: 'far', cluster: { server, 'insecure-skip-tls-verify': true } });
        config.contexts.push({ name: 'far', context: { ...config.contexts[0].context, cluster: 'far' } });
        const file = join(folder, 'kubeconfig-of-two');
        await writeFile(file, stringify(config));
        return { KUBECONFIG: file, OPS_TOKEN: TOKEN };
      },
    });
    redis = await connectRedis(story.redis.url, () => undefined);
  });
  afterAll(async () => {
    await redis?.close();
    await story?.stop();
  });

  const health = async () => {
    const answer = await fetch(`${story.bot.opsUrl}/readyz`);
    const found: { details: Record<string, unknown>; targets: Record<string, unknown> } = JSON.parse(
      await answer.text(),
    );
    return { status: answer.status, ...found };
  };
  const metrics = async () => (await fetch(`${story.bot.opsUrl}/metrics`)).text();

  test('lesson 55: one dead target does not make the bot unready for the others; each is reported beside it', async () => {
    await eventually(async () =>
      expect(await health()).toMatchObject({
        status: 200,
        ready: true,
        targets: { rack: { inSync: true }, far: { inSync: false } },
      }),
    );
    const told = await metrics();
    expect(told).toContain('tor_bgp_bot_ready 1');
    expect(told).toContain('tor_bgp_bot_target_in_sync{target="rack"} 1');
    expect(told).toContain('tor_bgp_bot_target_in_sync{target="far"} 0');
    expect(await story.ask(ALICE, 'nodes --target rack')).toContain('worker1.rack.example.com');
    expect(await story.ask(ALICE, 'nodes --target far')).toContain('cluster_unreachable');
  });

  test('lesson 55: the probe gets one word; details are for this machine, and for whoever has the token', async () => {
    const url = story.bot.opsUrl;
    expect(await getFromElsewhere(`${url}/readyz`)).toEqual({ status: 200, body: 'ready\n' });
    expect(await getFromElsewhere(`${url}/healthz`)).toEqual({ status: 200, body: 'alive\n' });
    expect(await getFromElsewhere(`${url}/metrics`)).toEqual({ status: 401, body: 'no\n' });
    for (const token of ['', 'another', TOKEN.slice(0, -1), `${TOKEN}x`]) {
      const authorization = `Bearer ${token}`;
      expect((await getFromElsewhere(`${url}/readyz`, { authorization })).body).toBe('ready\n');
      expect((await getFromElsewhere(`${url}/metrics`, { authorization })).status).toBe(401);
    }
    const authorization = `Bearer ${TOKEN}`;
    expect((await getFromElsewhere(`${url}/readyz`, { authorization })).body).toContain('"rack"');
    expect((await getFromElsewhere(`${url}/metrics`, { authorization })).body).toContain('target="rack"');
    // Somebody else's request, passed on by a proxy beside the bot.
    const passedOn = await fetch(`${url}/readyz`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(await passedOn.text()).toBe('ready\n');
  });

  test('lesson 55: with a dispatcher that does not get on, the bot is not ready; once it does, it is', async () => {
    // A queue that takes no jobs: its counter is no number.
    const counter = `${redisKeys().prefix}:queries:id`;
    const before = await redis.prompt.get(counter);
    await redis.prompt.set(counter, 'no number');
    await story.slack.control.command({
      channel: 'C01CHANGES',
      user: ALICE,
      command: '/bgp',
      text: 'nodes --target rack',
    });
    await eventually(async () =>
      expect(await health()).toMatchObject({
        status: 503,
        details: { dispatch: expect.stringMatching(/^stalled for \d+ s$/), slack: true, redis: true },
      }),
    );
    expect(await metrics()).toMatch(/tor_bgp_bot_consumer_stalled_seconds\{consumer="dispatch"\} \d\d/);
    expect(await getFromElsewhere(`${story.bot.opsUrl}/readyz`)).toEqual({ status: 503, body: 'unready\n' });
    await redis.prompt.set(counter, before ?? '0');
    await eventually(async () => expect((await health()).status).toBe(200));
  });
});
