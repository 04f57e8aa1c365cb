import { z } from 'zod';
import type { TmmPod, Workload } from '../../domain/bgp/snapshot.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { apiErrorOf, isNotFound } from './api-error.ts';
import { olderReplicaSets, olderRevisionsOf, templateDigest } from './older-versions.ts';
import { controllerOf, ownerReferencesSchema, type Pod } from './pod-from.ts';
import { attempt, firstRefusal, getJson, type TargetApi } from './target-api.ts';

/**
 * Live read of the controllers of these pods. Without controllers that are not Kubernetes' own (their kinds have nothing to
 * compare) and without deleted ones.
 * @param all every pod of the target, some of them possibly a little out of date
 */
export async function readWorkloads(
  api: TargetApi,
  pods: readonly Pod[],
  all: () => readonly TmmPod[],
): Promise<readonly Workload[] | Refusal> {
  const first = await readByOwners(api, pods, all);
  if (isRefusal(first)) return first;
  if (!forgetDeployments(api, first.deleted)) return first.workloads;
  const again = await readByOwners(api, pods, all);
  return isRefusal(again) ? again : again.workloads;
}

interface Controllers {
  readonly workloads: readonly Workload[];
  /** Those that are named and do not exist any more. */
  readonly deleted: readonly Reference[];
}

async function readByOwners(
  api: TargetApi,
  pods: readonly Pod[],
  all: () => readonly TmmPod[],
): Promise<Controllers | Refusal> {
  const controllers = new Map(pods.flatMap((pod) => controllerIn(pod) ?? []).map((one) => [one.uid, one]));
  const tops = await Promise.all([...controllers.values()].map((controller) => topOf(api, controller)));
  const refusal = firstRefusal(...tops);
  if (refusal !== undefined) return refusal;
  const byUid = new Map(
    tops.flatMap((top) => (top === undefined || isRefusal(top) ? [] : [[top.uid, top] as const])),
  );
  const references = [...byUid.values()];
  const found = await Promise.all(references.map((top) => readWorkload(api, top, all)));
  const refused = firstRefusal(...found);
  if (refused !== undefined) return refused;
  return {
    workloads: found.filter((one): one is Workload => one !== undefined && !isRefusal(one)),
    deleted: references.filter((_, index) => found[index] === undefined),
  };
}

/** One object of apps/v1. */
interface Reference {
  readonly kind: Kind;
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
}

type Kind = keyof typeof RESOURCES;

const RESOURCES = {
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
} as const;

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(RESOURCES, kind);
}

function controllerIn(pod: Pod): Reference | undefined {
  return referenceTo(controllerOf(pod), pod.metadata.namespace);
}

function referenceTo(owner: ReturnType<typeof controllerOf>, namespace: string): Reference | undefined {
  if (owner === undefined || !owner.apiVersion.startsWith('apps/') || !isKind(owner.kind)) return undefined;
  return { kind: owner.kind, name: owner.name, uid: owner.uid, namespace };
}

/** The Deployment of a ReplicaSet, or else the controller itself; undefined for a deleted ReplicaSet. */
async function topOf(api: TargetApi, controller: Reference): Promise<Reference | undefined | Refusal> {
  if (controller.kind !== 'ReplicaSet') return controller;
  const known = replicaSetsOf(api).get(controller.uid);
  if (known !== undefined) return known.deployment;
  const found = await readObject(api, controller);
  if (found === undefined || isRefusal(found)) return found;
  const deployment = referenceTo(controllerOf(found), controller.namespace);
  if (deployment === undefined) return controller;
  // A ReplicaSet may be adopted later, but one with a Deployment keeps it as long as that exists, and its template.
  replicaSetsOf(api).set(controller.uid, { deployment, template: templateDigest(found.spec.template) });
  return deployment;
}

interface ReplicaSet {
  readonly deployment: Reference;
  readonly template: string | undefined;
}

/** ReplicaSets of Deployments by uid, as far as pods named them. */
function replicaSetsOf({ kubeConfig }: TargetApi): Map<string, ReplicaSet> {
  const known = replicaSets.get(kubeConfig) ?? new Map<string, ReplicaSet>();
  replicaSets.set(kubeConfig, known);
  return known;
}

