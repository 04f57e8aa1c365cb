import { z } from 'zod';
import { isGone, type KubeApi } from '../kubelet/kube-api.ts';
import { NAMESPACE, TMM_LABELS } from '../seed-cluster.ts';

/** As `kubectl cordon` and `uncordon` do. */
export async function cordon(api: KubeApi, node: string, cordoned: boolean): Promise<void> {
  await api.call('PATCH', `${nodePath(node)}?fieldManager=kubectl-cordon`, {
    spec: { unschedulable: cordoned ? true : null },
  });
}

/** As `kubectl drain` does with the TMM pods of the node: cordons it, and evicts them within their disruption budget. */
export async function drain(api: KubeApi, node: string): Promise<void> {
  await cordon(api, node, true);
  const selector = Object.entries(TMM_LABELS)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const query = new URLSearchParams({ labelSelector: selector, fieldSelector: `spec.nodeName=${node}` });
  const { items } = podListSchema.parse(await api.call('GET', `${PODS}?${query}`));
  for (const { metadata } of items) {
    try {
      await api.call('POST', `${PODS}/${encodeURIComponent(metadata.name)}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: metadata.name, namespace: NAMESPACE },
      });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

/** Sets or takes away a taint of the sandbox's own, which no TMM tolerates; those of others stay. */
export async function taint(api: KubeApi, node: string, tainted: boolean): Promise<void> {
  const { metadata, spec } = nodeSchema.parse(await api.call('GET', nodePath(node)));
  const others = (spec?.taints ?? []).filter(({ key }) => key !== TAINT.key);
  await api.call('PATCH', `${nodePath(node)}?fieldManager=kubectl-taint`, {
    metadata: { resourceVersion: metadata.resourceVersion },
    spec: { taints: tainted ? [...others, TAINT] : others },
  });
}

/** Writes one key of a lookup as `kubectl edit` would; null deletes it. */
export async function editMapping(
  api: KubeApi,
  { lookup, node, peers }: { readonly lookup: string; readonly node: string; readonly peers: string | null },
): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}/configmaps/${encodeURIComponent(lookup)}`;
  await api.call('PATCH', `${path}?fieldManager=kubectl-edit`, { data: { [node]: peers } });
}

const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const TAINT = { key: 'sandbox/maintenance', value: 'true', effect: 'NoSchedule' } as const;

const podListSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
const nodeSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z.object({ taints: z.array(z.looseObject({ key: z.string() })).nullish() }).nullish(),
});

function nodePath(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}`;
}
