import { type Anchor, readAnchor } from '../../src/domain/audit/anchor.ts';
import { expectedPeers } from '../../src/domain/bgp/inspection.ts';
import { answersShow, type Lookup, type Snapshot, type TmmState } from '../../src/domain/bgp/snapshot.ts';
import type { Target } from '../../src/domain/bgp/target.ts';
import { snapshotOf } from '../../src/domain/bgp/target-index.ts';
import { type Refusal, refuse } from '../../src/domain/refusal.ts';
import { redactSecrets } from '../../src/domain/zebos/redact.ts';
import type {
  Cluster,
  EvictOutcome,
  ImishCommand,
  ImishOutcome,
  Permit,
  PodReference,
} from '../../src/ports/cluster.ts';
import type { FakeClock } from './fake-clock.ts';
import type { WorkloadSpec } from './memory-controller.ts';
import { memoryLookups } from './memory-lookups.ts';
import { type MemoryRouters, memoryRouters } from './memory-routers.ts';
import { type MemoryTmms, memoryTmms, type Timings } from './memory-tmms.ts';
import { zebosPage } from './zebos-pages.ts';

/** One target's cluster: it moves when a test says so, or with the clock. */
export interface MemoryCluster extends Cluster {
  readonly tmms: MemoryTmms;
  readonly routers: MemoryRouters;
  /** Uid of the namespace kube-system; set it to have the kubeconfig lead to another cluster. */
  clusterUid: string;
  /** How long things take from now on; sessions are Established after `establishedAfterMs`. */
  timings: ClusterTimings;
  lookup(name: string): Lookup | undefined;
  lookupNames(): readonly string[];
  /** Somebody else writes a key, or removes it (`null`); creates the lookup where there is none. */
  edit(lookup: string, node: string, value: string | null, manager?: string): void;
  setLookup(name: string, changes: Partial<Pick<Lookup, 'immutable' | 'owner' | 'binaryKeys'>>): void;
  removeLookup(name: string): void;
  /** The anchor that the last write noted on a lookup. */
  anchorOn(lookup: string): Anchor | undefined;
  /** While set, the API server answers nothing else. */
  unreachable: Refusal | undefined;
  /** The answer to the next effect is lost on its way; whether it happened all the same. */
  loseNextAnswer(happened: boolean): void;
  /** While set for a pod, exec in it ends in these words. */
  readonly execTrouble: Map<string, string>;
  /** `behind`: the watches show what there was at this moment; `lost`: they show nothing. */
  setWatch(state: 'in sync' | 'behind' | 'lost'): void;
  /** How often each operation of the port was called. */
  readonly calls: Map<keyof Cluster, number>;
}

export interface ClusterTimings extends Timings {
  readonly establishedAfterMs: number;
}

export interface ClusterOptions {
  readonly clock: FakeClock;
  readonly target: Target;
  /** Which cluster it is. */
  readonly clusterUid?: string;
  readonly nodes: readonly string[];
  /** Value by node, by lookup. */
  readonly lookups: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly workload?: WorkloadSpec;
  readonly timings?: Partial<ClusterTimings>;
}

const USUAL_TIMINGS: ClusterTimings = {
  createdAfterMs: 100,
  runsAfterMs: 1_000,
  readyAfterMs: 2_000,
  endsAfterMs: 1_000,
  establishedAfterMs: 3_000,
};
const STOPPED = refuse(
  'cluster_unreachable',
  'Nothing was sent: somebody stopped the change first.',
  'Try again in a moment.',
);
/** The same configuration is asked for again and again. */
const redacted = new Map<string, string>();

function withoutSecrets(page: string): string {
  const known = redacted.get(page) ?? redactSecrets(page);
  if (redacted.size < 1_000) redacted.set(page, known);
  return known;
}

/** The cluster is as old as this when a test begins: every pod runs, every session is Established. */
const OLD_MS = 3_600_000;

