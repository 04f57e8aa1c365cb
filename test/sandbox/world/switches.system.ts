import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Switch } from '../../../sandbox/src/world/switches.ts';
import type { World } from '../../../sandbox/src/world/world.ts';
import { ALICE, BOB, node, type Story, startStory } from '../../stories/story.ts';
import { eventually } from '../zebos/eventually.ts';

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story?.stop());

const read = async (): Promise<World> =>
  JSON.parse(await (await fetch(`${story.slack.url}/_control/world`)).text());
const flip = async (body: Switch): Promise<unknown> => (await post(body)).json();
const post = (body: object): Promise<Response> =>
  fetch(`${story.slack.url}/_control/world`, { method: 'POST', body: JSON.stringify(body) });
const done = async (body: Switch): Promise<void> => expect(await flip(body)).toEqual({ ok: true });
const nodeNow = async (name: string) => (await read()).nodes.find((one) => one.name === node(name));
const routerNow = async (address: string) =>
  (await read()).routers.find((router) => router.address === address);
const tmmOn = async (name: string) =>
  (await read()).tmms.find((tmm) => tmm.node === node(name) && !tmm.leaving && tmm.phase !== 'Failed');
const stateOf = async (address: string) =>
  (await read()).tmms.flatMap(({ sessions }) => sessions).find((session) => session.address === address)
    ?.state;

test('shows nodes in their racks, TMM pods, sessions as routing has them, routers, and the surroundings', async () => {
  await eventually(async () => expect(await stateOf('10.20.1.1')).toBe('Established'));
  expect(await nodeNow('worker1')).toEqual({
    name: node('worker1'),
    rack: 'r1',
    ready: true,
    cordoned: false,
    taints: [],
    mapping: { 'spk-tor-bgp': '10.20.1.1', 'spk-tor-bgp-v6': '2001:db8:20:1::1' },
  });
  expect(await nodeNow('master1')).toMatchObject({
    taints: ['node-role.kubernetes.io/master:NoSchedule'],
    mapping: {},
  });
  expect(await tmmOn('worker1')).toMatchObject({
    phase: 'Running',
    ready: true,
    reason: '',
    sessions: [
      { address: '10.20.1.1', families: ['IPv4'], prefixesReceived: 2, prefixesSent: 3, bfd: null },
      { address: '2001:db8:20:1::1', families: ['IPv6'] },
    ],
  });
  expect(await routerNow('10.20.2.9')).toEqual({
    address: '10.20.2.9',
    rack: 'r2',
    up: true,
    flapping: false,
    shutDown: false,
    bfd: true,
  });
  expect(await read()).toMatchObject({
    lookups: ['spk-tor-bgp', 'spk-tor-bgp-v6'],
    bot: { running: true, pid: story.bot.pid },
    redis: 'up',
    slack: 'normal',
    rejectsNextPod: false,
  });
});

test('whoever listens hears of a change, at most four times a second', async () => {
  const heard: string[] = [];
  const unwatch = story.slack.announcements.watch(({ changed }) => void heard.push(changed));
  await eventually(() => expect(heard).toContain('world'));
  heard.length = 0;
  const beganAtMs = Date.now();
  for (let turn = 0; turn < 20; turn += 1)
    await done({ do: 'router', address: '10.20.3.2', up: turn % 2 === 1 });
  await eventually(() => expect(heard).toContain('world'));
  const most = Math.ceil((Date.now() - beganAtMs) / 250) + 1;
  expect(heard.filter((changed) => changed === 'world').length).toBeLessThanOrEqual(most);
  unwatch();
});

