import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppsV1Api, KubeConfig } from '@kubernetes/client-node';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { NAMESPACE, NODES } from '../../sandbox/src/seed-cluster.ts';
import { keepAvailable } from '../cluster/budget.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, node, refusedWith, type Story, startStory } from './story.ts';

function impatientPolicy(change: (policy: ReturnType<typeof parse>) => void = () => undefined): string {
  const policy = parse(sandboxPolicy());
  policy.targets[0].timeouts = { eviction: '3s', successor: '5s', session: '10s', hold: '2s' };
  change(policy);
  return stringify(policy);
}

describe('ground that moves', () => {
  let story: Story;
  let apps: AppsV1Api;
  beforeAll(async () => {
    story = await startStory({ policy: impatientPolicy() });
    const config = new KubeConfig();
    config.loadFromString(story.cluster.kubeconfig);
    apps = config.makeApiClient(AppsV1Api);
  });
  afterAll(() => story?.stop());

  const cordon = async (cordoned: boolean): Promise<void> => {
    const value = cordoned;
    for (const { name } of NODES.slice(1)) {
      await story.core.patchNode({ name, body: [{ op: 'add', path: '/spec/unschedulable', value }] });
    }
  };
  const scale = async (replicas: number): Promise<void> => {
    await apps.patchNamespacedDeployment({
      name: 'f5-tmm',
      namespace: NAMESPACE,
      body: [{ op: 'replace', path: '/spec/replicas', value: replicas }],
    });
    await eventually(async () => expect((await story.pods()).size).toBe(replicas));
  };

  test('a pod that somebody else replaced between plan and approval makes the plan stale', async () => {
    const card = await story.propose(ALICE, `restart ${node('worker1')}`);
    const { items } = await story.core.listNamespacedPod({
      namespace: NAMESPACE,
      labelSelector: 'app=f5-tmm',
    });
    const pod = items.find(({ spec }) => spec?.nodeName === node('worker1'));
    await story.core.deleteNamespacedPod({ name: pod?.metadata?.name ?? '', namespace: NAMESPACE });
    await eventually(async () =>
      expect((await story.pods()).get(node('worker1'))).not.toBe(pod?.metadata?.uid),
    );
    expect(await story.pressAndHear('U02BOB', card, 'approve')).toMatch(refusedWith('stale_plan'));
    await eventually(async () => expect((await story.pods()).size).toBe(3));
    // What follows needs another TMM that carries.
    await eventually(async () =>
      expect(await story.ask(ALICE, `show ${node('worker1')}`)).toMatch(/2001:db8:20:1::1 +Established/),
    );
  });

  test('a PodDisruptionBudget that blocks is named, and the pod stays', async () => {
    const lift = await keepAvailable(story.cluster.kubeconfig, 'tmm-stays', 3);
    const before = await story.pods();
    const card = await story.propose(ALICE, `restart ${node('worker2')}`);
    const told = await story.carryOut(card, '🛑 halted');
    expect(told).toContain('tmm-stays');
    expect(await story.pods()).toEqual(before);
    await lift();
    await story.press(ALICE, card, 'resume');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    expect((await story.pods()).get(node('worker2'))).not.toBe(before.get(node('worker2')));
  });

  test('a node that is cordoned between plan and approval makes the plan stale', async () => {
    const card = await story.propose(ALICE, `restart ${node('worker3')}`);
    await cordon(true);
    expect(await story.pressAndHear('U02BOB', card, 'approve')).toMatch(refusedWith('stale_plan'));
  });

  test('a successor that finds no node is a halt in the scheduler’s words, and goes on when there is room', async () => {
    const card = await eventually(async () => {
      const proposed = await story.propose(ALICE, `restart ${node('worker3')}`);
      expect(story.card(proposed)).toContain('cordoned');
      return proposed;
    });
    const told = await story.carryOut(card, '🛑 halted');
    expect(told).toContain('Unschedulable');
    const room = [{ op: 'replace', path: '/spec/unschedulable', value: false }];
    await story.core.patchNode({ name: node('worker3'), body: room });
    await eventually(async () => expect((await story.pods()).get(node('worker3'))).toBeDefined());
    await cordon(false);
    await story.press(ALICE, card, 'resume');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
  });

  test('the last TMM that carries is not taken, unless the plan says so in so many words', async () => {
    await scale(1);
    const [only = ''] = [...(await story.pods()).keys()];
    await eventually(async () => expect(await story.ask(ALICE, `show ${only}`)).toContain('Established'));
    const before = await story.pods();
    const careful = await story.propose(ALICE, `restart ${only}`);
    expect(await story.carryOut(careful, '🛑 halted')).toContain('--allow-outage');
    expect(await story.pods()).toEqual(before);
    await story.press(ALICE, careful, 'close');
    const bold = await story.propose(ALICE, `restart ${only} --allow-outage`);
    expect(story.card(bold)).toContain('may be evicted');
    await eventually(async () => expect((await story.pods()).size).toBe(1));
    await story.carryOut(bold, '✅ succeeded');
  });

  test('with no TMM at all a mapping is written, and nobody is restarted', async () => {
    await scale(0);
    expect(await story.ask(ALICE, 'restart --all')).toMatch(refusedWith('no_tmm_pods'));
    const card = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
    expect(story.card(card)).toContain('No TMM pod is restarted');
    await story.carryOut(card, '✅ succeeded');
  });

  test('TMMs of a DaemonSet come back to their nodes', async () => {
    const deployment = await apps.readNamespacedDeployment({ name: 'f5-tmm', namespace: NAMESPACE });
    await apps.deleteNamespacedDeployment({ name: 'f5-tmm', namespace: NAMESPACE });
    const { selector, template } = deployment.spec ?? { selector: {}, template: {} };
    await apps.createNamespacedDaemonSet({
      namespace: NAMESPACE,
      body: { metadata: { name: 'f5-tmm' }, spec: { selector, template } },
    });
    await eventually(async () => expect((await story.pods()).size).toBe(4));
    await eventually(async () =>
      expect(await story.ask(ALICE, `show ${node('worker1')}`)).toContain('Established'),
    );
    await eventually(async () =>
      expect(await story.ask(ALICE, `show ${node('worker3')}`)).toContain('Established'),
    );
    const before = await story.pods();
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.2`);
    await story.carryOut(card, '✅ succeeded');
    const after = await story.pods();
    expect(after.get(node('worker1'))).not.toBe(before.get(node('worker1')));
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  });
});

describe('two targets in one cluster', () => {
  test('have to be told apart, and have one change at a time each', async () => {
    const story = await startStory({
      policy: impatientPolicy((policy) => {
        const [rack] = policy.targets;
        policy.targets.push({ ...rack, name: 'lab', namespace: 'default', tmm: { namespace: 'default' } });
      }),
    });
    try {
      const told = await story.ask(ALICE, 'show');
      expect(told).toMatch(refusedWith('target_ambiguous'));
      expect(told).toContain('lab');
      expect(await story.ask(ALICE, `show ${node('worker1')} --target rack`)).toContain('10.20.1.1');
      const card = await story.propose(ALICE, `add ${node('worker1')} 10.20.1.1 --target lab`);
      expect(story.card(card)).toContain('new ConfigMap');
      await story.carryOut(card, '✅ succeeded');
      expect(
        await story.core.readNamespacedConfigMap({ name: 'spk-tor-bgp', namespace: 'default' }),
      ).toMatchObject({
        data: { [node('worker1')]: '10.20.1.1' },
      });
    } finally {
      await story.stop();
    }
  });
});

describe('the way back from a halt', () => {
  test('needs no approval where the policy waives it, and everything is told all the same', async () => {
    const story = await startStory({
      policy: impatientPolicy((policy) => {
        policy.rules[0].waiveRollback = true;
      }),
    });
    try {
      const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.77`);
      await story.carryOut(card, '🛑 halted');
      const undo = await story.propose(ALICE, `rollback ${card.id}`);
      await eventually(() => expect(story.card(undo)).toContain('✅ succeeded'));
      expect((await story.lookup('spk-tor-bgp'))?.[node('worker1')]).toBe('10.20.1.1');
      await eventually(() => expect(story.audit()).toContain('the policy requires no approval'));
    } finally {
      await story.stop();
    }
  });
});
