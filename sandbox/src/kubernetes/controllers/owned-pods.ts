import type { Cluster } from '../cluster.ts';
import { isTrue } from '../kinds/condition.ts';
import { type Pod, podSchema } from '../kinds/pod.ts';
import type { PodTemplate } from '../kinds/pod-template.ts';
import { pods } from '../kinds/pods.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { controlledBy, createOwned, isControlledBy, isEnding, note } from './write.ts';

/** The pods of a controller, those that end included. */
export function podsOf({ store }: Cluster, owner: KubernetesObject): readonly Pod[] {
  return store
    .list(pods, owner.metadata.namespace ?? '')
    .filter((object) => isControlledBy(object, owner.metadata.uid))
    .map((object) => podSchema.parse(object));
}

/** Neither on its way out nor over. */
export function isActive(pod: Pod): boolean {
  return !isEnding(pod) && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}

export function isReady(pod: Pod): boolean {
  return isTrue(pod.status.conditions, 'Ready');
}

/** False when the API refused it. */
export function createPod(
  cluster: Cluster,
  owner: KubernetesObject,
  template: PodTemplate,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  const { metadata, spec } = template;
  const created = createOwned(cluster, pods, owner, {
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      generateName: `${owner.metadata.name}-`,
      ownerReferences: [controlledBy(owner)],
    },
    spec,
  });
  if (created === undefined) return false;
  note(cluster, owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
  return true;
}
