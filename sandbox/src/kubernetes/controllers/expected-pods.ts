import type { Cluster } from '../cluster.ts';
import type { Pod } from '../kinds/pod.ts';
import { replicaSetSchema } from '../kinds/replica-set.ts';
import type { KubernetesObject, OwnerReference } from '../kubernetes-object.ts';
import { resourceOfKind } from '../resources.ts';

/** How many pods their controllers are scaled to, each counted once; a controller without a scale cannot be asked. */
export function expectedPods(
  cluster: Cluster,
  covered: readonly Pod[],
): number | { readonly problem: string } {
  const scales = new Map<string, number>();
  for (const pod of covered) {
    const reference = controllerOf(pod);
    if (reference === undefined) continue;
    const resource = resourceOfKind(reference.apiVersion, reference.kind);
    if (resource !== undefined && !resource.subresources.some(({ name }) => name === 'scale')) {
      return { problem: `${resource.plural}.${resource.group} does not implement the scale subresource` };
    }
    const scaled = topmost(cluster, pod, reference);
    if (scaled === undefined) return { problem: `found no controllers for pod "${pod.metadata.name}"` };
    scales.set(scaled.metadata.uid, replicaSetSchema.parse(scaled).spec.replicas);
  }
  return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
}

/** The Deployment above a ReplicaSet, or whatever else is scaled. */
function topmost(cluster: Cluster, pod: Pod, reference: OwnerReference): KubernetesObject | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const controller = lookUp(cluster, namespace, reference);
  const above = controller && controllerOf(controller);
  return above === undefined ? controller : (lookUp(cluster, namespace, above) ?? controller);
}

function lookUp(
  { store }: Cluster,
  namespace: string,
  reference: OwnerReference,
): KubernetesObject | undefined {
  const { apiVersion, kind, name, uid } = reference;
  const resource = resourceOfKind(apiVersion, kind);
  const object = resource && store.get(resource, namespace, name);
  return object?.metadata.uid === uid ? object : undefined;
}

function controllerOf({ metadata }: KubernetesObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}