/**
 * Forgets that ReplicaSets belong to these Deployments, and returns whether any was known to: one that is deleted without its
 * ReplicaSets and created again adopts them.
 */
function forgetDeployments(api: TargetApi, deleted: readonly Reference[]): boolean {
  const known = replicaSetsOf(api);
  const orphans = [...known].filter(([, { deployment }]) =>
    deleted.some(({ uid }) => uid === deployment.uid),
  );
  for (const [uid] of orphans) known.delete(uid);
  return orphans.length > 0;
}

const replicaSets = new WeakMap<TargetApi['kubeConfig'], Map<string, ReplicaSet>>();

async function readWorkload(
  api: TargetApi,
  reference: Reference,
  all: () => readonly TmmPod[],
): Promise<Workload | undefined | Refusal> {
  const found = await readObject(api, reference);
  if (found === undefined || isRefusal(found)) return found;
  const { kind, name, uid } = reference;
  const own = new Map([...replicaSetsOf(api)].filter(([, { deployment }]) => deployment.uid === uid));
  const olderVersions =
    kind === 'Deployment' ? olderReplicaSets(found, own) : olderRevisionsOf(kind, found, all);
  const updates = found.spec.paused === true ? 'paused' : isOnDelete(found) ? 'on delete' : undefined;
  return {
    kind,
    name,
    uid,
    ownerUids: kind === 'Deployment' ? [...own.keys()] : [uid],
    generation: found.metadata.generation,
    observedGeneration: found.status.observedGeneration,
    ...countsOf(kind, found),
    ...(olderVersions.length > 0 && { olderVersions }),
    ...(updates !== undefined && { updates }),
  };
}

type Counts = Pick<Workload, 'desired' | 'current' | 'updated' | 'available'>;

function countsOf(kind: Kind, found: AppsObject): Counts {
  const { spec, status } = found;
  const counts: Counts =
    kind === 'DaemonSet'
      ? {
          desired: status.desiredNumberScheduled,
          current: status.currentNumberScheduled,
          updated: status.updatedNumberScheduled,
          available: status.numberAvailable,
        }
      : {
          desired: spec.replicas ?? 1,
          current: status.replicas,
          // A lone ReplicaSet never replaces a pod by a newer version.
          updated: kind === 'ReplicaSet' ? status.replicas : status.updatedReplicas,
          // StatefulSets have it since Kubernetes 1.22; the other kinds omit it when it is 0.
          available: status.availableReplicas ?? (kind === 'StatefulSet' ? status.readyReplicas : 0),
        };
  return { ...counts, updated: Math.min(counts.current, counts.updated + keptOld(found, counts)) };
}

/** Number of pods that the controller keeps at an older version on purpose. */
function keptOld(found: AppsObject, { current }: Counts): number {
  return isOnDelete(found) ? current : (found.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
}

function isOnDelete({ spec: { updateStrategy } }: AppsObject): boolean {
  return updateStrategy?.type === 'OnDelete';
}

/** Undefined where it is deleted, or where another one has its name. */
async function readObject(
  api: TargetApi,
  { kind, name, uid, namespace }: Reference,
): Promise<AppsObject | undefined | Refusal> {
  const resource = RESOURCES[kind];
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
  const found = await attempt({ verb: 'get', resource: `${resource}.apps`, namespace }, async () => {
    try {
      return appsSchema.parse(await getJson(api, path));
    } catch (error) {
      if (isNotFound(apiErrorOf(error), name)) return undefined;
      throw error;
    }
  });
  return found === undefined || isRefusal(found) || found.metadata.uid === uid ? found : undefined;
}

const count = z.number().default(0);

const appsSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    generation: count,
    ownerReferences: ownerReferencesSchema,
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({
    replicas: z.number().nullish(),
    paused: z.boolean().nullish(),
    template: z.unknown().optional(),
    updateStrategy: z
      .object({
        type: z.string().nullish(),
        rollingUpdate: z.object({ partition: z.number().nullish() }).nullish(),
      })
      .nullish(),
  }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: z.number().optional(),
      desiredNumberScheduled: count,
      currentNumberScheduled: count,
      updatedNumberScheduled: count,
      numberAvailable: count,
      updateRevision: z.string().optional(),
    })
    .prefault({}),
});

type AppsObject = z.infer<typeof appsSchema>;
