import { changedKeys, type LookupIndex, lookupIndexOf } from './lookup-index.ts';
import { firstLabel } from './mapping.ts';
import { changedFaults } from './node-faults.ts';
import { GroupChanges, PersistentMap, regroup } from './persistent-map.ts';
import {
  isActive,
  isEnded,
  type Lookup,
  type Node,
  type Snapshot,
  type TmmPod,
  type TmmState,
} from './snapshot.ts';

/** Builds a snapshot from complete lists. */
export function snapshotOf({ lookups, nodes, pods, ...read }: SnapshotParts): Snapshot {
  const index = changeIndex(EMPTY_INDEX, {
    lookups,
    nodes: nodes.map((node) => [node.name, node]),
    pods: pods.map((pod) => [podKey(pod), pod]),
  });
  return snapshotOver(read, index);
}

export type SnapshotParts = SnapshotOrigin & Pick<Snapshot, 'nodes' | Exclude<keyof TmmState, 'node'>>;
/** The parts of a snapshot that an index does not hold. */
type SnapshotOrigin = Pick<Snapshot, 'target' | 'clusterUid' | 'workloads'>;

/** What is known of a target, indexed by name. Immutable: `changeIndex` returns the next one. */
export interface TargetIndex {
  readonly nodes: PersistentMap<Node>;
  /** Names of nodes by their first label. */
  readonly nodesByLabel: PersistentMap<readonly string[]>;
  /** By `podKey`. */
  readonly pods: PersistentMap<TmmPod>;
  /** Keys of pods by node name; unscheduled pods are under the empty name. */
  readonly podsByNode: PersistentMap<readonly string[]>;
  readonly podCounts: Snapshot['podCounts'];
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** By the name of the lookup; each is built on first use. */
  readonly lookupIndexes: ReadonlyMap<string, () => LookupIndex>;
  readonly faults: Snapshot['faults'];
}

export const EMPTY_INDEX: TargetIndex = {
  nodes: PersistentMap.empty(),
  nodesByLabel: PersistentMap.empty(),
  pods: PersistentMap.empty(),
  podsByNode: PersistentMap.empty(),
  podCounts: { active: 0, ended: 0 },
  lookups: new Map(),
  lookupIndexes: new Map(),
  faults: PersistentMap.empty(),
};

export interface IndexChanges {
  readonly nodes?: Changes<Node>;
  readonly pods?: Changes<TmmPod>;
  readonly lookups?: Changes<Lookup>;
}

/** Each key with its new value, or undefined where it is gone. */
type Changes<Value> = Iterable<readonly [key: string, now: Value | undefined]>;

