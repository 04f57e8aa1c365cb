import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import { type SandboxRedis, startRedis } from '../../sandbox/src/redis.ts';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { sandboxWorkspace } from '../../sandbox/src/slack/sandbox-workspace.ts';
import { type Slack, startSlack } from '../../sandbox/src/slack/start-slack.ts';
import { cardAction } from '../doubles/card-action.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { keepAvailable } from './budget.ts';
import {
  type ClusterUnderTest,
  clusterKind,
  coreOf,
  NAMESPACE,
  oneTmmPerNode,
  startClusterUnderTest,
} from './cluster-under-test.ts';

const CHANGES = 'C01CHANGES';

/** The sandbox's policy with an eviction gate that gives up soon. */
function impatientPolicy(): string {
  const policy = parse(sandboxPolicy());
  policy.targets[0].timeouts = { eviction: '5s', hold: '2s' };
  return stringify(policy);
}

const SECRETS = { signingSecret: 'secret', botToken: 'xoxb-sandbox', appToken: 'xapp-sandbox' };

describe(`the main job on ${clusterKind}`, () => {
  let world: ClusterUnderTest;
  let slack: Slack;
  let redis: SandboxRedis;
  let bot: BotProcess;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-main-job-'));
    [world, redis, slack] = await Promise.all([
      startClusterUnderTest(oneTmmPerNode()),
      startRedis(),
      startSlack({ port: 0, workspace: sandboxWorkspace, ...SECRETS }),
    ]);
    await writeFile(join(folder, 'kubeconfig'), world.botKubeconfig);
    await writeFile(join(folder, 'policy.yaml'), impatientPolicy());
    const core = coreOf(world.adminKubeconfig);
    await eventually(async () => {
      const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=f5-tmm' });
      const ready = items.filter((pod) =>
        pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
      );
      expect(ready.length).toBe(3);
    });
    bot = await startBot({
      program: 'dist/cli.js',
      logFile: join(folder, 'bot.log'),
      env: {
        SLACK_API_URL: slack.apiUrl,
        SLACK_BOT_TOKEN: SECRETS.botToken,
        SLACK_APP_TOKEN: SECRETS.appToken,
        REDIS_URL: redis.url,
        KUBECONFIG: join(folder, 'kubeconfig'),
        POLICY_FILE: join(folder, 'policy.yaml'),
      },
    });
  }, 120_000);

  afterAll(async () => {
    await bot?.stop();
    await slack?.stop();
    await redis?.stop();
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('rotate: proposed, approved by a colleague, carried out, and BGP is back', async () => {
    const core = coreOf(world.adminKubeconfig);
    const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=f5-tmm' });
    const node =
      items.map(({ spec }) => spec?.nodeName ?? '').find((name) => /^worker[12]\./.test(name)) ?? '';
    const rack = /\d/.exec(node)?.[0];
    await slack.control.command({
      channel: CHANGES,
      user: 'U01ALICE',
      command: '/bgp',
      text: `rotate ${node} 10.20.${rack}.9`,
    });
    const card = await eventually(() => {
      const found = slack.control.messages(CHANGES).find(({ text }) => text?.includes('BGP-1 '));
      expect(found?.blocks).toBeDefined();
      return found;
    });
    const approve = {
      channel: CHANGES,
      messageTs: card?.ts ?? '',
      user: 'U02BOB',
      action: { action_id: 'approve', block_id: 'decide' },
    };
    await slack.control.interact(approve);
    await eventually(() => {
      const now = slack.control.messages(CHANGES).find(({ ts }) => ts === card?.ts);
      expect(JSON.stringify(now?.blocks)).toContain('✅ succeeded');
      expect(now?.text).toContain('✅ BGP-1 ');
    });
    const lookup = await core.readNamespacedConfigMap({ name: 'spk-tor-bgp', namespace: NAMESPACE });
    expect(lookup.data?.[node]).toBe(`10.20.${rack}.9`);
  }, 120_000);

  test('a PodDisruptionBudget that blocks halts the change, which goes on once it is lifted', async () => {
    const lift = await keepAvailable(world.adminKubeconfig, 'tmm-stays', 3);
    const core = coreOf(world.adminKubeconfig);
    const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=f5-tmm' });
    const node =
      items.find(({ metadata }) => metadata?.deletionTimestamp === undefined)?.spec?.nodeName ?? '';
    await slack.control.command({
      channel: CHANGES,
      user: 'U01ALICE',
      command: '/bgp',
      text: `restart ${node}`,
    });
    const card = await eventually(() => {
      const found = slack.control.messages(CHANGES).find(({ text }) => text.includes('BGP-2 '));
      expect(found?.blocks).toBeDefined();
      return found;
    });
    const press = (user: string, action: string) =>
      slack.control.interact({
        channel: CHANGES,
        messageTs: card?.ts ?? '',
        user,
        action: cardAction(
          slack.control.messages(CHANGES).find(({ ts }) => ts === card?.ts),
          action,
        ),
      });
    const text = (): string => slack.control.messages(CHANGES).find(({ ts }) => ts === card?.ts)?.text ?? '';
    await press('U02BOB', 'approve');
    await eventually(() => expect(text()).toContain('🛑 BGP-2 · HALTED'), 60_000);
    await lift();
    await press('U01ALICE', 'resume');
    await eventually(() => expect(text()).toContain('✅ BGP-2 '), 60_000);
  }, 150_000);
});
