import { expect, test } from '@jest/globals';
import { warningsFor } from '../../../src/commands/planning/warnings.ts';
import type { Node, PodPlacement, TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import { foresawNoTmm, type Warning } from '../../../src/domain/change/plan.ts';

const INFRA = { key: 'dedicated', value: 'infra', effect: 'NoSchedule' };
const ANYWHERE: PodPlacement = { tolerations: [], nodeSelector: {}, nodeAffinity: [] };

test.each<[string, Partial<Node>, Partial<TmmPod>, string, string]>([
  [
    'another node takes the pod',
    { taints: [INFRA] },
    {},
    'replacement_elsewhere',
    'worker1 ends without a TMM: its new TMM pod will run on another node (taint dedicated=infra:NoSchedule is not tolerated).',
  ],
  [
    'no node takes it',
    { taints: [INFRA] },
    { placement: { ...ANYWHERE, nodeSelector: { rack: 'r1' } } },
    'replacement_unschedulable',
    'worker1 ends without a TMM: its new TMM pod will stay Pending (taint dedicated=infra:NoSchedule is not tolerated; no other node accepts it).',
  ],
  [
    'its DaemonSet serves the node no more',
    { taints: [INFRA] },
    { owner: { kind: 'DaemonSet', name: 'f5-tmm', uid: 'u' } },
    'replacement_unschedulable',
    'worker1 ends without a TMM: DaemonSet f5-tmm starts none there (taint dedicated=infra:NoSchedule is not tolerated).',
  ],
  [
    'the node is cordoned',
    { cordoned: true },
    {},
    'replacement_elsewhere',
    'worker1 ends without a TMM: its new TMM pod will run on another node (cordoned).',
  ],
])('lesson 43: the plan warns that a node ends without a TMM when %s', (_, node, pod, code, sentence) => {
  const warnings = planned(node, [tmm('a', pod)]);
  expect(warnings).toContainEqual({ code, node: 'worker1', sentence });
  expect(foresawNoTmm({ warnings }, 'worker1')).toBe(true);
  expect(foresawNoTmm({ warnings }, 'worker2')).toBe(false);
});

test.each<[string, Partial<Node>, readonly TmmPod[]]>([
  ['nothing speaks against its pod', {}, [tmm('a')]],
  ['it is cordoned, and the TMMs are a DaemonSet', { cordoned: true }, [daemon('a')]],
  ['one of its two TMM pods comes back', { cordoned: true }, [tmm('a'), daemon('b')]],
])('does not warn of a node on which %s', (_, node, pods) => {
  const warnings = planned(node, pods);
  expect(warnings.map(({ code }) => code)).not.toContain('replacement_elsewhere');
  expect(foresawNoTmm({ warnings }, 'worker1')).toBe(false);
});

test('does not warn of a node on which another TMM pod stays', () => {
  const snapshot = rack({ cordoned: true }, [tmm('a'), tmm('b')]);
  const restarts = [{ node: 'worker1', pods: [{ name: 'a', uid: 'a' }] }];
  expect(warningsFor(snapshot, [], restarts).map(({ code }) => code)).toEqual([]);
});

test('a node that is gone takes no TMM pod, and the plan says that it is gone', () => {
  const restarts = [{ node: 'worker9', pods: [{ name: 'a', uid: 'a' }] }];
  const warnings = warningsFor(rack({}, [tmm('a'), tmm('b')]), [], restarts);
  expect(warnings).toEqual([
    { code: 'node_gone', node: 'worker9', sentence: 'worker9 is not a node of this cluster (any more).' },
  ]);
  expect(foresawNoTmm({ warnings }, 'worker9')).toBe(true);
});

function planned(node: Partial<Node>, pods: readonly TmmPod[]): readonly Warning[] {
  const restarts = [{ node: 'worker1', pods: pods.map(({ name, uid }) => ({ name, uid })) }];
  return warningsFor(rack(node, pods), [], restarts);
}

function rack(changes: Partial<Node>, pods: readonly TmmPod[]) {
  return snapshotOf({
    clusterUid: 'uid-of-kube-system',
    target: 'rack',
    lookups: new Map(),
    nodes: [
      { name: 'worker1', ready: true, cordoned: false, ...changes },
      { name: 'worker2', ready: true, cordoned: false },
    ],
    pods,
  });
}

function tmm(name: string, changes: Partial<TmmPod> = {}): TmmPod {
  return {
    name,
    uid: name,
    namespace: 'spk-ingress',
    node: 'worker1',
    phase: 'Running',
    ready: true,
    terminating: false,
    routing: true,
    createdAtMs: 0,
    owner: { kind: 'ReplicaSet', name: 'f5-tmm', uid: 'u' },
    placement: ANYWHERE,
    ...changes,
  };
}

function daemon(name: string): TmmPod {
  return tmm(name, { owner: { kind: 'DaemonSet', name: 'f5-tmm', uid: 'u' } });
}
