import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, node, refusedWith, type Story, startStory } from './story.ts';

const NAMESPACE = 'spk-ingress';
const LOOKUP = 'spk-tor-bgp';

/** The sandbox's policy, with a static peer beside the lookups and the whole `tmm:` block as it is pasted. */
function pastedPolicy(): string {
  const policy = parse(sandboxPolicy());
  const [target] = policy.targets;
  const [lookup, lookup6] = target.bgp.neighbors;
  const { maxPathsEbgp, ...bgp } = target.bgp;
  const staticPeer = { ip: '10.20.9.1', asn: 3536, ebgpMultihop: 100, acceptsIPv4: true };
  const neighbors = [staticPeer, { ...lookup, maxPathsEbgp }, lookup6];
  target.bgp = { tmm: { dynamicRouting: { tmmRouting: { config: { bgp: { ...bgp, neighbors } } } } } };
  return stringify(policy);
}

describe('the network as it is', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story?.stop());

  const patch = (...body: readonly object[]) =>
    story.core.patchNamespacedConfigMap({ name: LOOKUP, namespace: NAMESPACE, body: [...body] });

  test('a pod that was left over by a node shutdown is named, and counts nowhere', async () => {
    const meta = { name: 'f5-tmm-shutdown', namespace: NAMESPACE };
    const containers = ['f5-tmm', 'f5-tmm-routing'].map((name) => ({ name, image: 'x' }));
    await story.core.createNamespacedPod({
      namespace: NAMESPACE,
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...meta, labels: { app: 'f5-tmm' } },
        spec: { nodeName: node('worker1'), containers },
      },
    });
    const status = {
      phase: 'Failed',
      reason: 'Terminated',
      conditions: [{ type: 'Ready', status: 'False' }],
    };
    await eventually(async () => {
      await story.core.patchNamespacedPodStatus({
        ...meta,
        body: [{ op: 'replace', path: '/status', value: status }],
      });
      const told = await story.ask(ALICE, `verify ${node('worker1')}`);
      expect(told).toMatch(/all \d+ checks passed/);
      expect(told).toContain('Leftover pods that have ended: f5-tmm-shutdown');
    });
    expect(await story.ask(ALICE, 'nodes')).not.toMatch(
      /worker1\.rack\.example\.com +Ready .*f5-tmm-shutdown/,
    );
    await story.core.deleteNamespacedPod(meta);
  });

  test('a key in binaryData is named, and what would write it is refused when asked for', async () => {
    await patch({
      op: 'add',
      path: '/binaryData',
      value: { [node('worker4')]: '//4xADAALgAyADAALgA0AC4AMQA=' },
    });
    await eventually(async () => expect(await story.ask(ALICE, 'show')).toContain('binaryData'));
    const told = await story.ask(ALICE, `add ${node('worker4')} 10.20.4.1`);
    expect(told).toMatch(refusedWith('mapping_unreadable'));
    expect(told).toContain('kubectl patch configmap spk-tor-bgp');
    await patch({ op: 'remove', path: '/binaryData' });
  });

  test('keys are taken as they are written, and one that differs from a node in case only is told', async () => {
    const key = 'Worker4.rack.example.com';
    await patch(
      { op: 'add', path: '/data/README', value: 'one line per node' },
      { op: 'add', path: `/data/${key}`, value: '10.20.4.1' },
    );
    await eventually(async () =>
      expect(await story.ask(ALICE, 'remove README --dry-run')).toContain('- README: one line per node'),
    );
    expect(await story.ask(ALICE, `remove ${key} --dry-run`)).toContain(`- ${key}: 10.20.4.1`);
    expect(await story.ask(ALICE, 'verify')).toContain(
      `${key} differs from node worker4.rack.example.com in case only`,
    );
    await patch({ op: 'remove', path: '/data/README' }, { op: 'remove', path: `/data/${key}` });
  });

  test('peers, router and stale answer in Slack', async () => {
    expect(await story.ask(ALICE, 'peers 10.20.1.1')).toMatch(
      /worker1\.rack\.example\.com +spk-tor-bgp +3535 +f5-tmm-/,
    );
    const router = await story.ask(ALICE, `router ${node('worker1')}`);
    for (const line of [
      'neighbor <TMM_SELF_IPV4> remote-as 64443',
      'set / network-instance default protocols bgp',
    ])
      expect(router).toContain(line);
    expect(await story.ask(ALICE, 'stale')).toMatch(/Stale TMM pods of rack: 0 of 3/);
    expect(await story.ask(ALICE, 'restart --stale')).toMatch(refusedWith('nothing_to_do'));
  });

  test.each([
    ['Show Worker1.Rack.Example.com', 'spk-tor-bgp'],
    ['rotate `worker1.rack.example.com` `10.20.1.9` --dry-run', '+ worker1.rack.example.com: 10.20.1.9'],
    ['rotate *worker1.rack.example.com* 10.20.1.9 --dry-run', '+ worker1.rack.example.com: 10.20.1.9'],
    ['rotate 10.20.1.1 = 10.20.1.9 --dry-run', '+ worker1.rack.example.com: 10.20.1.9'],
    ['rotate 10.20.1.1->10.20.1.9 --dry-run', '+ worker1.rack.example.com: 10.20.1.9'],
    [
      'rotate worker1.rack.example.com 10.20.1.9\uff0c 10.20.1.2 --dry-run',
      '+ worker1.rack.example.com: 10.20.1.9,10.20.1.2',
    ],
    ['/bgp show worker1.rack.example.com', 'spk-tor-bgp'],
  ])('typed on a phone, it means what was meant: %s', async (text, says) => {
    expect(await story.ask(ALICE, text)).toContain(says);
  });

  test('an owner that server-side apply alone tells of is on the card, and nothing is certified without one', async () => {
    const plan = `rotate ${node('worker1')} 10.20.1.9 --dry-run`;
    expect(await story.ask(ALICE, plan)).not.toMatch(/belongs to|no other tool/);
    await story.core.patchNamespacedConfigMap({
      name: LOOKUP,
      namespace: NAMESPACE,
      fieldManager: 'argocd-controller',
      body: [{ op: 'replace', path: `/data/${node('worker2')}`, value: '10.20.2.1 ' }],
    });
    await eventually(async () =>
      expect(await story.ask(ALICE, plan)).toContain('belongs to Argo CD (field manager argocd-controller)'),
    );
  });
});

