import { owns, type PodTemplate, type TmmPod, type Workload } from './snapshot.ts';

/** A TMM pod runs an older pod template than its controller has. */
export interface OlderTemplate {
  /** As a clause. */
  readonly why: string;
  /** What to do where a restart would bring the same template again, as a sentence; absent where it brings the newest one. */
  readonly instead?: string;
}

/** Undefined where the pod has the newest template, or where that is unknown. */
export function olderTemplateOf(workloads: readonly Workload[], pod: TmmPod): OlderTemplate | undefined {
  for (const workload of workloads) {
    if (!owns(workload, pod)) continue;
    const version = templateVersionOf(workload, pod);
    if (version === undefined || workload.olderVersions?.includes(version) !== true) continue;
    const why = `it runs an older pod template than ${workload.kind} ${workload.name} has`;
    const instead = insteadOfRestart(workload, pod.namespace);
    return { why, ...(instead !== undefined && { instead }) };
  }
  return undefined;
}

/** The ReplicaSet of a Deployment's pod, the revision of any other pod. */
function templateVersionOf({ kind }: Workload, { owner, template }: TmmPod): string | undefined {
  return kind === 'Deployment' ? owner?.uid : template?.revision;
}

/** A DaemonSet creates every new pod from its newest template; other controllers do so while they roll it out. */
function insteadOfRestart({ kind, name, updates }: Workload, namespace: string): string | undefined {
  if (kind === 'DaemonSet' || updates === 'on delete') return undefined;
  const object = `${kind.toLowerCase()}/${name} -n ${namespace}`;
  return updates === 'paused'
    ? `A restart brings the same template again, because ${kind} ${name} is paused: kubectl rollout resume ${object}`
    : `A restart may bring the same template again; ${kind} ${name} has to roll it out: kubectl rollout status ${object}`;
}

/** A DaemonSet's status says how many pods have its newest template, but not which. */
export interface DaemonSetVersions {
  /** Annotation `deprecated.daemonset.template.generation`; the API server keeps it up to date. */
  readonly templateGeneration: string | undefined;
  readonly current: number;
  readonly updated: number;
}

/**
 * The revisions of a DaemonSet's pods that are older than its newest one. A pod of the newest generation has the newest revision.
 * After a change that was reverted, possibly no pod has that generation: then it is the only revision with as many pods as are
 * updated. Empty where neither is conclusive.
 * https://github.com/kubernetes/kubernetes/blob/v1.31.0/pkg/controller/daemon/util/daemonset_util.go (IsPodUpdated)
 */
export function olderRevisions(
  { templateGeneration, current, updated }: DaemonSetVersions,
  pods: readonly PodTemplate[],
): readonly string[] {
  if (updated >= current) return [];
  const counts = new Map<string, number>();
  for (const { revision } of pods)
    if (revision !== undefined) counts.set(revision, (counts.get(revision) ?? 0) + 1);
  const known = [...counts.keys()];
  const newest = pods.find(
    ({ revision, generation }) =>
      revision !== undefined && generation !== undefined && generation === templateGeneration,
  )?.revision;
  if (newest !== undefined) return known.filter((revision) => revision !== newest);
  if (updated === 0) return known;
  const candidates = known.filter((revision) => counts.get(revision) === updated);
  return candidates.length === 1 ? known.filter((revision) => revision !== candidates[0]) : [];
}