test('a router goes down and comes up, loses its BFD, and is shut down as a neighbor', async () => {
  await done({ do: 'router', address: '10.20.1.1', up: false, bfd: false });
  expect(await routerNow('10.20.1.1')).toMatchObject({ up: false, bfd: false });
  await eventually(async () => expect(await stateOf('10.20.1.1')).toMatch(/Active|Connect/));
  await done({ do: 'router', address: '10.20.1.1', up: true, bfd: true });
  await eventually(async () => expect(await stateOf('10.20.1.1')).toBe('Established'));
  await done({ do: 'router', address: '10.20.1.1', shutDown: true });
  expect(await routerNow('10.20.1.1')).toMatchObject({ up: true, bfd: true, shutDown: true });
  expect(await stateOf('10.20.1.1')).toBe('Idle');
  await done({ do: 'router', address: '10.20.1.1', shutDown: false });
  await eventually(async () => expect(await stateOf('10.20.1.1')).toBe('Established'));
});

test('a router that flaps is down, up and down again, until it is let be', async () => {
  const seen: boolean[] = [];
  await done({ do: 'router', address: '10.20.3.1', flapping: true });
  await eventually(async () => {
    const router = await routerNow('10.20.3.1');
    if (router?.up !== undefined && router.up !== seen.at(-1)) seen.push(router.up);
    expect(router?.flapping).toBe(true);
    expect(seen).toEqual([false, true, false]);
  });
  await done({ do: 'router', address: '10.20.3.1', flapping: false });
  expect(await routerNow('10.20.3.1')).toMatchObject({ up: true, flapping: false });
});

test('a tainted node takes no TMM pod; a drained one is cordoned and loses its own', async () => {
  await done({ do: 'node', node: node('worker4'), tainted: true });
  expect((await nodeNow('worker4'))?.taints).toEqual(['sandbox/maintenance=true:NoSchedule']);
  const before = await tmmOn('worker3');
  await done({ do: 'drain', node: node('worker3') });
  expect((await nodeNow('worker3'))?.cordoned).toBe(true);
  await eventually(async () => {
    const { tmms } = await read();
    expect(tmms.some(({ name }) => name === before?.name)).toBe(false);
    expect(tmms.filter(({ ready }) => ready).map(({ node: on }) => on)).toEqual(
      expect.not.arrayContaining([node('worker3'), node('worker4')]),
    );
    expect(tmms.filter(({ ready }) => ready).length).toBe(3);
  });
  await done({ do: 'node', node: node('worker3'), cordoned: false });
  await done({ do: 'node', node: node('worker4'), tainted: false });
  expect((await nodeNow('worker4'))?.taints).toEqual([]);
});

test('the next TMM pod is rejected, and the one after it is not', async () => {
  await done({ do: 'reject-next-pod' });
  expect((await read()).rejectsNextPod).toBe(true);
  const lost = (await tmmOn('worker2')) ?? (await tmmOn('worker1'));
  await done({ do: 'drain', node: lost?.node ?? '' });
  await eventually(async () => {
    const { tmms, rejectsNextPod } = await read();
    expect(rejectsNextPod).toBe(false);
    expect(tmms.filter(({ phase }) => phase === 'Failed')).toMatchObject([
      { reason: 'UnexpectedAdmissionError', ready: false, sessions: [] },
    ]);
    expect(tmms.filter(({ ready }) => ready).length).toBe(3);
  });
});