/** A cluster that has been running for an hour. */
export function memoryCluster(options: ClusterOptions): MemoryCluster {
  const { clock, target } = options;
  const { workload = { kind: 'ReplicaSet', replicas: options.nodes.length } } = options;
  const uidPrefix = options.clusterUid === undefined ? 'uid' : `uid-in-${options.clusterUid}`;
  /** What there is, by what was asked for, until something moves. */
  const copies = new Map<string, Snapshot>();
  const lookups = memoryLookups(clock, uidPrefix, () => copies.clear());
  let waiting: (() => void)[] = [];
  let lost: { readonly happened: boolean } | undefined;
  let seen: Snapshot | 'live' | undefined = 'live';

  const onMove = (): void => {
    copies.clear();
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const tmms = memoryTmms({
    clock,
    namespace: target.tmm.namespace,
    uidPrefix,
    workload,
    timings: () => cluster.timings,
    readMapping: (node) => expectedPeers(target, lookups.all, node),
    onMove,
  });
  const routers = memoryRouters(clock, () => cluster.timings.establishedAfterMs);

  const ownLookups = (): ReadonlyMap<string, Lookup> =>
    new Map([...lookups.all].filter(([name]) => target.bgp.neighbors.some((one) => one.nodeLookup === name)));
  /** No watch follows the controllers. */
  const live = ({
    node,
    watched = false,
  }: {
    readonly node?: string;
    readonly watched?: boolean;
  } = {}): Snapshot => {
    const asked = JSON.stringify([cluster.clusterUid, node, watched]);
    const snapshot =
      copies.get(asked) ??
      snapshotOf({
        clusterUid: cluster.clusterUid,
        target: target.name,
        lookups: ownLookups(),
        nodes: tmms.nodes().filter(({ name }) => node === undefined || name === node),
        pods: tmms.pods().filter((pod) => node === undefined || pod.node === node),
        ...(watched ? {} : { workloads: tmms.workloads() }),
      });
    copies.set(asked, snapshot);
    return snapshot;
  };
  const nodesOf = (names: readonly string[]): NonNullable<TmmState['node']> => {
    const read = tmms.nodes().filter(({ name }) => names.includes(name));
    return (name) => read.find((node) => node.name === name);
  };
  /** An effect, unless the API server is away or its answer is lost. */
  const effect = <Outcome>(permit: Permit | undefined, act: () => Outcome): Outcome | Unhappy => {
    if (permit?.signal.aborted || permit?.holds() === false) return { kind: 'refused', refusal: STOPPED };
    if (cluster.unreachable !== undefined) return { kind: 'refused', refusal: cluster.unreachable };
    if (lost === undefined) return act();
    if (lost.happened) act();
    lost = undefined;
    return { kind: 'unknown', why: 'the API server did not answer' };
  };
  const ask = (pod: PodReference, command: ImishCommand): ImishOutcome => {
    if (cluster.unreachable !== undefined) return { ok: false, why: cluster.unreachable.sentence };
    const found = tmms.pods().find(({ name }) => name === pod.name);
    if (found === undefined) return { ok: false, why: `${pod.name} is gone` };
    if (found.uid !== pod.uid)
      return { ok: false, why: `${pod.name} was replaced by another pod of that name` };
    const trouble = cluster.execTrouble.get(pod.name);
    if (trouble !== undefined) return { ok: false, why: trouble };
    const started = tmms.started(pod.name);
    if (started === undefined || !answersShow({ ...found, terminating: false }))
      return { ok: false, why: `${pod.name} has no running container ${target.tmm.container}` };
    const sessions = started.expected.peers.map((peer) => ({
      peer,
      session: routers.session(peer.address, started.sinceMs),
    }));
    const page = zebosPage(command, { bgp: target.bgp, sessions });
    // No other page of the double has a secret.
    return { ok: true, text: command === 'show running-config' ? withoutSecrets(page) : page };
  };
  const counted = <Value>(operation: keyof Cluster, value: Value): Value => {
    cluster.calls.set(operation, (cluster.calls.get(operation) ?? 0) + 1);
    return value;
  };

  const cluster: MemoryCluster = {
    tmms,
    routers,
    clusterUid: options.clusterUid ?? 'uid-of-kube-system',
    timings: { ...USUAL_TIMINGS, ...options.timings },
    unreachable: undefined,
    execTrouble: new Map(),
    calls: new Map(),
    snapshot: async (scope?: { readonly node: string }) =>
      counted('snapshot', cluster.unreachable ?? live(scope)),
    cachedSnapshot: () => counted('cachedSnapshot', seen === 'live' ? live({ watched: true }) : seen),
    tmmState: async (of) =>
      counted(
        'tmmState',
        cluster.unreachable ?? {
          lookups: ownLookups(),
          pods: tmms.pods(),
          workloads: tmms.workloads(),
          ...(of === undefined ? {} : { node: nodesOf(of.nodes) }),
        },
      ),
    write: async (difference, anchor, permit) =>
      counted(
        'write',
        effect(permit, () => lookups.write(difference, anchor)),
      ),
    evict: async (pod, permit) =>
      counted(
        'evict',
        effect(permit, () => tmms.evict(pod)),
      ),
    remove: async (pod, permit) =>
      counted(
        'remove',
        effect(permit, () => tmms.remove(pod)),
      ),
    imish: async (pod, command) => counted('imish', ask(pod, command)),
    nextChange: (timeoutMs) =>
      new Promise((resolve) => {
        const cancel = clock.after(timeoutMs, resolve);
        waiting.push(() => {
          cancel();
          resolve();
        });
      }),
    lookup: (name) => lookups.all.get(name),
    lookupNames: () => [...lookups.all.keys()],
    edit(name, node, value, manager = 'kubectl-edit') {
      lookups.setKey(name, node, value, manager);
      onMove();
    },
    setLookup: (name, changes) => lookups.put(name, changes),
    removeLookup(name) {
      lookups.remove(name);
    },
    anchorOn: (name) => readAnchor(lookups.all.get(name)?.anchor ?? ''),
    loseNextAnswer(happened) {
      lost = { happened };
    },
    setWatch(state) {
      seen = state === 'in sync' ? 'live' : state === 'behind' ? live({ watched: true }) : undefined;
    },
  };

  for (const [name, data] of Object.entries(options.lookups)) lookups.put(name, { data });
  tmms.begin(options.nodes, OLD_MS);
  return cluster;
}

type Unhappy = Extract<EvictOutcome, { kind: 'refused' | 'unknown' }>;
