import { z } from 'zod';
import { type Cluster, timestamp } from '../cluster.ts';
import { withCondition } from '../kinds/condition.ts';
import { podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { badRequest, conflict, notFound, type Status, success } from '../status-error.ts';

const bindingSchema = z.looseObject({ target: z.looseObject({ name: z.string().min(1) }) });

/** Gives the pod to a node, once; what a scheduler does by `pods/NAME/binding`. */
export function bindPod(cluster: Cluster, namespace: string, name: string, body: unknown): Status {
  const binding = bindingSchema.safeParse(body);
  if (!binding.success) throw badRequest('Binding "" is invalid: target.name: Required value');
  const object = cluster.store.get(pods, namespace, name);
  if (object === undefined) throw notFound(pods, name);
  const { metadata, spec, status } = podSchema.parse(object);
  const named = { ...pods, plural: 'pods/binding' };
  if (metadata.deletionTimestamp !== undefined) {
    throw conflict(named, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  if (spec.nodeName) {
    throw conflict(named, name, `pod ${name} is already assigned to node "${spec.nodeName}"`);
  }
  const scheduled = { type: 'PodScheduled', status: 'True' };
  cluster.store.put(pods, {
    ...object,
    spec: { ...spec, nodeName: binding.data.target.name },
    status: { ...status, conditions: withCondition(status.conditions, scheduled, timestamp(cluster.now())) },
  });
  return success(undefined, 201);
}
