import { type Inspection, type Page, routingOf, sessionsOf } from '../../domain/bgp/inspection.ts';
import { addressesOf } from '../../domain/bgp/mapping.ts';
import { answersShow, type Snapshot, type TmmPod } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { restartedPods } from '../../domain/change/describe-plan.ts';
import { type Impact, type PodImpact, podImpactOf, unreadPod } from '../../domain/change/impact.ts';
import type { Plan } from '../../domain/change/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster, ImishOutcome } from '../../ports/cluster.ts';
import { openInspection, readPages, summariesOf } from './inspect.ts';

/** How long a proposal waits for it: what has not been read by then is unknown. */
const IMPACT_TIMEOUT_MS = 5_000;
const MAX_PODS = 20;
const MAX_WITH_NEW_PEERS = 3;
const AT_THE_SAME_TIME = 3;
/** Number of other pods carrying a family that suffices to say that its traffic continues. */
const ENOUGH_CARRIERS = 3;

/** How long a pod's outputs are shared with other proposals, so that many proposals do not query a pod repeatedly. */
const SHARED_FOR_MS = 1_000;

/**
 * The live state of what a plan restarts, and which pods carry traffic in the meantime. Never fails: what cannot be read in time
 * is unknown. Undefined where the plan restarts nothing.
 */
export type ReadImpact = (
  plan: Plan,
  target: Target,
  snapshot: Snapshot,
  cluster: Pick<Cluster, 'imish'>,
) => Promise<Impact | undefined>;

export function openImpactReader(clock: Clock): ReadImpact {
  const shared = new Map<string, { readonly atMs: number; readonly answer: Promise<ImishOutcome> }>();
  const sharing = (cluster: Pick<Cluster, 'imish'>): Pick<Cluster, 'imish'> => ({
    imish(pod, command) {
      const atMs = clock.monotonicMs();
      for (const [key, one] of shared) if (atMs - one.atMs >= SHARED_FOR_MS) shared.delete(key);
      const key = `${pod.uid} ${command}`;
      const answer = shared.get(key)?.answer ?? cluster.imish(pod, command);
      if (!shared.has(key)) shared.set(key, { atMs, answer });
      return answer;
    },
  });
  return (plan, target, snapshot, cluster) => readImpact(plan, target, snapshot, sharing(cluster), clock);
}

async function readImpact(
  plan: Plan,
  target: Target,
  snapshot: Snapshot,
  cluster: Pick<Cluster, 'imish'>,
  clock: Pick<Clock, 'now' | 'sleep'>,
): Promise<Impact | undefined> {
  if (restartedPods(plan) === 0) return undefined;
  const readAtMs = clock.now();
  const inspection = openInspection(target, { lookups: snapshot.lookups, pods: [] });
  const { restarted, newPeers, others } = podsToAsk(plan, snapshot);
  const asked: TmmPod[] = [];
  const read = new Map<string, PodImpact>();
  const queue = [...restarted, ...newPeers, ...others];
  let late = false;
  const next = (): TmmPod | undefined => {
    const pod = queue[asked.length];
    if (pod === undefined || late || asked.length >= MAX_PODS) return undefined;
    if (asked.length >= restarted.length + newPeers.length && isEnough(restarted, read)) return undefined;
    asked.push(pod);
    return pod;
  };
  const askOnAndOn = async (): Promise<void> => {
    for (let pod = next(); pod !== undefined; pod = next())
      read.set(pod.uid, podImpactOf(await look(cluster, inspection, pod), pod, plan));
  };
  const timer = new AbortController();
  const timeout = clock.sleep(IMPACT_TIMEOUT_MS, timer.signal);
  await Promise.race([Promise.all(Array.from({ length: AT_THE_SAME_TIME }, askOnAndOn)), timeout]);
  late = true;
  timer.abort();
  const noAnswer = `no answer within ${IMPACT_TIMEOUT_MS / 1000} s`;
  return {
    readAtMs,
    pods: asked.map((pod) => read.get(pod.uid) ?? unreadPod(pod, noAnswer)),
    othersNotRead: newPeers.length + others.length - Math.max(0, asked.length - restarted.length),
  };
}

/** Reads the outputs with a pod's sessions; more of them where the first ones leave a session undecided. */
async function look(cluster: Pick<Cluster, 'imish'>, opened: Inspection, pod: TmmPod): Promise<Inspection> {
  const first: readonly Page[] = ['config', ...summariesOf(opened, pod)];
  const inspection = await readPages(cluster, opened, [{ pod, pages: first }]);
  const open = [...sessionsOf(inspection, pod).values()].some(({ kind }) => kind === 'unknown');
  return open && routingOf(inspection, pod).summary.readable
    ? readPages(cluster, inspection, [{ pod, pages: ['ipv6Summary', 'neighbors'] }])
    : inspection;
}

interface PodsToAsk {
  /** In the order of the plan. */
  readonly restarted: readonly TmmPod[];
  /** Some other pods on nodes that are mapped to a peer that the plan adds: they show whether it answers. */
  readonly newPeers: readonly TmmPod[];
  /** Ready ones first. */
  readonly others: readonly TmmPod[];
}

function podsToAsk({ restarts, differences }: Plan, snapshot: Snapshot): PodsToAsk {
  const uids = new Set(restarts.flatMap(({ pods }) => pods.map(({ uid }) => uid)));
  const restarted = restarts.flatMap(({ node, pods }) => {
    const there = snapshot.podsOn(node);
    return pods.flatMap(({ uid }) => there.find((pod) => pod.uid === uid) ?? []);
  });
  const added = new Set(differences.flatMap(({ after }) => addressesOf(after)));
  const lookups = [...snapshot.lookups.keys()].map((name) => snapshot.lookupIndex(name));
  const sharing = new Set(
    [...added].flatMap((peer) => lookups.flatMap(({ nodesByPeer }) => nodesByPeer.get(peer) ?? [])),
  );
  const rest = snapshot.pods
    .filter((pod) => !uids.has(pod.uid) && answersShow(pod))
    .toSorted((one, other) => Number(other.ready) - Number(one.ready));
  const newPeers = rest.filter(({ node = '' }) => sharing.has(node)).slice(0, MAX_WITH_NEW_PEERS);
  return { restarted, newPeers, others: rest.filter((pod) => !newPeers.includes(pod)) };
}

/** Whether enough others carry each family of the restarted pods; false until all restarted ones were read. */
function isEnough(restarted: readonly TmmPod[], read: ReadonlyMap<string, PodImpact>): boolean {
  const own = restarted.map(({ uid }) => read.get(uid));
  const others = new Map(read);
  for (const { uid } of restarted) others.delete(uid);
  const families = new Set(own.flatMap((pod) => pod?.carries ?? []));
  return (
    !own.includes(undefined) &&
    [...families].every(
      (family) =>
        [...others.values()].filter(({ carries }) => carries.includes(family)).length >= ENOUGH_CARRIERS,
    )
  );
}
