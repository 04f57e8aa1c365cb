import { z } from 'zod';
import { isGone, type KubeApi, KubeApiError } from './kube-api.ts';

const NAMESPACE = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const leaseSchema = z.looseObject({ spec: z.looseObject({}) });

/** Renews the node's lease, from which a real node controller tells that it lives. No namespace, no lease. */
export async function renewLease(api: KubeApi, node: string): Promise<void> {
  const path = `${NAMESPACE}/${encodeURIComponent(node)}`;
  // A lease's times are MicroTime: six digits after the point, or the API refuses them.
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  try {
    const lease = leaseSchema.parse(await api.call('GET', path));
    await api.call('PUT', path, { ...lease, spec: { ...lease.spec, renewTime } });
  } catch (error) {
    if (!(error instanceof KubeApiError && error.status === 404)) throw error;
    await createLease(api, node, renewTime);
  }
}

async function createLease(api: KubeApi, node: string, renewTime: string): Promise<void> {
  try {
    await api.call('POST', NAMESPACE, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: node, namespace: 'kube-node-lease' },
      spec: { holderIdentity: node, leaseDurationSeconds: 40, renewTime },
    });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