test('an edit by hand changes one key, and the API knows who wrote it', async () => {
  await done({ do: 'map', lookup: 'spk-tor-bgp', node: node('worker4'), peers: '10.20.4.1' });
  expect((await nodeNow('worker4'))?.mapping).toEqual({ 'spk-tor-bgp': '10.20.4.1' });
  const { items } = await story.core.listNamespacedConfigMap({ namespace: 'spk-ingress' });
  const managers = items
    .flatMap(({ metadata }) => metadata?.managedFields ?? [])
    .map(({ manager }) => manager);
  expect(managers).toContain('kubectl-edit');
  await done({ do: 'map', lookup: 'spk-tor-bgp', node: node('worker4'), peers: null });
  expect((await nodeNow('worker4'))?.mapping).toEqual({});
  expect(await flip({ do: 'map', lookup: 'none', node: node('worker4'), peers: '10.20.4.1' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('404'),
  });
});

test('the bot is killed and comes back as another process, and works', async () => {
  const { pid } = story.bot;
  let hasEnded = false;
  void story.bot.exited.then(() => {
    hasEnded = true;
  });
  await done({ do: 'kill-bot' });
  expect((await read()).bot.running).toBe(false);
  await eventually(async () => expect((await read()).bot.running).toBe(true));
  expect(story.bot.pid).not.toBe(pid);
  expect(hasEnded).toBe(false);
  expect(await story.ask(ALICE, 'whoami')).toContain(ALICE);
});

test('a bot that is killed while Slack is out comes back with Slack, and the sandbox stays', async () => {
  let hasEnded = false;
  void story.bot.exited.then(() => {
    hasEnded = true;
  });
  await done({ do: 'slack', service: 'out' });
  await done({ do: 'kill-bot' });
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(hasEnded).toBe(false);
  expect((await read()).bot.running).toBe(false);
  await done({ do: 'slack', service: 'normal' });
  await eventually(async () => expect((await read()).bot.running).toBe(true));
  expect(await story.ask(ALICE, 'whoami')).toContain(ALICE);
}, 60_000);

test('Redis is cut for a while; the bot is there again afterwards', async () => {
  await done({ do: 'cut-redis', forMs: 1_500 });
  expect((await read()).redis).toBe('cut');
  await eventually(async () => expect((await fetch(`${story.bot.opsUrl}/readyz`)).status).toBe(503));
  await eventually(async () => expect((await read()).redis).toBe('up'));
  await eventually(async () => expect((await fetch(`${story.bot.opsUrl}/readyz`)).status).toBe(200));
  expect(await story.ask(BOB, 'whoami')).toContain(BOB);
});

test('Slack is out and says so to who types; back again, the bot connects by itself', async () => {
  await done({ do: 'slack', service: 'out' });
  expect((await read()).slack).toBe('out');
  await eventually(() => expect(story.slack.control.connections()).toBe(0));
  expect((await fetch(`${story.slack.apiUrl}auth.test`, { method: 'POST' })).status).toBe(503);
  await done({ do: 'slack', service: 'normal' });
  await eventually(() => expect(story.slack.control.connections()).toBeGreaterThan(0));
});

test('Slack is slow: each call of its API takes two seconds', async () => {
  await done({ do: 'slack', service: 'slow' });
  const beganAtMs = Date.now();
  await fetch(`${story.slack.apiUrl}auth.test`, { method: 'POST' });
  expect(Date.now() - beganAtMs).toBeGreaterThanOrEqual(1_900);
  await done({ do: 'slack', service: 'normal' });
});

test('mending brings everything back that can be switched', async () => {
  await done({ do: 'router', address: '10.20.2.9', up: false, bfd: false, shutDown: true });
  await done({ do: 'router', address: '10.20.1.9', flapping: true });
  await done({ do: 'node', node: node('worker1'), cordoned: true, tainted: true });
  await done({ do: 'reject-next-pod' });
  await done({ do: 'mend' });
  const { nodes, routers, rejectsNextPod, slack } = await read();
  expect(
    nodes.filter(({ name, cordoned, taints }) => cordoned || (taints.length > 0 && name !== node('master1'))),
  ).toEqual([]);
  expect(nodes.find(({ name }) => name === node('master1'))?.taints.length).toBe(1);
  expect(routers.filter(({ up, flapping, shutDown, bfd }) => !up || flapping || shutDown || !bfd)).toEqual(
    [],
  );
  expect({ rejectsNextPod, slack }).toEqual({ rejectsNextPod: false, slack: 'normal' });
});

test('what is no switch is refused, with what is wrong with it', async () => {
  const answer = await post({ do: 'router', address: 'worker1' });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(await answer.json())).toContain('address');
});
