import { expect, test } from '@jest/globals';
import type { Node, TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { nodeTakesReplacement } from '../../../src/domain/checks/node-takes-replacement.ts';
import { anInspection, aPod, told } from './an-inspection.ts';

const OWNER = { kind: 'ReplicaSet', name: 'f5-tmm-7d9', uid: 'rs' };
const PLACEMENT = { tolerations: [], nodeSelector: {}, nodeAffinity: [] };
const OWN = aPod('a', 'worker1', { owner: OWNER, placement: PLACEMENT });
const WELL: Node = { name: 'worker1', ready: true, cordoned: false };
const TAINT = { key: 'maintenance', value: '', effect: 'NoSchedule' };

function judged(pods: readonly TmmPod[], node: Node | undefined, planned: readonly string[] = ['a']) {
  const inspection = {
    ...anInspection(pods),
    node: (name: string) => (name === node?.name ? node : undefined),
  };
  return told(nodeTakesReplacement(inspection, { uid: 'a', name: 'a', node: 'worker1' }, new Set(planned)));
}

const kept = (why: string): string =>
  `wait node_unschedulable: worker1 accepts no new TMM pod in place of a (${why})`;

test.each<[string, readonly TmmPod[], Node | undefined, string]>([
  ['is well', [OWN], WELL, 'pass'],
  ['is cordoned', [OWN], { ...WELL, cordoned: true }, kept('cordoned')],
  ['is not Ready', [OWN], { ...WELL, ready: false }, kept('not Ready')],
  ['is tainted', [OWN], { ...WELL, taints: [TAINT] }, kept('taint maintenance:NoSchedule is not tolerated')],
  ['is gone', [OWN], undefined, kept('it is not in the cluster')],
  [
    'lost the label that the pod selects',
    [{ ...OWN, placement: { ...PLACEMENT, nodeSelector: { tmm: 'yes' } } }],
    WELL,
    kept('its node selector requires the label tmm=yes, which the node does not have'),
  ],
  [
    'is cordoned, which a DaemonSet tolerates',
    [{ ...OWN, owner: { ...OWNER, kind: 'DaemonSet' } }],
    { ...WELL, cordoned: true },
    'pass',
  ],
  ['is well, but the pod was orphaned', [aPod('a', 'worker1')], WELL, kept('it has no controller')],
  ['is cordoned, and the pod is gone already', [], { ...WELL, cordoned: true }, 'pass'],
])('a pod goes only from a node that takes its replacement: the node %s', (_, pods, node, expected) => {
  expect(judged(pods, node)).toBe(expected);
});

test('a node keeps a TMM while another pod stays there that the change does not evict', () => {
  const pods = [OWN, aPod('b', 'worker1')];
  expect(judged(pods, { ...WELL, cordoned: true })).toBe('pass');
  expect(judged(pods, { ...WELL, cordoned: true }, ['a', 'b'])).toBe(kept('cordoned'));
});
