import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { configMapSchema, lookupFrom } from '../../../src/adapters/kubernetes/lookup-from.ts';
import { nodeFrom, nodeSchema } from '../../../src/adapters/kubernetes/node-from.ts';
import { podFrom, podSchema } from '../../../src/adapters/kubernetes/pod-from.ts';
import { displacementOf } from '../../../src/domain/bgp/scheduling.ts';

const metadata = { name: 'spk-tor-bgp', uid: 'u', resourceVersion: '1' };
const lookup = (parts: object) => lookupFrom(configMapSchema.parse({ metadata, ...parts }));

describe('a ConfigMap', () => {
  test.each([
    [
      { annotations: { 'argocd.argoproj.io/tracking-id': 'spk:/ConfigMap:ns/x' } },
      { tool: 'Argo CD', name: 'spk' },
    ],
    [{ labels: { 'argocd.argoproj.io/instance': 'spk' } }, { tool: 'Argo CD', name: 'spk' }],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'racks' } }, { tool: 'Flux', name: 'racks' }],
    [{ labels: { 'helm.toolkit.fluxcd.io/name': 'spk' } }, { tool: 'Flux', name: 'spk' }],
    [{ annotations: { 'meta.helm.sh/release-name': 'spk' } }, { tool: 'Helm', name: 'spk' }],
    [
      { labels: { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'spk' } },
      { tool: 'Helm', name: 'spk' },
    ],
  ])('that somebody else keeps tells who: %j', (marks, owner) => {
    expect(lookup({ metadata: { ...metadata, ...marks } }).owner).toEqual(owner);
  });

  const by = (manager: string, operation: string, fields: object = { 'f:data': {} }): object => ({
    managedFields: [{ manager, operation, time: '2026-01-01T00:00:00Z', fieldsV1: fields }],
  });
  test.each([
    [{ labels: { 'app.kubernetes.io/instance': 'spk' } }, 'Argo CD (spk)'],
    [by('argocd-controller', 'Apply'), 'Argo CD (field manager argocd-controller)'],
    [
      { ...by('argocd-controller', 'Apply'), labels: { 'app.kubernetes.io/instance': 'spk' } },
      'Argo CD (spk)',
    ],
    [by('argocd-application-controller', 'Update'), 'Argo CD (field manager argocd-application-controller)'],
    [by('kustomize-controller', 'Apply'), 'Flux (field manager kustomize-controller)'],
    [{ labels: { 'fleet.cattle.io/bundle-name': 'racks' } }, 'Fleet (racks)'],
    [
      {
        labels: { 'objectset.rio.cattle.io/hash': 'bce2', 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'objectset.rio.cattle.io/id': 'default-racks', 'meta.helm.sh/release-name': 'racks' },
      },
      'Fleet (default-racks)',
    ],
    [by('fleetagent', 'Update'), 'Fleet (field manager fleetagent)'],
    [
      {
        labels: { 'app.kubernetes.io/managed-by': 'configmanagement.gke.io' },
        annotations: { 'configsync.gke.io/resource-id': '_configmap_spk-ingress_spk-tor-bgp' },
      },
      'Config Sync (_configmap_spk-ingress_spk-tor-bgp)',
    ],
    [{ annotations: { 'configmanagement.gke.io/managed': 'enabled' } }, 'Config Sync (enabled)'],
    [{ labels: { 'kapp.k14s.io/app': '1700000000' } }, 'kapp (1700000000)'],
    [{ annotations: { 'kapp.k14s.io/identity': 'v1;spk//ConfigMap/x;v1' } }, 'kapp (v1;spk//ConfigMap/x;v1)'],
    [
      { labels: { 'app.kubernetes.io/managed-by': 'kustomize' } },
      'kustomize (label app.kubernetes.io/managed-by)',
    ],
    [{ labels: { 'applyset.kubernetes.io/part-of': 'applyset-x-v1' } }, 'kubectl ApplySet (applyset-x-v1)'],
    [
      { ownerReferences: [{ kind: 'F5SPKController', name: 'spk', uid: 'u', apiVersion: 'v1' }] },
      'F5SPKController (spk)',
    ],
    [by('helm', 'Update'), 'Helm (field manager helm)'],
    [by('HashiCorp', 'Apply'), 'HashiCorp (server-side apply)'],
    [by('Terraform', 'Apply'), 'Terraform (field manager Terraform)'],
  ])('lesson 65: that somebody else keeps tells who by any mark: %j', (marks, owner) => {
    const { tool = '', name = '' } = lookup({ metadata: { ...metadata, ...marks } }).owner ?? {};
    expect(`${tool} (${name})`).toBe(owner);
  });

  test.each([
    [{}],
    [{ labels: { app: 'x' } }],
    [{ annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }],
    [by('kubectl-edit', 'Update')],
    [by('kubectl', 'Apply')],
    [by('tor-bgp-bot', 'Update')],
    [by('somebody', 'Apply', { 'f:metadata': {} })],
    [{ annotations: { 'configmanagement.gke.io/managed': 'disabled' } }],
  ])('lesson 65: that people write by hand has no owner: %j', (marks) => {
    expect(lookup({ metadata: { ...metadata, ...marks } }).owner).toBeUndefined();
  });

  test('that nobody keeps has no owner, and one without data is empty', () => {
    expect(lookup({})).toEqual({
      name: 'spk-tor-bgp',
      uid: 'u',
      immutable: false,
      data: {},
      writers: {},
      bytes: 0,
    });
  });

  test('counts bytes as Kubernetes does: keys, values and binary data', () => {
    expect(lookup({ data: { é: 'ab' }, binaryData: { b: 'AAAA' } }).bytes).toBe(2 + 2 + 1 + 3);
  });

  test('knows who wrote each key last', () => {
    const managedFields = [
      { manager: 'helm', time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:data': { '.': {}, 'f:worker1': {} } } },
      {
        manager: 'kubectl-edit',
        time: '2026-02-01T00:00:00Z',
        fieldsV1: { 'f:data': { 'f:worker2': {} }, 'f:metadata': {} },
      },
    ];
    expect(lookup({ metadata: { ...metadata, managedFields } }).writers).toEqual({
      worker1: { manager: 'helm', at: '2026-01-01T00:00:00.000Z' },
      worker2: { manager: 'kubectl-edit', at: '2026-02-01T00:00:00.000Z' },
    });
  });
});

