import { z } from 'zod';
import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import { placementFrom, placementSchema } from './placement-from.ts';

const stateSchema = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).nullish(),
  terminated: z.object({ reason: z.string().optional(), exitCode: z.number().optional() }).nullish(),
});

const containerStatusSchema = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  state: stateSchema.nullish(),
});

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});

export const ownerReferencesSchema = z
  .array(
    z.object({
      apiVersion: z.string().default(''),
      kind: z.string(),
      name: z.string(),
      uid: z.string(),
      controller: z.boolean().nullish(),
    }),
  )
  .nullish();

/** What DaemonSets and StatefulSets note on their pods. */
const templateLabelsSchema = z
  .object({
    'controller-revision-hash': z.string().optional(),
    'pod-template-generation': z.string().optional(),
  })
  .nullish();

export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    namespace: z.string(),
    creationTimestamp: z.coerce.date(),
    deletionTimestamp: z.coerce.date().nullish(),
    ownerReferences: ownerReferencesSchema,
    labels: templateLabelsSchema,
  }),
  spec: placementSchema.extend({
    nodeName: z.string().nullish(),
    containers: z.array(z.object({ name: z.string() })).default([]),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      reason: z.string().nullish(),
      conditions: z.array(conditionSchema).nullish(),
      containerStatuses: z.array(containerStatusSchema).nullish(),
      initContainerStatuses: z.array(containerStatusSchema).nullish(),
    })
    .default({}),
});

export type Pod = z.infer<typeof podSchema>;

/** A pod of the target's TMM selector. `container` is the routing container that makes it answer `imish`. */
export function podFrom(pod: Pod, container: string): TmmPod {
  const { metadata, spec, status } = pod;
  const owner = controllerOf(pod);
  const ready = conditionOf(pod, 'Ready')?.status === 'True';
  const trouble = ready ? undefined : troubleOf(pod);
  return {
    name: metadata.name,
    uid: metadata.uid,
    namespace: metadata.namespace,
    phase: status.phase ?? 'Unknown',
    ready,
    terminating: metadata.deletionTimestamp != null,
    routing: spec.containers.some(({ name }) => name === container),
    createdAtMs: metadata.creationTimestamp.getTime(),
    ...(spec.nodeName ? { node: spec.nodeName } : {}),
    ...(trouble === undefined ? {} : { trouble }),
    ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name, uid: owner.uid } }),
    ...templateOf(pod),
    placement: placementFrom(spec),
  };
}

function templateOf({ metadata: { labels } }: Pod): Pick<TmmPod, 'template'> {
  const { 'controller-revision-hash': revision, 'pod-template-generation': generation } = labels ?? {};
  if (revision === undefined) return {};
  return { template: { revision, ...(generation !== undefined && { generation }) } };
}

/** What keeps the object there, if anything does. */
export function controllerOf({
  metadata,
}: {
  readonly metadata: { readonly ownerReferences?: OwnerReferences };
}): NonNullable<OwnerReferences>[number] | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}

type OwnerReferences = z.infer<typeof ownerReferencesSchema>;

/** Why a pod is not Ready, the most telling first: a container that cannot run, no node for it, a gate that waits. */
function troubleOf(pod: Pod): string | undefined {
  const { status } = pod;
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const stuck = containers.find(({ state }) => state?.waiting?.reason && !ORDINARY.has(state.waiting.reason));
  if (stuck?.state?.waiting?.reason)
    return withMessage(stuck.state.waiting.reason, stuck.state.waiting.message);
  const dead = containers.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  if (dead) return `${dead.name} ended with exit code ${dead.state?.terminated?.exitCode}`;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False')
    return withMessage(scheduled.reason ?? 'not scheduled', scheduled.message);
  if (status.reason) return status.reason;
  const waiting = containers.find(({ ready }) => !ready);
  return waiting === undefined ? undefined : `${waiting.name} is not Ready`;
}

/** What every pod goes through on its way up. */
const ORDINARY = new Set(['ContainerCreating', 'PodInitializing']);

function conditionOf({ status }: Pod, wanted: string): z.infer<typeof conditionSchema> | undefined {
  return status.conditions?.find(({ type }) => type === wanted);
}

function withMessage(reason: string, message: string | null | undefined): string {
  return message ? `${reason}: ${message.replace(/\s+/g, ' ').slice(0, 200)}` : reason;
}
