import { z } from 'zod';
import type { LookupPeers } from '../zebos/peer-groups.ts';
import { isGone, type KubeApi } from './kube-api.ts';
import { parsePeers } from './parse-peers.ts';
import type { Pod } from './pod.ts';
import type { Routing } from './routing.ts';

const configMapSchema = z.object({ data: z.record(z.string(), z.string()).nullish() });

/** The peers that the lookups name for the pod's node right now; no ConfigMap or no key means none. */
export async function readLookups(api: KubeApi, pod: Pod, routing: Routing): Promise<LookupPeers> {
  const namespace = routing.lookupNamespace ?? pod.metadata.namespace;
  const found: Record<string, readonly string[]> = {};
  for (const { nodeLookup } of routing.config.neighbors) {
    if (nodeLookup === undefined) continue;
    const data = await readConfigMap(api, namespace, nodeLookup);
    found[nodeLookup] = parsePeers(data[pod.spec.nodeName ?? ''] ?? '');
  }
  return found;
}

async function readConfigMap(api: KubeApi, namespace: string, name: string): Promise<Record<string, string>> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(name)}`;
  try {
    return configMapSchema.parse(await api.call('GET', path)).data ?? {};
  } catch (error) {
    if (isGone(error)) return {};
    throw error;
  }
}
