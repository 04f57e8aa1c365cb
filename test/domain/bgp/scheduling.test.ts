import { describe, expect, test } from '@jest/globals';
import { displacementOf, type SchedulablePod } from '../../../src/domain/bgp/scheduling.ts';
import type {
  Node,
  NodeExpression,
  NodeTerm,
  PodPlacement,
  Taint,
} from '../../../src/domain/bgp/snapshot.ts';

const ANYWHERE: PodPlacement = { tolerations: [], nodeSelector: {}, nodeAffinity: [] };
const INFRA: Taint = { key: 'dedicated', value: 'infra', effect: 'NoSchedule' };

describe('a Deployment', () => {
  test.each<[string, Partial<Node>, Partial<PodPlacement>, string | undefined]>([
    ['runs on a node that nothing speaks against', {}, {}, undefined],
    ['does not run on a cordoned node', { cordoned: true }, {}, 'cordoned'],
    [
      'runs on a cordoned node when it tolerates that',
      { cordoned: true },
      { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] },
      undefined,
    ],
    ['does not run on a node that is not Ready', { ready: false }, {}, 'not Ready'],
    [
      'does not run on a node with a taint that it does not tolerate',
      { taints: [INFRA] },
      {},
      'taint dedicated=infra:NoSchedule is not tolerated',
    ],
    [
      'names a taint without value as kubectl does',
      { taints: [{ key: 'drain', value: '', effect: 'NoExecute' }] },
      {},
      'taint drain:NoExecute is not tolerated',
    ],
    [
      'does not care for a taint that only asks',
      { taints: [{ ...INFRA, effect: 'PreferNoSchedule' }] },
      {},
      undefined,
    ],
    [
      'tolerates a taint by its key',
      { taints: [INFRA] },
      { tolerations: [{ key: 'dedicated', operator: 'Exists' }] },
      undefined,
    ],
    [
      'tolerates a taint by its value',
      { taints: [INFRA] },
      { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'infra', effect: 'NoSchedule' }] },
      undefined,
    ],
    [
      'does not tolerate another value',
      { taints: [INFRA] },
      { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'tmm' }] },
      'taint dedicated=infra:NoSchedule is not tolerated',
    ],
    [
      'does not tolerate another effect',
      { taints: [INFRA] },
      { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }] },
      'taint dedicated=infra:NoSchedule is not tolerated',
    ],
    [
      'tolerates one taint and is kept away by the other',
      { taints: [INFRA, { key: 'gpu', value: '', effect: 'NoSchedule' }] },
      { tolerations: [{ key: 'dedicated', operator: 'Exists' }] },
      'taint gpu:NoSchedule is not tolerated',
    ],
    [
      'needs the labels of its node selector',
      { labels: { rack: 'r2' } },
      { nodeSelector: { rack: 'r1' } },
      'its node selector requires the label rack=r1, which the node does not have',
    ],
    [
      'has the labels of its node selector',
      { labels: { rack: 'r1' } },
      { nodeSelector: { rack: 'r1' } },
      undefined,
    ],
    [
      'has enough with one term of its node affinity',
      { labels: { rack: 'r3' } },
      { nodeAffinity: [[expression('rack', 'In', 'r1')], [expression('rack', 'In', 'r3')]] },
      undefined,
    ],
    [
      'needs one term of its node affinity',
      { labels: { rack: 'r2' } },
      { nodeAffinity: [[expression('rack', 'In', 'r1')], [expression('rack', 'In', 'r3')]] },
      'its required node affinity does not match the node',
    ],
  ])('%s', (_, node, placement, why) => {
    expect(away(node, placement)?.why).toBe(why);
  });

  test.each<[string, NodeTerm, boolean]>([
    ['In, held', [expression('rack', 'In', 'r1', 'r2')], true],
    ['In, another', [expression('rack', 'In', 'r2')], false],
    ['In, no such label', [expression('zone', 'In', 'r1')], false],
    ['NotIn, held', [expression('rack', 'NotIn', 'r1')], false],
    ['NotIn, another', [expression('rack', 'NotIn', 'r2')], true],
    ['NotIn, no such label', [expression('zone', 'NotIn', 'r1')], true],
    ['Exists', [expression('rack', 'Exists')], true],
    ['Exists, no such label', [expression('zone', 'Exists')], false],
    ['DoesNotExist', [expression('zone', 'DoesNotExist')], true],
    ['DoesNotExist, held', [expression('rack', 'DoesNotExist')], false],
    ['Gt', [expression('slots', 'Gt', '7')], true],
    ['Gt, the same', [expression('slots', 'Gt', '8')], false],
    ['Lt', [expression('slots', 'Lt', '9')], true],
    ['Lt, the same', [expression('slots', 'Lt', '8')], false],
    ['Gt, not a number', [expression('rack', 'Gt', '1')], false],
    ['Gt, two values', [expression('slots', 'Gt', '1', '2')], false],
    ['its own name', [expression('metadata.name', 'In', 'worker1')], true],
    ['another name', [expression('metadata.name', 'In', 'worker2')], false],
    ['all of a term', [expression('rack', 'Exists'), expression('slots', 'Gt', '8')], false],
    ['a term of nothing', [], false],
    ['a label that every object has', [expression('constructor', 'Exists')], false],
  ])('meets a node by its affinity as Kubernetes has it: %s', (_, term, meets) => {
    const labels = { rack: 'r1', slots: '8' };
    expect(away({ labels }, { nodeAffinity: [term] }) === undefined).toBe(meets);
  });

  test('lesson 43: the pod goes to a node that takes it, or stays Pending where there is none', () => {
    const tainted = { taints: [INFRA] };
    expect(away(tainted, {}, [{ name: 'worker2' }])?.replacement).toBe('elsewhere');
    expect(away(tainted, {}, [{ name: 'worker2', cordoned: true }])?.replacement).toBe('pending');
    expect(away(tainted, {}, [])?.replacement).toBe('pending');
  });

  test('whose pods were not read is judged by what the node itself says', () => {
    expect(displacementOf(pod('ReplicaSet'), node({ cordoned: true }), () => [])?.why).toBe('cordoned');
    expect(displacementOf(pod('ReplicaSet'), node({ taints: [INFRA] }), () => [])).toBeUndefined();
  });
});

