import type { V1Deployment } from '@kubernetes/client-node';

/** A Deployment of TMMs, one per node, as SPK has them. */
export function tmmDeployment(namespace: string, replicas: number): V1Deployment {
  const labels = { app: 'f5-tmm' };
  const containers = ['f5-tmm', 'f5-tmm-routing', 'f5-tmm-routed', 'debug'].map((name) => ({
    name,
    image: `registry.example.com/${name}:1`,
  }));
  return {
    metadata: { name: 'f5-tmm', namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers,
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
              ],
            },
          },
        },
      },
    },
  };
}
