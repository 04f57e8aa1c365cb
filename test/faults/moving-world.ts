import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { kubeconfigFor } from '../../sandbox/src/kubernetes/kubeconfig-for.ts';
import { NAMESPACE } from '../../sandbox/src/seed-cluster.ts';
import { keepAvailable } from '../cluster/budget.ts';
import { aPolicy } from '../lessons/a-policy.ts';
import type { Fault } from './faulted-run.ts';
import { startRedisProxy } from './redis-proxy.ts';
import { NODE, untilTrue, type World } from './world.ts';

const OLD = '10.20.1.1';
const NEW = '10.20.1.9';
const EVERY_OTHER_ROUTER = ['10.20.2.1', '10.20.3.1', '10.20.3.2', '2001:db8:20:2::1'];
const OTHER_NODE = 'worker2.rack.example.com';
const isHalted = ({ event }: { readonly event: string }): boolean => event === 'change.halted';

/** Has the only bot stand still with its intent to evict noted, before it can act on that; resolves when it does. */
async function standStill(world: World): Promise<{ goOn(): Promise<void> }> {
  const proxy = await startRedisProxy(world.sandbox.redis.url);
  const bot = await world.another({ REDIS_URL: proxy.url });
  await world.stopFirst();
  const still = new Promise<void>((resolve) => {
    proxy.beforeAnswerTo(['step.intended', '"kind":"evict"'], () => {
      process.kill(bot.pid, 'SIGSTOP');
      resolve();
    });
  });
  await world.press('U02BOB', world.change, 'approve');
  await still;
  return {
    async goOn() {
      const before = world.effects.length;
      process.kill(bot.pid, 'SIGCONT');
      await sleep(3_000);
      const more = world.effects.slice(before).map(({ method, path }) => `${method} ${path}`);
      world.promise(more.length === 0, `the bot that stood still did nothing more, not ${more.join(', ')}`);
      await bot.stop();
      await proxy.stop();
    },
  };
}

const ROTATED = { endings: 1, taken: 1, values: [OLD, NEW] } as const;

/** Preconditions that hold at one moment and not at the next, with several bots, targets and people. */
export const MOVING_WORLD: readonly Fault[] = [
  {
    name: 'bot stands still past its lease before the eviction, another one finishes',
    approvesItself: true,
    async strike(world) {
      const still = await standStill(world);
      await world.another();
      await world.ended(world.change);
      await still.goOn();
    },
    ending: { ...ROTATED, state: 'succeeded', card: ['✅ succeeded'] },
  },
  {
    name: 'bot stands still past its lease before the eviction, and a person says stop',
    approvesItself: true,
    async strike(world) {
      const still = await standStill(world);
      await world.another();
      await world.press('U02BOB', world.change, 'cancel');
      await world.ended(world.change);
      await still.goOn();
    },
    ending: { ...ROTATED, state: 'halted', reasonCode: 'cancelled', taken: 0, card: ['Stopped on request'] },
  },
  {
    name: 'halted, then its key is set back and its TMM deleted, then Check again',
    setting: { policy: aPolicy() },
    prepare: async ({ sandbox }) => sandbox.routers.set(NEW, false),
    async strike(world) {
      const { core, sandbox } = world;
      await world.record(isHalted);
      const body = [{ op: 'replace', path: `/data/${NODE}`, value: OLD }];
      await core.patchNamespacedConfigMap({
        name: 'spk-tor-bgp',
        namespace: NAMESPACE,
        body,
        fieldManager: 'kubectl-edit',
      });
      const name = await podOn(NODE, world);
      await core.deleteNamespacedPod({ name, namespace: NAMESPACE });
      await untilTrue(() => world.witness.taken() === 2 && world.witness.readyPods() === 3, 'its TMM is new');
      sandbox.routers.set(NEW, true);
      await untilTrue(() => world.card(world.change).includes('Check again'), 'its card offers Check again');
      await world.press('U02BOB', world.change, 'resume');
      await world.record(({ event }) => event === 'change.resumed');
    },
    ending: {
      state: 'halted',
      reasonCode: 'mapping_moved',
      endings: 2,
      taken: 2,
      values: [OLD, NEW, OLD],
      card: ['kubectl-edit', `this change wrote \\"${NEW}\\"`],
    },
  },
  {
    name: 'bot killed while a budget blocks, meanwhile every other TMM loses BGP',
    setting: { policy: aPolicy((file) => (file.targets[0].timeouts.eviction = '20s')) },
    approvesItself: true,
    async strike(world) {
      const { cluster, routers } = world.sandbox;
      const lift = await keepAvailable(cluster.kubeconfig, 'tmm-stays', 3);
      await world.press('U02BOB', world.change, 'approve');
      await world.record(({ data }) => String(data.progress).includes('may not be evicted yet'));
      await world.killFirst();
      for (const router of EVERY_OTHER_ROUTER) routers.set(router, false);
      await sleep(1_000);
      await lift();
      await world.another();
    },
    ending: {
      ...ROTATED,
      state: 'halted',
      reasonCode: 'last_carrying_tmm',
      taken: 0,
      card: ['--allow-outage'],
    },
  },
  {
    name: 'two targets with the same TMM pods, both changes approved in the same instant',
    setting: {
      policy: aPolicy(({ targets }) => targets.push({ ...structuredClone(targets[0]), name: 'twin' })),
    },
    command: `restart ${NODE} --target rack`,
    approvesItself: true,
    prepare: (world) => world.another(),
    async strike(world) {
      const twin = await world.propose(`restart ${OTHER_NODE} --target twin`);
      await Promise.all([world.change, twin].map((change) => world.press('U02BOB', change, 'approve')));
      const ended = await world.ended(twin);
      world.promise(
        ended?.state === 'succeeded',
        `the other change succeeded, not ${ended?.outcome?.sentence}`,
      );
      const [one, other] = await Promise.all([timesOf(world.change, world), timesOf(twin, world)]);
      const apart = one.overAt <= other.startedAt || other.overAt <= one.startedAt;
      world.promise(apart, 'one change waited for the end of the other');
    },
    ending: { state: 'succeeded', endings: 1, taken: 2, values: [OLD], card: ['✅ succeeded'] },
  },
  {
    name: 'the credentials of its target hang: other targets go on, and Stop works',
    setting: { policy: policyOfTwo(), environment: credentialsThatHang },
    command: `rotate ${NODE} ${NEW} --target rack`,
    prepare: async ({ sandbox }) => sandbox.routers.set(NEW, false),
    async strike(world) {
      const { routers, env } = world.sandbox;
      const hangs = join(env.KUBECONFIG ?? '', '..', 'hangs');
      await world.record(({ data }) => String(data.progress).includes(' → '));
      await writeFile(hangs, '');
      // The next look needs a credential.
      await sleep(3_000);
      await world.ask('U03CAROL', 'nodes --target lab');
      await untilTrue(() => world.told('U03CAROL').includes(NODE), 'a query of the other target is answered');
      const other = await world.propose(`add ${NODE} ${OLD} --target lab`);
      await world.press('U02BOB', other, 'approve');
      const ended = await world.ended(other);
      world.promise(
        ended?.state === 'succeeded',
        `the other target's change went on: ${ended?.outcome?.sentence}`,
      );
      const saidAtMs = Date.now();
      await world.press('U02BOB', world.change, 'cancel');
      const { at } = await world.record(isHalted);
      const forMs = Date.parse(at) - saidAtMs;
      world.promise(forMs <= 2_000, `it stopped within 2 s, not after ${forMs} ms`);
      await rm(hangs);
      routers.set(NEW, true);
      await untilTrue(() => world.card(world.change).includes('Check again'), 'its card offers Check again');
      await world.press('U02BOB', world.change, 'resume');
      await world.record(({ event }) => event === 'change.resumed');
    },
    ending: { ...ROTATED, state: 'succeeded', endings: 2, card: ['✅ succeeded'] },
  },
];

