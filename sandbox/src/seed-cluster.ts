/** What stands in the sandbox's cluster when it starts: namespace, lookups and the TMM workload. */
export const NAMESPACE = 'spk-ingress';

export const RACK_LABEL = 'topology.kubernetes.io/rack';

/** The routers of each rack: those that are mapped at first, and one that is spare. */
export const ROUTERS: Readonly<Record<string, readonly string[]>> = {
  r1: ['10.20.1.1', '10.20.1.9', '2001:db8:20:1::1'],
  r2: ['10.20.2.1', '10.20.2.9', '2001:db8:20:2::1'],
  r3: ['10.20.3.1', '10.20.3.2', '10.20.3.9'],
  r4: ['10.20.4.1', '10.20.4.9'],
};

export const NODES = ['master1', 'worker1', 'worker2', 'worker3', 'worker4'].map((short) => ({
  name: `${short}.rack.example.com`,
  labels: {
    'kubernetes.io/hostname': `${short}.rack.example.com`,
    [RACK_LABEL]: short === 'master1' ? 'r4' : short.replace('worker', 'r'),
  },
  ...(short === 'master1'
    ? { taints: [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }] }
    : {}),
}));

export const SEEDED_TMMS = 3;
export const TMM_LABELS = { app: 'f5-tmm' };

export const SEED: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  lookup('spk-tor-bgp', { worker1: '10.20.1.1', worker2: '10.20.2.1', worker3: '10.20.3.1,10.20.3.2' }),
  lookup('spk-tor-bgp-v6', { worker1: '2001:db8:20:1::1', worker2: '2001:db8:20:2::1' }),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'f5-tmm', namespace: NAMESPACE, labels: TMM_LABELS },
    spec: {
      replicas: SEEDED_TMMS,
      selector: { matchLabels: TMM_LABELS },
      template: {
        metadata: { labels: TMM_LABELS },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: ['f5-tmm', 'f5-tmm-routing', 'f5-tmm-routed', 'debug'].map((name) => ({
            name,
            image: `sandbox/${name}:1.8`,
          })),
        },
      },
    },
  },
];

function lookup(name: string, peers: Readonly<Record<string, string>>): object {
  const data = Object.fromEntries(
    Object.entries(peers).map(([node, value]) => [`${node}.rack.example.com`, value]),
  );
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, data };
}