export function podKey({ namespace, name }: Pick<TmmPod, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
type Changed<Value> = Generator<readonly [key: string, now: Value | undefined]>;

/** Changes after which exactly `all` of these are there; `held` are the present keys. */
export function* replacing<Value>(held: readonly string[], all: ReadonlyMap<string, Value>): Changed<Value> {
  yield* all;
  for (const key of held) if (!all.has(key)) yield [key, undefined];
}

/** The next index. Unchanged parts cost nothing; the same index is returned when nothing changed. */
export function changeIndex(
  index: TargetIndex,
  { nodes = [], pods = [], lookups = [] }: IndexChanges,
): TargetIndex {
  const touched = new Set<string>();
  const next = changeLookups(
    changePods(
      changeNodes(index, differing(index.nodes, nodes), touched),
      differing(index.pods, pods),
      touched,
    ),
    lookups,
    touched,
  );
  if (touched.size === 0) return next;
  return { ...next, faults: next.faults.with(changedFaults(next, touched)) };
}

/** A snapshot as a view of an index, without a copy. */
export function snapshotOver(read: SnapshotOrigin, index: TargetIndex): Snapshot {
  let nodes: readonly Node[] | undefined;
  let pods: readonly TmmPod[] | undefined;
  return {
    ...read,
    lookups: index.lookups,
    get nodes() {
      nodes ??= index.nodes.values();
      return nodes;
    },
    get pods() {
      pods ??= index.pods.values();
      return pods;
    },
    node: (name) => index.nodes.get(name),
    nodeNames: () => index.nodes.keys(),
    nodesLabelled: (label) => index.nodesByLabel.get(label) ?? [],
    podsOn: (node = '') => (index.podsByNode.get(node) ?? []).flatMap((key) => index.pods.get(key) ?? []),
    podNodes: () => index.podsByNode.keys().filter((name) => name !== ''),
    podCounts: index.podCounts,
    lookupIndex: (lookup) => index.lookupIndexes.get(lookup)?.() ?? NOTHING_MAPPED,
    faults: index.faults,
  };
}

const NOTHING_MAPPED = lookupIndexOf({});

interface Differing<Value> {
  readonly key: string;
  readonly was: Value | undefined;
  readonly now: Value | undefined;
}

/** The changes that differ from `held`: most events of a kubelet change nothing that is kept. */
function differing<Value>(held: PersistentMap<Value>, changes: Changes<Value>): readonly Differing<Value>[] {
  const found = new Map<string, Differing<Value>>();
  for (const [key, now] of changes) {
    const was = held.get(key);
    if (isSame(was, now)) found.delete(key);
    else found.set(key, { key, was, now });
  }
  return [...found.values()];
}

function isSame(was: unknown, now: unknown): boolean {
  return was === now || JSON.stringify(was) === JSON.stringify(now);
}

function* valuesOf<Value>(changes: readonly Differing<Value>[]): Changed<Value> {
  for (const { key, now } of changes) yield [key, now];
}

function changeNodes(
  index: TargetIndex,
  changes: readonly Differing<Node>[],
  touched: Set<string>,
): TargetIndex {
  if (changes.length === 0) return index;
  for (const { key } of changes) touched.add(key);
  const labels = new GroupChanges();
  for (const { key, was, now } of changes) {
    if (was === undefined) labels.join(firstLabel(key), key);
    if (now === undefined) labels.leave(firstLabel(key), key);
  }
  return {
    ...index,
    nodes: index.nodes.with(valuesOf(changes)),
    nodesByLabel: regroup(index.nodesByLabel, labels),
  };
}

function changePods(
  index: TargetIndex,
  changes: readonly Differing<TmmPod>[],
  touched: Set<string>,
): TargetIndex {
  if (changes.length === 0) return index;
  const nodes = new GroupChanges();
  let { active, ended } = index.podCounts;
  for (const { key, was, now } of changes) {
    active += Number(now !== undefined && isActive(now)) - Number(was !== undefined && isActive(was));
    ended += Number(now !== undefined && isEnded(now)) - Number(was !== undefined && isEnded(was));
    const [from, to] = [placeOf(was), placeOf(now)];
    const endedNow = (was === undefined || isEnded(was)) !== (now === undefined || isEnded(now));
    if (endedNow && to !== undefined && to !== '') touched.add(to);
    if (from === to) continue;
    if (from !== undefined) nodes.leave(from, key);
    if (to !== undefined) nodes.join(to, key);
  }
  for (const node of [...nodes.left.keys(), ...nodes.joined.keys()]) if (node !== '') touched.add(node);
  return {
    ...index,
    pods: index.pods.with(valuesOf(changes)),
    podsByNode: regroup(index.podsByNode, nodes),
    podCounts: { active, ended },
  };
}

/** The key of a pod in `podsByNode`; undefined when there is no pod. */
function placeOf(pod: TmmPod | undefined): string | undefined {
  return pod === undefined ? undefined : (pod.node ?? '');
}

function changeLookups(index: TargetIndex, changes: Changes<Lookup>, touched: Set<string>): TargetIndex {
  const moved = [...changes].filter(([name, now]) => index.lookups.get(name) !== now);
  if (moved.length === 0) return index;
  const lookups = new Map(index.lookups);
  const lookupIndexes = new Map(index.lookupIndexes);
  for (const [name, now] of moved) {
    const was = lookups.get(name);
    const keys = changedKeys(was?.data ?? {}, now?.data ?? {});
    for (const key of [...keys, ...(was?.binaryKeys ?? []), ...(now?.binaryKeys ?? [])]) touched.add(key);
    const before = lookupIndexes.get(name);
    if (now === undefined) {
      lookups.delete(name);
      lookupIndexes.delete(name);
    } else {
      lookups.set(name, now);
      lookupIndexes.set(
        name,
        before === undefined ? later(now) : ready(lookupIndexOf(now.data, before(), keys)),
      );
    }
  }
  return { ...index, lookups, lookupIndexes };
}

function later({ data }: Lookup): () => LookupIndex {
  let made: LookupIndex | undefined;
  return () => {
    made ??= lookupIndexOf(data);
    return made;
  };
}

function ready(index: LookupIndex): () => LookupIndex {
  return () => index;
}