async function podOn(node: string, { core }: World): Promise<string> {
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=f5-tmm' });
  const pod = items.find(
    ({ spec, metadata }) => spec?.nodeName === node && metadata?.deletionTimestamp === undefined,
  );
  return pod?.metadata?.name ?? '';
}

async function timesOf(
  change: string,
  world: World,
): Promise<{ readonly startedAt: number; readonly overAt: number }> {
  const [started, over] = await Promise.all([
    world.record(({ event }) => event === 'change.started', change),
    world.record(({ event }) => event === 'change.succeeded', change),
  ]);
  return { startedAt: started.seq, overAt: over.seq };
}

/** Targets `rack`, by the credentials that hang, and `lab`, which has no TMM pods. */
function policyOfTwo(): string {
  return aPolicy(({ targets }) => {
    targets.push({
      ...structuredClone(targets[0]),
      name: 'lab',
      namespace: 'default',
      tmm: { namespace: 'default' },
    });
    targets[0].context = 'hung';
    targets[0].timeouts.session = '60s';
  });
}

/** The sandbox's context, and one with a credential plugin that hangs while the file `hangs` is there. */
async function credentialsThatHang(
  folder: string,
  { url }: { readonly url: string },
): Promise<Readonly<Record<string, string>>> {
  const config = parse(kubeconfigFor(url, NAMESPACE));
  const [{ context }] = config.contexts;
  // Expired at once, so that each request needs the plugin.
  const status = { token: 't', expirationTimestamp: '2026-01-01T00:00:00Z' };
  const script = [
    `while [ -e ${join(folder, 'hangs')} ]; do sleep 0.2; done`,
    `echo '${JSON.stringify({ status })}'`,
  ].join('\n');
  config.users.push({ name: 'plugin', user: { exec: { command: '/bin/sh', args: ['-c', script] } } });
  config.contexts.push({ name: 'hung', context: { ...context, user: 'plugin' } });
  const kubeconfig = join(folder, 'kubeconfig-of-two');
  await writeFile(kubeconfig, stringify(config));
  return { KUBECONFIG: kubeconfig };
}
