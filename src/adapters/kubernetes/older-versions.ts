import { createHash } from 'node:crypto';
import { z } from 'zod';
import { olderRevisions } from '../../domain/bgp/pod-template.ts';
import { isActive, type TmmPod } from '../../domain/bgp/snapshot.ts';

/** The fields of a controller that show the versions of its pods. */
interface Controller {
  readonly metadata: {
    readonly uid: string;
    readonly generation: number;
    readonly annotations?: Readonly<Record<string, string>> | null | undefined;
  };
  readonly spec: { readonly template?: unknown };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly updatedReplicas: number;
    readonly currentNumberScheduled: number;
    readonly updatedNumberScheduled: number;
    readonly updateRevision?: string | undefined;
  };
}

/**
 * ReplicaSets whose template is not the Deployment's, by Kubernetes' own rule for the newest one; the Deployment's count is
 * checked first.
 */
export function olderReplicaSets(
  { metadata, spec, status }: Controller,
  own: ReadonlyMap<string, { readonly template: string | undefined }>,
): readonly string[] {
  const isSeen = status.observedGeneration >= metadata.generation;
  if (isSeen && status.updatedReplicas >= status.replicas) return [];
  const newest = templateDigest(spec.template);
  if (newest === undefined) return [];
  return [...own].flatMap(([uid, { template }]) =>
    template === undefined || template === newest ? [] : [uid],
  );
}

/** Revisions of the pods of a DaemonSet or StatefulSet other than its newest one; empty where its status does not show it. */
export function olderRevisionsOf(
  kind: string,
  { metadata, status }: Controller,
  all: () => readonly TmmPod[],
): readonly string[] {
  // Before the controller has observed its newest template, its status is about the previous one.
  if (kind === 'ReplicaSet' || status.observedGeneration < metadata.generation) return [];
  const isDaemonSet = kind === 'DaemonSet';
  const { currentNumberScheduled: current, updatedNumberScheduled: updated, updateRevision } = status;
  if (isDaemonSet ? updated >= current : updateRevision === undefined) return [];
  const own = all().filter((pod) => pod.owner?.uid === metadata.uid && isActive(pod));
  const templates = own.flatMap(({ template }) => template ?? []);
  const templateGeneration = metadata.annotations?.[TEMPLATE_GENERATION];
  if (isDaemonSet) return olderRevisions({ templateGeneration, current, updated }, templates);
  const revisions = new Set(templates.flatMap(({ revision }) => revision ?? []));
  return [...revisions].filter((revision) => revision !== updateRevision);
}

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/**
 * The same for templates that Kubernetes treats as equal: the label that distinguishes a Deployment's ReplicaSets is ignored.
 * Undefined where there is no template.
 */
export function templateDigest(template: unknown): string | undefined {
  const whole = z.record(z.string(), z.unknown()).safeParse(template);
  if (!whole.success) return undefined;
  const text = JSON.stringify(whole.data, (key, value: unknown) =>
    key === HASH_LABEL ? undefined : sorted(value),
  );
  return createHash('sha256').update(text).digest('hex');
}

const HASH_LABEL = 'pod-template-hash';

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value ?? undefined;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
