import type { Change } from '../../src/domain/change/change.ts';
import type { MemoryCluster } from '../doubles/memory-cluster.ts';
import type { Caller } from './caller.ts';
import { type LookupsNow, livePods, lookupsOf, upFor } from './ground-truth.ts';
import type { Evicted, KnownChange } from './known-change.ts';
import type { Observer } from './observer.ts';
import type { RecordNow } from './record-invariants.ts';

/** Why a change that is said to be done is not; undefined when it is, or was while it was looked at. */
export function notDone(
  { change, caller }: RecordNow,
  cluster: MemoryCluster | undefined,
  { holdTimeMs }: Pick<Observer, 'holdTimeMs'>,
): string | undefined {
  const { differences, restarts } = change.now.plan;
  if (cluster === undefined) return 'its cluster is not there';
  const looks = looksOf(cluster, caller);
  const moved = differences.find(
    ({ lookup, node, after }) => !looks.some((look) => (look.get(lookup)?.[node] ?? null) === after),
  );
  if (moved !== undefined)
    return `${moved.node} in ${moved.lookup} is ${cluster.lookup(moved.lookup)?.data[moved.node] ?? 'not there'}`;
  const world = { cluster, caller, change, holdTimeMs };
  for (const { node } of restarts) {
    const lacks = lacksSessions(node, world);
    if (lacks !== undefined) return lacks;
  }
  return lacksElsewhere(() => true, world);
}

/** Why a node is not up, by the mapping and the sessions as they are, or were while they were looked at; undefined when it is. */
export function lacksSessions(
  node: string,
  { cluster, caller, change, holdTimeMs }: World,
): string | undefined {
  // A pod may have more: a session that is not wanted any more ends with the next restart.
  const wanted = looksOf(cluster, caller).map((look) => peersOf(look, node));
  const here = livePods(cluster).filter((pod) => pod.node === node);
  const up = [
    ...here.map(({ name }) => upFor(cluster, name, holdTimeMs)),
    ...(caller?.seen.up ?? []).flatMap(([where, peers]) => (where === node ? [peers] : [])),
  ];
  if (up.some((peers) => wanted.some((all) => all.every((one) => peers.has(one))))) return undefined;
  if (here.length > 0)
    return `no TMM of ${node} has had sessions with ${wanted.join(' or ')} for ${holdTimeMs} ms`;
  return mayLackTmm(change.now, node) ? undefined : `${node} has no TMM`;
}

/** What a change is judged by. */
interface World {
  readonly cluster: MemoryCluster;
  readonly caller: Caller | undefined;
  readonly change: KnownChange;
  readonly holdTimeMs: number;
}

/**
 * Why what came to other nodes in place of the pods that this change took is not up; undefined when it is, and where others
 * took pods or scaled up meanwhile, so that nobody can tell what came in place of which.
 */
export function lacksElsewhere(
  counts: (evicted: Evicted) => boolean,
  { cluster, caller, change, holdTimeMs }: World,
): string | undefined {
  const { tmms } = cluster;
  const { evictions } = change;
  if (evictions.length === 0 || tmms.workloads().some(({ kind }) => kind === 'DaemonSet')) return undefined;
  const live = livePods(cluster);
  for (const [at, evicted] of evictions.entries()) {
    const { pod, madeBefore } = evicted;
    // A pod that failed was replaced before it was evicted.
    if (!counts(evicted) || pod.phase === 'Failed' || tmms.made() - madeBefore > evictions.length - at)
      continue;
    const fresh = live.filter((one) => one.node !== pod.node && tmms.numberOf(one) > madeBefore);
    for (const { name, node = '' } of fresh) {
      // Nobody promised that somebody else's edit of this node is in effect: it may have its peers as they were when it started.
      const started = (tmms.started(name)?.expected.peers ?? []).map(({ address }) => address);
      const wanted = [...looksOf(cluster, caller).map((look) => peersOf(look, node)), started];
      const seen = (caller?.seen.up ?? []).flatMap(([where, peers]) => (where === node ? [peers] : []));
      const up = [upFor(cluster, name, holdTimeMs), ...seen];
      if (!up.some((peers) => wanted.some((all) => all.every((one) => peers.has(one)))))
        return `${name} came to ${node} for ${pod.name}, and has had no sessions with ${wanted.join(' or ')} for ${holdTimeMs} ms`;
    }
  }
  return undefined;
}

/** The lookups as they were when they were looked at, and as they are. */
function looksOf(cluster: MemoryCluster, caller: Caller | undefined): readonly LookupsNow[] {
  return [...(caller?.seen.lookups ?? []), lookupsOf(cluster)];
}

/** A restart promises no TMM on a node; else the plan foresaw it, or an approver had it go on without. */
function mayLackTmm({ plan, acceptedWithout = [] }: Change, node: string): boolean {
  return (
    acceptedWithout.includes(node) ||
    plan.warnings.some((warning) => warning.node === node && FORETELLS.includes(warning.code)) ||
    !plan.differences.some((one) => one.node === node && one.after !== null)
  );
}

/** Warnings of a plan after which nobody expects a TMM on the node. */
const FORETELLS = ['replacement_elsewhere', 'replacement_unschedulable', 'node_not_ready', 'node_gone'];

/** The peers of a node as the lookups have them. */
function peersOf(look: LookupsNow, node: string): readonly string[] {
  return [...look.values()].flatMap((data) => (data[node] ?? '').split(',')).filter((one) => one !== '');
}
