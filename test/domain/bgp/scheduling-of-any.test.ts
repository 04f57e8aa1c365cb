import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { displacementOf, type SchedulablePod } from '../../../src/domain/bgp/scheduling.ts';
import type { Node, NodeExpression, PodPlacement, Taint } from '../../../src/domain/bgp/snapshot.ts';

const anyTaint: fc.Arbitrary<Taint> = fc.record({
  key: fc.constantFrom(
    'dedicated',
    'gpu',
    'node.kubernetes.io/not-ready',
    'node.kubernetes.io/unschedulable',
  ),
  value: fc.constantFrom('', 'infra', 'tmm'),
  effect: fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
});
const anyToleration: fc.Arbitrary<PodPlacement['tolerations'][number]> = fc.record(
  {
    operator: fc.constantFrom('Exists' as const, 'Equal' as const),
    key: anyTaint.map(({ key }) => key),
    value: fc.constantFrom('', 'infra', 'tmm'),
    effect: fc.constantFrom('NoSchedule', 'NoExecute'),
  },
  { requiredKeys: ['operator'] },
);
const anyExpression: fc.Arbitrary<NodeExpression> = fc.record({
  key: fc.constantFrom('rack', 'slots', 'metadata.name'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
  values: fc.array(fc.constantFrom('r1', '7', 'worker1'), { maxLength: 2 }),
});
const anyTerm = fc.array(anyExpression, { maxLength: 3 });
const anyPlacement: fc.Arbitrary<PodPlacement> = fc.record({
  tolerations: fc.array(anyToleration, { maxLength: 4 }),
  nodeSelector: fc.dictionary(fc.constantFrom('rack', 'slots'), fc.constantFrom('r1', '8')),
  nodeAffinity: fc.array(anyTerm, { maxLength: 3 }),
});
const anyNode: fc.Arbitrary<Node> = fc.record({
  name: fc.constantFrom('worker1', 'worker2'),
  ready: fc.boolean(),
  cordoned: fc.boolean(),
  labels: fc.dictionary(fc.constantFrom('rack', 'slots'), fc.constantFrom('r1', '8')),
  taints: fc.array(anyTaint, { maxLength: 4 }),
});
/** A node, and a placement that it just about meets: each taint tolerated for itself, some of its labels, one term. */
const taken = fc.record({ node: anyNode, isBound: fc.boolean() }).map(({ node, isBound }) => {
  const conditions = ['not-ready', 'unschedulable'].map((one) => `node.kubernetes.io/${one}`);
  const placement: PodPlacement = {
    tolerations: [
      ...conditions.map((key) => ({ key, operator: 'Exists' as const, effect: 'NoSchedule' })),
      ...(node.taints ?? []).map((taint) => ({ ...taint, operator: 'Equal' as const })),
    ],
    nodeSelector: node.labels ?? {},
    nodeAffinity: isBound ? [[{ key: 'metadata.name', operator: 'In', values: [node.name] }]] : [],
  };
  return { node, placement };
});
const anyKind = fc.constantFrom('ReplicaSet', 'StatefulSet', 'DaemonSet');

describe('for any node and pod', () => {
  test('one that tolerates everything is never kept away by taints, nor by what stands for one', () => {
    fc.assert(
      fc.property(anyNode, anyKind, (node, kind) => {
        const tolerant = pod(kind, { tolerations: [{ operator: 'Exists' }] });
        expect(displacementOf(tolerant, node, () => [])).toBeUndefined();
      }),
    );
  });

  test('one more toleration, or one more term to choose from, never keeps it away', () => {
    fc.assert(
      fc.property(taken, anyKind, anyToleration, anyTerm, ({ node, placement }, kind, toleration, term) => {
        expect(displacementOf(pod(kind, placement), node, () => [])).toBeUndefined();
        const { tolerations, nodeAffinity } = placement;
        const freer: PodPlacement = {
          ...placement,
          tolerations: [toleration, ...tolerations],
          nodeAffinity: nodeAffinity.length === 0 ? [] : [term, ...nodeAffinity],
        };
        expect(displacementOf(pod(kind, freer), node, () => [])).toBeUndefined();
      }),
    );
  });

  test('a node that takes it makes the difference between Pending and elsewhere, and no other', () => {
    fc.assert(
      fc.property(anyNode, anyPlacement, fc.array(anyNode, { maxLength: 4 }), (node, placement, others) => {
        const displaced = displacementOf(pod('ReplicaSet', placement), node, () => others);
        fc.pre(displaced !== undefined);
        const takes = others.some(
          (other) =>
            other.name !== node.name &&
            displacementOf(pod('ReplicaSet', placement), other, () => []) === undefined,
        );
        expect(displaced?.replacement).toBe(takes ? 'elsewhere' : 'pending');
      }),
    );
  });
});

function pod(kind: string, placement: Partial<PodPlacement>): SchedulablePod {
  return {
    owner: { kind, name: 'f5-tmm', uid: 'uid-of-f5-tmm' },
    placement: { tolerations: [], nodeSelector: {}, nodeAffinity: [], ...placement },
  };
}