const pod = (status: object, spec: object = {}) =>
  podFrom(
    podSchema.parse({
      metadata: {
        name: 'f5-tmm-1',
        uid: 'u',
        namespace: 'spk-ingress',
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: { containers: [{ name: 'f5-tmm' }, { name: 'f5-tmm-routing' }], ...spec },
      status,
    }),
    'f5-tmm-routing',
  );

describe('a pod that is not Ready', () => {
  test.each([
    [
      'a container that crashes',
      {
        containerStatuses: [
          {
            name: 'f5-tmm',
            ready: false,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting' } },
          },
        ],
      },
      'CrashLoopBackOff: back-off 5m0s restarting',
    ],
    [
      'an image that is not there',
      { containerStatuses: [{ name: 'f5-tmm', state: { waiting: { reason: 'ImagePullBackOff' } } }] },
      'ImagePullBackOff',
    ],
    [
      'no node for it',
      {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/5 nodes are available',
          },
        ],
      },
      'Unschedulable: 0/5 nodes are available',
    ],
    [
      'a container that ended',
      { containerStatuses: [{ name: 'f5-tmm', state: { terminated: { exitCode: 137 } } }] },
      'f5-tmm ended with exit code 137',
    ],
    [
      'one that is still coming',
      {
        containerStatuses: [
          { name: 'f5-tmm', ready: false, state: { waiting: { reason: 'ContainerCreating' } } },
        ],
      },
      'f5-tmm is not Ready',
    ],
    ['an eviction by its node', { reason: 'Evicted' }, 'Evicted'],
  ])('says why: %s', (_, status, trouble) => {
    expect(pod(status).notReadyReason).toBe(trouble);
  });

  test('has none once it is Ready, and routes only with its routing container', () => {
    const ready = pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
    expect(ready).toMatchObject({ ready: true, routing: true, phase: 'Running' });
    expect(ready).not.toHaveProperty('notReadyReason');
    expect(pod({}, { containers: [{ name: 'f5-tmm' }] }).routing).toBe(false);
  });

  test.each([
    [{ containers: [{ name: 'f5-tmm' }, { name: 'f5-tmm-routing' }] }, true],
    [
      {
        containers: [{ name: 'f5-tmm' }],
        initContainers: [{ name: 'f5-tmm-routing', restartPolicy: 'Always' }],
      },
      true,
    ],
    [{ containers: [{ name: 'f5-tmm' }], initContainers: [{ name: 'f5-tmm-routing' }] }, false],
  ])('has the routing container, also where it is a sidecar: %j', (spec, routing) => {
    expect(pod({}, spec).routing).toBe(routing);
  });

  test('is read or refused whole, whatever the server sends', () => {
    fc.assert(
      fc.property(fc.anything(), (object) => {
        podSchema.safeParse(object);
        configMapSchema.safeParse(object);
      }),
    );
  });
});

