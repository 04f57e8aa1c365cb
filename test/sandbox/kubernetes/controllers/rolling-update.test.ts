import { expect, test } from '@jest/globals';
import { nextScales } from '../../../../sandbox/src/kubernetes/controllers/rolling-update.ts';
import { deploymentSchema } from '../../../../sandbox/src/kubernetes/kinds/deployment.ts';
import { type ReplicaSet, replicaSetSchema } from '../../../../sandbox/src/kubernetes/kinds/replica-set.ts';

const replicaSet = (name: string, replicas: number, availableReplicas: number): ReplicaSet =>
  replicaSetSchema.parse({ metadata: { name }, spec: { replicas }, status: { replicas, availableReplicas } });
const scales = (spec: object, current: ReplicaSet, old: readonly ReplicaSet[]): Record<string, number> =>
  Object.fromEntries(
    nextScales(deploymentSchema.parse({ spec: { replicas: 3, ...spec } }), current, old, 3).map((one) => [
      one.replicaSet.metadata.name,
      one.replicas,
    ]),
  );

test.each([
  ['broken last', [replicaSet('a-serves', 3, 3), replicaSet('b-broken', 1, 0)]],
  ['broken first', [replicaSet('b-broken', 1, 0), replicaSet('a-serves', 3, 3)]],
])('what serves nobody makes room first (%s)', (_, old) => {
  expect(scales({}, replicaSet('new', 0, 0), old)).toEqual({ new: 0, 'a-serves': 3, 'b-broken': 0 });
});

test('an old pod goes only when a new one serves', () => {
  const old = replicaSet('old', 3, 3);
  expect(scales({}, replicaSet('new', 1, 0), [old])).toEqual({ new: 1, old: 3 });
  expect(scales({}, replicaSet('new', 1, 1), [old])).toEqual({ new: 1, old: 2 });
});

test('with neither surge nor absence allowed, one pod may still be missing', () => {
  const strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } };
  expect(scales({ strategy }, replicaSet('new', 0, 0), [replicaSet('old', 3, 3)])).toEqual({
    new: 0,
    old: 2,
  });
});
