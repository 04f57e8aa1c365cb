import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keepAvailable } from '../cluster/budget.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { watchEffects } from './effects.ts';
import { type AuditRetention, openTrail } from './trail.ts';

const NAMESPACE = 'spk-ingress';

describe('execution', () => {
  const effects = watchEffects();
  let story: Story;
  let trail: AuditRetention;
  beforeAll(async () => {
    const policy = aPolicy((file) => {
      file.targets[0].timeouts = { eviction: '2s', successor: '6s', session: '10s', hold: '2s' };
    });
    story = await startStory({ policy, interfere: effects.interfere });
    trail = await openTrail(story.redis.url);
  });
  afterAll(async () => {
    await trail?.close();
    await story?.stop();
  });

  const done = () => [effects.count('write'), effects.count('evict')];
  const podOn = async (short: string) => {
    const { items } = await story.core.listNamespacedPod({
      namespace: NAMESPACE,
      labelSelector: 'app=f5-tmm',
    });
    return items.find(({ spec }) => spec?.nodeName === node(short))?.metadata?.name ?? '';
  };
  const finalizers = (name: string, value: readonly string[]) =>
    story.core.patchNamespacedPod({
      name,
      namespace: NAMESPACE,
      body: [{ op: 'add', path: '/metadata/finalizers', value }],
    });

  test('lesson 28: a job runs at least once: a second run changes nothing', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    const held = effects.hold('write');
    await story.press(BOB, card, 'approve');
    await held.met;
    // Twice while it runs, and twice when it is over.
    for (const again of ['7001', '7002']) await trail.addJob(`${card.id}.${again}`);
    held.letGo();
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    await eventually(async () => expect(await trail.openJobs()).toBe(0));
    const before = done();
    expect(before).toEqual([1, 1]);
    const pods = await story.pods();
    for (const again of ['7003', '7004']) await trail.addJob(`${card.id}.${again}`);
    await eventually(async () => expect(await trail.openJobs()).toBe(0));
    expect(done()).toEqual(before);
    expect(await story.pods()).toEqual(pods);
    const events = (await trail.of(card.id)).map(({ event }) => event);
    for (const once of ['change.started', 'change.succeeded'])
      expect(events.filter((event) => event === once)).toHaveLength(1);
  });

  test('lesson 29: a worker that lost its lease stops before its next effect', async () => {
    const [writes = 0, evictions = 0] = done();
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    const held = effects.hold('write');
    await story.press(BOB, card, 'approve');
    await held.met;
    const giveBack = await trail.stealLease();
    held.letGo();
    // Its job waits to be tried again: it gave up, and appended nothing that it was not entitled to.
    await eventually(async () => expect(await trail.delayedJobs()).toBeGreaterThan(0));
    expect(done()).toEqual([writes + 1, evictions]);
    expect((await trail.of(card.id)).at(-1)).toMatchObject({ event: 'step.intended' });
    await giveBack();
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    expect(effects.count('evict')).toBe(evictions + 1);
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker2')]).toBe('10.20.2.9');
    expect(await trail.faults()).toEqual([]);
  });

  test('lesson 31: an eviction that a budget blocks times out, is named, and gives the target back', async () => {
    const lift = await keepAvailable(story.cluster.kubeconfig, 'tmm-stays', 3);
    const pods = await story.pods();
    const card = await story.propose(ALICE, `restart ${node('worker3')}`);
    expect(await story.carryOut(card, '🛑 halted')).toContain('tmm-stays');
    expect((await trail.of(card.id)).at(-1)).toMatchObject({ reason_code: 'eviction_blocked' });
    expect(await story.pods()).toEqual(pods);
    // The budget still blocks, and yet the next change has the target as soon as somebody decided about this one.
    const next = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.press(BOB, next, 'approve');
    await eventually(() => expect(story.card(next)).toContain(`Waits: ${card.id} halted`));
    await story.press(ALICE, card, 'close');
    await eventually(() => expect(story.card(next)).toContain('✅ succeeded'));
    await lift();
  }, 60_000);

  test('lesson 31: an eviction that is only slow is told apart from a blocked one', async () => {
    const pod = await podOn('worker3');
    await finalizers(pod, ['example.com/stays']);
    const card = await story.propose(ALICE, `restart ${node('worker3')}`);
    try {
      expect(await story.carryOut(card, '🛑 halted')).toContain(
        `${pod} on ${node('worker3')} is still ending after`,
      );
      expect((await trail.of(card.id)).at(-1)).toMatchObject({ reason_code: 'eviction_slow' });
    } finally {
      await finalizers(pod, []);
    }
    await eventually(async () => expect((await story.pods()).size).toBe(3));
    await story.press(ALICE, card, 'close');
  }, 60_000);

  test('lesson 32: the last healthy TMM is not taken away without saying so', async () => {
    const routers = ['10.20.2.1', '10.20.2.9', '2001:db8:20:2::1', '10.20.3.1', '10.20.3.2'];
    for (const router of routers) story.routers.set(router, false);
    await eventually(async () => {
      expect(await story.ask(ALICE, `show ${node('worker2')}`)).not.toContain('Established');
      expect(await story.ask(ALICE, `show ${node('worker3')}`)).not.toContain('Established');
    });
    const evictions = effects.count('evict');
    const careful = await story.propose(ALICE, `restart ${node('worker1')}`);
    expect(story.card(careful)).toContain('The last TMM with an Established session is never evicted');
    expect(await story.carryOut(careful, '🛑 halted')).toContain('--allow-outage');
    expect((await trail.of(careful.id)).at(-1)).toMatchObject({ reason_code: 'last_carrying_tmm' });
    expect(effects.count('evict')).toBe(evictions);
    await story.press(ALICE, careful, 'close');
    const bold = await story.propose(ALICE, `restart ${node('worker1')} --allow-outage`);
    expect(story.card(bold)).toContain('🚨 The last TMM pod with an Established session may be evicted too');
    await story.carryOut(bold, '✅ succeeded');
    for (const router of routers) story.routers.set(router, true);
  });

  test('lesson 33: cancel says what it did and what stands half done, and offers the way back', async () => {
    const before = (await story.lookup('spk-tor-bgp'))?.[node('worker1')] ?? '';
    const pods = await story.pods();
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.2`);
    const held = effects.hold('write');
    await story.press(BOB, card, 'approve');
    await held.met;
    await story.press(ALICE, card, 'cancel');
    await trail.until(({ change, event }) => change === card.id && event === 'change.stop_requested');
    held.letGo();
    await eventually(() => expect(story.card(card)).toContain('🛑 halted'));
    const told = story.card(card);
    expect(told).toContain('✓ *worker1.rack* written in spk-tor-bgp');
    expect(told).toContain(`· restart ${await podOn('worker1')}`);
    expect(told).toContain('Stopped on request after 1 of 3 steps.');
    expect(told).toContain('*Traffic now*');
    for (const button of ['Check again', 'Roll back', 'Close']) expect(told).toContain(button);
    expect(await story.pods()).toEqual(pods);
    const undo = await story.propose(ALICE, `rollback ${card.id}`);
    await story.carryOut(undo, '✅ succeeded');
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker1')]).toBe(before);
    await eventually(() => expect(story.card(card)).toContain('rolled back'));
  });

  test('lesson 34: what somebody else did is never undone: only keys that this change wrote are rolled back', async () => {
    const card = await story.propose(ALICE, `add ${node('worker4')} 2001:db8:20:4::1`);
    await story.carryOut(card, '✅ succeeded');
    const theirs = [
      { op: 'replace', path: `/data/${node('worker1')}`, value: '2001:db8:20:1::77 ' },
      { op: 'add', path: '/data/somebody-else', value: 'keeps\tthis\n' },
    ];
    await story.core.patchNamespacedConfigMap({ name: 'spk-tor-bgp-v6', namespace: NAMESPACE, body: theirs });
    await story.carryOut(await eventually(() => story.propose(ALICE, `rollback ${card.id}`)), '✅ succeeded');
    expect(await story.lookup('spk-tor-bgp-v6')).toEqual({
      [node('worker1')]: '2001:db8:20:1::77 ',
      [node('worker2')]: '2001:db8:20:2::1',
      'somebody-else': 'keeps\tthis\n',
    });
    // And a key that they wrote over is theirs.
    const again = await story.propose(ALICE, `add ${node('worker4')} 2001:db8:20:4::1`);
    await story.carryOut(again, '✅ succeeded');
    const over = [{ op: 'replace', path: `/data/${node('worker4')}`, value: '2001:db8:20:4::9' }];
    await story.core.patchNamespacedConfigMap({ name: 'spk-tor-bgp-v6', namespace: NAMESPACE, body: over });
    await eventually(async () =>
      expect(await story.ask(ALICE, `rollback ${again.id}`)).toContain('mapping_changed_meanwhile'),
    );
    expect((await story.lookup('spk-tor-bgp-v6'))?.[node('worker4')]).toBe('2001:db8:20:4::9');
  });
});