describe('a DaemonSet', () => {
  test('lesson 43: puts its next pod on a cordoned node, as Kubernetes does', () => {
    expect(displacementOf(pod('DaemonSet', {}), node({ cordoned: true }), () => [])).toBeUndefined();
    expect(displacementOf(pod('StatefulSet', {}), node({ cordoned: true }), () => [])).toBeDefined();
  });

  test.each(['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'])(
    'puts it on a node with %s',
    (condition) => {
      const taints = [{ key: `node.kubernetes.io/${condition}`, value: '', effect: 'NoSchedule' }];
      expect(displacementOf(pod('DaemonSet', {}), node({ taints }), () => [])).toBeUndefined();
    },
  );

  test('starts none where a taint is not tolerated, and nowhere else instead', () => {
    expect(displacementOf(pod('DaemonSet', {}), node({ taints: [INFRA] }), () => [node({})])).toEqual({
      replacement: 'none',
      why: 'taint dedicated=infra:NoSchedule is not tolerated',
    });
  });
});

test('a pod without a controller is replaced by nothing', () => {
  expect(displacementOf({ placement: ANYWHERE }, node({}), () => [])?.replacement).toBe('none');
});

function away(
  changes: Partial<Node>,
  placement: Partial<PodPlacement>,
  others: readonly Partial<Node>[] = [],
) {
  return displacementOf(pod('ReplicaSet', placement), node(changes), () => others.map(node));
}

function node(changes: Partial<Node>): Node {
  return { name: 'worker1', ready: true, cordoned: false, ...changes };
}

function pod(kind: string, placement?: Partial<PodPlacement>): SchedulablePod {
  return {
    owner: { kind, name: 'f5-tmm', uid: 'uid-of-f5-tmm' },
    ...(placement === undefined ? {} : { placement: { ...ANYWHERE, ...placement } }),
  };
}

function expression(
  key: string,
  operator: NodeExpression['operator'],
  ...values: readonly string[]
): NodeExpression {
  return { key, operator, values };
}
