import { z } from 'zod';
import type {
  NodeExpression,
  NodeTerm,
  PodPlacement,
  TmmPod,
  Toleration,
} from '../../domain/bgp/snapshot.ts';
import { interner } from './interner.ts';
import { texts } from './lookup-from.ts';

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

/** Labels that DaemonSets and StatefulSets put on their pods. */
const templateLabelsSchema = z
  .object({
    'controller-revision-hash': z.string().optional(),
    'pod-template-generation': z.string().optional(),
  })
  .nullish();

const requirementSchema = z.object({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).nullish(),
});

const termSchema = z.object({
  matchExpressions: z.array(requirementSchema).nullish(),
  matchFields: z.array(requirementSchema).nullish(),
});

/** The part of a pod's spec about nodes. */
const placementSchema = z.object({
  nodeSelector: texts.nullish(),
  tolerations: z
    .array(
      z.object({
        key: z.string().nullish(),
        operator: z.string().nullish(),
        value: z.string().nullish(),
        effect: z.string().nullish(),
      }),
    )
    .nullish(),
  affinity: z
    .object({
      nodeAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .object({ nodeSelectorTerms: z.array(termSchema) })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

type PlacementSpec = z.infer<typeof placementSchema>;

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
    initContainers: z.array(z.object({ name: z.string(), restartPolicy: z.string().nullish() })).nullish(),
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

/** Converts a pod of the target's TMM selector. `container` is the routing container, which runs `imish`. */
export function podFrom(pod: Pod, container: string): TmmPod {
  const { metadata, spec, status } = pod;
  const owner = controllerOf(pod);
  const ready = conditionOf(pod, 'Ready')?.status === 'True';
  const notReadyReason = ready ? undefined : notReadyReasonOf(pod);
  return {
    name: metadata.name,
    uid: metadata.uid,
    namespace: metadata.namespace,
    phase: status.phase ?? 'Unknown',
    ready,
    terminating: metadata.deletionTimestamp != null,
    routing: runsAllTheTime(spec, container),
    createdAtMs: metadata.creationTimestamp.getTime(),
    ...(spec.nodeName ? { node: spec.nodeName } : {}),
    ...(notReadyReason === undefined ? {} : { notReadyReason }),
    ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name, uid: owner.uid } }),
    ...templateOf(pod),
    placement: placementFrom(spec),
  };
}

/** Whether it has this container, among the usual ones or as a sidecar: an init container that is always restarted. */
function runsAllTheTime({ containers, initContainers }: Pod['spec'], container: string): boolean {
  const sidecars = (initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...containers, ...sidecars].some(({ name }) => name === container);
}

function templateOf({ metadata: { labels } }: Pod): Pick<TmmPod, 'template'> {
  const { 'controller-revision-hash': revision, 'pod-template-generation': generation } = labels ?? {};
  if (revision === undefined) return {};
  return { template: { revision, ...(generation !== undefined && { generation }) } };
}

/** The controller in the object's owner references, if any. */
export function controllerOf({
  metadata,
}: {
  readonly metadata: { readonly ownerReferences?: OwnerReferences };
}): NonNullable<OwnerReferences>[number] | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}

type OwnerReferences = z.infer<typeof ownerReferencesSchema>;

/** Why a pod is not Ready, the most specific first: a container that cannot run, no node for it, a scheduling gate. */
function notReadyReasonOf(pod: Pod): string | undefined {
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

/** Normal states while a pod starts. */
const ORDINARY = new Set(['ContainerCreating', 'PodInitializing']);

function conditionOf({ status }: Pod, wanted: string): z.infer<typeof conditionSchema> | undefined {
  return status.conditions?.find(({ type }) => type === wanted);
}

function withMessage(reason: string, message: string | null | undefined): string {
  return message ? `${reason}: ${message.replace(/\s+/g, ' ').slice(0, 200)}` : reason;
}

/** What restricts the nodes on which a pod may run. Without tolerations it tolerates no taint. */
function placementFrom(spec: PlacementSpec): PodPlacement {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const tolerations = (spec.tolerations ?? []).flatMap(tolerationFrom);
  const nodeSelector = spec.nodeSelector ?? {};
  const nodeAffinity = (required?.nodeSelectorTerms ?? []).map(termFrom);
  return oncePlacement({
    tolerations: onceTolerations(tolerations),
    nodeSelector: onceSelector(nodeSelector),
    nodeAffinity: onceAffinity(nodeAffinity),
  });
}

/** Undefined for an unknown operator: what it tolerates cannot be determined. */
function tolerationFrom({
  key,
  operator,
  value,
  effect,
}: NonNullable<PlacementSpec['tolerations']>[number]): readonly Toleration[] {
  const known = operator || 'Equal';
  if (known !== 'Equal' && known !== 'Exists') return [];
  return [
    { operator: known, ...(key ? { key } : {}), ...(value ? { value } : {}), ...(effect ? { effect } : {}) },
  ];
}

function termFrom({ matchExpressions, matchFields }: z.infer<typeof termSchema>): NodeTerm {
  const expressions = [...(matchExpressions ?? []), ...(matchFields ?? [])];
  // In Kubernetes, an empty term matches no node.
  if (expressions.length === 0) return [{ key: 'metadata.name', operator: 'In', values: [] }];
  return expressions.flatMap(({ key, operator, values }) =>
    isOperator(operator) ? [{ key, operator, values: values ?? [] }] : [],
  );
}

function isOperator(operator: string): operator is NodeExpression['operator'] {
  return OPERATORS.has(operator);
}

const OPERATORS: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);

/** The pods of one workload have the same tolerations. */
const onceTolerations = interner<PodPlacement['tolerations']>(1_000, JSON.stringify);
const onceSelector = interner<PodPlacement['nodeSelector']>(1_000, JSON.stringify);
const oncePlacement = interner<PodPlacement>(1_000, JSON.stringify);
const onceAffinity = interner<PodPlacement['nodeAffinity']>(1_000, JSON.stringify);