describe('where a pod may run', () => {
  test('is any node without a taint where its spec says nothing', () => {
    const anywhere = { tolerations: [], nodeSelector: {}, nodeAffinity: [] };
    expect(pod({}).placement).toEqual(anywhere);
    expect(pod({}, { tolerations: [], nodeSelector: {}, affinity: {} }).placement).toEqual(anywhere);
  });

  const CORDONED = {
    spec: { unschedulable: true },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const TAINTED = {
    spec: { taints: [{ key: 'dedicated', value: 'tmm', effect: 'NoExecute' }] },
    status: CORDONED.status,
  };
  test.each([
    ['a DaemonSet comes back to its cordoned node', 'DaemonSet', CORDONED, undefined],
    ['a Deployment does not come back to its cordoned node', 'ReplicaSet', CORDONED, 'pending'],
    ['a DaemonSet does not come back to a node with a taint', 'DaemonSet', TAINTED, 'none'],
    ['a Deployment does not come back to a node with a taint', 'ReplicaSet', TAINTED, 'pending'],
  ])('the pod of %s', (_, kind, parts, replacement) => {
    const node = nodeFrom(nodeSchema.parse({ metadata: { name: 'worker1' }, ...parts }));
    const owned = { ...pod({}), owner: { kind, name: 'f5-tmm', uid: 'u' } };
    expect(displacementOf(owned, node, () => [node])?.replacement).toBe(replacement);
  });

  test('is read from tolerations, node selector and required node affinity, in the words of Kubernetes', () => {
    const spec = {
      nodeSelector: { zone: 'a' },
      tolerations: [
        { key: 'dedicated', value: 'spk', effect: 'NoSchedule' },
        { operator: 'Exists', effect: '' },
        { key: 'load', operator: 'Lt', value: '3' },
      ],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: [{ key: 'rack', operator: 'Exists' }],
                matchFields: [{ key: 'metadata.name', operator: 'In', values: ['worker1'] }],
              },
              {},
            ],
          },
        },
      },
    };
    expect(pod({}, spec).placement).toEqual({
      nodeSelector: { zone: 'a' },
      tolerations: [
        { key: 'dedicated', operator: 'Equal', value: 'spk', effect: 'NoSchedule' },
        { operator: 'Exists' },
      ],
      nodeAffinity: [
        [
          { key: 'rack', operator: 'Exists', values: [] },
          { key: 'metadata.name', operator: 'In', values: ['worker1'] },
        ],
        // A term that asks for nothing matches no node.
        [{ key: 'metadata.name', operator: 'In', values: [] }],
      ],
    });
  });
});

describe('a node', () => {
  const node = (parts: object) => nodeFrom(nodeSchema.parse({ metadata: { name: 'worker1' }, ...parts }));

  test('has its labels and the taints that keep pods away, or neither', () => {
    expect(node({})).toEqual({ name: 'worker1', ready: false, cordoned: false });
    const taints = [
      { key: 'dedicated', value: 'spk', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
      { key: 'soft', effect: 'PreferNoSchedule' },
    ];
    const labels = { 'kubernetes.io/hostname': 'worker1', zone: 'a' };
    expect(node({ metadata: { name: 'worker1', labels }, spec: { taints } })).toMatchObject({
      labels,
      taints: [
        { key: 'dedicated', value: 'spk', effect: 'NoSchedule' },
        { key: 'node.kubernetes.io/unreachable', value: '', effect: 'NoExecute' },
      ],
    });
  });
});