describe('TMM pods of a DaemonSet', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story?.stop());

  test('come back to their cordoned node, and the plan does not say otherwise', async () => {
    const apps = `${story.cluster.url}/apis/apps/v1/namespaces/${NAMESPACE}`;
    const labels = { app: 'f5-tmm' };
    const containers = ['f5-tmm', 'f5-tmm-routing'].map((name) => ({ name, image: 'x' }));
    const plan = `rotate ${node('worker2')} 10.20.2.9 --dry-run`;
    const cordon = (unschedulable: boolean) =>
      story.core.patchNode({
        name: node('worker2'),
        body: [{ op: 'add', path: '/spec/unschedulable', value: unschedulable }],
      });
    await cordon(true);
    await eventually(async () => expect(await story.ask(ALICE, plan)).toContain('ends without a TMM'));
    await cordon(false);
    await fetch(`${apps}/deployments/f5-tmm`, { method: 'DELETE' });
    const body = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'f5-tmm', namespace: NAMESPACE, labels },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers } },
      },
    };
    const headers = { 'content-type': 'application/json' };
    const created = await fetch(`${apps}/daemonsets`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(created.status).toBe(201);
    await eventually(async () => {
      const { items } = await story.core.listNamespacedPod({
        namespace: NAMESPACE,
        labelSelector: 'app=f5-tmm',
      });
      const there = items.filter(
        ({ spec, metadata }) =>
          spec?.nodeName === node('worker2') && metadata?.deletionTimestamp === undefined,
      );
      expect(there.map(({ metadata }) => metadata?.ownerReferences?.[0]?.kind)).toEqual(['DaemonSet']);
    });
    await cordon(true);
    await eventually(async () =>
      expect(await story.ask(ALICE, 'nodes')).toMatch(/worker2\.rack\.example\.com +Ready, cordoned/),
    );
    const told = await story.ask(ALICE, plan);
    expect(told).toContain(`+ ${node('worker2')}: 10.20.2.9`);
    expect(told).not.toContain('ends without a TMM');
  });
});

describe('Helm values as they are pasted', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: pastedPolicy() });
  });
  afterAll(() => story?.stop());

  test('a static peer is said to be one, and no node gets it in another AS', async () => {
    const told = await story.ask(ALICE, 'rotate 10.20.9.1=10.20.9.2 --dry-run');
    expect(told).toMatch(refusedWith('static_peer'));
    expect(told).toContain('neighbors[0].ip of the Helm values');
    expect(await story.ask(ALICE, `rotate ${node('worker1')} 10.20.9.1`)).toMatch(
      refusedWith('address_other_as'),
    );
  });

  test('the number of paths under a neighbor is the one of the TMM pods', async () => {
    await eventually(async () => expect(await story.ask(ALICE, 'verify')).toContain('10.20.1.1 Established'));
    expect(await story.ask(ALICE, 'verify')).not.toContain('max-paths');
    expect(await story.ask(ALICE, 'values')).toContain('maxPathsEbgp: 4');
  });
});
