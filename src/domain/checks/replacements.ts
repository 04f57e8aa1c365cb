import type { Inspection } from '../bgp/inspection.ts';
import { isActive, isEnded, owns, type TmmPod } from '../bgp/snapshot.ts';
import type { Baseline } from '../change/change.ts';
import { counted } from '../phrasing.ts';
import { type CheckResult, type EvictedPod, fail, PASS, wait, whereabouts } from './check.ts';

/**
 * The pods that replace evicted ones: newer than the eviction, neither ended nor terminating. A new pod on the node of an evicted
 * one replaces that one, unless one elsewhere is older; otherwise, unless a DaemonSet creates them, any new one may.
 */
export function replacementsOf(
  inspection: Inspection,
  evicted: readonly EvictedPod[],
  before: Baseline,
): readonly TmmPod[] {
  const fresh = inspection.pods.filter(
    (pod) => isActive(pod) && !before.pods.includes(pod.uid) && !evicted.some(({ uid }) => uid === pod.uid),
  );
  const nodes = new Set(evicted.map(({ node }) => node));
  const home = fresh.filter(({ node = '' }) => nodes.has(node));
  const homeNodes = new Set(home.map(({ node }) => node));
  const homeSinceMs = [...nodes].every((node) => homeNodes.has(node))
    ? Math.min(...home.map(({ createdAtMs }) => createdAtMs))
    : Number.POSITIVE_INFINITY;
  // One elsewhere that is older than those on the nodes may be it: the later ones may replace a pod that failed since.
  const mayBe = ({ owner, createdAtMs }: TmmPod): boolean =>
    owner?.kind !== 'DaemonSet' && createdAtMs < homeSinceMs;
  return fresh.filter((pod) => home.includes(pod) || mayBe(pod));
}

/**
 * The controllers have as many TMM pods as desired, and at least as many new ones as were evicted where the desired number is
 * unknown: a controller is read only while it has a pod, and one of a foreign kind never.
 */
export function replacementsExist(
  inspection: Inspection,
  evicted: readonly EvictedPod[],
  before: Baseline,
): CheckResult {
  const { workloads = [], pods } = inspection;
  const uids = new Set(evicted.map(({ uid }) => uid));
  const active = pods.filter((pod) => isActive(pod) && !uids.has(pod.uid));
  if (!isDesiredKnown(inspection, before)) {
    const there = replacementsOf(inspection, evicted, before).length;
    if (there < evicted.length) return missingPods(there, evicted.length);
  }
  for (const workload of workloads) {
    const there = active.filter((pod) => owns(workload, pod)).length;
    if (there < workload.desired) {
      const came = Math.max(0, evicted.length - (workload.desired - there));
      return missingPods(came, evicted.length);
    }
  }
  return PASS;
}

/** Whether the controllers of the evicted pods say how many pods they want. */
export function isDesiredKnown(
  { workloads = [] }: Inspection,
  { controllers }: Pick<Baseline, 'controllers'>,
): boolean {
  const isRead = (uid: string): boolean =>
    workloads.some((workload) => workload.uid === uid || workload.ownerUids.includes(uid));
  return workloads.length > 0 && controllers?.every(isRead) !== false;
}

function missingPods(there: number, evicted: number): CheckResult {
  const fewer = Math.max(1, evicted - there);
  return wait(`replacements ${there}`, {
    reasonCode: 'replacement_missing',
    sentence: evicted === 1 ? 'There is no new TMM pod' : `There are ${there} of ${evicted} new TMM pods`,
    traffic: `Until then there ${fewer === 1 ? 'is' : 'are'} ${counted(fewer, 'TMM pod')} fewer to carry traffic.`,
    next: 'Look at the workload that owns the TMM pods: was it scaled down?',
  });
}

/** The evicted pods are gone: until then their names, addresses and sessions may still be in use. */
export function evictedPodsGone({ pods }: Inspection, evicted: readonly EvictedPod[]): CheckResult {
  // A pod whose containers ended stays on as an object only.
  const old = pods.filter((pod) => evicted.some(({ uid }) => uid === pod.uid) && !isEnded(pod));
  if (old.length === 0) return PASS;
  return wait(`ending ${old.map(({ uid }) => uid).join()}`, {
    reasonCode: 'eviction_slow',
    sentence: `${old.map(whereabouts).join(', ')} ${old.length === 1 ? 'is' : 'are'} still ending`,
    next: 'Look at the node: a kubelet that does not answer keeps a pod from ending.',
  });
}

/** Every replacement is Ready. Passes where there is none yet, which another check reports. */
export function replacementsReady(
  inspection: Inspection,
  evicted: readonly EvictedPod[],
  before: Baseline,
): CheckResult {
  const unready = replacementsOf(inspection, evicted, before).filter(({ ready }) => !ready);
  const [first] = unready;
  if (first === undefined) return PASS;
  const why = ({ notReadyReason, phase }: TmmPod): string => notReadyReason ?? phase;
  return wait(`ready ${unready.map((pod) => pod.uid + why(pod)).join()}`, {
    reasonCode: 'replacement_not_ready',
    sentence: unready.map((pod) => `${whereabouts(pod)} is not Ready (${why(pod)})`).join('; '),
    traffic: `${unready.length === 1 ? 'It carries' : 'They carry'} no traffic yet.`,
    next: `Look at it: kubectl describe pod ${first.name} -n ${first.namespace}`,
  });
}

/** The node has a TMM pod again; a replacement may also have been scheduled elsewhere. */
export function nodeHasTmm(inspection: Inspection, node: string): CheckResult {
  if (podsOn(inspection, node).length > 0) return PASS;
  return fail({
    reasonCode: 'node_without_tmm',
    sentence: `${node} has no TMM pod any more: its controller made none there.`,
    traffic: `No TMM on ${node} peers with its routers: the node carries no traffic.`,
    next: `Look at its taints and labels: kubectl describe node ${node}. An approver may go on without a TMM there.`,
    node,
  });
}

/** Active TMM pods on a node. */
export function podsOn({ pods }: Inspection, node: string): readonly TmmPod[] {
  return pods.filter((pod) => pod.node === node && isActive(pod));
}
